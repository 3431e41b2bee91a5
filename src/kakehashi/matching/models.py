"""Tables of matching: what is indexed of each reading, its vectors, the basis, matches and their phrases.

These are projections of the readings and can be rebuilt (`kakehashi reindex`); what people did
(Decision, Passed, TermChange, TermAnswer, SavedSearch) is not. The words of full-text search stand beside
them in the virtual table `matching_words` (migration 0002, SQLite's FTS5).
"""

from typing import ClassVar

from django.conf import settings
from django.db import models

from kakehashi.records.models import Reading


class Indexed(models.Model):
    """That a reading's texts were encoded, and when; `stamp` grows with each change, over all readings.

    `basis` is the version of the basis under which its matches were found last; empty: they are due. `least`
    is what the last of its best scores; None: there is room for more.
    """

    reading = models.OneToOneField(
        Reading, on_delete=models.CASCADE, primary_key=True, related_name="indexed"
    )
    seen = models.DateTimeField()  # the reading's `changed_at` when it was read
    digest = models.CharField(max_length=64)
    encoder = models.CharField(max_length=60)
    stamp = models.BigIntegerField(unique=True)
    place = models.BigIntegerField()  # matching.basis.place_of
    facts = models.JSONField()  # matching.fields.Facts
    concepts = models.JSONField()
    words = models.JSONField()
    glossary = models.CharField(max_length=40, default="")  # the version under which it was read
    basis = models.CharField(max_length=40, default="")
    least = models.FloatField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["basis"]), models.Index(fields=["place"])]


class Waiting(models.Model):
    """A reading that came with many others and whose words are not written yet (actions/words)."""

    reading = models.OneToOneField(Reading, on_delete=models.CASCADE, primary_key=True, related_name="+")


class Vector(models.Model):
    """One vector, little-endian float16 of length 1: `part` 0 is a head, 1 and up are passages."""

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="vectors")
    part = models.PositiveSmallIntegerField()
    lang = models.CharField(max_length=2)
    encoder = models.CharField(max_length=60)
    values = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reading", "part", "lang", "encoder"], name="one_vector_per_part_and_language"
            )
        ]


class Ahead(models.Model):
    """That a reading was read by an encoder to come; its vectors stand beside those that answer meanwhile."""

    reading = models.OneToOneField(Reading, on_delete=models.CASCADE, primary_key=True, related_name="+")
    encoder = models.CharField(max_length=60)
    seen = models.DateTimeField()  # as Indexed.seen


class Change(models.Model):
    """That what search filters a reading by may be another now: one row a reading, the latest change.

    `reading` is no foreign key: the row of one that is gone tells that it is gone.
    """

    reading = models.BigIntegerField(unique=True)


class Basis(models.Model):
    """What scores are measured by (matching.basis), one row an encoder.

    `settled` is taken away in the transaction of every change that may move the basis; it is given back once
    the version was compared with the records again.
    """

    encoder = models.CharField(max_length=60, primary_key=True)
    version = models.CharField(max_length=40)
    settled = models.BooleanField()
    content = models.JSONField()
    computed_at = models.DateTimeField()


class Match(models.Model):
    """An own and a received record that belong together, with every component of the score.

    `components`: [{"name", "value", "because"}] of matching.rank; `conditions` of matching.fields. A pair is
    kept as long as it is among the best of one of its ends: `of_own`, `of_other`. The best of a record are
    read from an index alone (queries/lists).
    """

    own = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="matches_as_own", db_index=False)
    other = models.ForeignKey(
        Reading, on_delete=models.CASCADE, related_name="matches_as_other", db_index=False
    )
    score = models.FloatField()
    components = models.JSONField()
    conditions = models.JSONField()
    encoder = models.CharField(max_length=60)
    basis = models.CharField(max_length=40)
    of_own = models.BooleanField(default=False)
    of_other = models.BooleanField(default=False)
    computed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["own", "other"], name="one_match_per_pair")]
        indexes: ClassVar = [
            models.Index(fields=["-score"]),
            models.Index(fields=["own", "-score", "other", "of_own"], name="best_of_an_own_record"),
            models.Index(fields=["other", "-score", "own", "of_other"], name="best_of_a_received_record"),
        ]


class Alignment(models.Model):
    """The phrases of a match that say the same; made when first shown, kept until a text changes."""

    match = models.OneToOneField(Match, on_delete=models.CASCADE, primary_key=True, related_name="alignment")
    digests = models.CharField(max_length=130)  # of both texts
    content = models.JSONField()
    computed_at = models.DateTimeField()


class Decision(models.Model):
    """What a desk made of a match, with the score that it saw: shortlisted, or dismissed with a reason.

    `desk`: the id of a member's organisation, or empty for the cluster's team. A pair is named by its two
    records, so that decisions outlast matches, which are computed anew. `standing` ends when the desk decides
    otherwise; the row stays, since weights are to be learned from it.
    """

    desk = models.CharField(max_length=36)
    own = models.UUIDField()
    origin = models.CharField(max_length=253)  # of the other record
    other = models.UUIDField()
    says = models.CharField(max_length=12)  # matching.desk.SAYINGS
    reason = models.CharField(max_length=30, blank=True)  # records.kinds.REASONS
    by = models.CharField(max_length=254)
    at = models.DateTimeField()
    standing = models.BooleanField(default=True)
    score = models.FloatField()
    components = models.JSONField()
    conditions = models.JSONField()
    encoder = models.CharField(max_length=60)
    basis = models.CharField(max_length=40)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["own", "other", "origin", "desk"],
                condition=models.Q(standing=True),
                name="one_standing_decision_per_desk",
            )
        ]


class Passed(models.Model):
    """A match that somebody passed to a colleague, with a note. `mailed_at`: when the mail went out."""

    own = models.UUIDField()
    origin = models.CharField(max_length=253)
    other = models.UUIDField()
    by = models.CharField(max_length=254)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    note = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["own", "other"])]


class TermChange(models.Model):
    """A change of the glossary, the latest of a concept holds: `content` as matching.concepts.plain gives it.

    `content` is None where the concept is retired, `before` where it is new.
    """

    concept = models.CharField(max_length=80, db_index=True)
    content = models.JSONField(null=True)
    before = models.JSONField(null=True)
    why = models.CharField(max_length=300)
    by = models.CharField(max_length=254)
    at = models.DateTimeField()


class TermAnswer(models.Model):
    """What a curator made of a partner's change of the glossary (a record of the kind "term")."""

    origin = models.CharField(max_length=253)
    record = models.UUIDField()
    revision = models.PositiveIntegerField()
    taken = models.BooleanField()
    by = models.CharField(max_length=254)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin", "record"], name="one_answer_per_proposal")
        ]


class SavedSearch(models.Model):
    """A search whose new answers somebody is told of by mail: at once, or once a day.

    `known` are the records that answered when it was saved or of which was told, as "origin/record"; `seen`
    is the last stamp (Indexed) that was looked at. `token` is all that ending it by a link needs.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=400)
    filters = models.JSONField()
    daily = models.BooleanField()
    token = models.CharField(max_length=43, unique=True)
    known = models.JSONField()
    seen = models.BigIntegerField()
    created_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
