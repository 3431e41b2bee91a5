"""What a record's tokens must hold to answer a word or a concept of a query, apart from any SQL."""

from dataclasses import dataclass

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

    def holds(self, title: str, text: str, concepts: str) -> float:
        """What the expression says of a record's tokens: 1 in the title, else ELSEWHERE, or 0."""
        if self.concepts:
            return ELSEWHERE * self._stands(f" {concepts} ")
        return float(self._stands(f" {title} ")) or ELSEWHERE * self._stands(f" {title} \n {text} ")

    def _stands(self, tokens: str) -> bool:
        return any(all(_written(phrase) in tokens for phrase in group) for group in self.either)


def word(*tokens: str, open: bool = False) -> Expression:
    """Tokens that stand in title or text, one after the other."""
    return Expression(((Phrase(tokens, open),),))


def concept(token: str) -> Expression:
    """A token among the concepts."""
    return Expression(((Phrase((token,)),),), concepts=True)


def _written(phrase: Phrase) -> str:
    return f" {' '.join(phrase.tokens)}{'' if phrase.open else ' '}"
