"""Files as people and attackers make them, for the tests of imports."""

import csv
import io
import zipfile
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

SHEET = "xl/worksheets/sheet1.xml"
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFER = {
    "key": "7",
    "organisation": "Isar Biologics GmbH",
    "title.de": "Antikörper gegen solide Tumoren",
    "title.ja": "固形がんに対する抗体",
    "summary.de": "Bispezifische Antikörper, im Tiermodell geprüft.",
    "lang": "de",
    "een_type": "TO",
    "partnership": "licence; rd_cooperation",
    "topics": "antibodies; oncology",
}
ORGANISATION = {
    "key": "1",
    "names.de": "Würm Diagnostik GmbH",
    "type": "company",
    "summary.de": "Entwickelt Schnelltests für Kliniken.",
    "region": "DE-BY",
    "city": "Gauting",
    "latitude": "48,067",
    "longitude": "11.379",
    "topics": "diagnostics",
}


def rows(*lines: dict[str, Any]) -> list[list[Any]]:
    """A header with the codes of all columns used, and the lines."""
    codes = list(dict.fromkeys(code for line in lines for code in line))
    return [codes, *([line.get(code, "") for code in codes] for line in lines)]


def as_csv(table: Sequence[Sequence[Any]], *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(table)
    return out.getvalue().encode(encoding)


def as_xlsx(table: Sequence[Sequence[Any]], **changes: Any) -> bytes:
    """A workbook with one sheet; `merge` is a range, `formats` maps a cell to its number format."""
    book = Workbook()
    sheet = book.worksheets[0]
    for line in table:
        sheet.append(list(line))
    if "merge" in changes:
        sheet.merge_cells(changes["merge"])
    for cell, form in changes.get("formats", {}).items():
        sheet[cell].number_format = form
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rewritten(data: bytes, parts: dict[str, bytes]) -> bytes:
    """The same archive with other or further parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, parts.get(entry, old.read(entry)))
        for name in parts.keys() - set(old.namelist()):
            new.writestr(name, parts[name])
    return out.getvalue()


def with_sheet(data: bytes, *changes: tuple[bytes, bytes]) -> bytes:
    """The same workbook with pieces of its first sheet's XML exchanged; each must be there."""
    sheet = part(data, SHEET)
    for old, new in changes:
        assert old in sheet
        sheet = sheet.replace(old, new)
    return rewritten(data, {SHEET: sheet})


def as_excel(table: Sequence[Sequence[str]], strings: bytes | None = None) -> bytes:
    """A workbook whose texts stand in shared strings, as Excel writes them (openpyxl writes them inline)."""
    texts = sorted({cell for line in table for cell in line})
    lines = b"".join(
        b"<row>" + b"".join(b'<c t="s"><v>%d</v></c>' % texts.index(cell) for cell in line) + b"</row>"
        for line in table
    )
    shared = "".join(f"<si><t>{text}</t></si>" for text in texts).encode()
    data = as_xlsx([["x"]])
    sheet = part(data, SHEET)
    start, end = sheet.index(b"<sheetData>") + 11, sheet.index(b"</sheetData>")
    relations = part(data, "xl/_rels/workbook.xml.rels")
    types = part(data, "[Content_Types].xml")
    relation = (
        b'<Relationship Id="s1" Target="/xl/sharedStrings.xml" Type="http://schemas.openxmlformats.org/'
        b'officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    override = (
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
        b'officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    )
    return rewritten(
        data,
        {
            SHEET: sheet[:start] + lines + sheet[end:],
            "xl/sharedStrings.xml": strings or b'<sst xmlns="%s">%s</sst>' % (MAIN, shared),
            "xl/_rels/workbook.xml.rels": relations.replace(b"</Relationships>", relation),
            "[Content_Types].xml": types.replace(b"</Types>", override),
        },
    )


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)
