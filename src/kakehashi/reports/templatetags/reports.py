"""Template words of the report: the address of a number's evidence, and its bar."""

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from kakehashi.agreements import queries as agreements
from kakehashi.introductions.labels import RESULTS, STATUS
from kakehashi.records.labels import KINDS
from kakehashi.reports.period import day_of
from kakehashi.reports.queries import Report
from kakehashi.reports.tally import Choice
from kakehashi.sme.labels import REGIMES
from kakehashi.ui.moments import day, number

register = template.Library()


@register.simple_tag(takes_context=True)
def behind(context: Context, choice: Choice, origin: str = "") -> str:
    """The address of the page with what a number was counted from; `origin`: of one side's number."""
    report: Report = context["report"]
    asked = {name: value for name, value in asdict(replace(choice, origin=origin)).items() if value}
    if partner := context["request"].GET.get("partner"):
        asked["partner"] = partner
    address = reverse("reports:evidence", args=[report.period.name])
    return f"{address}?{urlencode(asked)}" if asked else address


@register.simple_tag
def bar(count: int, most: int, end: str) -> SafeString:
    """A bar of `count` to `most`, growing from the middle of the table to its `end`, "left" or "right".

    The number beside it says the same, so it is not heard.
    """
    width = round(100 * count / most, 1) if most else 0
    return format_html(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false"><rect x="{}" width="{}" height="10"/></svg>',
        100 - width if end == "left" else 0,
        width,
    )


@register.filter
def counted_day(at: datetime) -> SafeString | str:
    """The day on which something counts: the same on both nodes, whose time zones differ."""
    return day(day_of(at))


@register.filter
def kind_plural(kind: str) -> str:
    """The name of a kind for many."""
    return str(KINDS[kind])


@register.filter
def law_name(law: str) -> str:
    """Whose law it is."""
    return str(REGIMES[law])


@register.filter
def status_name(status: str) -> str:
    """A stage of an introduction in words."""
    return str(STATUS[status])


@register.filter
def result_name(result: str) -> str:
    """The kind of an outcome in words."""
    return str(RESULTS[result])


@register.filter
def counted_name(name: str) -> str:
    """What a number of introductions counts: a stage, a result, or a way to end."""
    return str({**STATUS, **RESULTS}[name])


@register.filter
def in_days(span: timedelta) -> str:
    """A time in whole days."""
    days = round(span / timedelta(days=1))
    return ngettext("%(number)s day", "%(number)s days", days) % {"number": number(days)}


@register.filter
def agreement_name(hash: str) -> str:
    """The short name by which an agreement's address goes."""
    return agreements.short(hash)
