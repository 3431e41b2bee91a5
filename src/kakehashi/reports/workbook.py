"""The report as a spreadsheet: its numbers, the records behind them, the definitions."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from kakehashi.exchange.given import Put
from kakehashi.introductions.labels import RESULTS, STATUS
from kakehashi.introductions.steps import Result
from kakehashi.records.labels import KIND, KINDS
from kakehashi.records.models import Reading
from kakehashi.records.templatetags.readings import titled
from kakehashi.reports import labels, shown
from kakehashi.reports.queries import Report
from kakehashi.reports.shown import said
from kakehashi.sme.labels import REGIMES


def as_xlsx(report: Report, records: Sequence[tuple[Put, Reading | None]]) -> bytes:
    """Bytes of a workbook in the reader's language. Foreign text is text in it, never a formula."""
    book = Workbook()
    _fill(book.worksheets[0], _("Numbers"), _numbers(report))
    _fill(book.create_sheet(), _("Records"), _records(report, records))
    _fill(book.create_sheet(), _("Companies"), _companies(report))
    definitions = [[str(each.name), str(each.text)] for each in labels.DEFINITIONS]
    _fill(book.create_sheet(), _("Definitions"), [[_("Number"), _("Definition")], *definitions])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _numbers(report: Report) -> list[list[Any]]:
    left, right = said(report.bridge.left.place), said(report.bridge.right.place)
    rows: list[list[Any]] = [[_("First day"), _("Last day"), left, right, _("Together")]]
    span = [report.period.first, report.period.last]
    rows += [[*span, line.left, line.right, line.total, str(KINDS[kind])] for kind, line in report.kinds]
    rows.append([*span, report.all.left, report.all.right, report.all.total, _("All records")])
    rows += [
        [*span, each.line.left, each.line.right, each.line.total, f"{each.number} {said(each.title)}"]
        for each in report.clauses
        if each.counted
    ]
    rows += [[*span, "", "", stage.reached, str(STATUS[stage.status])] for stage in report.came.stages]
    rows += [[*span, "", "", count, str(RESULTS[Result(result)])] for result, count in report.came.results]
    return [[row[-1], *row[:-1]] if place else [_("What"), *row] for place, row in enumerate(rows)]


def _records(report: Report, records: Iterable[tuple[Put, Reading | None]]) -> list[list[Any]]:
    sides = {side.node: said(side.place) for side in (report.bridge.left, report.bridge.right)}
    head = [
        _("Given"),
        _("From"),
        _("Kind"),
        _("Title"),
        _("Clause"),
        _("Record"),
        _("Channel"),
        _("Log entry"),
    ]
    return [
        head,
        *(
            [
                put.at.replace(tzinfo=None),  # a spreadsheet knows no time zones; UTC
                sides[put.origin],
                str(KIND[put.kind]),
                titled(reading).text if reading else "",
                put.clause,
                str(put.record),
                put.channel,
                put.index + 1,
            ]
            for put, reading in records
        ),
    ]


def _companies(report: Report) -> list[list[Any]]:
    laws = [str(REGIMES[law.name]) for law in report.companies.laws]
    rows = shown.companies(report)
    return [
        [_("Company"), *laws],
        *([titled(row.reading).text, *(str(answer) for _law, answer in row.answers)] for row in rows),
    ]


def _fill(sheet: Any, title: str, rows: Iterable[Sequence[Any]]) -> None:
    sheet.title = title[:31]
    for line, row in enumerate(rows, 1):
        for place, value in enumerate(row, 1):
            cell = sheet.cell(line, place)
            if isinstance(value, str):
                cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
                cell.data_type = "s"  # else a title that begins with "=" would be computed
            else:
                cell.value = value
            if line == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for column in "ABCDEFGH":
        sheet.column_dimensions[column].width = 24
