"""Where the terms of a glossary begin: so that at most places of a text nothing more is looked up."""

from collections.abc import Iterator, Sequence

from kakehashi.text.tokens import bigrams


class Words:
    """What may stand after the words so far, and the concepts that these name, each with a way of writing."""

    __slots__ = ("means", "then")

    def __init__(self) -> None:
        self.then: dict[str, Words] = {}
        self.means: dict[str, int] = {}

    def after(self, words: Sequence[str]) -> "Words | None":
        """What is known after these words; None if no term begins with them."""
        here: Words | None = self
        for word in words:
            here = here and here.then.get(word)
        return here

    def enter(self, words: Sequence[str], concept: str, way: int) -> None:
        """A term; of several ways of writing the lowest is kept."""
        here = self
        for word in words:
            here = here.then.setdefault(word, Words())
        here.means[concept] = min(way, here.means.get(concept, way))


class Characters:
    """Terms written without spaces, by their first two characters."""

    def __init__(self) -> None:
        self._means: dict[str, list[str]] = {}
        self._sizes: dict[
            str, tuple[int, ...]
        ] = {}  # by a character that is a term, or by two that begin one

    def __iter__(self) -> Iterator[str]:
        return iter(self._means)

    def of(self, term: str) -> Sequence[str]:
        """The concepts that it names."""
        return self._means.get(term, ())

    def enter(self, term: str, concept: str) -> None:
        known = self._means.setdefault(term, [])
        known += [concept] if concept not in known else []
        sizes = {*self._sizes.get(term[:2], ()), len(term), 1}
        self._sizes[term[:2]] = tuple(sorted(sizes, reverse=True))

    def begins(self, text: str) -> dict[int, tuple[int, ...]]:
        """The places where a term may begin, with the sizes that it may have, the largest first."""
        known = self._sizes.get
        found = ((place, known(pair) or known(pair[0])) for place, pair in enumerate(bigrams(text)))
        return {place: sizes for place, sizes in found if sizes}
