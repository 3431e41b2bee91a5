"""Reads a proof out of the logs that are kept here."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from kakehashi.accounts.viewer import Viewer
from kakehashi.errors import Conflict, NotFound, NotProven
from kakehashi.exchange import checkpoint, history
from kakehashi.exchange.history import Logged
from kakehashi.exchange.models import Channel
from kakehashi.proving import bundle, merkle
from kakehashi.proving.models import Tile
from kakehashi.proving.verify import verify
from kakehashi.records import queries as records
from kakehashi.signing import canonical


def prove(viewer: Viewer, origin: str, record: UUID, now: datetime, *, agreement: str = "") -> bytes:
    """The bundle for a record as it crossed last, or under the agreement of that lineage.

    Payloads are in it as far as `viewer` may read the record now. Conflict if the log here is damaged.
    """
    logged = history.of_record(viewer, origin, record, lineage=agreement)
    header = canonical.decode(logged.header, limit=bundle.MAX_BYTES)
    versions = history.versions(viewer, logged.channel, header["agreement"])
    nodes = [party["node"] for party in versions[-1]["parties"]]
    made = bundle.build(
        agreements=versions,
        keysets=history.key_sets(nodes),
        header=logged.header,
        parts=logged.parts if _readable(viewer, origin, record, now) else {},
        proofs=[_inclusion(logged, note) for note in _notes(logged)],
    )
    try:
        verify(made)
    except NotProven as e:
        raise Conflict(f"the log that is kept here does not prove this: {e}") from e
    return made


def growth(viewer: Viewer, log: str, first: int) -> bytes:
    """The proof that the first entries of a log are still what they were, up to its newest signed head."""
    channel = next((each for each in history.channels(viewer) if each.name == log), None)
    if channel is None or not 0 < first <= channel.size:
        raise NotFound(f"no log {log} with {first} entries is kept here")
    path = merkle.consistency(hashes(channel), first, channel.size)
    return bundle.growth(
        first=first,
        path=path,
        note=history.newest_note(channel),
        keysets=history.key_sets([channel.origin]),
    )


def _readable(viewer: Viewer, origin: str, record: UUID, now: datetime) -> bool:
    """What was said of an introduction is for managers; the rest for whoever may read it."""
    try:
        records.get(viewer, origin, record, now)
    except NotFound:
        said = records.conversation(viewer, now).filter(origin=origin, record=record)
        return viewer.is_manager and said.exists()
    return True


def _notes(logged: Logged) -> list[str]:
    """The cosigned heads that first held the entry; without any, the newest head of the origin alone."""
    receipts = history.first_receipts(logged.channel, logged.index)
    cosigned = [canonical.decode(data, limit=bundle.MAX_BYTES)["checkpoint"] for data in receipts]
    return cosigned or [history.newest_note(logged.channel)]


def _inclusion(logged: Logged, note: str) -> str:
    path = merkle.inclusion(hashes(logged.channel), logged.index, checkpoint.parse(note).size)
    return bundle.tlog_proof(logged.index, path, note)


def hashes(channel: Channel) -> merkle.Fetch:
    """The hashes of a log, each tile read once: a proof asks for many pieces of few tiles."""
    kept: dict[tuple[int, int], Sequence[bytes]] = {}

    def tile(level: int, number: int) -> Sequence[bytes]:
        if (level, number) not in kept:
            first, width = number * merkle.TILE, channel.size // merkle.TILE**level
            kept[level, number] = stored(channel, level, first, min(first + merkle.TILE, width))
        return kept[level, number]

    def fetch(level: int, first: int, last: int) -> Sequence[bytes]:
        found: list[bytes] = []
        for number in range(first // merkle.TILE, -(-last // merkle.TILE)):
            start = number * merkle.TILE
            found += tile(level, number)[max(0, first - start) : last - start]
        return found

    return fetch


def stored(channel: Channel, level: int, first: int, last: int) -> Sequence[bytes]:
    """Hashes from the table where they are stored, reckoned from the level below where not."""
    if level == 0:
        return history.leaves(channel, first, last)
    rows = Tile.objects.filter(channel=channel.pk, level=level, index__gte=first, index__lt=last)
    known = {index: bytes(hash) for index, hash in rows.values_list("index", "hash")}
    return [
        known.get(i) or merkle.tile_hash(stored(channel, level - 1, i * merkle.TILE, (i + 1) * merkle.TILE))
        for i in range(first, last)
    ]


def full_tiles(channel: Channel, level: int) -> int:
    """How many hashes of a level are stored, without gaps."""
    return Tile.objects.filter(channel=channel.pk, level=level).count()
