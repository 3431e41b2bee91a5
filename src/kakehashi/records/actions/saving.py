"""What the edit form saves in one go: text, level and, if wanted, the next state; all of it or nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kakehashi.accounts.viewer import Viewer
from kakehashi.errors import Conflict
from kakehashi.records.actions.own import create, move, revise, set_level
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Record


@transaction.atomic
def save(
    *,
    viewer: Viewer,
    record_id: UUID | None,
    base: int,
    body: Mapping[str, Any],
    level: Mapping[str, Any],
    now: datetime,
    to: State | None = None,
    overrule: bool = False,
) -> Record:
    """Create (`record_id` None) or revise, set the level, move to `to`. All errors of these actions.

    `base` is the revision that the form was filled from; Conflict if somebody has written another since.
    `level` has "audience", "tlp", "onward" and "named". `overrule` as in `create`.
    """
    if record_id is None:
        record = create(viewer=viewer, body=body, now=now, overrule=overrule)
    else:
        present = Record.objects.select_for_update().filter(pk=record_id).first()
        if present is not None and present.revision != base:
            raise Conflict("revised-meanwhile")
        record = revise(viewer=viewer, record_id=record_id, body=body, now=now, overrule=overrule)
    if _level_of(record) != {**level, "named": sorted(level["named"])}:
        record = set_level(viewer=viewer, record_id=record.id, now=now, **level)
    if to is not None and to != record.state:
        record = move(viewer=viewer, record_id=record.id, to=to, now=now, overrule=overrule)
    return record


def _level_of(record: Record) -> dict[str, Any]:
    return {
        "audience": record.audience,
        "tlp": record.tlp,
        "onward": record.onward,
        "named": sorted(record.named),
    }
