"""Records that come from a source, each line under its own key: a second import changes nothing."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias
from uuid import UUID, uuid4

from django.db import transaction

from kakehashi.accounts.viewer import Viewer
from kakehashi.errors import InvalidInput, NotAllowed
from kakehashi.records import lifecycle
from kakehashi.records.actions.erasing import key_mark
from kakehashi.records.actions.own import create, revise
from kakehashi.records.audience import Audience, Onward, Tlp, level_problems
from kakehashi.records.lifecycle import State
from kakehashi.records.models import ErasedKey, Record, Revision, SourceKey


class Outcome(StrEnum):
    """What an import did to one record."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Level:
    """Who may see an imported record from the start; `named` are lineage hashes of agreements."""

    audience: Audience
    tlp: Tlp
    onward: Onward = Onward.NONE
    named: tuple[str, ...] = ()


# What a record that is already here becomes when its source says something new: merge(present, body).
Merge: TypeAlias = Callable[[dict[str, Any], Mapping[str, Any]], Mapping[str, Any]]
EVERYONE = Level(Audience.PUBLIC, Tlp.CLEAR, Onward.PUBLIC)


@transaction.atomic
def bring(
    *,
    viewer: Viewer,
    source: str,
    key: str,
    body: Mapping[str, Any],
    now: datetime,
    level: Level | None = None,
    merge: Merge | None = None,
) -> tuple[UUID, Outcome]:
    """Create or revise the record that `source` knows as `key`; its id and what happened.

    A new one is a draft, or with `level` published at once (staff only). A known one is revised only when
    the source says something else than at the last import: what was corrected here stays. What was erased
    whole does not come back by an import. InvalidInput.
    """
    digest = digest_of(body)
    known = SourceKey.objects.filter(source=source, key=key).first()
    if known is None:
        if was_erased(source, key):
            raise InvalidInput({"": ["record-erased"]})
        record = _begin(viewer, body, now, level)
        SourceKey.objects.create(source=source, key=key, record=record, digest=digest)
        return record.id, Outcome.CREATED
    if known.digest == digest:
        return known.record_id, Outcome.UNCHANGED
    present = Record.objects.get(pk=known.record_id)
    if present.state == State.ARCHIVED:
        return present.id, Outcome.UNCHANGED
    before = present.revision
    present = Revision.objects.get(record=known.record_id, number=before).body
    made = merge({k: v for k, v in present.items() if k != "revision"}, body) if merge else body
    record = revise(viewer=viewer, record_id=known.record_id, body=made, now=now)
    known.digest = digest
    known.save()
    return record.id, Outcome.CHANGED if record.revision != before else Outcome.UNCHANGED


def was_erased(source: str, key: str) -> bool:
    """True if the record that `source` knew as `key` was erased whole here."""
    return ErasedKey.objects.filter(mark=key_mark(source, key)).exists()


def adopt(*, viewer: Viewer, source: str, key: str, record_id: UUID, now: datetime) -> None:
    """Say that a record which is already here is the one that `source` knows as `key`."""
    record = Record.objects.get(pk=record_id)
    if not viewer.may_edit(record.owner):
        raise NotAllowed("records.edit")
    SourceKey.objects.get_or_create(source=source, key=key, defaults={"record": record, "digest": ""})


def digest_of(body: Mapping[str, Any]) -> str:
    """SHA-256 of a body as its source gave it, without revision."""
    plain = json.dumps(dict(body), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def _begin(viewer: Viewer, body: Mapping[str, Any], now: datetime, level: Level | None) -> Record:
    if level is None:
        return create(viewer=viewer, body=body, now=now)
    if not viewer.is_staff:
        raise NotAllowed("records.publish")
    wrong = level_problems(level.audience, level.tlp, level.onward)
    if wrong:
        raise InvalidInput({"audience": wrong})
    expires = None if body.get("kind") == "organisation" else lifecycle.expiry(now)
    start = Record(
        id=uuid4(),
        state=State.PUBLISHED,
        audience=level.audience,
        tlp=level.tlp,
        onward=level.onward,
        named=sorted(level.named),
        published_at=now,
        expires_at=expires,
    )
    return create(viewer=viewer, body=body, now=now, start=start, overrule=True)
