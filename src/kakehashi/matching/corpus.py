"""All indexed records in memory: vectors, languages and what else scores need."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from kakehashi.matching.centre import Centres, Spread, centred, spread
from kakehashi.matching.encoder import Vectors, unit
from kakehashi.matching.fields import Facts
from kakehashi.matching.index import Mask, Places, Rows
from kakehashi.matching.rank import Weights

SAMPLE = 512  # records per group of languages that a query is standardised against


@dataclass(frozen=True)
class Entry:
    """One record as stored: raw head vectors by language, raw passage vectors with their languages."""

    key: int
    own: bool
    facts: Facts
    heads: dict[str, Vectors]
    passages: Vectors
    passage_langs: tuple[str, ...]
    concepts: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Means:
    """The means by which heads, passages and short terms are centred."""

    heads: Centres = field(default_factory=Centres)
    passages: Centres = field(default_factory=Centres)
    terms: Centres = field(default_factory=Centres)

    @property
    def version(self) -> str:
        return f"{self.heads.version}{self.passages.version}"


class Corpus:
    """Slots 0, 1, 2 … hold records; a changed record gets a new slot and its old one is dead."""

    def __init__(self, dimension: int, means: Means) -> None:
        self.means = means
        self.dimension = dimension
        self.entries: list[Entry | None] = []
        self.slots: dict[int, int] = {}
        self._heads = Rows(dimension)
        self._passages = Rows(dimension)
        self._owner: list[int] = []  # slot of each passage
        self._first: list[int] = []  # first passage of each slot
        self._carriers: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self.slots)

    def put(self, entry: Entry) -> None:
        """Add a record, or replace the one with the same key."""
        self.drop(entry.key)
        slot = len(self.entries)
        self.entries.append(entry)
        self.slots[entry.key] = slot
        self._heads.append(self.fused(entry.heads)[None, :])
        self._first.append(len(self._owner))
        if len(entry.passages):
            self._passages.append(centred(entry.passages, entry.passage_langs, self.means.passages))
            self._owner += [slot] * len(entry.passages)
        self._carriers.update(_items(entry))
        self._forget()

    def drop(self, key: int) -> None:
        """Take a record out; nothing happens if it is not there."""
        slot = self.slots.pop(key, None)
        if slot is not None:
            self._carriers.subtract(_items(self.at(slot)))
            self.entries[slot] = None
            self._forget()

    def at(self, slot: int) -> Entry:
        entry = self.entries[slot]
        assert entry is not None, "a dead slot"  # noqa: S101  # callers take slots from `alive`
        return entry

    def fused(self, heads: dict[str, Vectors]) -> Vectors:
        """One vector [d] for a head in several languages: the centred ones added up."""
        if not heads:
            return np.zeros(self.dimension, np.float32)
        langs = sorted(heads)
        rows = centred(np.stack([heads[lang] for lang in langs]), langs, self.means.heads)
        return np.asarray(unit(rows.sum(axis=0, keepdims=True))[0], np.float32)

    @cached_property
    def alive(self) -> Mask:
        """Which slots hold a record."""
        return np.array([entry is not None for entry in self.entries], bool)

    @cached_property
    def _owners(self) -> Places:
        return np.array(self._owner, np.int64)

    @cached_property
    def weights(self) -> Weights:
        """How telling each concept, word and topic is here."""
        return Weights(len(self.slots), dict(self._carriers))

    @cached_property
    def groups(self) -> dict[str, Places]:
        """Slots by the languages that their heads are in, such as "de+en"."""
        found: dict[str, list[int]] = defaultdict(list)
        for slot in np.flatnonzero(self.alive).tolist():
            found[group(self.at(slot))].append(slot)
        return {name: np.array(slots, np.int64) for name, slots in found.items()}

    @cached_property
    def _passage_groups(self) -> dict[str, Places]:
        found: dict[str, list[int]] = defaultdict(list)
        for slot in np.flatnonzero(self.alive).tolist():
            for number, lang in enumerate(self.at(slot).passage_langs):
                found[lang].append(self._first[slot] + number)
        return {lang: np.array(rows, np.int64) for lang, rows in found.items()}

    @cached_property
    def head_spreads(self) -> dict[tuple[str, str], Spread]:
        """The spread of similarities of heads per pair of groups."""
        return _spreads(self._heads, self.groups)

    @cached_property
    def passage_spreads(self) -> dict[tuple[str, str], Spread]:
        """The same for passages, per pair of languages."""
        return _spreads(self._passages, self._passage_groups)

    def head(self, slot: int) -> Vectors:
        return np.asarray(self._heads.values(np.array([slot]))[0], np.float32)

    def passages(self, slot: int) -> Vectors:
        """The centred passages of a slot [n, d]."""
        first = self._first[slot]
        return self._passages.values(np.arange(first, first + len(self.at(slot).passages)))

    def nearest(self, query: Vectors, allowed: Mask, k: int) -> set[int]:
        """Slots whose head or best passage is among the `k` nearest to a centred query."""
        heads, _ = self._heads.nearest(query, allowed, k)
        if not self._owner:
            return set(heads.tolist())
        rows, _ = self._passages.nearest(query, allowed[self._owners], k)
        return {*heads.tolist(), *self._owners[rows].tolist()}

    def similarities(self, query: Vectors, slots: Sequence[int]) -> tuple[Vectors, Vectors]:
        """Standardised similarity of a query to the head and to the best passage of each slot.

        Standardised by what the query has to a sample of each group of languages, so that a group which is
        near to everything gains nothing. Without passages the head stands for both.
        """
        groups = self._against(self._heads, query, self.groups)
        langs = self._against(self._passages, query, self._passage_groups)
        near = self._heads.similarities(query, np.array(slots, np.int64))
        heads = np.array(
            [groups[group(self.at(slot))].standardise(float(s)) for slot, s in zip(slots, near, strict=True)],
            np.float32,
        )
        best = heads.copy()
        for place, slot in enumerate(slots):
            entry = self.at(slot)
            if len(entry.passages):
                near = self.passages(slot) @ query
                best[place] = max(
                    langs[lang].standardise(float(s))
                    for lang, s in zip(entry.passage_langs, near, strict=True)
                )
        return heads, best

    def _against(self, rows: Rows, query: Vectors, groups: dict[str, Places]) -> dict[str, Spread]:
        found = {}
        for name, places in groups.items():
            step = max(len(places) // SAMPLE, 1)
            near = rows.similarities(query, places[::step][:SAMPLE])
            enough = len(near) >= 12
            found[name] = Spread(float(near.mean()), max(float(near.std()), 0.02)) if enough else Spread()
        return found

    def _forget(self) -> None:
        for name in (
            "alive",
            "_owners",
            "weights",
            "groups",
            "_passage_groups",
            "head_spreads",
            "passage_spreads",
        ):
            self.__dict__.pop(name, None)


def group(entry: Entry) -> str:
    """The languages of a record's head, in one word."""
    return "+".join(sorted(entry.heads))


def _items(entry: Entry) -> Iterable[str]:
    return {*entry.concepts, *entry.words, *entry.facts.topics}


def _spreads(rows: Rows, groups: dict[str, Places]) -> dict[tuple[str, str], Spread]:
    samples = {
        name: rows.values(places[:: max(len(places) // 800, 1)][:800]) for name, places in groups.items()
    }
    return {(a, b): spread(samples[a], samples[b]) for a in samples for b in samples}
