"""Tables of records: the node's own with their revisions, and the reading tables of all that may be seen.

`Record` and `Revision` hold what this node writes. `Reading`, `Facet` and `Passage` are projections for
pages and search, of own and of received records alike; they can be rebuilt (`records.actions.rebuild`,
`exchange.actions.rebuild`).
"""

import uuid
from typing import ClassVar

from django.db import models

from kakehashi.records.kinds import KINDS


class Record(models.Model):
    """One record of this node: what changes without a new wording."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    owner = models.UUIDField(null=True)  # id of the organisation's record; an organisation owns itself
    state = models.CharField(max_length=20, default="draft")
    audience = models.CharField(max_length=12, default="private")
    named = models.JSONField(default=list)  # lineage hashes, for audience "named"
    tlp = models.CharField(max_length=5, default="RED")
    onward = models.CharField(max_length=8, default="none")
    revision = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    extended = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "state"]), models.Index(fields=["owner"])]


class Revision(models.Model):
    """One wording, never changed once written. `body` may cross; `person` needs a transfer basis."""

    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    body = models.JSONField()
    person = models.JSONField(null=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=254)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "number"], name="one_revision_per_number")
        ]


class SourceKey(models.Model):
    """Which record came from which line of which source, so that a second import changes nothing."""

    source = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="source_keys")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "key"], name="one_record_per_source_key")
        ]


class ErasedKey(models.Model):
    """That the record of one line of one source was erased whole: another import must not bring it back.

    `mark` tells nobody which line: it is keyed with this node's secret.
    """

    mark = models.CharField(max_length=64, primary_key=True)


class Shown(models.Manager["Reading"]):
    """What pages, search and matches are made of: the conversation between the nodes is left out."""

    def get_queryset(self) -> models.QuerySet["Reading"]:
        return super().get_queryset().filter(kind__in=KINDS)


class Reading(models.Model):
    """One record as it is read here, own or received; one row per (origin, record)."""

    objects: ClassVar[Shown] = Shown()
    every: ClassVar[models.Manager["Reading"]] = models.Manager()

    origin = models.CharField(max_length=253)
    record = models.UUIDField()
    own = models.BooleanField()
    side = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    lang = models.CharField(max_length=2)
    state = models.CharField(max_length=20)
    audience = models.CharField(max_length=12)  # of received records: "" (passages decide)
    tlp = models.CharField(max_length=5)
    onward = models.CharField(max_length=8)
    owner = models.UUIDField(null=True)
    owner_name = models.CharField(max_length=300, blank=True)
    title = models.JSONField(default=dict)  # {"de": plain title, …}; names for organisations
    body = models.JSONField()
    person = models.JSONField(null=True)
    revision = models.PositiveIntegerField()
    event = models.CharField(max_length=20, blank=True)
    source_date = models.CharField(max_length=10, blank=True)
    sort_date = models.CharField(max_length=10)  # date of the fact, of publication if posted here, else empty
    provenance = models.CharField(max_length=16)
    historical = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin", "record"], name="one_reading_per_record")
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "side", "sort_date"]),
            models.Index(fields=["own", "state"]),
            models.Index(fields=["owner"]),
        ]


class Facet(models.Model):
    """A value that readings are filtered by: facet is "topic", "region", "organisation"."""

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="facets")
    facet = models.CharField(max_length=12)
    value = models.CharField(max_length=60)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["facet", "value"])]


class Passage(models.Model):
    """A crossing: that a record was given to, or received through, one channel, and until when that holds.

    `agreement` is the lineage hash; `open_until` the end of the agreement's term; `closed_at` is set when
    the record is withdrawn there or the agreement ends.
    """

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="passages")
    channel = models.CharField(max_length=300)
    agreement = models.CharField(max_length=60)
    clause = models.CharField(max_length=16, blank=True)
    received = models.BooleanField()
    index = models.BigIntegerField()
    onward = models.CharField(max_length=8)
    tlp = models.CharField(max_length=5)
    crossed_at = models.DateTimeField()
    open_until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reading", "channel"], name="one_passage_per_channel")
        ]
        indexes: ClassVar = [models.Index(fields=["agreement", "received", "clause"])]


class Likeness(models.Model):
    """What the team said of two organisations that are named alike: one, or two. The smaller id first."""

    one = models.UUIDField()
    other = models.UUIDField()
    same = models.BooleanField()
    at = models.DateTimeField()
    by = models.CharField(max_length=254)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "other"], name="one_likeness_per_pair")
        ]
