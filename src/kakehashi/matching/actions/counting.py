"""Says to the partners how many records that they do not see fit one of theirs, if the agreement allows."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kakehashi import this
from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements.terms import Standing
from kakehashi.errors import NotFound
from kakehashi.matching import counting
from kakehashi.matching.queries.counting import counts, granted, name_of, said
from kakehashi.records import actions
from kakehashi.records import queries as records
from kakehashi.signing.commit import stamp


def say_counts(*, now: datetime) -> int:
    """Say what is due under every agreement; gives how many counts were said or changed."""
    return sum(_say(standing, now) for standing in granted("tally", now) if not standing["suspended"])


@transaction.atomic
def _say(standing: Standing, now: datetime) -> int:
    lineage = standing["lineage"]
    found = {
        about: (name_of(lineage, "tally", *about), count) for about, count in counts(lineage, now).items()
    }
    before = said(now, lineage)
    spent = sum(at + counting.REST > now for _, at, _ in before.values())
    asked = {name: (about, count) for about, (name, count) in found.items()}
    asked |= {name: (about, 0) for name, (_, _, about) in before.items() if name not in asked}
    done = 0
    for name, (about, count) in sorted(asked.items()):
        known, at, _ = before.get(name, (None, None, about))
        if spent + done < counting.AT_ONCE and counting.due(known, at, now, count):
            done += _tell(lineage, name, about, count, now)
    return done


def _tell(lineage: str, name: UUID, about: tuple[str, str], count: int, now: datetime) -> bool:
    """False if the record that it is about has gone."""
    try:
        of = records.get(WORKER, about[0], UUID(about[1]), now)
    except NotFound:
        return False
    body = {
        "kind": "tally",
        "lang": this.node().language,
        "about": {"origin": about[0], "id": about[1]},
        "at_least": count,
        "at": stamp(now),
        **({"topics": of.body["topics"]} if of.body.get("topics") else {}),
    }
    actions.say(viewer=WORKER, body=body, record_id=name, lineage=lineage, now=now)
    return True
