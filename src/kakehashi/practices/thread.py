"""What is said of one practice, put in order from the comments of both sides."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

Key: TypeAlias = tuple[str, str]  # a node and the id of one of its records


@dataclass(frozen=True)
class Saying:
    """One comment. `about` is the practice, or the question that it answers; `row` is its reading."""

    key: Key
    about: Key
    says: str
    owner: UUID | None
    at: datetime
    row: Any = None


@dataclass
class Question:
    """A question with its answers, the oldest first."""

    asked: Saying
    answers: list[Saying] = field(default_factory=list)


@dataclass
class Thread:
    """All that is said of one practice, the oldest first."""

    questions: list[Question] = field(default_factory=list)
    endorsements: list[Saying] = field(default_factory=list)
    adoptions: list[Saying] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not (self.questions or self.endorsements or self.adoptions)


def thread(practice: Key, owner: UUID | None, sayings: Iterable[Saying]) -> Thread:
    """The thread of one practice, whatever the order of arrival.

    An organisation endorses or takes over once, its last word counts, and never its own practice. An answer
    without its question waits until that has come.
    """
    found, ordered = Thread(), sorted(sayings, key=lambda saying: (saying.at, saying.key))
    about = [saying for saying in ordered if saying.about == practice]
    asked = {saying.key: Question(saying) for saying in about if saying.says == "question"}
    for saying in ordered:
        if saying.says == "answer" and saying.about in asked:
            asked[saying.about].answers.append(saying)
    found.questions = list(asked.values())
    others = [saying for saying in about if saying.owner != owner]
    found.endorsements = _last_words(others, "endorsement")
    found.adoptions = _last_words(others, "adoption")
    return found


def _last_words(sayings: Iterable[Saying], says: str) -> list[Saying]:
    last = {saying.owner: saying for saying in sayings if saying.says == says}
    return sorted(last.values(), key=lambda saying: (saying.at, saying.key))
