"""The table of uploaded spreadsheets: kept for a week, so that nothing is lost on errors."""

import uuid

from django.db import models


class Upload(models.Model):
    """One file as somebody sent it, and how far its import went once they agreed.

    `level` says who may see new records ("" for drafts); `done_line` is the last line that is in;
    `decided` says who is meant by names that leave a doubt (importers/directory.py);
    `summary` counts {"created", "changed", "unchanged", "left_out"} and names the "records" touched.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    actor = models.CharField(max_length=254)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    data = models.BinaryField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    agreed_at = models.DateTimeField(null=True)
    decided = models.JSONField(default=dict)
    level = models.CharField(max_length=12, blank=True)
    done_line = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    lines = models.PositiveIntegerField(default=0)
    summary = models.JSONField(default=dict)
    imported_at = models.DateTimeField(null=True)
