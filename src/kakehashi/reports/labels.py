"""What people read in a report: how each number is defined, what a choice narrows to, what the laws say."""

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kakehashi.records.labels import KINDS
from kakehashi.reports.queries import Bridge, Report
from kakehashi.reports.tally import Choice
from kakehashi.sme.labels import REGIMES
from kakehashi.ui.languages import reader_language


class Definition(NamedTuple):
    """How one group of numbers is counted."""

    key: str
    name: Promise
    text: Promise


DEFINITIONS = [
    Definition(
        "given",
        _("Given and received"),
        _(
            "A record counts once: on the day when its origin first signed it into the log of an agreement "
            "between the two sides. Revisions do not count again, nor does a second agreement. What was "
            "withdrawn or has expired since stays counted, because it was given."
        ),
    ),
    Definition(
        "clause",
        _("Under each clause"),
        _(
            "A record counts under the clause that its signed header names. A clause is idle if records "
            "could have fulfilled it and none was given in the period."
        ),
    ),
    Definition(
        "companies",
        _("Small and mid-sized companies"),
        _(
            "Companies that own a record given in the period or took part in a mission, each once. What a "
            "law says is computed from the sourced figures on file at this node; without them it is "
            "undetermined."
        ),
    ),
    Definition(
        "introductions",
        _("From match to outcome"),
        _(
            "Introductions whose question crossed in the period, at each stage that they have reached since, "
            "with the median time from the crossing. An outcome counts only when both sides have confirmed "
            "it, on the day of the confirmation."
        ),
    ),
    Definition(
        "missions",
        _("Missions and practices taken over"),
        _(
            "Missions whose first day lies in the period, with the organisations of each side. A practice "
            "counts as taken over when an organisation of the other side has said so, each organisation once."
        ),
    ),
    Definition(
        "days",
        _("Days"),
        _("Days begin and end in UTC, so that both nodes draw the same line."),
    ),
    Definition(
        "rights",
        _("Who sees what"),
        _(
            "The clusters’ own people see all that crossed. Everybody else sees the numbers of what was "
            "public when it was given."
        ),
    ),
]
ANSWERS: dict[str, Promise] = {
    "yes": _("SME"),
    "no": _("Not an SME"),
    "undetermined": _("Undetermined"),
}


def choice(choice: Choice, bridge: Bridge) -> list[Any]:
    """The parts of what a choice narrows to, as texts or names per language."""
    sides = {side.node: side.place for side in (bridge.left, bridge.right)}
    clauses = {
        (standing["lineage"], clause["id"]): clause["title"]
        for standing in bridge.agreements
        for clause in standing["clauses"]
    }
    found = [sides.get(choice.origin), clauses.get((choice.lineage, choice.clause))]
    names: list[Any] = [name for name in found if name]
    return [*names, {reader_language(): str(KINDS[choice.kind])}] if choice.kind else names


class CompanyRow(NamedTuple):
    """One company and what each law says, in words."""

    reading: Any
    answers: list[tuple[Promise, Promise]]


def companies(report: Report) -> list[CompanyRow]:
    """All companies that took part."""
    said = {
        (law.name, id(company)): answer
        for law in report.companies.laws
        for answer, found in (("yes", law.yes), ("no", law.no), ("undetermined", law.unknown))
        for company in found
    }
    return [
        CompanyRow(
            company,
            [(REGIMES[law.name], ANSWERS[said[law.name, id(company)]]) for law in report.companies.laws],
        )
        for company in report.companies.companies
    ]
