"""`kakehashi report`: the same numbers as the page, in the terminal, for programs and as files."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from kakehashi import cli, clock
from kakehashi.errors import InvalidInput, NotFound
from tests.reports.test_pages import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_that_time(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.build("report"), ["report", *arguments])


def test_it_tells_both_sides_in_a_table_and_as_json(now: datetime) -> None:
    world(now)
    told = run("2026")
    assert told.exit_code == 0
    assert "Munich" in told.output
    assert "Together" in told.output
    numbers = json.loads(run("2026", "--json").output)
    assert numbers["all"]["right"] == 2
    assert numbers["kinds"]["offer"] == {"left": 1, "right": 2}
    assert json.loads(run("2026", "--json", "--public").output)["all"]["right"] == 0


def test_it_writes_a_pdf_and_a_spreadsheet(now: datetime, tmp_path: Path) -> None:
    world(now)
    assert run("2026", "--to", str(tmp_path / "report.pdf"), "--language", "ja").exit_code == 0
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert run("--to", str(tmp_path / "report.xlsx")).exit_code == 0
    assert (tmp_path / "report.xlsx").read_bytes().startswith(b"PK")


def test_what_cannot_be_reported_is_said(now: datetime, tmp_path: Path) -> None:
    assert isinstance(run("2026").exception, NotFound)  # no agreement
    world(now)
    assert isinstance(run("sometime").exception, NotFound)
    assert isinstance(run("--to", str(tmp_path / "report.txt")).exception, InvalidInput)
