"""Template words for missions."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kakehashi.missions.bodies import Key
from kakehashi.missions.models import Computation
from kakehashi.missions.shown import Line, Name
from kakehashi.text.detect import detect
from kakehashi.ui.languages import reader_language

register = template.Library()


@register.filter
def waiting(computation: Computation | None) -> bool:
    """True while a schedule is being computed."""
    return computation is not None and computation.ended_at is None


@register.filter
def other_than(line: Line, company: Key) -> Name:
    """Whom a company meets in this talk."""
    return line.guest if line.host.key == company else line.host


@register.filter
def of_key(found: dict[Key, Any], company: Key) -> Any:
    """What is there for a company, or None."""
    return found.get(company)


@register.filter
def marked(text: str) -> SafeString | str:
    """Words as they were typed, with the language that they seem to be in where the page's is another."""
    lang = detect(text)
    return text if lang in (None, reader_language()) else format_html('<span lang="{}">{}</span>', lang, text)
