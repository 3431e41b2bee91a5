"""Each night: is every row that is kept of a log still what was signed (threat 44)."""

from collections.abc import Iterator
from datetime import datetime

import orjson
from django.db import transaction

from kakehashi.accounts.viewer import WORKER
from kakehashi.audit.actions import note
from kakehashi.exchange.actions.showing import hide, show_again
from kakehashi.exchange.log import leaf_hash
from kakehashi.exchange.models import Chain, Channel, Entry, Part, Quarantine
from kakehashi.exchange.trusting import trust
from kakehashi.records import queries as records
from kakehashi.records import schema
from kakehashi.records.models import Reading
from kakehashi.signing.commit import commitment_of_bytes

AT_ONCE = 1000
ALTERED = "altered"


def verify_all(*, now: datetime) -> int:
    """Check all logs; what was altered is shown nowhere any more, and told. Gives the number of entries."""
    return sum(_verify(channel, now) for channel in Channel.objects.exclude(state="closed").order_by("name"))


def _verify(channel: Channel, now: datetime) -> int:
    altered: set[int] = set()
    for start in range(0, channel.size, AT_ONCE):
        parts = _parts(channel, start)
        altered |= set(_altered(channel, start, parts))
        if not channel.own:
            _show_as_signed(channel, start, parts, altered, now)
    known = Quarantine.objects.filter(channel=channel, code=ALTERED).values_list("index", flat=True)
    fresh = sorted(altered - set(known))
    if fresh:
        _tell(channel, fresh, now)
    return len(altered)


def _parts(channel: Channel, start: int) -> dict[int, dict[str, Part]]:
    found: dict[int, dict[str, Part]] = {}
    for part in Part.objects.filter(channel=channel, index__gte=start, index__lt=start + AT_ONCE):
        found.setdefault(part.index, {})[part.name] = part
    return found


def _altered(channel: Channel, start: int, parts: dict[int, dict[str, Part]]) -> Iterator[int]:
    """Entries whose header is not the leaf, or with a part that is not the committed one."""
    here = Entry.objects.filter(channel=channel, index__gte=start, index__lt=start + AT_ONCE).order_by(
        "index"
    )
    for index, leaf, header in here.values_list("index", "leaf", "header"):
        if leaf_hash(bytes(header)) != bytes(leaf):
            yield index
            continue
        its = parts.get(index, {})
        committed = orjson.loads(bytes(header)).get("parts") if its else {}
        for name, part in its.items():
            if commitment_of_bytes(bytes(part.salt), bytes(part.data)) != committed.get(name):
                yield index


def _show_as_signed(
    channel: Channel, start: int, parts: dict[int, dict[str, Part]], altered: set[int], now: datetime
) -> None:
    """What pages show of a partner's record is what its part says; else it is shown anew, and told."""
    chains = Chain.objects.filter(channel=channel, live__gte=start, live__lt=start + AT_ONCE)
    by_record = {chain.record: chain for chain in chains if chain.live not in altered}
    ids = sorted(by_record)
    for first in range(0, len(ids), 200):
        shown = records.visible(WORKER, now).filter(
            origin=channel.origin, own=False, record__in=ids[first : first + 200]
        )
        for reading in shown:
            chain = by_record[reading.record]
            signed = parts.get(chain.live or 0, {})
            if (altered_here := _says_otherwise(reading, signed)) or _says_less(reading, signed):
                show_again(channel, chain.record, chain.live, trust(channel, now))
            if altered_here:
                facts = {"code": ALTERED, "record": str(chain.record)}
                note(at=now, actor="worker", action="exchange.alarm", object=channel.name, **facts)


def _says_otherwise(reading: Reading, parts: dict[str, Part]) -> bool:
    if "body" not in parts:
        return False
    body = orjson.loads(bytes(parts["body"].data))
    if body.get("revision") != reading.revision:  # another log has told a newer one
        return False
    person = orjson.loads(bytes(parts["person"].data)) if "person" in parts else None
    differs = any(body.get(name) != value for name, value in reading.body.items())
    return bool(differs or (person is not None and reading.person not in (None, person)))


def _says_less(reading: Reading, parts: dict[str, Part]) -> bool:
    """True where something that this version knows is not shown: as after an upgrade that knows more."""
    if "body" not in parts:
        return False
    body = orjson.loads(bytes(parts["body"].data))
    return bool(body.get("revision") == reading.revision and schema.known(body).keys() - reading.body.keys())


@transaction.atomic
def _tell(channel: Channel, indices: list[int], now: datetime) -> None:
    for index in indices:
        Quarantine.objects.update_or_create(
            channel=channel,
            index=index,
            defaults={"code": ALTERED},
            create_defaults={"code": ALTERED, "first_seen": now},
        )
    if not channel.own:
        for chain in Chain.objects.filter(channel=channel, live__in=indices):
            hide(channel, chain.record, now)
    facts = {"code": ALTERED, "entries": indices[:50]}
    note(at=now, actor="worker", action="exchange.alarm", object=channel.name, **facts)
