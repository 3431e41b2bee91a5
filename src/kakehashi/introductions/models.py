"""Tables of introductions: what was shown to whom, translations made here. States are derived, not stored."""

from typing import ClassVar

from django.db import models


class Showing(models.Model):
    """That a page first showed a revision of a record to the people of one organisation, in one language.

    `part` is what was shown: "body", "asker" (who asks) or "person" (contacts). `to` is an organisation's
    record, or null for the cluster's own managers. No person is named.
    """

    at = models.DateTimeField()
    origin = models.CharField(max_length=253)
    record = models.UUIDField()
    revision = models.PositiveIntegerField()
    part = models.CharField(max_length=10)
    to = models.UUIDField(null=True)
    language = models.CharField(max_length=2)
    agreement = models.CharField(max_length=60, blank=True)
    clause = models.CharField(max_length=16, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["origin", "record"]), models.Index(fields=["at"])]


class Wording(models.Model):
    """A translation, made here for people here, of what the other side wrote: asked for, then written.

    It stays on this node. `of` is the hash of the words that it translates (translation.texts.text_hash);
    `text` is empty while it is only asked for, `by` the office that checked it.
    """

    origin = models.CharField(max_length=253)
    record = models.UUIDField()
    member = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    of = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    by = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(null=True)
    written_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["origin", "record", "member", "language"], name="one_wording_per_language"
            )
        ]
