"""What a page says of a number, in the reader's language: what it narrows to, and what the laws answer."""

from typing import Any, NamedTuple

from django.utils.functional import Promise

from kakehashi.missions.bodies import Programme
from kakehashi.records.labels import KINDS
from kakehashi.reports.labels import ANSWERS
from kakehashi.reports.queries import Bridge, Report, Words
from kakehashi.reports.tally import Choice
from kakehashi.sme.labels import REGIMES
from kakehashi.ui.languages import reader_language


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
    """One company, what each law says in words, and the missions in which it took part."""

    reading: Any
    answers: list[tuple[Promise, Promise]]
    missions: list[Programme]


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
            [
                held.programme
                for held in report.came.missions
                if (company.origin, str(company.record)) in (*held.left, *held.right)
            ],
        )
        for company in report.companies.companies
    ]


def said(names: Words) -> str:
    """A name in the reader's language, or in one that it has."""
    return names.get(reader_language()) or names.get("en") or next(iter(names.values()), "")
