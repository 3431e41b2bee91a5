"""Stores the hashes of full tiles as logs grow, and notes who took a proof."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kakehashi.accounts.viewer import WORKER, Viewer
from kakehashi.audit.actions import note
from kakehashi.exchange import history
from kakehashi.exchange.models import Channel
from kakehashi.proving import merkle, queries
from kakehashi.proving.models import Tile

AT_ONCE = 64  # tiles in one transaction: 16,384 leaves


def take(*, viewer: Viewer, origin: str, record: UUID, agreement: str, now: datetime) -> bytes:
    """The bundle, for somebody to take away."""
    made = queries.prove(viewer, origin, record, now, agreement=agreement)
    note(at=now, actor=viewer.actor, action="proving.take", object=f"{origin}/{record}", agreement=agreement)
    return made


def fill(*, now: datetime) -> int:
    """Store the hashes of tiles that have become full; how many those were."""
    return sum(
        _fill(channel, level) for channel in history.channels(WORKER) for level in _levels(channel.size)
    )


def _levels(size: int) -> range:
    """Levels that have a full tile below them."""
    level = 1
    while size >= merkle.TILE**level:
        level += 1
    return range(1, level)


def _fill(channel: Channel, level: int) -> int:
    full = channel.size // merkle.TILE**level
    present = queries.full_tiles(channel, level)
    for start in range(present, full, AT_ONCE):
        last = min(full, start + AT_ONCE)
        below = queries.stored(channel, level - 1, start * merkle.TILE, last * merkle.TILE)
        with transaction.atomic():
            Tile.objects.bulk_create(
                [
                    Tile(
                        channel=channel.pk,
                        level=level,
                        index=start + i,
                        hash=merkle.tile_hash(below[i * merkle.TILE : (i + 1) * merkle.TILE]),
                    )
                    for i in range(last - start)
                ],
                ignore_conflicts=True,
            )
    return int(full - present)
