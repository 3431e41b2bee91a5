"""Template words of the audit: what a row says was done."""

from django import template

from kakehashi.audit.models import Entry
from kakehashi.audit.sentences import sentence
from kakehashi.audit.words import ACTORS, FACTS
from kakehashi.ui.words import listed

register = template.Library()


@register.filter
def said(entry: Entry) -> str:
    """The action in a whole sentence of the reader's language."""
    return sentence(entry.action, entry.facts)


@register.filter
def who(actor: str) -> str:
    """Somebody's address or a node's name as it is, what this node does by itself in words."""
    return str(ACTORS.get(actor, actor))


@register.filter
def fact_value(value: object) -> str:
    """A fact as a reader writes it: several in a row, yes and no as marks."""
    if isinstance(value, bool):
        return "✓" if value else "–"
    return listed(str(each) for each in value) if isinstance(value, list) else str(value)


@register.filter
def fact_name(name: str) -> str:
    """What a fact is about; the name as it was noted if it has no words."""
    return str(FACTS.get(name, name))
