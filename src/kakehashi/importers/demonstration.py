"""Loads the demonstration set that the package carries: real, sourced records and five invented ones."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from kakehashi import this
from kakehashi.accounts.viewer import Viewer
from kakehashi.audit.actions import note
from kakehashi.importers import bridge_format as bridge
from kakehashi.records import actions, queries
from kakehashi.records.audience import Audience, Onward, Tlp

FOLDER = Path(__file__).parents[1] / "data" / "demonstration"
SOURCE = "demonstration"
SIDES = ("munich", "osaka")
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Summary:
    """How many records an import made, changed and found as they were."""

    created: int
    changed: int
    unchanged: int


@transaction.atomic
def load(
    *,
    side: str,
    viewer: Viewer,
    now: datetime,
    progress: Progress | None = None,
    agreements: Sequence[str] = (),
) -> Summary:
    """Bring all records of `side` ("munich" or "osaka") into this node, or none: one transaction.

    `progress(done, all)` is called after each record. `agreements` are the lineage hashes that the invented
    record for named agreements is for; they may be said later (`name_agreement`).
    """
    entries = list(bridge.read(FOLDER / side))
    references: dict[str, bridge.Reference] = {}
    counts: Counter[str] = Counter()
    for done, entry in enumerate(entries, 1):
        audience, tlp, onward = entry.level
        level = actions.Level(
            Audience(audience),
            Tlp(tlp),
            Onward(onward),
            tuple(agreements) if audience == Audience.NAMED else (),
        )
        body = bridge.body(entry, side, references.get)
        if actions.was_erased(SOURCE, entry.key):
            continue
        record_id, outcome = actions.bring(
            viewer=viewer, source=SOURCE, key=entry.key, body=body, now=now, level=level
        )
        if entry.kind == "organisation":
            references[entry.key] = bridge.reference(this.node().name, str(record_id), entry.line, side)
        counts[outcome] += 1
        if progress:
            progress(done, len(entries))
    note(at=now, actor=viewer.actor, action="importers.demonstration", object=side, **counts)
    return Summary(counts["created"], counts["changed"], counts["unchanged"])


@transaction.atomic
def name_agreement(*, side: str, viewer: Viewer, agreement: str, now: datetime) -> int:
    """Give the invented records for named agreements to the agreement of that lineage; how many changed."""
    known = queries.from_source(viewer, SOURCE)
    changed = 0
    for entry in bridge.read(FOLDER / side):
        if entry.level[0] != Audience.NAMED or entry.key not in known:
            continue
        record = known[entry.key].record
        if record.audience != Audience.NAMED or agreement in record.named:
            continue
        actions.set_level(
            viewer=viewer,
            record_id=record.id,
            audience=record.audience,
            tlp=record.tlp,
            onward=record.onward,
            named=[*record.named, agreement],
            now=now,
        )
        changed += 1
    return changed
