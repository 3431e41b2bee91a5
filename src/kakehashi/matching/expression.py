"""What a record's tokens must hold to answer a word or a concept of a query, apart from any SQL."""

from collections.abc import Iterable
from dataclasses import dataclass

from kakehashi.matching.held import Held

ELSEWHERE = 0.8  # what a word counts that does not stand in the title


@dataclass(frozen=True)
class Phrase:
    """Tokens one after the other; `open`: the last may be the beginning of a longer one."""

    tokens: tuple[str, ...]
    open: bool = False


@dataclass(frozen=True)
class Expression:
    """One group of `either` must stand in a record whole: in its title and text, or among its concepts."""

    either: tuple[tuple[Phrase, ...], ...]
    concepts: bool = False

    def held(self, rows: Iterable[tuple[int, str, str, str]]) -> Held:
        """What the expression says of records (key, title, text, concepts), of those that hold it.

        1 where it stands in the title, else ELSEWHERE.
        """
        groups = [[_written(phrase) for phrase in group] for group in self.either]
        found: dict[int, float] = {}
        for key, title, text, concepts in rows:
            if self.concepts:
                if _stands(groups, f" {concepts} "):
                    found[key] = ELSEWHERE
            elif _stands(groups, f" {title} \n {text} "):  # most hold it nowhere: that is asked first
                found[key] = 1.0 if _stands(groups, f" {title} ") else ELSEWHERE
        return Held.of(found)


def word(*tokens: str, open: bool = False) -> Expression:
    """Tokens that stand in title or text, one after the other."""
    return Expression(((Phrase(tokens, open),),))


def concept(token: str) -> Expression:
    """A token among the concepts."""
    return Expression(((Phrase((token,)),),), concepts=True)


def _stands(groups: list[list[str]], tokens: str) -> bool:
    for group in groups:
        for phrase in group:
            if phrase not in tokens:
                break
        else:
            return True
    return False


def _written(phrase: Phrase) -> str:
    return f" {' '.join(phrase.tokens)}{'' if phrase.open else ' '}"
