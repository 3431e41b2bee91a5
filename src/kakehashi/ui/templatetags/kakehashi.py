"""Template words of this project: texts with their language, names of regions and topics, the arch."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kakehashi.ui import moments
from kakehashi.ui.languages import reader_language

register = template.Library()
register.filter("day", moments.day)
register.filter("moment", moments.moment)
register.filter("partial_date", moments.partial_date)
register.filter("number", moments.number)

ARCH = mark_safe(  # a constant of ours
    '<svg viewBox="0 0 100 100" preserveAspectRatio="none" focusable="false">'
    '<path class="h" d="M0 100 Q50 -100 100 100"/><path class="v" d="M100 0 Q-100 50 100 100"/></svg>'
)


@register.simple_tag
def arch(extra: str = "") -> SafeString:
    """The arch between two sides; `extra` is further classes, such as "still"."""
    return format_html('<div class="arch {}" aria-hidden="true">{}</div>', extra, ARCH)


@register.filter
def in_language(names: dict[str, str] | None) -> SafeString | str:
    """A plain text per language, in the reader's language if it is there, else marked with its own `lang`."""
    if not names:
        return ""
    lang = reader_language()
    if lang in names:
        return names[lang]
    for other in ("en", "de", "ja"):
        if other in names:
            return format_html('<span lang="{}">{}</span>', other, names[other])
    return ""


@register.filter
def breakable(address: str) -> SafeString:
    """An e-mail address that, where it is too long for a line, breaks after the @ and not in a word."""
    name, at, host = address.partition("@")
    return format_html("{}{}<wbr>{}", name, at, host)


@register.filter
def get(mapping: dict[str, Any] | None, key: str) -> Any:
    """`mapping[key]`, or None."""
    return (mapping or {}).get(key)
