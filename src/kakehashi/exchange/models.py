"""Tables of the exchange: channels with their logs, parts, what was refused, receipts, key sets.

The tables that grow with the log have no index of `channel` alone: their unique keys begin with it.
"""

from typing import ClassVar

from django.db import models


class Channel(models.Model):
    """One Merkle log: one origin under one agreement. `own`: this node writes it; else it reads a partner's.

    `agreement` and `keyset` are the hashes in force at `size`. State: open, ended, or stopped (evidence of a
    fork or a roll-back: a person must look).
    """

    name = models.CharField(max_length=300, primary_key=True)
    origin = models.CharField(max_length=253)
    own = models.BooleanField()
    lineage = models.CharField(max_length=60, db_index=True)
    agreement = models.CharField(max_length=60, blank=True)
    keyset = models.CharField(max_length=60, blank=True)
    epoch = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    frontier = models.BinaryField(default=bytes)
    state = models.CharField(max_length=10, default="open")
    until = models.DateTimeField(
        null=True
    )  # the end of the agreement, as last told to the records that crossed
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    filled_at = models.DateTimeField(null=True)  # own: when all that may cross had been written


class Feed(models.Model):
    """How reading a partner's channel goes. `note` is the last checkpoint that was verified and applied."""

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, primary_key=True, related_name="feed")
    note = models.TextField(blank=True)
    offered = models.BigIntegerField(default=0)  # the largest size that the partner signed
    checked_at = models.DateTimeField(null=True)  # last answer that was right
    applied_at = models.DateTimeField(null=True)  # last time that entries came
    failures = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField(null=True)
    code = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    receipt_size = models.BigIntegerField(default=0)
    receipt_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)  # when the partner last signed, by its own clock
    alarmed_at = models.DateTimeField(null=True)  # told that it has not signed for a day


class Entry(models.Model):
    """One leaf: the canonical bytes of a signed header, never changed and never deleted."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="entries", db_index=False)
    index = models.BigIntegerField()
    leaf = models.BinaryField()
    header = models.BinaryField()
    op = models.CharField(max_length=10)
    record = models.UUIDField(null=True)
    rev = models.PositiveIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "index"], name="one_entry_per_index")
        ]
        indexes: ClassVar = [models.Index(fields=["channel", "record", "rev"])]


class Head(models.Model):
    """The one root that may ever be signed for a size: written, and committed, before the log key signs."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="heads")
    size = models.BigIntegerField()
    root = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "size"], name="one_root_per_size")
        ]


class Chain(models.Model):
    """Where one record stands in one channel: its newest revision there, and the put that lives, if one does.

    `digest` (own channels) tells whether a change makes a new revision necessary. `missing`: the living put
    came without parts.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="chains", db_index=False)
    record = models.UUIDField()
    kind = models.CharField(max_length=20, blank=True)
    rev = models.PositiveIntegerField()
    hash = models.CharField(max_length=60)
    live = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=60, blank=True)
    missing = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "record"], name="one_chain_per_record")
        ]


class Part(models.Model):
    """A detachable part of a living put: destroyed when superseded, withdrawn, erased or expired."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="parts", db_index=False)
    index = models.BigIntegerField()
    record = models.UUIDField()
    name = models.CharField(max_length=20)
    expires = models.DateTimeField(null=True)
    salt = models.BinaryField()
    data = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "index", "name"], name="one_part_per_name")
        ]
        indexes: ClassVar = [models.Index(fields=["channel", "record"])]


class Quarantine(models.Model):
    """An entry of a partner that is a leaf of the log but is not shown here, and why."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="quarantined")
    index = models.BigIntegerField()
    code = models.CharField(max_length=40)
    first_seen = models.DateTimeField()
    tries = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "index"], name="one_quarantine_per_entry")
        ]


class Erasure(models.Model):
    """Parts of a record that must not exist here any more; kept for ever, without anything personal.

    `scrubbed_at`: no file of this node holds them any more. `done_at`: own, when the receipts of all readers
    listed it; of a partner's channel, when our receipt did.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="erasures")
    index = models.BigIntegerField()
    record = models.UUIDField()
    parts = models.JSONField()
    deadline = models.DateTimeField()
    scrubbed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    alarmed_at = models.DateTimeField(null=True)  # told that the deadline has passed

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "index"], name="one_erasure_per_entry")
        ]
        indexes: ClassVar = [models.Index(fields=["channel", "record"])]


class Confirmation(models.Model):
    """That a reader's receipt listed an erasure of an own channel, and when that receipt was signed."""

    erasure = models.ForeignKey(Erasure, on_delete=models.CASCADE, related_name="confirmations")
    peer = models.CharField(max_length=253)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["erasure", "peer"], name="one_confirmation_per_peer")
        ]


class Recall(models.Model):
    """An entry by which a record, or parts of it, was taken back: a pointer into the log, for its page."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="recalls")
    index = models.BigIntegerField()
    op = models.CharField(max_length=10)
    record = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField(db_index=True)  # own: written; of a partner: carried out here

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "index"], name="one_recall_per_entry")
        ]


class Purge(models.Model):
    """A signed statement that a reader deleted its copies: of an own channel, received from `peer`; of a
    partner's, made by this node, and `sent_at` says when the partner took it."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="purges")
    peer = models.CharField(max_length=253)
    at = models.DateTimeField()
    data = models.BinaryField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "peer"], name="one_purge_per_reader")
        ]


class Receipt(models.Model):
    """A cosigned checkpoint: of an own channel, received from `peer`; of a partner's, sent by this node."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="receipts")
    peer = models.CharField(max_length=253)
    size = models.BigIntegerField()
    at = models.DateTimeField()
    data = models.BinaryField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["channel", "peer", "size"])]


class KeySetVersion(models.Model):
    """A verified key set, of this node or of a partner."""

    node = models.CharField(max_length=253)
    version = models.PositiveIntegerField()
    hash = models.CharField(max_length=60, unique=True)
    data = models.BinaryField()
    fetched_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["node", "version"], name="one_keyset_per_version")
        ]


class Evidence(models.Model):
    """What proves that a partner broke the protocol: both sides of a contradiction, as bytes."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="evidence")
    at = models.DateTimeField()
    code = models.CharField(max_length=40)
    ours = models.BinaryField()
    theirs = models.BinaryField()
