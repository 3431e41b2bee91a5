"""Tables of what is known of an enterprise: figures, holdings and exchange rates, each dated and sourced.

No answer is kept anywhere: it is computed from these rows whenever somebody looks. A row is never changed;
a wrong one is retired and a new one entered. Decimals are strings, so that nothing is rounded.
"""

from typing import ClassVar

from django.db import models


class Stated(models.Model):
    """What every row has: its source, whether all who see the organisation may see it, who entered it."""

    title = models.CharField(max_length=300)
    url = models.CharField(max_length=2000, blank=True)
    dated = models.CharField(max_length=10)
    open = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.CharField(max_length=254)
    retired_at = models.DateTimeField(null=True)
    retired_by = models.CharField(max_length=254, blank=True)

    class Meta:
        abstract = True


class HoldingRow(Stated):
    """A relation of an organisation (its record's origin and id) to another enterprise."""

    origin = models.CharField(max_length=253)
    record = models.UUIDField()
    name = models.CharField(max_length=300)
    side = models.CharField(max_length=8)
    kind = models.CharField(max_length=20)
    share = models.CharField(max_length=20, blank=True)
    controls = models.BooleanField(default=False)
    together = models.CharField(max_length=100, blank=True)
    invested = models.CharField(max_length=20, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["origin", "record"])]


class FigureRow(Stated):
    """One figure of an organisation, or of the enterprise in `holding`."""

    origin = models.CharField(max_length=253)
    record = models.UUIDField()
    holding = models.ForeignKey(HoldingRow, on_delete=models.CASCADE, null=True, related_name="figures")
    what = models.CharField(max_length=14)
    value = models.CharField(max_length=24)
    unit = models.CharField(max_length=3, blank=True)
    period = models.DateField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["origin", "record"])]


class RateRow(Stated):
    """An exchange rate: one `base` was worth `value` `quote` on that day."""

    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    value = models.CharField(max_length=24)
    date = models.DateField()
