"""What the import pages show of a plan: lines with their titles, faults with their cells, in words."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from openpyxl.utils import get_column_letter

from kakehashi.importers import sentences, words
from kakehashi.importers.directory import Doubt
from kakehashi.importers.queries import Plan, Step
from kakehashi.importers.sheets import Problem, Sheet
from kakehashi.records import labels
from kakehashi.records.actions import Outcome
from kakehashi.records.cities import city_names
from kakehashi.translation import texts

LINES, FAULTS, QUESTIONS = 30, 100, 30

OUTCOMES: dict[str, Promise] = {
    Outcome.CREATED: _("new"),
    Outcome.CHANGED: _("changes a record"),
    Outcome.UNCHANGED: _("is here already"),
}


@dataclass(frozen=True)
class Fault:
    """One fault: where ("C12", or "12" for a whole line), its column, what stands there, what to do."""

    where: str
    column: str
    value: str
    sentence: str


@dataclass(frozen=True)
class Line:
    """One good line: its number, its title with the language, what importing it does."""

    number: int
    title: str
    lang: str
    outcome: Promise
    doubtful: bool
    known_as: str = ""  # the name of the organisation here, where another one led to it


@dataclass(frozen=True)
class Choice:
    """Somebody who may be meant."""

    id: str
    name: str
    place: str
    reasons: str


@dataclass(frozen=True)
class Question:
    """A name that leaves a doubt, and who may be meant."""

    key: str
    written: str
    choices: list[Choice]


@dataclass(frozen=True)
class Preview:
    """Everything on the page before somebody agrees."""

    plan: Plan
    whole: list[str]
    questions: list[Question]
    faults: list[Fault]
    more_faults: int
    notes: list[str]
    lines: list[Line]
    more_lines: int


def preview(plan: Plan, lang: str) -> Preview:
    """A plan in the words of a reader of `lang`."""
    sheet = plan.sheet
    problems = [problem for draft in sheet.drafts for problem in draft.problems]
    return Preview(
        plan=plan,
        whole=[sentences.problem(problem, sheet.kind) for problem in sheet.problems],
        questions=[_question(doubt, lang) for doubt in plan.doubts[:QUESTIONS]],
        faults=[_fault(problem, sheet) for problem in problems[:FAULTS]],
        more_faults=max(0, len(problems) - FAULTS),
        notes=[sentences.note(finding, sheet.kind) for finding in sheet.notes],
        lines=[_line(step, lang) for step in plan.steps[:LINES]],
        more_lines=max(0, len(plan.steps) - LINES),
    )


def _question(doubt: Doubt, lang: str) -> Question:
    choices = [
        Choice(
            each.organisation.id,
            each.organisation.names[0],
            next(iter(city_names(city).get(lang, city) for city in each.organisation.cities), ""),
            labels.likeness(each.reasons),
        )
        for each in doubt.candidates
    ]
    return Question(doubt.key, doubt.written, choices)


def _fault(problem: Problem, sheet: Sheet) -> Fault:
    code = next((c for c, place in sheet.header.places.items() if place == problem.column), "")
    return Fault(
        where=f"{get_column_letter(problem.column)}{problem.line}" if problem.column else str(problem.line),
        column=words.header_of(sheet.kind, code) if code else "",
        value=problem.value,
        sentence=sentences.problem(problem, sheet.kind),
    )


def _line(step: Step, lang: str) -> Line:
    title, shown_in = _title(step.draft.body, lang)
    return Line(step.draft.line, title, shown_in, OUTCOMES[step.outcome], step.doubtful, step.known_as)


def _title(body: dict[str, Any], lang: str) -> tuple[str, str]:
    if body["kind"] == "organisation":
        shown = next(c for c in (lang, body["lang"], *texts.LANGUAGES) if c in body["names"])
        return body["names"][shown], shown
    said = texts.pick(body["title"], lang)
    return (said.text, said.lang) if said else ("", lang)
