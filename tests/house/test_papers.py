"""What the house's papers say is so: paths, requirements, licences, and no trace of one's own machine."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.house import plan

MAP = plan.ROOT / "ARCHITECTURE.md"
TICKED = re.compile(r"`([^`\s]+)`")
PATH = re.compile(r"(?:src|tests|docs|bench|tools|LICENSES|requirements)/\S*|[A-Z]+\.md|Makefile")
ADDRESS = re.compile(r"\w+://")
TEXT = {
    ".py",
    ".md",
    ".html",
    ".txt",
    ".tsv",
    ".toml",
    ".css",
    ".js",
    ".po",
    ".in",
    ".json",
    ".yml",
    ".cfg",
    "",
}
# A machine's own places and one kind of host name: in nobody's clone do they mean anything.
OWN = re.compile(r"(?<![\w.-])/(?:root|home/\w+|work/main|work/shared|tmp/\w+)/")


def test_every_path_on_the_map_exists() -> None:
    paths = [word for word in TICKED.findall(MAP.read_text("utf-8")) if PATH.fullmatch(word)]
    assert len(paths) > 10
    assert not [path for path in paths if not (plan.ROOT / path).exists()]


def test_every_folder_of_the_package_is_on_the_map() -> None:
    told = MAP.read_text("utf-8")
    folders = [path.name for path in (plan.SOURCE / "kakehashi").iterdir() if (path / "apps.py").exists()]
    folders += ["signing", "text", "work"]
    assert not [name for name in folders if f"{name}/" not in told]


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_requirements_are_pinned_with_hashes_and_name_no_address(name: str) -> None:
    text = (plan.ROOT / "requirements" / name).read_text("utf-8")
    assert not ADDRESS.search(text)
    pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert pins
    assert not [line for line in pins if "==" not in line]
    assert text.count("--hash=sha256:") >= len(pins)


def test_every_dependency_says_why() -> None:
    lines = (plan.ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    first = lines.index("dependencies = [") + 1
    wanted = lines[first : lines.index("]", first)]
    assert wanted
    assert not [line for line in wanted if "#" not in line]


def test_every_licence_that_ships_is_listed_and_every_listed_one_ships() -> None:
    folder = plan.ROOT / "LICENSES"
    listed = set(re.findall(r"`([\w.-]+\.txt)`", (folder / "README.md").read_text("utf-8")))
    assert listed == {path.name for path in folder.glob("*.txt")}
    facts = tomllib.loads((plan.ROOT / "pyproject.toml").read_text("utf-8"))
    assert facts["project"]["license"] == "Apache-2.0"
    assert "Apache License" in (plan.ROOT / "LICENSE").read_text("utf-8")


def test_data_that_others_made_is_listed_with_its_licence() -> None:
    told = (plan.ROOT / "LICENSES" / "README.md").read_text("utf-8")
    data = [
        path
        for path in (plan.SOURCE / "kakehashi" / "data").iterdir()
        if path.is_dir() and path.name[0] != "_"
    ]
    assert data
    assert not [path.name for path in data if f"data/{path.name}/" not in told]


def _texts() -> list[Path]:
    folders = ("src", "tests", "docs", "bench", "tools", "requirements", ".ci", "LICENSES")
    found = [path for folder in folders for path in (plan.ROOT / folder).rglob("*") if path.is_file()]
    found += [path for path in plan.ROOT.iterdir() if path.is_file()]
    return [path for path in found if path.suffix in TEXT and "__pycache__" not in path.parts]


def test_no_file_names_a_place_of_somebodys_machine() -> None:
    wrong = [
        str(path)
        for path in _texts()
        if path != Path(__file__) and OWN.search(path.read_text("utf-8", "ignore"))
    ]
    assert not wrong
