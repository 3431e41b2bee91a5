"""The meetings of an introduction: from what was said to the facts that a calendar and both sides need."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from kakehashi import this
from kakehashi.accounts.viewer import WORKER
from kakehashi.errors import NotFound
from kakehashi.introductions import labels, queries, zones
from kakehashi.introductions.calendar import Meeting
from kakehashi.introductions.queries import Introduction
from kakehashi.introductions.steps import CANCELLED, Status
from kakehashi.records.models import Reading
from kakehashi.records.templatetags.readings import titled


def meeting(found: Introduction, record: UUID, address: str) -> Meeting:
    """One meeting of an introduction; NotFound if there is none. `address`: of the introduction's page."""
    said = next((each for each in found.said if each.record == record), None)
    made = told_by(found, said, address) if said else None
    if made is None:
        raise NotFound(f"meeting {record}")
    return made


def told_by(found: Introduction, said: Reading, address: str) -> Meeting | None:
    """The meeting that these words arrange or call off, as long as both may see it."""
    return _of(found, said, address) if found.state.open else None


def fallen(found: Introduction, said: Reading, address: str, sender: str) -> Meeting | None:
    """One that does not take place as the introduction is over; for the calendars that have it.

    The person of the other side is unknown again by now: where that one invited, `sender` speaks for it.
    """
    made = _of(found, said, address)
    if made is None:
        return None
    contact = queries.own_contact(WORKER, found)
    ours = [(contact["name"], contact["email"])] if "email" in contact else []
    people = ours if said.own else [(sender, sender), *ours]
    return replace(made, cancelled=True, sequence=made.sequence + 1, people=people)


def _of(found: Introduction, said: Reading, address: str) -> Meeting | None:
    body = said.body
    if body.get("says") not in (Status.MEETING, CANCELLED) or "start" not in body:
        return None
    names = tuple(name for name in body.get("zones", []) if zones.zone(name)) or (this.node().time_zone,)
    people = [(contact["name"], contact["email"]) for side, contact in found.contacts if "email" in contact]
    return Meeting(
        uid=f"{said.record}@{said.origin}",
        title=titled(found.target).text if found.target else str(labels.BOARD),
        start=datetime.fromisoformat(body["start"]),
        minutes=body.get("minutes", 60),
        place=body.get("place", ""),
        zones=names,
        address=address,
        sequence=said.revision - 1,
        cancelled=body["says"] == CANCELLED,
        people=people if found.asks == (said.origin == found.state.asker) else people[::-1],
    )
