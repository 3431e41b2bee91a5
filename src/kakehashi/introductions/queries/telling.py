"""Which mails about introductions have gone out."""

from collections.abc import Collection

from kakehashi.accounts.viewer import Viewer
from kakehashi.errors import NotAllowed
from kakehashi.introductions.models import Notice

AT_ONCE = 5000  # values of one statement


def told(viewer: Viewer, about: Collection[str]) -> set[str]:
    """Those of these occasions that people have been told of."""
    if not viewer.is_manager:
        raise NotAllowed("introductions.notices")
    names = sorted(about)
    parts = (names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE))
    return {
        name
        for part in parts
        for name in Notice.objects.filter(about__in=part).values_list("about", flat=True)
    }
