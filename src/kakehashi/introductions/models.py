"""Tables of introductions: what was shown to whom. Where one stands is derived, never stored."""

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
