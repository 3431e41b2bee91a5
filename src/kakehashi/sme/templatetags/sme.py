"""Template words of SME status: amounts, shares, rates and names in the reader's language."""

from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kakehashi.sme import labels
from kakehashi.sme.figures import COUNTS, MONEY, Evidence, Span, What
from kakehashi.sme.models import HoldingRow, Stated

register = template.Library()


@register.filter
def figure(row: Any) -> str | Promise:
    """The amount of a figure, or the name of its code; for rows and for `figures.Figure`."""
    if row.what in (*COUNTS, *MONEY):
        return labels.amount(row.value, row.unit or labels.PEOPLE)
    return labels.named(What(row.what), row.value)


@register.filter
def named(row: Any) -> Promise:
    """What a figure says."""
    return labels.WHAT[row.what]


@register.filter
def factor(span: Span) -> str | Promise:
    """How much of a related enterprise counts."""
    return percent(Span(span.low * 100, None if span.high is None else span.high * 100))


@register.filter
def percent(span: Span) -> str | Promise:
    """A share in per cent, or its limits."""
    return labels.amount(span.low, "%") if span.known else labels.between(span, "%")


@register.filter
def gap(code: str) -> Promise:
    """Why an amount is not known."""
    return labels.GAPS[code]


@register.filter
def rate(row: Any) -> str:
    """One unit of a currency in another; for rows and for `figures.Rate`."""
    return f"1 {row.base} = {labels.exact(row.value)} {row.quote}"


@register.filter
def evidence(row: Stated) -> Evidence:
    """The source of a row."""
    return Evidence(row.title, row.dated, row.url)


@register.filter
def kind_of(row: HoldingRow) -> Promise:
    """What the other enterprise is."""
    return labels.KINDS[row.kind]


@register.filter
def side_of(row: HoldingRow) -> Promise:
    """How it stands to the organisation."""
    return labels.SIDES[row.side]


@register.filter
def share_of(row: HoldingRow) -> str | Promise:
    """Its share, with control by other means."""
    share = labels.amount(row.share, "%") if row.share else _("not known")
    return format_lazy(_("{share}, controlled by other means"), share=share) if row.controls else share
