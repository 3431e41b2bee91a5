"""A partnering day in Munich with guests from Osaka, as tests begin with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from kakehashi.agreements.document import Permission
from kakehashi.missions import actions, queries
from kakehashi.missions.queries import Mission
from kakehashi.records import actions as records
from kakehashi.records.models import Record
from kakehashi.translation.texts import original
from tests import cast
from tests.agreements import parties, partnership

OSAKA = "osaka.example"


@dataclass
class Day:
    """The mission's id, the own organisations, the guests' (origin, id)."""

    id: UUID
    lineage: str
    host: Record
    own: Record

    def seen(self, viewer: Any, now: datetime) -> Mission:
        return queries.mission(viewer, cast.HERE, self.id, now)


def facts(host: Record, now: datetime, **changes: Any) -> dict[str, Any]:
    """The programme: tomorrow from nine to twelve, a break at half past ten, two tables, one interpreter."""
    start = (now + timedelta(days=1)).replace(hour=8, minute=0, second=0, microsecond=0)

    def span(begin: int, end: int) -> dict[str, str]:
        moments = (start + timedelta(minutes=each) for each in (begin, end))
        return {k: f"{m:%Y-%m-%dT%H:%M:%SZ}" for k, m in zip(("from", "to"), moments, strict=True)}

    return {
        "lang": "de",
        "title": {"de": original("Partnertag München")},
        "summary": {"de": original("Gespräche zu Antikörpern.")},
        "organisation": reference(host),
        "zone": "Europe/Berlin",
        "city": "München",
        "minutes": 25,
        "pause": 5,
        "date": f"{start:%Y-%m-%d}",
        "days": [span(0, 180)],
        "breaks": [{**span(90, 120), "name": "Kaffee"}],
        "tables": [{"name": "Tisch 1"}, {"name": "Tisch 2"}],
        "interpreters": [{"name": "Dolmetscher 1", "languages": ["de", "ja"]}],
        **changes,
    }


def reference(record: Record) -> dict[str, str]:
    name = next(iter(record.revisions.latest("number").body["names"].values()))
    return {"origin": cast.HERE, "id": str(record.id), "name": name}


def announced(now: datetime) -> Day:
    """Announced under an agreement in force, with one own participant and no guest yet."""
    mission = Permission("munich.example", regions=("DE-BY",), kinds=("mission",), onward="members")
    there = Permission("osaka.example", regions=("JP-27",), kinds=("mission",), onward="members")
    term = {"starts": now - timedelta(days=30), "until": now + timedelta(days=900)}
    agreement = partnership.active(now, parties.bilateral(permissions=[mission, there], **term))
    host = cast.organisation(now, name="Cluster München", type="cluster")
    own = cast.organisation(now)
    day = announced_by(host, agreement.lineage, now)
    day.own = own
    enters(day, own, now)
    return day


def announced_by(host: Record, lineage: str, now: datetime) -> Day:
    """Announced, with nobody in it yet."""
    record = actions.announce(viewer=cast.EDITOR, facts=facts(host, now), lineage=lineage, now=now)
    return Day(record.id, lineage, host, host)


def enters(day: Day, own: Record, now: datetime, **changes: Any) -> Record:
    facts = {"lang": "de", "languages": ["de", "en"], **changes}
    mission = day.seen(cast.EDITOR, now)
    return actions.take_part(
        viewer=cast.EDITOR, mission=mission, organisation=reference(own), facts=facts, now=now
    )


def comes(
    day: Day,
    name: str,
    now: datetime,
    *,
    company: UUID | None = None,
    revision: int = 1,
    node: str = OSAKA,
    **changes: Any,
) -> tuple[str, str]:
    """A guest's part as the exchange hands it over from its node; gives its key."""
    company = company or uuid4()
    body = {
        "kind": "mission",
        "revision": revision,
        "lang": "ja",
        "says": "participation",
        "about": {"origin": cast.HERE, "id": str(day.id)},
        "organisation": {"origin": node, "id": str(company), "name": name},
        "languages": ["ja"],
        **changes,
    }
    arrival = records.Crossing(
        channel=f"{node}/kx/0123456789abcdef/0",
        agreement=day.lineage,
        clause="",
        index=0,
        onward="members",
        tlp="AMBER",
        open_until=now + timedelta(days=900),
    )
    records.receive(
        origin=node,
        side=node.split(".", maxsplit=1)[0],
        record_id=UUID(int=company.int ^ 1),
        body=body,
        person=None,
        regions=["JP-27"],
        issued=now,
        expires=None,
        crossing=arrival,
        now=now,
    )
    return node, str(company)


def meets(day: Day, own: Record, now: datetime) -> UUID:
    """A guest comes and has the first talk with `own`; gives the guest's id."""
    guest = comes(day, "なにわ製薬株式会社", now)
    mission = day.seen(cast.EDITOR, now)
    pair = ((cast.HERE, str(own.id)), guest)
    actions.put(
        viewer=cast.EDITOR, mission=mission, pair=pair, start=mission.programme.slots[0].start, now=now
    )
    return UUID(guest[1])


def wish(company: tuple[str, str], name: str = "Wunsch", priority: int = 3, why: str = "") -> dict[str, Any]:
    made = {"organisation": {"origin": company[0], "id": company[1], "name": name}, "priority": priority}
    return {**made, **({"why": {"de": original(why)}} if why else {})}
