"""Template words for translatable texts: which wording this reader sees, and what is said about it."""

from django import template

from kakehashi.translation import labels
from kakehashi.translation.texts import Shown, Texts, pick
from kakehashi.ui.languages import reader_language

register = template.Library()


@register.filter
def shown(texts: Texts | None) -> Shown | None:
    """The wording for the reader of this page: `{% with summary=reading.body.summary|shown %}`."""
    return pick(texts, reader_language())


@register.filter
def origin_label(text: Shown) -> str:
    """Where the wording comes from, in a whole sentence."""
    return labels.origin(text, reader_language())


@register.filter
def read_original(text: Shown) -> str:
    """The words of the link to the original."""
    return str(labels.READ_ORIGINAL[text.original_lang])


@register.simple_tag
def stale_note() -> str:
    """What is said of a translation whose original has changed."""
    return str(labels.STALE)
