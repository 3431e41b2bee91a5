"""From a record's body to the columns that it is read, sorted and filtered by."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from kakehashi.records import lifecycle


class Columns(NamedTuple):
    """What a reading holds beside the body."""

    kind: str
    lang: str
    title: dict[str, str]
    owner: UUID | None
    owner_name: str
    event: str
    source_date: str
    sort_date: str
    provenance: str
    historical: bool
    topics: list[str]
    organisations: list[str]


def columns(record_id: UUID, body: dict[str, Any], published: datetime | None, now: datetime) -> Columns:
    """The columns of one checked body (`records.schema.problems` found none)."""
    owner = body.get("organisation")
    source_date = body.get("date") or body.get("source_date") or ""
    provenance = body.get("provenance", "posted")
    # What was written from public sources is as old as they are; without their date it is not news.
    dated = source_date or (published.date().isoformat() if published and provenance == "posted" else "")
    own_id = record_id if body["kind"] == "organisation" else None
    owner_id = UUID(owner["id"]) if owner else own_id
    others = [reference["id"] for reference in body.get("organisations", [])]
    return Columns(
        kind=body["kind"],
        lang=body["lang"],
        title=titles(body),
        owner=owner_id,
        owner_name=owner["name"] if owner else "",
        event=body.get("event", ""),
        source_date=source_date,
        sort_date=dated,
        provenance=provenance,
        historical=body["kind"] != "organisation" and lifecycle.is_historical(source_date, now),
        topics=list(body.get("topics", [])),
        organisations=sorted({*others, *([str(owner_id)] if owner_id else [])}),
    )


def titles(body: dict[str, Any]) -> dict[str, str]:
    """The plain title per language: the names of an organisation, else the title, if there is one."""
    if body["kind"] == "organisation":
        return dict(body["names"])
    return {lang: wording["text"] for lang, wording in body.get("title", {}).items()}
