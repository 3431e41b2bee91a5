"""Template words of introductions: their stages, reasons and steps by name."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils import formats
from django.utils.dateformat import format as date_text
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info

from kakehashi.introductions import labels
from kakehashi.introductions.calendar import Meeting
from kakehashi.introductions.derive import State
from kakehashi.records.labels import PARTNERSHIPS
from kakehashi.records.templatetags.records import written_in
from kakehashi.translation.texts import LANGUAGES, Shown, pick
from kakehashi.ui.languages import reader_language
from kakehashi.ui.words import listed, named_by

register = template.Library()
NAMES: dict[str, Mapping[str, Any]] = {
    "conversation_name": labels.KIND,
    "status_name": labels.STATUS,
    "next_step": labels.NEXT,
    "reason_name": {**labels.RETURNS, **labels.REASONS},
    "result_name": labels.RESULTS,
    "move_name": labels.MOVES,
    "move_help": labels.HELP,
    "urgency_name": labels.URGENCY,
    "waits_name": labels.WAITS,
    "acts_name": labels.ACTS,
}
for name, words in NAMES.items():
    register.filter(name, named_by(words))


@register.filter
def marked(name: str) -> SafeString | str:
    """A name in whatever language it is, with its `lang` where that is not the page's."""
    lang = written_in(name)
    return format_html('<span lang="{}">{}</span>', lang, name) if lang else name


@register.filter
def clocks(meeting: Meeting) -> list[tuple[str, str]]:
    """(zone, day and hours as the reader writes them) by the clock of each side."""
    pattern = formats.get_format("DATE_FORMAT")
    return [
        (zone, f"{date_text(start.date(), pattern)}, {start:%H:%M}–{end:%H:%M}")
        for zone, start, end in meeting.clocks
    ]


@register.filter
def cooperations(codes: list[str]) -> str:
    """Types of cooperation in a row."""
    return listed(str(PARTNERSHIPS.get(code, code)) for code in codes or [])


@register.filter
def in_languages(codes: Iterable[str] | str) -> str:
    """Languages, or one, by their names in the reader's own."""
    known = [codes] if isinstance(codes, str) else codes
    return listed(str(get_language_info(code)["name_translated"]) for code in known if code in LANGUAGES)


@register.filter
def wording(body: dict[str, dict[str, dict[str, str]]], name: str) -> Shown | None:
    """One text of what was said, in the reader's language or its own."""
    return pick(body.get(name), reader_language())


@register.filter
def withdrawn_by_owner(state: State) -> bool:
    return bool(state.withdrawn_by) and state.withdrawn_by == state.owner
