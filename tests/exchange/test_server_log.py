"""What PostgreSQL's own write-ahead log keeps of erased text: let go of by scrubbing, told by the doctor."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from kakehashi.exchange import jobs
from kakehashi.exchange.actions import scrubbing
from kakehashi.recovery import queries
from kakehashi.recovery.findings import LETS_GO, Facts, findings
from tests.recovery.test_doctor import WELL

MARK = "erased-text-of-nobody"
ON_POSTGRESQL = pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="looks into the write-ahead log of PostgreSQL; run by make test's second half",
)
AS_SHOULD_BE = {name: wanted for name, (wanted, _) in LETS_GO.items()}


def set_so(**settings: str) -> Facts:
    return replace(WELL, on_server=True, server_log={**AS_SHOULD_BE, **settings})


def test_of_a_server_that_keeps_nothing_longer_there_is_nothing_to_say() -> None:
    assert findings(set_so()) == []


def test_each_setting_that_keeps_erased_text_is_named_with_what_to_do() -> None:
    (found,) = findings(set_so(archive_mode="on", wal_keep_size="64"))
    assert "archive_mode is on, wal_keep_size is 64." in found.says
    assert "ALTER SYSTEM SET wal_keep_size = 0;" in found.do
    assert "Keep archives" in found.do
    assert "wal_recycle" not in found.says + found.do
    assert not found.grave


@pytest.mark.django_db
def test_what_is_asked_of_the_server_is_what_the_doctor_judges(now: datetime) -> None:
    facts = queries.facts(jobs.client(), damage=[], waiting={}, now=now)
    assert set(facts.server_log) == (set(LETS_GO) if connection.vendor == "postgresql" else set())


@ON_POSTGRESQL
@pytest.mark.django_db(transaction=True)
def test_a_log_that_was_let_go_of_has_nothing_of_what_was_erased() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER SYSTEM SET wal_recycle = off")
        cursor.execute("SELECT pg_reload_conf()")
        cursor.execute("SELECT setting FROM pg_settings WHERE name = 'data_directory'")
        log = Path(cursor.fetchone()[0]) / "pg_wal"
        cursor.execute("SET synchronous_commit = on")  # as on a server that nobody set up for tests
        cursor.execute("CREATE TABLE marked (words text)")
        cursor.execute("INSERT INTO marked VALUES (%s)", [MARK])
        cursor.execute("DROP TABLE marked")
        assert holding(log)
    scrubbing.let_go()
    assert not holding(log)


def holding(log: Path) -> list[str]:
    """Files of the log that have the text. One may go while it is looked for."""
    found = []
    for path in log.iterdir():
        try:
            if path.is_file() and MARK.encode() in path.read_bytes():
                found.append(path.name)
        except FileNotFoundError:
            continue
    return found
