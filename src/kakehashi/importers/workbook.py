"""Reads an XLSX file from anybody: looked over as an archive first, then as XML, only then by openpyxl.

A workbook is an archive of XML files. It may be a bomb (small outside, huge inside), carry macros, or
claim a million columns; none of that reaches openpyxl. Formulas are never calculated here.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
from openpyxl.utils.escape import unescape

from kakehashi.errors import FileRefused
from kakehashi.importers.tables import MAX_COLUMNS, MAX_ROWS, SPARE_ROWS, Finding, Table, numbered

MAX_ENTRIES = 2_000
MAX_UNPACKED = 100 * 2**20
MAX_FAULTS = 1_000
MAX_RATIO = 100  # unpacked to packed, of everything above a megabyte
_MACRO_NAMES = (".xlsm", ".xltm", ".xlam", ".xlsb")
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


@dataclass
class Scan:
    """What the XML of a sheet says that openpyxl's fast reading does not; filled in one pass."""

    line: int = 0
    column: int = 0
    last_line: int = 0
    findings: list[Finding] = field(default_factory=list)
    formulas: dict[int, tuple[int, int]] = field(default_factory=dict)  # column: first line, how many

    def add(self, finding: Finding) -> None:
        self.findings.append(finding)
        if len(self.findings) > MAX_FAULTS:
            raise FileRefused("faults-too-many", limit=MAX_FAULTS, line=self.findings[0].line)


def read(name: str, data: bytes) -> Table:
    """The first sheet's rows. Macros, bombs and damaged files are FileRefused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _guard(name, archive)
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            try:
                sheet = book.worksheets[0]
                scan = _scan(archive, sheet._worksheet_path)
                sheet.reset_dimensions()  # the file's own claim about its size is not believed
                rows = list(numbered(_lines(sheet, scan)))
            finally:
                book.close()
    except FileRefused:
        raise
    except Exception as error:  # whatever a parser says of a hostile file, the person hears one sentence
        if _is_hostile(error):
            raise FileRefused("xml-entities") from None
        raise FileRefused("file-damaged", name=name) from None
    return Table(rows, "XLSX", sorted(scan.findings, key=lambda f: (f.line, f.column)))


def _is_hostile(error: BaseException | None) -> bool:
    """True if an entity or document type stopped the parsing, however deep openpyxl has wrapped that."""
    while error is not None and not isinstance(error, DefusedXmlException):
        error = error.__cause__ or error.__context__
    return error is not None


def _guard(name: str, archive: zipfile.ZipFile) -> None:
    """Refuse by the archive's own list, which bounds what unpacking can give."""
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED:
        raise FileRefused("zip-bomb", limit=MAX_UNPACKED // 2**20)
    if unpacked > 2**20 and unpacked > MAX_RATIO * max(packed, 1):
        raise FileRefused("zip-bomb", limit=MAX_UNPACKED // 2**20)
    names = {entry.filename.casefold() for entry in entries}
    if name.casefold().endswith(_MACRO_NAMES) or any(n.endswith("vbaproject.bin") for n in names):
        raise FileRefused("file-macros")
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused("file-old-excel")
    if "xl/workbook.xml" not in names:
        raise FileRefused("file-not-a-sheet", name=name)


def _scan(archive: zipfile.ZipFile, path: str) -> Scan:
    """Formulas, merged cells and the last line that holds something."""
    scan = Scan()
    with archive.open(path) as stream:
        for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
            tag = element.tag.rsplit("}", 1)[-1]
            if event == "start" and tag == "row":
                scan.line, scan.column = int(element.get("r") or scan.line + 1), 0
            elif event == "end" and tag == "c":
                _look(element, scan)
            elif event == "end" and tag == "mergeCell":
                _merged(element.get("ref", ""), scan)
            elif event == "end" and tag == "row":
                element.clear()
    for column, (line, count) in scan.formulas.items():
        scan.add(Finding("formula-value-used", line, column, {"count": count}, severity="note"))
    return scan


def _look(cell: Any, scan: Scan) -> None:
    reference = cell.get("r")
    scan.column = coordinate_to_tuple(reference)[1] if reference else scan.column + 1
    parts = {child.tag.rsplit("}", 1)[-1]: child for child in cell}
    has_value = "is" in parts or ("v" in parts and bool(parts["v"].text))
    if not has_value and "f" not in parts:
        return
    scan.last_line = max(scan.last_line, scan.line)
    if scan.last_line > 2 * (MAX_ROWS + SPARE_ROWS):  # empty lines between are allowed, endless ones are not
        raise FileRefused("rows-too-many", limit=MAX_ROWS)
    if "f" in parts and has_value:
        first, count = scan.formulas.get(scan.column, (scan.line, 0))
        scan.formulas[scan.column] = (first, count + 1)
    elif "f" in parts:
        scan.add(Finding("formula-without-value", scan.line, scan.column))
    if cell.get("t") == "e":
        scan.add(
            Finding("cell-error", scan.line, scan.column, {"value": parts["v"].text if has_value else ""})
        )


def _merged(reference: str, scan: Scan) -> None:
    left, top, right, bottom = range_boundaries(reference)
    facts = {
        "range": reference,
        "first": f"{get_column_letter(left)}{top}",
        "last_line": bottom,
        "last_column": right,
    }
    if (left, top) != (right, bottom):
        scan.add(Finding("cells-merged", top, left, facts))


def _lines(sheet: Any, scan: Scan) -> Iterator[tuple[int, list[str]]]:
    rows = sheet.iter_rows(max_row=max(scan.last_line, 1), max_col=MAX_COLUMNS + 1)
    for line, cells in enumerate(rows, 1):
        yield line, [_text(cell) for cell in cells]


def _text(cell: Any) -> str:
    """The value as a person reads it; a date at the precision at which the cell shows it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    if isinstance(value, datetime) and value.time() != time(0):
        return value.isoformat(" ")
    if isinstance(value, date):
        return _day(value, cell.number_format)
    return unescape(value) if isinstance(value, str) else str(value)


def _day(value: date, shown_as: str) -> str:
    """Excel makes a day of "2026-11"; the cell's format still tells that only the month was meant."""
    letters = _QUOTED.sub("", shown_as).casefold()
    if "d" in letters or not {"m", "y"} & set(letters):
        return f"{value:%Y-%m-%d}"
    return f"{value:%Y-%m}" if "m" in letters else f"{value:%Y}"
