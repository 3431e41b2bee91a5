"""Tables of agreements: partners, signed documents, their proofs and ends, and what is to be delivered."""

from typing import ClassVar

from django.db import models


class Partner(models.Model):
    """Another node, as its card introduced it. Nothing of it counts before the fingerprint is confirmed."""

    node = models.CharField(max_length=253, primary_key=True)
    address = models.CharField(max_length=300)
    root_keys = models.JSONField()
    name = models.JSONField()
    place = models.JSONField()
    region_name = models.JSONField()
    regions = models.JSONField()
    side = models.CharField(max_length=40)
    country = models.CharField(max_length=2)
    sector = models.CharField(max_length=10)
    contact = models.CharField(max_length=200)
    fingerprint_confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=254, blank=True)
    proposed_roots = models.JSONField(default=list)  # signed by the present ones; a person must confirm them
    suspended = models.BooleanField(default=False)
    added_at = models.DateTimeField()


class Agreement(models.Model):
    """One version of an agreement, named by the hash of its document; `lineage` is the hash of version 1.

    `ends` is the end of the term, or earlier if terminated or superseded. `suspended` is a local switch.
    """

    hash = models.CharField(max_length=60, primary_key=True)
    lineage = models.CharField(max_length=60, db_index=True)
    version = models.PositiveIntegerField()
    document = models.JSONField()  # without proof
    state = models.CharField(max_length=10, default="proposed", db_index=True)
    proposed_by = models.CharField(max_length=253)
    proposed_at = models.DateTimeField()
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    activated_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)  # became ended or void
    suspended = models.BooleanField(default=False)
    reminded = models.JSONField(default=list)  # the reminders sent, in days before the end


class Proof(models.Model):
    """One party's signature over one agreement."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="proofs")
    node = models.CharField(max_length=253)
    proof = models.JSONField()
    signed_at = models.DateTimeField()  # as the signer states
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "node"], name="one_proof_per_party")
        ]


class Termination(models.Model):
    """One party's signed declaration that the agreement ends."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="terminations")
    by = models.CharField(max_length=253)
    document = models.JSONField()  # with proof
    effective = models.DateTimeField()
    reason = models.CharField(max_length=10)
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "by"], name="one_termination_per_party")
        ]


class Delivery(models.Model):
    """A document that a partner is to get: the exchange sends `body` by `verb` to `path` below its base."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="deliveries")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="deliveries")
    what = models.CharField(max_length=12)  # draft, proof, termination
    verb = models.CharField(max_length=4)
    path = models.CharField(max_length=200)
    body = models.BinaryField()
    attempts = models.PositiveIntegerField(default=0)
    next_attempt = models.DateTimeField(null=True)  # null: delivered, or given up
    delivered_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["next_attempt"])]
