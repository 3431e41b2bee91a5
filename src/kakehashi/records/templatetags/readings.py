"""Template words for readings: what it is, its title with the language, its address."""

from dataclasses import dataclass

from django import template
from django.urls import reverse

from kakehashi.records import labels
from kakehashi.records.models import Reading
from kakehashi.ui.languages import reader_language

register = template.Library()


@dataclass(frozen=True)
class Title:
    """The title this reader sees; `own` is the owner's own wording where that is another."""

    text: str
    lang: str
    own: str = ""
    own_lang: str = ""


@register.filter
def titled(reading: Reading) -> Title:
    """The title in the reader's language, else in the original's, else in any."""
    titles = reading.title
    lang = next((c for c in (reader_language(), reading.lang, "en", "de", "ja") if c in titles), "")
    if lang in (reading.lang, ""):
        return Title(titles.get(lang, str(reading.record)), lang or "en")
    return Title(titles[lang], lang, titles.get(reading.lang, ""), reading.lang)


@register.filter
def what(reading: Reading) -> str:
    """What it is in a word or two: the event of a development, else the kind."""
    return str(labels.EVENTS.get(reading.event) or labels.KIND.get(reading.kind) or reading.kind)


@register.filter
def address(reading: Reading) -> str:
    """Where the record is read, in the language of this page."""
    return reverse("records:record", args=[reading.origin, reading.record])
