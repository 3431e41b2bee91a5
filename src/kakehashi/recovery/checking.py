"""Is what is stored still what was written: the database's own check, and the root of every log anew."""

from django.db import DatabaseError, connection

from kakehashi.accounts.viewer import WORKER
from kakehashi.errors import LogError
from kakehashi.exchange import checkpoint, history, queries
from kakehashi.exchange.log import frontier
from kakehashi.exchange.models import Channel

SHOWN = 5


def database() -> list[str]:
    """What SQLite finds wrong with its file; a server of PostgreSQL looks after its own pages."""
    if connection.vendor != "sqlite":
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA quick_check({SHOWN})")
            found = [str(row[0]) for row in cursor.fetchall()]
    except DatabaseError as e:
        found = [str(e)]
    return [] if found == ["ok"] else [f"database: {line}" for line in found]


def logs() -> list[str]:
    """Logs whose entries do not give the root that was signed, each with why."""
    try:
        found = [(channel.name, _wrong(channel)) for channel in history.channels(WORKER)]
    except DatabaseError as e:
        return [f"database: {e}"]
    return [f"log {name}: {why}" for name, why in found if why]


def _wrong(channel: Channel) -> str:
    if not channel.size:
        return ""
    grown = frontier(0, b"").extend(queries.all_leaves(channel))
    if grown.size != channel.size:
        return f"{grown.size} entries where there should be {channel.size}"
    if grown.to_bytes() != bytes(channel.frontier):
        return "its entries do not give the tree that was kept"
    try:
        size, root = _signed(channel)
    except LogError as e:
        return e.detail
    return (
        ""
        if (size, root) == (channel.size, grown.root())
        else "its entries do not give the root that was signed"
    )


def _signed(channel: Channel) -> tuple[int, bytes]:
    """The last head that was signed: an own one, or the partner's that was verified."""
    if channel.own:
        return channel.size, queries.kept_root(channel, channel.size)
    note = checkpoint.parse(channel.feed.note)
    return note.size, note.root
