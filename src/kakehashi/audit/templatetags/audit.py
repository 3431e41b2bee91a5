"""Template words of the audit: what a row says was done."""

from django import template

from kakehashi.audit.models import Entry
from kakehashi.audit.sentences import sentence

register = template.Library()


@register.filter
def said(entry: Entry) -> str:
    """The action in a whole sentence of the reader's language."""
    return sentence(entry.action, entry.facts)
