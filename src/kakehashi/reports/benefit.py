"""The small and mid-sized companies among those that took part, counted by each law."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from kakehashi.sme.results import Answer, Result

LAWS = ("eu", "jp")


class Both(Protocol):
    """What both laws say of one company."""

    @property
    def eu(self) -> Result: ...
    @property
    def jp(self) -> Result: ...


@dataclass(frozen=True)
class Law:
    """The companies that one law calls small or mid-sized, those that it does not, and those unknown."""

    name: str
    yes: list[Any]
    no: list[Any]
    unknown: list[Any]

    @property
    def columns(self) -> tuple[list[Any], list[Any], list[Any]]:
        return self.yes, self.no, self.unknown


@dataclass(frozen=True)
class Participation:
    """The companies that took part and what the two laws say: each once, or once for each mission."""

    companies: list[Any]
    laws: list[Law]

    @property
    def taking_part(self) -> int:
        """Those that the law of their own region calls small or mid-sized."""
        return sum(_home(company) == law.name for law in self.laws for company in law.yes)


def participations(statuses: Mapping[tuple[str, UUID], Both], companies: Iterable[Any]) -> Participation:
    """`companies` are organisations with `origin` and `record`; without a status they count as unknown."""
    found = list(companies)
    return Participation(found, [_law(name, statuses, found) for name in LAWS])


def _home(company: Any) -> str:
    return "jp" if company.body["region"].startswith("JP-") else "eu"


def _law(name: str, statuses: Mapping[tuple[str, UUID], Both], companies: list[Any]) -> Law:
    answers: dict[Answer, list[Any]] = {answer: [] for answer in Answer}
    for company in companies:
        status = statuses.get((company.origin, company.record))
        answers[getattr(status, name).answer if status else Answer.UNDETERMINED].append(company)
    return Law(name, answers[Answer.YES], answers[Answer.NO], answers[Answer.UNDETERMINED])
