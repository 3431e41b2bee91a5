"""The table of what was done, by whom, to what; appended to, and changed only to forget a person."""

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One action. `actor` is a user's e-mail, a node's name or "worker"; `facts` says what a reader needs."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=254)
    action = models.CharField(max_length=80)
    object = models.CharField(max_length=300)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["object"]), models.Index(fields=["at"])]
