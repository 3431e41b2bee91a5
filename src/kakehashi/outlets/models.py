"""What was ever open to everyone: a harvester must be able to learn that it no longer is."""

from typing import ClassVar

from django.db import models


class Item(models.Model):
    """One record that is, or once was, in the outlets. A row is never deleted (OAI-PMH: "persistent").

    `stamp` (whole seconds) is when the outlet noticed its present form; `changed_at` that of the reading
    which it noticed then. Whether the record may be read now is asked of the reading, never of this row.
    """

    record = models.UUIDField(primary_key=True)
    changed_at = models.DateTimeField()
    stamp = models.DateTimeField()
    gone = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["stamp", "record"])]


class Membership(models.Model):
    """A set that an item belongs to, such as "kind:offer"; of one that is gone, the last known."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="memberships")
    spec = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "spec"], name="one_row_per_set")]
        indexes: ClassVar = [models.Index(fields=["spec"])]
