"""The own side's organisations as people write them: who is meant, who may be, and what somebody decided.

Nothing is decided here that is not sure: a doubt is kept with those who may be meant, until a person says.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kakehashi.importers.cells import Fault
from kakehashi.naming.matcher import Answer, Candidate, Decision
from kakehashi.naming.names import Organisation
from kakehashi.records import identity
from kakehashi.text.fold import fold

NOBODY = "nobody"  # somebody decided: none of those who were offered
OFFERED = 4  # candidates of one doubt


@dataclass(frozen=True)
class Entry:
    """One organisation of the directory."""

    origin: str
    id: str
    name: str
    state: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Doubt:
    """A name as it was written, with those who may be meant; `key` is what a decision is kept under."""

    written: str
    candidates: tuple[Candidate, ...]

    @property
    def key(self) -> str:
        return fold(self.written)


class Directory:
    """Looks up what a sheet, a form or a register names. `decided` is {key of a doubt: id, or NOBODY}."""

    def __init__(self, entries: Iterable[Entry], decided: Mapping[str, str] | None = None) -> None:
        self.exact: defaultdict[str, set[str]] = defaultdict(set)
        self.references: dict[str, dict[str, str]] = {}
        self.states: dict[str, str] = {}
        self.doubts: dict[str, Doubt] = {}
        self._decided = decided or {}
        self._known: list[Organisation] = []
        for entry in entries:
            self._add(entry)

    def _add(self, entry: Entry) -> None:
        ror = entry.body.get("ror", "")
        self.states[entry.id] = entry.state
        self.references[entry.id] = {"origin": entry.origin, "id": entry.id, "name": entry.name}
        if ror:
            self.references[entry.id]["ror"] = ror
        for text in (
            entry.id,
            *([ror, ror.rsplit("/", 1)[-1]] if ror else []),
            *entry.body["names"].values(),
        ):
            self.exact[fold(text)].add(entry.id)
        self._known.append(identity.known(entry.id, entry.body))

    def refer(self, text: str) -> "dict[str, str] | Fault":
        """The reference to the one organisation that `text` means; a Fault, and a doubt if some may be."""
        key = fold(text)
        chosen, found = self._decided.get(key, ""), self.exact.get(key, set())
        if chosen in self.references or len(found) == 1:
            return dict(self.references[chosen if chosen in self.references else next(iter(found))])
        answer = identity.matcher(tuple(self._known)).match(text)
        if answer.decision == Decision.MATCH and answer.best is not None:
            return dict(self.references[answer.best.id])
        if answer.decision == Decision.NONE or chosen == NOBODY:
            return Fault("reference")
        self._doubt(text, answer)
        return Fault("reference-several" if found else "reference-doubtful")

    def same(self, body: Mapping[str, Any]) -> "UUID | Doubt | None":
        """The organisation that a body is about; a doubt if only a person can say; None if it is new."""
        written = next(iter(body.get("names", {}).values()), "")
        chosen = self._decided.get(fold(written), "")
        if chosen:
            return UUID(chosen) if chosen in self.references else None
        if found := self._surely(body):
            return UUID(found)
        answers = [answer for _name, answer in identity.answers(identity.matcher(tuple(self._known)), body)]
        meant = {answer.best.id for answer in answers if answer.decision == Decision.MATCH and answer.best}
        if len(meant) == 1:
            return UUID(meant.pop())
        likely = [
            answer
            for answer in answers
            if answer.decision != Decision.NONE and not identity.told_apart(answer.candidates[0])
        ]
        return self._doubt(written, max(likely, key=_share)) if likely else None

    def _surely(self, body: Mapping[str, Any]) -> str | None:
        """By the same ROR identifier, or exactly the same name and no other identifier."""
        ror = body.get("ror")
        for text in (ror, *body.get("names", {}).values()) if ror else body.get("names", {}).values():
            found = self.exact.get(fold(text), set())
            if len(found) == 1 and (text == ror or not (ror and "ror" in self.references[min(found)])):
                return min(found)
        return None

    def _doubt(self, written: str, answer: Answer) -> Doubt:
        doubt = Doubt(written, answer.candidates[:OFFERED])
        return self.doubts.setdefault(doubt.key, doubt)


def _share(answer: Answer) -> float:
    return sum(each.score for each in answer.candidates)
