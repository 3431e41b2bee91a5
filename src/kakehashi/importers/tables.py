"""Reads an uploaded spreadsheet into rows of text, whatever its form, and refuses what cannot be trusted.

Nothing here knows what the columns mean. A file that cannot be used at all raises FileRefused with a code
of importers/sentences.py; what concerns single cells is a Finding beside the rows.
"""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal, TypeAlias

from kakehashi.errors import FileRefused
from kakehashi.importers.charsets import decode

MAX_BYTES = 10 * 2**20
MAX_ROWS = 5_000
MAX_COLUMNS = 200
HEADER_AMONG = 10  # lines in which the header is looked for
SPARE_ROWS = 12  # header, example and what somebody wrote above them
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # OLE2: .xls, and .xlsx under a password
_NOT_A_SHEET = re.compile(
    rb"\s*(?:%PDF|<\?xml|<!doctype|<html|\{\\rtf)|\x89PNG|\xff\xd8\xff|\x1f\x8b", re.IGNORECASE
)
_DELIMITERS = (";", ",", "\t")
_SEP_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


Known: TypeAlias = Callable[[str], bool]


@dataclass(frozen=True)
class Finding:
    """Something about one cell, line or the whole; lines and columns count from 1, 0 means all of them."""

    code: str
    line: int = 0
    column: int = 0
    facts: Mapping[str, object] = field(default_factory=dict)
    severity: Literal["error", "note"] = "error"


@dataclass(frozen=True)
class Row:
    """One line as the spreadsheet numbers it."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The lines of one sheet that are not empty. `form` is "XLSX" or the encoding of a text file."""

    rows: list[Row]
    form: str
    findings: list[Finding] = field(default_factory=list)


def check_size(size: int) -> None:
    """Refuse by the size alone, before anything is read."""
    if size == 0:
        raise FileRefused("file-empty")
    if size > MAX_BYTES:
        raise FileRefused("file-too-large", size=f"{size / 2**20:.1f}", limit=MAX_BYTES // 2**20)


def check_kind(name: str, data: bytes) -> None:
    """Refuse what is no CSV or XLSX, with the reason."""
    if data.startswith(_OLD_OFFICE):
        raise FileRefused("file-old-excel")
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    binary = data.count(b"\x00") > len(data) // 3 + 8
    if _NOT_A_SHEET.match(data) or (binary and not wide):
        raise FileRefused("file-not-a-sheet", name=name)


def read_csv(data: bytes, known: Known) -> Table:
    """The rows of a text file with ; , or tab between its cells. `known` tells the names of columns."""
    decoded = decode(data)
    text, delimiter = decoded.text, None
    if marked := _SEP_LINE.match(text):
        text, delimiter = text[marked.end() :], marked.group(1)
    rows = list(
        _rows(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or _delimiter(text, known)))
    )
    findings = [
        Finding("formula-in-text", row.line, column)
        for row in rows
        for column, cell in enumerate(row.cells, 1)
        if cell.startswith("=")
    ]
    return Table(rows, decoded.encoding, findings)


def numbered(rows: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
    """Rows that hold something, within the limits. FileRefused beyond them."""
    count = 0
    for line, cells in rows:
        cleaned = [clean(cell) for cell in cells]
        while cleaned and not cleaned[-1]:
            cleaned.pop()
        if not cleaned:
            continue
        count += 1
        if count > MAX_ROWS + SPARE_ROWS:
            raise FileRefused("rows-too-many", limit=MAX_ROWS)
        if len(cleaned) > MAX_COLUMNS:
            raise FileRefused("columns-too-many", line=line, limit=MAX_COLUMNS)
        yield Row(line, tuple(cleaned))


def clean(cell: str) -> str:
    """NFC, one kind of line break, no blanks around. A line break at the end stays: it may close a list."""
    text = unicodedata.normalize("NFC", cell.replace("\r\n", "\n").replace("\r", "\n"))
    return text.strip(" \t\u00a0\u3000") if text.strip() else ""


def _rows(reader: Iterator[list[str]]) -> Iterator[Row]:
    def lines() -> Iterator[tuple[int, list[str]]]:
        line = 0
        try:
            for line, cells in enumerate(reader, 1):
                yield line, cells
        except csv.Error:  # a cell beyond 128 KiB: most often a quotation mark that is never closed
            raise FileRefused("csv-broken", line=line + 1) from None

    return numbered(lines())


def _delimiter(text: str, known: Known) -> str:
    """The one by which a line holds most known names; else by which most lines have as many columns."""
    start = text[:100_000]

    def fit(delimiter: str) -> tuple[int, int, int]:
        try:
            rows = list(islice(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter), HEADER_AMONG))
        except csv.Error:
            return 0, 0, 0
        names = max((sum(known(cell) for cell in row) for row in rows), default=0)
        lengths = Counter(len(row) for row in rows if len(row) > 1)
        return (names, *max(((lines, length) for length, lines in lengths.items()), default=(0, 0)))

    return max(_DELIMITERS, key=fit)
