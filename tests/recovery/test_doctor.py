"""The doctor finds what is wrong, says it in words, and says what to do."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from kakehashi import this
from kakehashi.exchange import outside
from kakehashi.exchange.health import Keys, Log
from kakehashi.recovery import commands
from kakehashi.recovery.findings import Facts, findings
from tests import cast
from tests.exchange.world import World, body
from tests.recovery.giver import Giver

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
OURS, THEIRS = "munich.example/kx/0123456789abcdef/0", "osaka.example/kx/0123456789abcdef/0"
GIVING = Log(OURS, own=True, state="open", size=9, known=9, heard_at=None, quiet=False)
READING = Log(THEIRS, own=False, state="open", size=9, known=9, heard_at=NOW, quiet=False)
WELL = Facts(
    node="munich.example",
    now=NOW,
    damage=[],
    waiting={},
    logs=[GIVING, READING],
    keys=[Keys("munich.example", 1, NOW + 300 * DAY, NOW), Keys("osaka.example", 1, NOW + 300 * DAY, NOW)],
    partners={"osaka.example": ""},
    free=50 * 2**30,
    total=100 * 2**30,
    demo=False,
    worker_at=NOW,
    backup_at=NOW - DAY,
    sessions=12,
)


def test_of_a_healthy_node_there_is_nothing_to_say() -> None:
    assert findings(WELL) == []


@pytest.mark.parametrize(
    ("changes", "about", "says", "do"),
    [
        ({"damage": ["log x: torn"]}, "data", "torn", "kakehashi restore"),
        ({"free": 2**29}, "disk", "512 MiB are free", "Make room"),
        ({"worker_at": None}, "worker", "has never run", "kakehashi up"),
        ({"worker_at": NOW - timedelta(minutes=5)}, "worker", "08:55", "kakehashi up"),
        ({"keys": []}, "keys", "published no key set", "keys publish"),
        ({"keys": [Keys("munich.example", 1, NOW + 9 * DAY, NOW)]}, "keys", "2026-12-01", "keys renew"),
        (
            {"keys": [WELL.keys[0], Keys("osaka.example", 1, NOW + 9 * DAY, NOW - 8 * DAY)]},
            "keys",
            "Nothing",
            "See",
        ),
        ({"partners": {"osaka.example": "clock-skew: +7200"}}, "clock", "+7200", "NTP"),
        (
            {"partners": {"osaka.example": "unreachable: ConnectError"}},
            "partner",
            "unreachable",
            "call the partner",
        ),
        ({"giving": {"state": "recover"}}, "recovery", "shorter here", "kakehashi recover"),
        ({"giving": {"state": "asking"}}, "recovery", "not yet heard", "kakehashi recover"),
        ({"giving": {"overdue": 2}}, "erasure", "2 erasures", "recalls"),
        ({"giving": {"known": 4, "heard_at": NOW - 2 * DAY}}, "receipts", "5 entries", "call it"),
        ({"reading": {"state": "stopped", "code": "fork"}}, "log", "has stopped: fork", f"--resume {THEIRS}"),
        (
            {"reading": {"state": "stopped", "code": "epoch-closed"}},
            "log",
            "epoch-closed",
            f"--accept {THEIRS}",
        ),
        ({"reading": {"heard_at": NOW - DAY, "code": "unreachable"}}, "log", "unreachable", "by itself"),
        ({"reading": {"refused": {"altered": 1}}}, "data", "no longer what was signed", "Find out who"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_each_trouble_is_named_and_makes_the_answer_no(
    changes: dict[str, Any], about: str, says: str, do: str
) -> None:
    (found,) = findings(_facts(**changes))
    assert found.about == about
    assert says in found.says
    assert do in found.do
    assert found.grave


@pytest.mark.parametrize(
    "changes",
    [
        {"backup_at": None},
        {"sessions": 20_000},
        {"partners": {"osaka.example": "clock-off: -5"}},
        {"keys": [Keys("munich.example", 1, NOW + 20 * DAY, NOW)]},
        {"reading": {"refused": {"policy-topic": 3}}},
    ],
    ids=str,
)
def test_advice_alone_does_not_make_the_answer_no(changes: dict[str, Any]) -> None:
    (found,) = findings(_facts(**changes))
    assert not found.grave


def test_of_data_on_a_server_backups_are_made_by_its_own_tool() -> None:
    (found,) = findings(_facts(backup_at=None, on_server=True))
    assert "pg_dump" in found.do
    assert "kakehashi backup" not in found.do


def test_what_is_over_or_suspended_is_left_in_peace() -> None:
    quiet = {"quiet": True, "heard_at": NOW - 9 * DAY, "known": 1}
    assert findings(_facts(giving=quiet, reading=quiet)) == []


def test_a_log_that_cannot_go_on_is_led_to_a_new_epoch() -> None:
    (found,) = findings(_facts(giving={"state": "recover"}, waiting={OURS: "root-mismatch: at size 9"}))
    assert f"kakehashi recover --new-epoch {OURS}" in found.do


def _facts(giving: Any = None, reading: Any = None, **changes: Any) -> Facts:
    logs = [replace(GIVING, **(giving or {})), replace(READING, **(reading or {}))]
    return replace(WELL, logs=logs, **changes)


@pytest.mark.django_db
def test_the_command_looks_at_the_real_node_and_its_exit_code_is_the_answer(now: datetime) -> None:
    world = World(now)
    giver = Giver(world)
    world.origin.put(body=body())
    world.apply()
    cast.organisation(now, audience="agreements")
    said = _doctor(giver, "--json")
    found = {one["about"]: one for one in json.loads(said)}
    assert found["worker"]["grave"]
    assert "backup" in found
    assert "data" not in found
    outside.set_damage(this.node().folder, ["database: torn"])  # of an earlier check: this one finds nothing
    assert "torn" not in _doctor(giver)
    world.theirs.entries.filter(index=1).update(leaf=bytes(32))
    assert "do not give" in _doctor(giver)
    assert outside.damage(this.node().folder)


def _doctor(giver: Giver, *arguments: str) -> str:
    app = typer.Typer()
    commands.mount(app)
    with giver.serving():
        done = CliRunner().invoke(app, ["doctor", *arguments])
    assert done.exit_code == 1, done.output
    return done.output
