"""The meetings of an introduction: from what was said to the facts that a calendar and both sides need."""

from datetime import datetime
from uuid import UUID

from kakehashi import this
from kakehashi.errors import NotFound
from kakehashi.introductions import labels, zones
from kakehashi.introductions.calendar import Meeting
from kakehashi.introductions.queries import Introduction
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
    """The meeting that these words arrange, as long as both may see it."""
    body = said.body
    if body.get("says") != "meeting" or "start" not in body or not found.state.open:
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
        people=people if found.asks == (said.origin == found.state.asker) else people[::-1],
    )
