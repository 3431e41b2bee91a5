"""Dates and numbers as a reader of one language writes them, each date inside its `<time>`."""

import re
from datetime import date, datetime

from django.utils import formats, numberformat, timezone
from django.utils.dateformat import format as date_text
from django.utils.html import format_html
from django.utils.safestring import SafeString

PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def day(value: date | datetime | None) -> SafeString | str:
    """The day in the node's time zone: 22. November 2026, 2026年11月22日, 22 November 2026."""
    if value is None:
        return ""
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return _time(local.isoformat(), date_text(local, formats.get_format("DATE_FORMAT")))


def moment(value: datetime | None) -> SafeString | str:
    """Day and minute in the node's time zone."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return _time(local.isoformat(timespec="minutes"), date_text(local, formats.get_format("DATETIME_FORMAT")))


def partial_date(value: str | None) -> SafeString | str:
    """A date known to the year, month or day (YYYY, YYYY-MM, YYYY-MM-DD), said no more exactly than that."""
    match = PARTIAL.fullmatch(value or "")
    if match is None:
        return value or ""
    year, month, day_of_month = match.groups()
    try:
        known = date(int(year), int(month or 1), int(day_of_month or 1))
    except ValueError:
        return value or ""
    if day_of_month:
        return day(known)
    pattern = "YEAR_MONTH_FORMAT" if month else "YEAR_FORMAT"
    return _time(match.group(0), date_text(known, formats.get_format(pattern)))


def number(value: int | None) -> str:
    """A count with its thousands apart: 1 046 in German, 1,046 in Japanese and English."""
    if value is None:
        return ""
    return numberformat.format(
        value,
        formats.get_format("DECIMAL_SEPARATOR"),
        grouping=3,
        thousand_sep=formats.get_format("THOUSAND_SEPARATOR"),
        force_grouping=True,
    )


def _time(machine: str, text: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', machine, text)
