"""Table of missions: what is being computed here. Everything else about a mission is in its records."""

from django.db import models


class Computation(models.Model):
    """The last computation of one mission's schedule; a row that has not ended is work for the worker."""

    mission = models.UUIDField(primary_key=True)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=254)
    ended_at = models.DateTimeField(null=True)
    failed = models.BooleanField(default=False)
    seconds = models.PositiveIntegerField(default=0)
    value = models.PositiveIntegerField(default=0)  # so far
    bound = models.PositiveIntegerField(default=0)  # proven so far
