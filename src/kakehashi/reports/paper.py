"""The report as PDF: its words and numbers as data for a Typst page, set in a process of its own.

Typst (https://typst.app) sets text in all three languages and tags the PDF for those who hear it. It loads
fonts of several megabytes and is foreign code, so it runs beside the server, for `SECONDS` at most.
"""

import json
import subprocess
import sys
from datetime import datetime
from importlib.resources import as_file, files
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kakehashi.errors import ReportNotSet
from kakehashi.records.labels import KINDS
from kakehashi.reports import labels
from kakehashi.reports.queries import Report
from kakehashi.reports.shown import said
from kakehashi.reports.templatetags.reports import in_days, result_name, status_name
from kakehashi.sme.labels import REGIMES
from kakehashi.ui.languages import reader_language
from kakehashi.ui.moments import day, moment, number

SECONDS = 30
SETTER = """
import sys, typst
page, fonts = sys.argv[1:]
sys.stdout.buffer.write(typst.compile(page, font_paths=[fonts], ignore_system_fonts=True,
    sys_inputs={"report": sys.stdin.read()}, format="pdf"))
"""


def as_pdf(report: Report, now: datetime) -> bytes:
    """Bytes of an A4 PDF in the reader's language. ReportNotSet if the setter fails."""
    here = files("kakehashi.reports")
    with as_file(here / "report.typ") as page, as_file(here / "fonts") as fonts:
        try:
            done = subprocess.run(  # noqa: S603 - our own program, the words come by standard input
                [sys.executable, "-I", "-c", SETTER, str(page), str(fonts)],
                input=json.dumps(_words(report, now)).encode(),
                capture_output=True,
                timeout=SECONDS,
                check=True,
            )
        except (subprocess.SubprocessError, OSError) as failed:
            raise ReportNotSet(str(failed)) from failed
    return done.stdout


def _words(report: Report, now: datetime) -> dict[str, Any]:
    """All that stands on the page, in the reader's language."""
    left, right = report.bridge.left, report.bridge.right
    span = f"{_plain(day(report.period.first))} – {_plain(day(report.period.last))}"
    return {
        "lang": reader_language(),
        "title": _("Report"),
        "left": {"place": said(left.place), "region": said(left.region)},
        "right": {"place": said(right.place), "region": said(right.region)},
        "span": span,
        "lede": _lede(report),
        "given": {"title": _("Given and received"), "rows": _kinds(report), "all": _all(report)},
        "clauses": {"title": _("Under each clause"), "head": _clause_head(report), "rows": _clauses(report)},
        "outcomes": _outcomes(report),
        "companies": {"title": _("Small and mid-sized companies"), **_companies(report)},
        "definitions": {
            "title": _("How it is counted"),
            "rows": [[str(each.name), str(each.text)] for each in labels.DEFINITIONS],
        },
        "basis": {"title": _("What it rests on"), "rows": _basis(report)},
        "foot": _("Kakehashi, as of %(time)s") % {"time": _plain(moment(now))},
    }


def _lede(report: Report) -> str:
    if report.parts is None:
        return _("Nothing was given in this period.")
    facts = {
        "place": said(report.bridge.left.place),
        "number": number(report.all.left),
        "other": said(report.bridge.right.place),
        "received": number(report.all.right),
        "part": report.parts[0],
        "rest": report.parts[1],
    }
    return (
        _("%(place)s gave %(number)s and %(other)s %(received)s records: %(part)s to %(rest)s per cent.")
        % facts
    )


def _kinds(report: Report) -> list[dict[str, Any]]:
    most = report.most or 1
    return [
        {
            "name": str(KINDS[kind]),
            "left": number(line.left),
            "right": number(line.right),
            "left_part": 100 * line.left // most,
            "right_part": 100 * line.right // most,
        }
        for kind, line in report.kinds
    ]


def _all(report: Report) -> dict[str, str]:
    return {"name": _("Together"), "left": number(report.all.left), "right": number(report.all.right)}


def _clause_head(report: Report) -> list[str]:
    places = [said(report.bridge.left.place), said(report.bridge.right.place)]
    return [_("Clause"), *places, _("Last given")]


def _clauses(report: Report) -> list[list[str]]:
    rows = []
    for each in report.clauses:
        name = f"{each.number}  {said(each.title)}"
        if each.counted:
            last = _plain(day(each.line.last)) if each.line.last else _("idle: nothing yet")
            rows.append([name, number(each.line.left), number(each.line.right), last])
    return rows


def _outcomes(report: Report) -> dict[str, Any]:
    came = report.came
    stages = [
        [
            status_name(stage.status),
            number(stage.reached),
            in_days(stage.median) if stage.median is not None else "",
        ]
        for stage in came.stages
    ]
    return {
        "title": _("From match to outcome"),
        "head": [_("Stage"), _("Introductions"), _("Median time")],
        "rows": stages if came.begun else [],
        "text": "" if came.begun else _("No question for an introduction crossed in this period."),
        "results": {
            "head": [_("Outcomes that both sides confirmed in this period"), ""],
            "rows": [[result_name(result), number(count)] for result, count in came.results],
        },
    }


def _companies(report: Report) -> dict[str, Any]:
    found = report.companies
    text = ngettext(
        "The records given belong to %(number)s company.",
        "The records given belong to %(number)s companies.",
        len(found.companies),
    ) % {"number": len(found.companies)}
    return {
        "text": text if found.companies else _("No company took part in this period, as far as you may see."),
        "head": [_("By the law of"), *(str(name) for name in labels.ANSWERS.values())],
        "rows": [
            [str(REGIMES[law.name]), *(number(len(column)) for column in law.columns)] for law in found.laws
        ]
        if found.companies
        else [],
    }


def _basis(report: Report) -> list[str]:
    return [
        _("The signed log of %(node)s, %(number)s entries")
        % {"node": head.origin, "number": number(head.size)}
        for head in report.heads
    ]


def _plain(html: Any) -> str:
    return strip_tags(str(html))
