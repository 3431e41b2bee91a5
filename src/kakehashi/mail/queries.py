"""Which occasions have been mailed; asked by those who mail, who see everything."""

from collections.abc import Collection

from kakehashi.mail.models import Told

AT_ONCE = 5000  # values of one statement


def any_told(beginning: str) -> bool:
    """Has anybody got a mail about an occasion whose name begins like this?"""
    return Told.objects.filter(about__startswith=beginning, sent__gt=0).exists()


def told(about: Collection[str]) -> set[str]:
    """Those of these occasions that people have been told of."""
    names = sorted(about)
    parts = (names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE))
    return {
        name for part in parts for name in Told.objects.filter(about__in=part).values_list("about", flat=True)
    }
