"""Counts of confidential records that fit: which could be said to the partners, and what they said to us."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db.models import Q

from kakehashi import this
from kakehashi.accounts.viewer import WORKER, Viewer
from kakehashi.agreements import queries as agreements
from kakehashi.agreements.terms import Standing
from kakehashi.matching import counting
from kakehashi.matching.models import Match
from kakehashi.matching.rank import FAIRLY
from kakehashi.records import queries as records
from kakehashi.records.audience import Audience
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Reading

MARK = UUID("6f2f0a4e-3c3a-5d8e-9d53-0d0f4a1c5b77")  # a name space of our own (RFC 9562)
# What is private is not even counted; what the agreement does not cover is not, either.
UNSEEN = (Audience.MEMBERS, Audience.NAMED)


@dataclass(frozen=True)
class Hidden:
    """What a partner says of records that it does not show: `at_least` so many fit. Whom to ask for them."""

    side: str
    at_least: int
    contact: str


def granted(kind: str, now: datetime) -> list[Standing]:
    """The agreements in force that let this node say something of a kind."""
    me = this.node().name
    return [
        standing
        for standing in agreements.running(WORKER, now)
        if any(grant["from"] == me and kind in grant["kinds"] for grant in standing["grants"])
    ]


def name_of(lineage: str, *about: str) -> UUID:
    """The record of what this node says of something under an agreement: the same every time."""
    return uuid5(MARK, "\n".join((this.node().name, lineage, *about)))


def counts(lineage: str, now: datetime) -> dict[tuple[str, str], int]:
    """For each record received under an agreement that is matched: how many may be said to fit unseen."""
    open_here = {"agreement": lineage, "closed_at": None}
    shown = Q(**{f"own__passages__{name}": value for name, value in open_here.items()})
    crossed = Q(**{f"other__passages__{name}": value for name, value in open_here.items()})
    rows = Match.objects.filter(crossed, score__gte=FAIRLY, own__state=State.PUBLISHED, own__historical=False)
    rows = rows.filter(Q(own__expires_at=None) | Q(own__expires_at__gt=now), own__audience__in=UNSEEN)
    # Two steps: an exclude over a relation of many would look at rows of other agreements.
    given = set(rows.filter(shown, own__passages__received=False).values_list("pk", flat=True))
    owners: dict[tuple[str, str], list[UUID | None]] = defaultdict(list)
    facts = rows.values_list("pk", "other__origin", "other__record", "own__owner").distinct()
    for key, origin, record, owner in facts:
        if key not in given:
            owners[origin, str(record)].append(owner)
    return {about: counting.at_least(found) for about, found in owners.items()}


def said(now: datetime, lineage: str) -> dict[UUID, tuple[int, datetime, tuple[str, str]]]:
    """What this node has said under an agreement: the step, when, and of which record."""
    rows = records.conversation(WORKER, now).filter(own=True, kind="tally")
    found = {}
    for record, body, at in rows.values_list("record", "body", "changed_at"):
        about = (body["about"]["origin"], body["about"]["id"])
        if record == name_of(lineage, "tally", *about):
            found[record] = (body["at_least"], at, about)
    return found


def hidden(viewer: Viewer, reading: Reading, now: datetime) -> list[Hidden]:
    """What partners say of an own record, for its organisation and the team; nothing for anybody else."""
    if not reading.own or not viewer.may_edit(reading.owner):
        return []
    about = {"body__about__id": str(reading.record), "body__about__origin": reading.origin}
    rows = records.conversation(WORKER, now).filter(own=False, kind="tally", **about)
    parties = [party for standing in agreements.running(WORKER, now) for party in standing["parties"]]
    contacts = {party["node"]: party["contact"] for party in parties}
    return [
        Hidden(row.side, row.body["at_least"], contacts.get(row.origin, ""))
        for row in rows.order_by("origin")
        if row.body["at_least"] >= counting.LEAST
    ]
