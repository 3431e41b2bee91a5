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
from kakehashi.records.templatetags.readings import titled
from kakehashi.reports import labels
from kakehashi.reports.period import day_of
from kakehashi.reports.queries import Clause, Report
from kakehashi.reports.shown import said
from kakehashi.reports.templatetags.reports import in_days, result_name, status_name
from kakehashi.sme.labels import REGIMES
from kakehashi.translation.texts import pick
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
        "missions": _missions(report),
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
            rows.append([name, number(each.line.left), number(each.line.right), _last(each)])
        else:
            rows.append([name, _taking_part(report.companies.taking_part)])
    return rows


def _last(clause: Clause) -> str:
    """When something was given under a clause at last, or that it is idle."""
    if clause.line.last is None:
        return _("idle: nothing yet")
    last = _plain(day(day_of(clause.line.last)))
    return last if clause.line.total else f"{last}, {_('idle in this period')}"


def _taking_part(count: int) -> str:
    return ngettext(
        "%(number)s small or mid-sized company took part, by the law of its own region.",
        "%(number)s small or mid-sized companies took part, each by the law of its own region.",
        count,
    ) % {"number": number(count)}


def _outcomes(report: Report) -> dict[str, Any]:
    came = report.came
    stages = [
        [
            status_name(stage.status),
            number(stage.reached),
            in_days(stage.median) if stage.median is not None else "",
        ]
        for stage in came.figures.stages
    ]
    results = [[result_name(result), number(len(keys))] for result, keys in came.results]
    closed = [[status_name(status), number(len(keys))] for status, keys in came.figures.closed.items()]
    return {
        "title": _("From match to outcome"),
        "head": [_("Stage"), _("Introductions"), _("Median time")],
        "rows": stages if came.any else [],
        "text": "" if came.any else _("No question for an introduction crossed in this period."),
        "results": {"head": [_("Outcomes that both sides confirmed in this period"), ""], "rows": results},
        "closed": {"head": [_("Ended in this period without an outcome"), ""], "rows": closed},
    }


def _missions(report: Report) -> dict[str, Any]:
    """Missions with their participants, and the practices that the other side took over."""
    places = [said(report.bridge.left.place), said(report.bridge.right.place)]
    lang, came = reader_language(), report.came
    rows = [
        [
            shown.text if (shown := pick(held.programme.title, lang)) else "",
            _plain(day(held.first_day)),
            number(len(held.left)),
            number(len(held.right)),
        ]
        for held in came.missions
    ]
    taken = [
        [titled(reading).text, saying.row.owner_name, _plain(day(day_of(saying.at)))]
        for reading, saying in came.taken_over
    ]
    return {
        "title": _("Missions and practices taken over"),
        "head": [_("Mission"), _("First day"), *places],
        "rows": rows,
        "text": "" if rows else _("No mission in this period, as far as you may see."),
        "practices": {"head": [_("Practice"), _("Taken over by"), _("Day")], "rows": taken},
        "none": "" if taken else _("No practice was taken over in this period, as far as you may see."),
    }


def _companies(report: Report) -> dict[str, Any]:
    found = report.companies.companies
    answers = [str(name) for name in labels.ANSWERS.values()]
    tables = [
        (_("Companies that took part, each once"), report.companies),
        (_("Participations in missions, once for each mission"), report.travelled),
    ]
    return {
        "text": "" if found else _("No company took part in this period, as far as you may see."),
        "tables": [
            {
                "head": [name, *answers],
                "rows": [
                    [str(REGIMES[law.name]), *(number(len(column)) for column in law.columns)]
                    for law in part.laws
                ],
            }
            for name, part in tables
            if part.companies
        ],
    }


def _basis(report: Report) -> list[str]:
    return [
        _("The signed log of %(node)s, %(number)s entries")
        % {"node": head.origin, "number": number(head.size)}
        for head in report.heads
    ]


def _plain(html: Any) -> str:
    return strip_tags(str(html))
