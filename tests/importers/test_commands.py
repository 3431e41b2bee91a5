"""`kakehashi import …`: what it prints, what it changes, and its exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kakehashi import clock
from kakehashi.errors import InvalidInput
from kakehashi.importers.commands import app
from kakehashi.records.models import Record
from tests import cast
from tests.importers import made
from tests.importers.test_ror import record

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def sheet(folder: Path, *lines: dict[str, Any]) -> Path:
    path = folder / "offers.csv"
    path.write_bytes(made.as_csv(made.rows(*lines)))
    return path


def test_the_demonstration_set_of_the_own_side_is_loaded_once() -> None:
    assert json.loads(run("demo", "--json").stdout)["created"] == 218
    assert json.loads(run("demo", "--json").stdout) == {
        "created": 0,
        "changed": 0,
        "unchanged": 218,
        "dry_run": False,
    }


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    cast.organisation(clock.now())
    path = sheet(tmp_path, made.OFFER)
    done = run("sheet", path, "--kind", "offer", "--dry-run")
    assert (done.exit_code, done.stdout.strip()) == (
        0,
        "1 created, 0 changed, 0 unchanged, 0 left out (dry run: nothing was changed)",
    )
    assert json.loads(run("demo", "--dry-run", "--json").stdout)["created"] == 218
    assert Record.objects.filter(kind="offer").count() == 0


def test_lines_with_errors_are_named_and_the_exit_code_says_so(tmp_path: Path) -> None:
    cast.organisation(clock.now())
    path = sheet(tmp_path, made.OFFER, {**made.OFFER, "key": "8", "trl": "12"})
    done = run("sheet", path, "--kind", "offer", "--publish", "public")
    assert done.exit_code == 1
    assert "J3" in done.stdout
    assert "whole number from 1 to 9" in " ".join(done.stdout.split())
    assert Record.objects.get(kind="offer").state == "published"
    told = json.loads(run("sheet", path, "--kind", "offer", "--json").stdout)
    assert (told["unchanged"], told["left_out"], told["faults"][0]["cell"]) == (1, 1, "J3")


def test_a_file_that_cannot_be_used_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "macros.xlsx"
    path.write_bytes(made.rewritten(made.as_xlsx([["a"]]), {"xl/vbaProject.bin": b"x"}))
    done = run("sheet", path, "--kind", "offer")
    assert isinstance(done.exception, InvalidInput)
    assert "contains macros" in str(done.exception)
    lacking = sheet(tmp_path, {k: v for k, v in made.OFFER.items() if k != "topics"})
    assert "“Topics” is missing" in str(run("sheet", lacking, "--kind", "offer").exception)


@pytest.mark.parametrize(
    "arguments", [("--kind", "person"), ("--kind", "offer", "--publish", "all")], ids=["kind", "publish"]
)
def test_words_that_mean_nothing_are_refused(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    cast.organisation(clock.now())
    done = run("sheet", sheet(tmp_path, made.OFFER), *arguments)
    assert "choose one of" in str(done.exception)
    assert Record.objects.filter(kind="offer").count() == 0


def test_ror_is_read_for_the_nodes_own_regions(tmp_path: Path) -> None:
    path = tmp_path / "ror.json"
    path.write_text(json.dumps([record(), record("000000000", locations=[])]))
    assert json.loads(run("ror", path, "--dry-run", "--json").stdout)["created"] == 1
    assert Record.objects.count() == 0
    assert run("ror", path).stdout.strip() == "1 created, 0 changed, 0 unchanged, 0 left out"
    assert json.loads(run("ror", path, "--json").stdout)["unchanged"] == 1
    assert "not one of this node's regions" in str(run("ror", path, "--region", "JP-27").exception)
    path.write_text("nothing")
    assert "no file of ROR" in str(run("ror", path).exception)
