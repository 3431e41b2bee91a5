"""The figures that the doctor judges."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from django.contrib.sessions.models import Session
from django.db import connection

from kakehashi import clock, this
from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import queries as agreements
from kakehashi.errors import ExchangeError
from kakehashi.exchange import condition
from kakehashi.exchange.client import Client, skew
from kakehashi.exchange.keyset import key_id
from kakehashi.recovery.findings import Facts

CLOCK_OFF = 3.0  # seconds: two that count, and one to which an HTTP date is cut
SETTINGS = (
    "SELECT name, setting FROM pg_settings WHERE name IN ('archive_mode', 'wal_keep_size', 'wal_recycle') "
    "ORDER BY name"
)
MAY_CHECKPOINT = (
    "SELECT 1 FROM pg_roles WHERE (rolname = 'pg_checkpoint' AND pg_has_role(oid, 'USAGE')) "
    "OR (rolname = current_user AND rolsuper)"
)
ALIVE, BACKUPS = "worker.alive", "backups"


def facts(client: Client, *, damage: list[str], waiting: dict[str, str], now: datetime) -> Facts:
    """All of it; partners are asked over the network, each once."""
    node = this.node()
    usage = shutil.disk_usage(node.folder)
    return Facts(
        node=node.name,
        now=now,
        damage=damage,
        waiting=waiting,
        logs=condition.conditions(now),
        keys=condition.key_sets(now),
        partners={partner: answers(client, partner, now) for partner in partners()},
        free=usage.free,
        total=usage.total,
        demo=node.demo,
        worker_at=_moment(node.folder / ALIVE),
        backup_at=_last_backup(node.folder / BACKUPS, "*.dump" if node.database else "*.tar.gz"),
        sessions=Session.objects.filter(expire_date__lt=now).count(),
        on_server=bool(node.database),
        server_log=_server_log(),
    )


def _server_log() -> dict[str, str]:
    """What is set on a server of PostgreSQL about its write-ahead log, by the names of LETS_GO."""
    if connection.vendor != "postgresql":
        return {}
    with connection.cursor() as cursor:
        cursor.execute(SETTINGS)
        found = dict(cursor.fetchall())
        cursor.execute("SELECT count(*) FROM pg_replication_slots")
        found["replication slots"] = str(cursor.fetchone()[0])
        cursor.execute(MAY_CHECKPOINT)
        found["checkpoint by this role"] = "allowed" if cursor.fetchone() else "not allowed"
    return found


def partners() -> list[str]:
    """The partners whose fingerprint was compared."""
    rows = agreements.partners(WORKER).filter(fingerprint_confirmed_at__isnull=False, suspended=False)
    return [partner.node for partner in rows]


def answers(client: Client, node: str, now: datetime) -> str:
    """Why a partner cannot be reached, or that its clock is wrong; empty if all is well."""
    url = key_id(node, "").partition("#")[0]
    try:
        with client.request("GET", url, now=now, signed=False) as answer:
            if answer.status != 200:
                return answer.code
            off = skew(answer.headers.get("date", ""), clock.now())
            return f"clock-off: {off:+.0f}" if abs(off) > CLOCK_OFF else ""
    except ExchangeError as e:
        return str(e)


def _last_backup(folder: Path, name: str) -> datetime | None:
    return max(filter(None, map(_moment, folder.glob(name))), default=None)


def _moment(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    except OSError:
        return None
