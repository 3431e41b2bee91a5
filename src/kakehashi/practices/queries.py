"""Reads of what is said of practices; every function asks first who is looking."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from kakehashi import this
from kakehashi.accounts.viewer import WORKER, Viewer
from kakehashi.agreements import queries as agreements
from kakehashi.errors import NotFound
from kakehashi.practices.thread import Key, Saying, Thread, thread
from kakehashi.records import queries as records
from kakehashi.records.kinds import COMMENTS
from kakehashi.records.models import Reading
from kakehashi.signing.commit import parse_stamp


def practice(viewer: Viewer, origin: str, record: UUID, now: datetime) -> Reading:
    """The practice; NotFound if it is none that `viewer` may see."""
    reading = records.get(viewer, origin, record, now)
    if reading.kind != "practice":
        raise NotFound(f"{origin}/{record}")
    return reading


def talk(viewer: Viewer, reading: Reading, now: datetime) -> Thread:
    """What both sides say of one practice, as far as `viewer` may read it."""
    key = (reading.origin, str(reading.record))
    return thread(key, reading.owner, _sayings(viewer, now))


def _sayings(viewer: Viewer, now: datetime, **narrowed: str) -> Iterable[Saying]:
    for row in records.conversation(viewer, now).filter(kind="comment", state="published", **narrowed):
        said = row.body.get("says")
        if said in COMMENTS and row.body.get("at"):
            about = row.body["about"]
            yield Saying(
                key=(row.origin, str(row.record)),
                about=(about["origin"], about["id"]),
                says=said,
                owner=row.owner,
                at=parse_stamp(row.body["at"]),
                row=row,
            )


def adoptions(viewer: Viewer, now: datetime) -> list[tuple[Reading, Saying]]:
    """Each practice that `viewer` may see with each organisation that took it over."""
    said: dict[Key, list[Saying]] = defaultdict(list)
    for saying in _sayings(viewer, now, body__says="adoption"):
        said[saying.about].append(saying)
    taken_over = {record for _origin, record in said}
    rows = records.published(viewer, now).filter(kind="practice", record__in=taken_over) if said else ()
    practices = {(row.origin, str(row.record)): row for row in rows}
    return [
        (row, saying)
        for key, row in practices.items()
        for saying in thread(key, row.owner, said[key]).adoptions
    ]


def may_speak(viewer: Viewer, reading: Reading, now: datetime) -> bool:
    """Members and managers speak of what has crossed under an agreement that lets comments cross."""
    speaks = viewer.is_manager or (viewer.is_member and viewer.organisation is not None)
    return speaks and bool(lineage(reading, now))


def lineage(reading: Reading, now: datetime) -> str:
    """The agreement under which the practice crossed, either way, and comments cross; "" if there is none."""
    crossed = {each.agreement for each in records.passages(WORKER, reading)}
    for standing in agreements.running(WORKER, now):
        granted = any(
            grant["from"] == this.node().name and "comment" in grant["kinds"] for grant in standing["grants"]
        )
        if standing["lineage"] in crossed and granted and not standing["suspended"]:
            return standing["lineage"]
    return ""
