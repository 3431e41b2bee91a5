"""That a page showed something: noted once for each version, language and organisation."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kakehashi.introductions.models import Showing
from kakehashi.introductions.queries import Introduction
from kakehashi.records.models import Reading


@transaction.atomic
def shown(*, found: Introduction, to: UUID | None, language: str, now: datetime) -> int:
    """Note what the page of an introduction shows of the other side; gives how much of it is new."""
    facts = {"to": to, "language": language, "agreement": found.lineage, "clause": found.clause}
    done = 0
    for reading, part in _foreign(found):
        key = {"origin": reading.origin, "record": reading.record, "revision": reading.revision, "part": part}
        if not Showing.objects.filter(**key, to=to, language=language).exists():
            Showing.objects.create(**key, **facts, at=now)
            done += 1
    return done


def _foreign(found: Introduction) -> list[tuple[Reading, str]]:
    """What of the other side stands on the page: who asks and what, and persons once both have said yes."""
    rows = [(found.interest, "asker")] if not found.asks and found.names_asker else []
    spoken = [found.interest, *found.said]
    return rows + [(each, "person") for each in spoken if not each.own and each.person and found.state.open]
