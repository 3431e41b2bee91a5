"""The columns of an import sheet, made from records/kinds.py, and the header line that names them.

A translatable field has one column per language ("title.de"); the others have one ("trl"). Three columns
belong to the sheet itself: the writer's own number of a line, the language of the original, and whether
the translations were checked.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kakehashi.importers.tables import HEADER_AMONG, Finding, Row
from kakehashi.records.kinds import FIELDS, TRANSLATABLE, Field
from kakehashi.text.fold import fold
from kakehashi.translation.texts import LANGUAGES

KEY, LANG, TRANSLATIONS = "key", "lang", "translations"
CHECKED, UNCHECKED = "reviewed", "machine"
SHEET_FIELDS = {
    KEY: Field(KEY, "string", limit=120),
    LANG: Field(LANG, "choice", choices=LANGUAGES),
    TRANSLATIONS: Field(TRANSLATIONS, "choice", choices=(CHECKED, UNCHECKED)),
}
_PER_LANGUAGE = (*TRANSLATABLE, "names")


@dataclass(frozen=True)
class Column:
    """One column; `lang` only where the field has one per language."""

    code: str
    field: Field
    lang: str = ""


@dataclass(frozen=True)
class Words:
    """What people write, folded, in all languages: names of columns, of choices, and the example's mark."""

    headers: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]
    example: frozenset[str] = frozenset()

    def knows(self, cell: str) -> bool:
        """True if the cell is the name of a column."""
        return len(cell) < 200 and normal(cell) in self.headers


@dataclass(frozen=True)
class Header:
    """Which column stands where: `places` is column code to place, counted from 1."""

    line: int
    places: dict[str, int]
    findings: list[Finding] = field(default_factory=list)

    def cells(self, row: Row) -> dict[str, str]:
        """The known cells of a row that hold something."""
        return {
            code: row.cells[place - 1]
            for code, place in self.places.items()
            if place <= len(row.cells) and row.cells[place - 1].strip()
        }


def columns(kind: str) -> list[Column]:
    """All columns of a kind, in the order of the template."""
    made = [Column(KEY, SHEET_FIELDS[KEY]), Column(LANG, SHEET_FIELDS[LANG])]
    for described in FIELDS[kind]:
        made += of_field(described)
    return [*made, Column(TRANSLATIONS, SHEET_FIELDS[TRANSLATIONS])]


def of_field(described: Field) -> list[Column]:
    """The column of a field, or its columns per language."""
    if described.type in _PER_LANGUAGE:
        return [Column(f"{described.name}.{lang}", described, lang) for lang in LANGUAGES]
    return [Column(described.name, described)]


def normal(name: str) -> str:
    """A header or choice as it is compared: folded, without the mark of required columns."""
    return fold(name).rstrip("* ")


def find_header(rows: Sequence[Row], kind: str, words: Words, given: Iterable[str] = ()) -> Header | None:
    """The line among the first that names most columns; None if none names two. `given` need no column."""
    wanted = {column.code for column in columns(kind)}
    best = max(rows[:HEADER_AMONG], key=lambda row: len(_codes(row, words) & wanted), default=None)
    if best is None or len(_codes(best, words) & wanted) < 2:
        return None
    places: dict[str, int] = {}
    findings = []
    for place, cell in enumerate(best.cells, 1):
        code = words.headers.get(normal(cell))
        if code in places:
            findings.append(Finding("column-repeated", best.line, place, {"name": cell}))
        elif code in wanted and code is not None:
            places[code] = place
        elif cell:
            findings.append(_unknown(cell, best.line, place, wanted, words))
    missing = [f.name for f in FIELDS[kind] if f.required and f.name not in given and not _has(f, places)]
    findings += [Finding("column-missing", best.line, 0, {"field": name}) for name in missing]
    return Header(best.line, places, findings)


def best_kind(rows: Sequence[Row], words: Words) -> str | None:
    """The kind whose columns a header fits best, to say "this looks like …"; None if it fits none."""
    named = set().union(*(_codes(row, words) for row in rows[:HEADER_AMONG]), set())
    hits = {kind: len(named & {column.code for column in columns(kind)}) for kind in FIELDS}
    kind = max(hits, key=hits.__getitem__)
    return kind if hits[kind] >= 2 else None


def _has(described: Field, places: Mapping[str, int]) -> bool:
    return any(column.code in places for column in of_field(described))


def _codes(row: Row, words: Words) -> set[str]:
    return {words.headers[normal(cell)] for cell in row.cells if normal(cell) in words.headers}


def _unknown(cell: str, line: int, place: int, wanted: set[str], words: Words) -> Finding:
    """A column nobody asked for is left out, with the one that may have been meant."""
    names = {name: code for name, code in words.headers.items() if code in wanted}
    close = difflib.get_close_matches(normal(cell), names, n=1, cutoff=0.75)
    facts = {"name": cell[:80], "meant": names[close[0]] if close else ""}
    return Finding("column-unknown", line, place, facts, severity="note")
