"""Every row of the threat table (docs/threats.md) is a test named by its number."""

import ast
import re
from functools import cache

import pytest

from tests.house import plan

TABLE = plan.ROOT / "docs" / "threats.md"
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \|$", re.MULTILINE)
NUMBERED = re.compile(r"test_threat_(\d\d)_\w+")
# Names of packages that talk to language models; none is a dependency, so no foreign text can reach one.
MODELS = re.compile(r"openai|anthropic|langchain|llama|ollama|mistral|cohere|google-generativeai|litellm")


@cache
def numbered() -> dict[int, list[str]]:
    """{number: names of its tests}."""
    found: dict[int, list[str]] = {}
    for path in (plan.ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and (match := NUMBERED.fullmatch(node.name)):
                found.setdefault(int(match[1]), []).append(node.name)
    return found


def rows() -> list[tuple[int, str]]:
    return [(int(number), attack) for number, attack, _ in ROW.findall(TABLE.read_text("utf-8"))]


def test_the_table_has_its_forty_five_rows() -> None:
    assert [number for number, _ in rows()] == list(range(1, 46))


@pytest.mark.parametrize("number", range(1, 46))
def test_every_threat_has_a_test_of_its_number(number: int) -> None:
    assert numbered().get(number), dict(rows())[number]


def test_threat_42_no_foreign_text_reaches_a_language_model() -> None:
    """No such client is installed; whoever adds one argues here how foreign text stays data."""
    pinned = (plan.ROOT / "requirements" / "run.txt").read_text("utf-8")
    assert not MODELS.findall(pinned)


def test_threat_45_every_dependency_is_pinned_by_hash_and_a_second_reader_stands_by() -> None:
    for name in ("run.txt", "dev.txt"):
        text = (plan.ROOT / "requirements" / name).read_text("utf-8")
        pins = re.findall(
            r"^[a-z0-9][\w.\[\]-]*==\S+(?: \\\n    --hash=sha256:[0-9a-f]{64})+", text, re.MULTILINE
        )
        assert len(pins) == len(re.findall(r"^[a-z0-9][\w.\[\]-]*==", text, re.MULTILINE)) > 20
        assert "://" not in text
    second = (plan.ROOT / "conformance" / "verify.mjs").read_text("utf-8")
    assert set(re.findall(r"from ['\"]([^'\"]+)['\"]", second)) <= {
        "node:crypto",
        "node:fs",
        "node:process",
        "node:path",
        "node:url",
    }
