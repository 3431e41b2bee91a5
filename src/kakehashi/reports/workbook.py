"""The report as a spreadsheet: its numbers, the records behind them, the definitions."""

import io
from collections.abc import Iterable, Sequence
from datetime import timedelta
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
from kakehashi.reports.period import day_of
from kakehashi.reports.queries import Report
from kakehashi.reports.shown import said
from kakehashi.reports.tally import Line
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
    """What is counted, and for each the period, both sides, both together, and what else is to be said."""
    left, right = said(report.bridge.left.place), said(report.bridge.right.place)
    more = [_("Last given"), _("Median time in days")]
    rows: list[list[Any]] = [
        [_("What is counted"), _("First day"), _("Last day"), left, right, _("Together"), *more]
    ]
    for name, numbers in [*_given(report), *_came(report)]:
        rows.append([name, report.period.first, report.period.last, *numbers])
    return rows


def _given(report: Report) -> list[tuple[str, list[Any]]]:
    rows = [(str(KINDS[kind]), _both(line)) for kind, line in report.kinds]
    rows.append((_("All records"), _both(report.all)))
    for each in report.clauses:
        name = f"{each.number} {said(each.title)}"
        last = day_of(each.line.last) if each.line.last else ""
        counted = [*_both(each.line), last]
        rows.append((name, counted if each.counted else ["", "", report.companies.taking_part]))
    return rows


def _came(report: Report) -> list[tuple[str, list[Any]]]:
    came = report.came
    rows: list[tuple[str, list[Any]]] = [
        (str(STATUS[stage.status]), ["", "", stage.reached, "", _in_days(stage.median)])
        for stage in came.figures.stages
    ]
    rows += [(str(RESULTS[Result(result)]), ["", "", len(keys)]) for result, keys in came.results]
    rows += [(str(STATUS[status]), ["", "", len(keys)]) for status, keys in came.figures.closed.items()]
    left, right = (sum(len(getattr(held, end)) for held in came.missions) for end in ("left", "right"))
    rows.append((_("Missions"), ["", "", len(came.missions)]))
    rows.append((_("Participations in missions, once for each mission"), [left, right, left + right]))
    rows.append((_("Practices taken over"), ["", "", len(came.taken_over)]))
    return rows


def _both(line: Line) -> list[Any]:
    return [line.left, line.right, line.total]


def _in_days(span: timedelta | None) -> float | str:
    return "" if span is None else round(span / timedelta(days=1), 1)


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
        [_("Company"), *laws, _("Missions")],
        *(
            [titled(row.reading).text, *(str(answer) for _law, answer in row.answers), len(row.missions)]
            for row in rows
        ),
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
