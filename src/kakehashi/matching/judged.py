"""Reads a folder of judged pairs: `queries.jsonl`, `docs.jsonl` and `qrels.tsv`."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kakehashi.errors import InvalidInput
from kakehashi.matching.concepts import LANGUAGES

SHOWN = 20  # problems that are listed; the rest is counted
GRADES = range(4)


@dataclass(frozen=True)
class Text:
    """One query or document. What is no kind of record is a question as somebody would type it."""

    id: str
    kind: str
    lang: str
    title: str
    summary: str = ""
    body: str = ""
    topics: tuple[str, ...] = ()
    side: str = ""


@dataclass(frozen=True)
class Judged:
    """`grades`: 0 to 3 by the ids of a query and of a document; what is not judged counts as 0."""

    queries: tuple[Text, ...]
    docs: tuple[Text, ...]
    grades: dict[str, dict[str, int]]


class _Problems:
    def __init__(self) -> None:
        self.found: dict[str, list[str]] = defaultdict(list)

    def add(self, file: str, line: int, message: str) -> None:
        self.found[f"{file}, line {line}" if line else file].append(message)

    def check(self) -> None:
        """InvalidInput if there are any."""
        if len(self.found) > SHOWN:
            more = len(self.found) - SHOWN
            self.found = dict(list(self.found.items())[:SHOWN]) | {"and": [f"{more} more lines like these"]}
        if self.found:
            raise InvalidInput(dict(self.found))


def read(folder: Path) -> Judged:
    """All three files; InvalidInput names file and line of what is wrong, and what to do."""
    problems = _Problems()
    queries = tuple(_texts(folder, "queries.jsonl", problems))
    docs = tuple(_texts(folder, "docs.jsonl", problems))
    grades = _grades(folder, {text.id for text in queries}, {text.id for text in docs}, problems)
    problems.check()
    return Judged(queries, docs, grades)


def _lines(folder: Path, name: str, problems: _Problems) -> Iterator[tuple[int, str]]:
    """Numbered lines that are not empty."""
    try:
        text = (folder / name).read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return problems.add(name, 0, f"is not in {folder}: put the file there")
    except (OSError, UnicodeDecodeError) as problem:
        return problems.add(name, 0, f"cannot be read: {problem}. Save it as UTF-8")
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, line.rstrip("\r")


def _texts(folder: Path, name: str, problems: _Problems) -> Iterator[Text]:
    known: set[str] = set()
    for number, line in _lines(folder, name, problems):
        try:
            text = _text(json.loads(line))
        except (ValueError, RecursionError) as problem:
            problems.add(name, number, str(problem))
            continue
        if text.id in known:
            problems.add(name, number, f"the id {text.id!r} is there already: give each line its own")
        known.add(text.id)
        yield text
    if not known and name not in problems.found:
        problems.add(name, 0, "has no lines: write one object a line")


def _text(said: Any) -> Text:
    """ValueError says what to do."""
    if not isinstance(said, dict):
        raise ValueError('write one object a line, such as {"id": "q1", "kind": "request", …}')
    plain = {
        name: said.get(name) or "" for name in ("id", "kind", "lang", "title", "summary", "body", "side")
    }
    for name, value in plain.items():
        if not isinstance(value, str):
            raise ValueError(f"{name!r} must be a text, not {json.dumps(value)[:40]}")
    if not plain["id"]:
        raise ValueError("there is no 'id': give each line one")
    if plain["lang"] not in LANGUAGES:
        raise ValueError(f"'lang' must be one of {', '.join(LANGUAGES)}, not {plain['lang']!r}")
    if not plain["title"] and not plain["summary"] and not plain["body"]:
        raise ValueError("there is no text: fill in 'title', 'summary' or 'body'")
    topics = said.get("topics") or []
    if not isinstance(topics, list) or not all(isinstance(topic, str) for topic in topics):
        raise ValueError("'topics' must be a list of texts")
    return Text(**plain, topics=tuple(topics))


def _grades(
    folder: Path, queries: set[str], docs: set[str], problems: _Problems
) -> dict[str, dict[str, int]]:
    name, found = "qrels.tsv", dict[str, dict[str, int]]()
    for number, line in _lines(folder, name, problems):
        cells = [cell.strip() for cell in line.split("\t")]
        if number == 1 and _heads(cells, queries, docs):
            continue
        if len(cells) != 3 or cells[2] not in map(str, GRADES):
            problems.add(name, number, "write query, document and a grade from 0 to 3, parted by tabs")
        elif cells[0] not in queries or cells[1] not in docs:
            wrong, file = (cells[0], "queries") if cells[0] not in queries else (cells[1], "docs")
            problems.add(name, number, f"{wrong!r} is not in {file}.jsonl: add it there or take the line out")
        elif found.setdefault(cells[0], {}).setdefault(cells[1], int(cells[2])) != int(cells[2]):
            problems.add(name, number, f"{cells[0]!r} and {cells[1]!r} have two grades: keep one")
    return found


def _heads(cells: list[str], queries: set[str], docs: set[str]) -> bool:
    """True of the names of columns, whatever they are."""
    return len(cells) == 3 and not cells[2].isdigit() and not {*cells} & (queries | docs)
