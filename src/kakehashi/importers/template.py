"""The spreadsheets to fill in: one per kind, as XLSX with choices and a guide, or as CSV."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from kakehashi.importers import words
from kakehashi.importers.columns import KEY, Column, columns
from kakehashi.importers.examples import example
from kakehashi.importers.sheets import cells_of
from kakehashi.importers.tables import MAX_ROWS
from kakehashi.records import labels

GUIDE, LISTS = _("Guide"), _("Lists")
_INK, _PAPER = "1D2433", "F3F0E8"
_WIDE = ("long_texts", "texts", "sources")


def as_xlsx(kind: str, organisations: Sequence[str]) -> bytes:
    """The template in the reader's language; `organisations` are offered where one is to be named."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = str(labels.KINDS[kind])[:31]
    guide, lists = book.create_sheet(str(GUIDE)), book.create_sheet(str(LISTS))
    lists.sheet_state = "hidden"
    said = _example(kind)
    for place, column in enumerate(columns(kind), 1):
        _column(sheet, place, column, said.get(column.code, ""))
        offered = list(organisations) if column.field.name == "organisation" else _single(column)
        if offered:
            _offer(sheet, lists, place, offered, strict=column.field.name != "organisation")
    sheet.freeze_panes = "B2"
    _guide(guide, kind)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(kind: str, delimiter: str) -> bytes:
    """Header and example line, in UTF-8 with the mark by which Excel knows it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    said = _example(kind)
    writer.writerow([_header(column) for column in columns(kind)])
    writer.writerow([said.get(column.code, "") for column in columns(kind)])
    return out.getvalue().encode("utf-8-sig")


def _example(kind: str) -> dict[str, str]:
    return {**cells_of(kind, example(kind), words.choice), KEY: str(words.EXAMPLE)}


def _header(column: Column) -> str:
    return words.header(column) + (" *" if column.field.required else "")


def _single(column: Column) -> list[str]:
    """The choices of a column that takes one of them."""
    return words.permitted(column) if column.field.type in ("choice", "flag") else []


def _column(sheet: Any, place: int, column: Column, said: str) -> None:
    letter = get_column_letter(place)
    sheet.column_dimensions[letter].width = 42 if column.field.type in _WIDE else 24
    sheet.column_dimensions[letter].number_format = "@"  # else Excel makes days and numbers of what is typed
    head = _put(sheet, 1, place, _header(column))
    head.font, head.fill = Font(bold=True, color=_INK), PatternFill("solid", fgColor=_PAPER)
    head.alignment = Alignment(wrap_text=True, vertical="top")
    cell = _put(sheet, 2, place, said)
    cell.font, cell.alignment = Font(italic=True, color="5A6070"), Alignment(wrap_text=True, vertical="top")


def _put(sheet: Any, line: int, place: int, text: str) -> Any:
    """Text stays text: a name that begins with = is no formula."""
    cell = sheet.cell(line, place, text or None)
    cell.number_format = "@"
    if text:
        cell.data_type = "s"
    return cell


def _offer(sheet: Any, lists: Any, place: int, offered: Sequence[str], *, strict: bool) -> None:
    """A list to choose from, in every line of a column."""
    letter = get_column_letter(place)
    for line, name in enumerate(offered, 1):
        _put(lists, line, place, name)
    source = f"{quote_sheetname(lists.title)}!${letter}$1:${letter}${len(offered)}"
    choice = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=strict)
    choice.add(f"{letter}2:{letter}{MAX_ROWS + 2}")
    sheet.add_data_validation(choice)


def _guide(guide: Any, kind: str) -> None:
    """What each column is for, and what may stand in it."""
    heads = (_("Column"), _("Needed"), _("How to fill it in"), _("What may stand there"))
    rows = [[str(head) for head in heads]]
    for column in columns(kind):
        needed = (
            (_("required in one language") if column.lang else _("required")) if column.field.required else ""
        )
        said = (words.header(column), str(needed), words.help_for(column), "\n".join(words.permitted(column)))
        rows.append(list(said))
    for line, row in enumerate(rows, 1):
        for place, text in enumerate(row, 1):
            cell = _put(guide, line, place, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=line == 1, color=_INK)
    for letter, width in zip("ABCD", (34, 10, 60, 40), strict=True):
        guide.column_dimensions[letter].width = width
    guide.freeze_panes = "A2"
