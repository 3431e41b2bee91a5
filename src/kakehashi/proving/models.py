"""Hashes of full tiles, so that a proof in a log of a million entries needs no million hashes."""

from typing import ClassVar

from django.db import models


class Tile(models.Model):
    """The root of one full tile of a log, which holds 256**level leaves; `index` counts within the level."""

    channel = models.CharField(max_length=300)
    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "level", "index"], name="one_hash_per_tile")
        ]
