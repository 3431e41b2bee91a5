"""Template word for translatable texts: which wording this reader sees."""

from django import template

from kakehashi.translation.texts import Shown, Texts, pick
from kakehashi.ui.languages import reader_language

register = template.Library()


@register.filter
def shown(texts: Texts | None) -> Shown | None:
    """The wording for the reader of this page: `{% with summary=reading.body.summary|shown %}`."""
    return pick(texts, reader_language())
