"""The table of uploaded spreadsheets: kept for a week, so that nothing is lost on errors."""

import uuid

from django.db import models


class Upload(models.Model):
    """One file as somebody sent it. `summary` is set when it was imported: {"created", "changed", …}."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    actor = models.CharField(max_length=254)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    data = models.BinaryField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    imported_at = models.DateTimeField(null=True)
    summary = models.JSONField(null=True)
