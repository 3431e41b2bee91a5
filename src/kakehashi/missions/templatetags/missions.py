"""Template words for missions."""

from django import template

from kakehashi.missions.models import Computation

register = template.Library()


@register.filter
def waiting(computation: Computation | None) -> bool:
    """True while a schedule is being computed."""
    return computation is not None and computation.ended_at is None
