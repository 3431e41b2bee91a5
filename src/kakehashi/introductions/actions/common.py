"""What every step begins with: the introduction as it stands, the member of a body, who may speak."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from kakehashi.accounts.viewer import Viewer
from kakehashi.errors import Conflict, NotFound
from kakehashi.introductions import queries
from kakehashi.introductions.events import Key
from kakehashi.introductions.moves import Move
from kakehashi.introductions.queries import Introduction
from kakehashi.records import actions as records
from kakehashi.records.models import Record
from kakehashi.signing.commit import stamp
from kakehashi.translation.texts import original


def step(viewer: Viewer, interest: Key, move: Move, now: datetime) -> Introduction:
    """The introduction, if the viewer may take this step now; NotFound, Conflict."""
    try:
        record = UUID(interest[1])
    except ValueError:
        raise NotFound(f"introduction {interest}") from None
    found = queries.one(viewer, interest[0], record, now)
    if move not in found.moves:
        raise Conflict(f"introductions.{move}")
    return found


def spoken(says: str, now: datetime) -> dict[str, Any]:
    """What is said, and when."""
    return {"says": says, "at": stamp(now)}


def message(name: str, words: str, lang: str) -> dict[str, Any]:
    """A member in the writer's own words; none if there are none."""
    return {name: {lang: original(words.strip())}} if words.strip() else {}


def tell(
    viewer: Viewer,
    found: Introduction,
    kind: str,
    members: Mapping[str, Any],
    now: datetime,
    *,
    about: Key | None = None,
    person: dict[str, Any] | None = None,
    record_id: UUID | None = None,
) -> Record:
    """A record of this side about the interest, or about one of its outcomes; `record_id`: that one anew."""
    origin, id = about or found.key
    body = {
        "kind": kind,
        "lang": "en",
        "about": {"origin": origin, "id": id},
        "organisation": _speaks(found),
        **({"topics": topics} if (topics := found.interest.body.get("topics")) else {}),
        **members,
    }
    return records.say(
        viewer=viewer, body=body, person=person, record_id=record_id, lineage=found.lineage, now=now
    )


def _speaks(found: Introduction) -> dict[str, str]:
    """The organisation of this side, named no further than the interest or the record names it already."""
    if found.asks:
        return dict(found.interest.body["organisation"])
    target = found.target
    if target is None:
        raise NotFound(f"the record of {found.key}")
    if target.kind == "organisation":
        name = target.title.get(target.lang) or next(iter(target.title.values()))
        return {"origin": target.origin, "id": str(target.record), "name": name}
    return dict(target.body["organisation"])
