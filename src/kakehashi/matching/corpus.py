"""All indexed records in memory, column by column: packed vectors, languages and what else scores need."""

from collections.abc import Collection, Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from kakehashi.matching.basis import Basis, Entry, Spreads
from kakehashi.matching.centre import Spread, centred
from kakehashi.matching.column import Column
from kakehashi.matching.encoder import Vectors
from kakehashi.matching.fields import Facts
from kakehashi.matching.index import DENSE, Exact, Mask, Places, Rows
from kakehashi.matching.items import Items
from kakehashi.matching.judging import Judging
from kakehashi.matching.reference import Reference
from kakehashi.matching.slots import Names, Slots
from kakehashi.matching.told import Told

AT_ONCE = 512  # records that are put at a time: their vectors stay in the processor's cache
SAID = 3_000  # items of slots that are remembered
CONCEPT, WORD, TOPIC = range(3)
GONE = -1  # the sort of what a dropped record said
NAMES = ("groups", "langs", "kinds", "names", "stated")
COLUMNS = ("key", "place", "own", "alive", "kind", "group", "first", "many", "items", "held", "lengths",
           "facts", "owner", "lang", "item", "sort")  # fmt: skip


class Corpus:
    """Slots 0, 1, 2 … hold records; a changed record gets a new slot and its old one is dead."""

    def __init__(self, dimension: int, basis: Basis) -> None:
        self.basis = basis
        self.dimension = dimension
        self.slots = Slots()
        self._groups, self._langs, self._kinds, self._names = (Names() for _ in range(4))
        self._heads, self._passages = Rows(dimension), Rows(dimension)
        # One row a slot; `first` and `items` say where its passages and items begin.
        self._key, self._place = Column(np.int64), Column(np.int64)
        self._own, self._alive = Column(bool), Column(bool)
        self._kind, self._group = Column(np.int16), Column(np.int16)
        self._first, self._many = Column(np.int64), Column(np.int16)
        self._items, self._held = Column(np.int64), Column(np.int16)
        self._lengths = Column(np.float64, 3)
        self._facts, self._stated, self._judging = Column(np.int32), Names(), Judging()
        # One row a passage, one row an item.
        self._owner, self._lang = Column(np.int64), Column(np.int16)
        self._item, self._sort = Column(np.int32), Column(np.int8)
        self._laying = Items(self._names, basis.weights)
        self._said: dict[tuple[int, int], frozenset[str]] = {}  # a slot never says anything else

    def __len__(self) -> int:
        return len(self.slots)

    @property
    def size(self) -> int:
        """Slots, dead ones included."""
        return self._key.count

    def put(self, entries: Sequence[Entry]) -> None:
        """Add records, each once, or replace those with the same keys."""
        for entry in entries:
            self.drop(entry.key)
        for first in range(0, len(entries), AT_ONCE):
            self._put(entries[first : first + AT_ONCE])

    def _put(self, entries: Sequence[Entry]) -> None:
        keys = [entry.key for entry in entries]
        first = self.size
        self.slots.put(np.array(keys, np.int64), first)
        self._heads.extend(self.basis.means.fused([entry.heads for entry in entries], self.dimension))
        self._put_passages(entries, first)
        self._put_items(entries)
        self._place.extend([entry.place for entry in entries])
        self._own.extend([entry.own for entry in entries])
        self._alive.extend([True] * len(entries))
        self._kind.extend([self._kinds.number(entry.facts.kind) for entry in entries])
        self._group.extend([self._groups.number(entry.group) for entry in entries])
        self._facts.extend([self._stated.number(_plain(entry.facts)) for entry in entries])
        self._key.extend(keys)
        self._forget()

    def _put_passages(self, entries: Sequence[Entry], first: int) -> None:
        many = [len(entry.passages) for entry in entries]
        begin = self._owner.count
        self._first.extend(np.cumsum([begin, *many[:-1]]))
        self._many.extend(many)
        if any(many):
            rows = np.concatenate([entry.passages for entry in entries])
            langs = [lang for entry in entries for lang in entry.passage_langs]
            self._passages.extend(centred(rows, langs, self.basis.means.passages))
            self._owner.extend(np.repeat(np.arange(first, first + len(entries)), many))
            self._lang.extend([self._langs.number(lang) for lang in langs])

    def _put_items(self, entries: Sequence[Entry]) -> None:
        laid = self._laying.lay([named for entry in entries for named in _sorted(entry)])
        self._items.extend(self._item.count + np.cumsum(laid.held) - laid.held)
        self._held.extend(laid.held)
        self._item.extend(laid.items)
        self._sort.extend(laid.sorts)
        self._lengths.extend(laid.lengths)

    def drop(self, key: int) -> None:
        """Take a record out; nothing happens if it is not there.

        What it said is overwritten at once: a snapshot has the columns as they stand.
        """
        slot = self.slots.pop(key)
        if slot is not None:
            self._alive.rows[slot] = False
            self._heads.wipe(np.array([slot]))
            self._passages.wipe(self._rows_of(np.array([slot])))
            self._sort.rows[self._span(slot)] = GONE
            self._forget()

    def key(self, slot: int) -> int:
        return int(self._key.rows[slot])

    def place(self, slot: int) -> int:
        return int(self._place.rows[slot])

    def is_own(self, slot: int) -> bool:
        return bool(self._own.rows[slot])

    def facts(self, slot: int) -> Facts:
        return _facts(self._stated.all[self._facts.rows[slot]])

    def items(self, slot: int, sort: int) -> frozenset[str]:
        """The concepts, words or topics of a slot."""
        known = self._said.get((slot, sort))
        if known is None:
            here = self._span(slot)
            numbers = self._item.rows[here][self._sort.rows[here] == sort].tolist()
            known = frozenset(map(self._names.all.__getitem__, numbers))
            if len(self._said) > SAID:
                self._said.clear()
            self._said[slot, sort] = known
        return known

    @cached_property
    def keys(self) -> Places:
        """The key of each slot."""
        return self._key.rows

    def mask(self, allowed: Mask) -> Mask:
        """Which slots hold a record whose key is allowed (`allowed` by key)."""
        if not len(allowed):
            return np.zeros(self.size, bool)
        known = self._key.rows
        found = np.take(allowed, known, mode="clip")
        found &= self._alive.rows
        if self.slots.by_key.count > len(allowed):
            found &= known < len(allowed)
        return np.asarray(found)

    def across(self, slot: int, kinds: Collection[str]) -> Places:
        """Living slots of the other kind of owner whose kind is one of `kinds`."""
        wanted = list(self._kinds.known(kinds).values())
        fits = self._alive.rows & (self._own.rows != self._own.rows[slot])
        return np.flatnonzero(fits & np.isin(self._kind.rows, wanted))

    def head(self, slot: int) -> Vectors:
        return np.asarray(self._heads.values(np.array([slot]))[0], np.float32)

    def passages(self, slot: int) -> Vectors:
        """The centred passages of a slot [n, d]."""
        return self._passages.values(self._rows_of(np.array([slot])))

    def bearing(self, slots: Places, asked: Sequence[tuple[int, str]]) -> Mask:
        """Which of `slots` bear each item that is asked for by its sort [asked, slots]."""
        rows, counts = _ranges(self._items.rows[slots], self._held.rows[slots])
        items, sorts = self._item.rows[rows], self._sort.rows[rows]
        bearer = np.repeat(np.arange(len(slots)), counts)
        known = self._names.known([item for _, item in asked])
        found = np.zeros((len(asked), len(slots)), bool)
        for row, (sort, item) in zip(found, asked, strict=True):
            row[bearer[(items == known.get(item, -1)) & (sorts == sort)]] = True
        return found

    @property
    def lengths(self) -> Exact:
        """Of the vectors that the concepts, words and topics of each slot make [slots, 3]."""
        return self._lengths.rows

    def near(self, slot: int, others: Places) -> tuple[Exact, Exact]:
        """Standardised similarity of a slot to the heads and to the best passages of `others`.

        Standardised by the spread of each pair of languages. Where a side has no passage the head stands
        for both.
        """
        group = self._groups.all[self._group.rows[slot]]
        near = self._heads.between(np.array([slot]), others)[0]
        heads = _standardised(near, self.basis.heads, group, self._groups.all, self._group.rows[others])
        mine = self._rows_of(np.array([slot]))
        rows, counts = _ranges(self._first.rows[others], self._many.rows[others])
        if not len(mine) or not len(rows):
            return heads, heads.copy()
        langs = self._lang.rows[rows]
        best = np.full(len(rows), -np.inf)
        for one in mine:
            line = self._passages.between(one[None], rows)[0]
            lang = self._langs.all[self._lang.rows[one]]
            np.maximum(best, _standardised(line, self.basis.passages, lang, self._langs.all, langs), out=best)
        return heads, _best_each(best, counts, without=heads)

    def nearest(self, query: Vectors, allowed: Mask, k: int) -> Places:
        """Slots whose head or best passage is among the `k` nearest to a centred query."""
        allowed = allowed & self._alive.rows
        found = self._heads.nearest(query, allowed, k)
        if not self._owner.count:
            return found
        if np.count_nonzero(allowed) > DENSE * self.size:
            rows = self._passages.nearest(query, allowed, k, owner=self._owner.rows)
        else:
            rows = self._passages.nearest_of(query, self._rows_of(np.flatnonzero(allowed)), k)
        return np.union1d(found, self._owner.rows[rows])

    def similarities(self, query: Vectors, places: Places) -> tuple[Exact, Exact]:
        """Standardised similarity of a query to the head and to the best passage of each slot.

        Standardised by what the query has to a sample of each group of languages, so that a group which is
        near to everything gains nothing. Without passages the head stands for both.
        """
        groups = self._reference[0].spreads(query, len(self._groups.all))
        langs = self._reference[1].spreads(query, len(self._langs.all))
        mean, deviation = groups[self._group.rows[places]].T
        heads = (self._heads.similarities(query, places) - mean) / deviation
        rows, counts = _ranges(self._first.rows[places], self._many.rows[places])
        if not len(rows):
            return heads, heads.copy()
        mean, deviation = langs[self._lang.rows[rows]].T
        return heads, _best_each(
            (self._passages.similarities(query, rows) - mean) / deviation, counts, without=heads
        )

    @cached_property
    def _reference(self) -> tuple[Reference, Reference]:
        """The basis' sample, parted by group (heads) and by language (passages)."""
        chosen = np.flatnonzero(self._alive.rows & (self._place.rows <= self.basis.last))
        chosen = chosen[np.argsort(self._place.rows[chosen], kind="stable")]
        rows = self._rows_of(chosen)
        heads = Reference.of(self._heads, chosen, self._group.rows[chosen])
        return heads, Reference.of(self._passages, rows, self._lang.rows[rows])

    def standardise_nothing(self) -> None:
        """Take the similarities of queries as they are, until a record comes or goes."""
        self.__dict__["_reference"] = (Reference(), Reference())

    def told(self) -> Told:
        """All columns as they stand."""
        fresh = self._stated.all[self._judging.count :]
        self._judging.learn([_facts(stated) for stated in fresh])
        return Told(
            *(self._heads, self._passages, self._key.rows, self._place.rows, self._own.rows),
            *(self._alive.rows, self._group.rows, self._first.rows, self._many.rows, self._lang.rows),
            *(self._items.rows, self._held.rows, self._item.rows, self._sort.rows, self._lengths.rows),
            self._laying.weights(),
            *(self._facts.rows, self._groups.all, self._langs.all, self._names.all, self._judging),
        )

    def columns(self) -> dict[str, Column]:
        """All that a snapshot keeps, by names that last."""
        return {
            "slots": self.slots.by_key,
            **{f"heads.{name}": column for name, column in self._heads.columns().items()},
            **{f"passages.{name}": column for name, column in self._passages.columns().items()},
            **{name: getattr(self, f"_{name}") for name in COLUMNS},
        }

    def names(self) -> dict[str, list[str]]:
        """What the numbers in the columns stand for; what only dropped records said is nameless."""
        said = {name: getattr(self, f"_{name}").all for name in NAMES}
        stays = np.zeros(len(said["names"]), bool)
        stays[self._item.rows[self._sort.rows != GONE]] = True
        named = zip(said["names"], stays.tolist(), strict=True)
        names = [name if known else f"\0{number}" for number, (name, known) in enumerate(named)]
        return {**said, "names": names}

    def take(self, names: dict[str, list[str]]) -> None:
        """Go on from columns and names as another process left them; the columns are filled already."""
        for name in NAMES:
            getattr(self, f"_{name}").take(names[name])
        self.slots.resume()

    def _rows_of(self, slots: Places) -> Places:
        return _ranges(self._first.rows[slots], self._many.rows[slots])[0]

    def _span(self, slot: int) -> slice:
        first = int(self._items.rows[slot])
        return slice(first, first + int(self._held.rows[slot]))

    def _forget(self) -> None:
        for name in ("keys", "_reference"):
            self.__dict__.pop(name, None)


def _sorted(entry: Entry) -> tuple[Collection[str], ...]:
    """The items of a record: concepts, words, topics."""
    return entry.concepts, entry.words, entry.facts.topics


def _plain(facts: Facts) -> str:
    return orjson.dumps(list(vars(facts).values())).decode()


@lru_cache(maxsize=4_096)
def _facts(stored: str) -> Facts:
    values: Any = [tuple(v) if isinstance(v, list) else v for v in orjson.loads(stored)]
    return Facts(*values)


def _ranges(starts: Places, counts: Places) -> tuple[Places, Places]:
    """The numbers start, start + 1, … of each range, one range after the other; and the counts."""
    before = np.cumsum(counts) - counts
    return np.repeat(starts - before, counts) + np.arange(int(counts.sum())), counts


def _best_each(values: Exact, counts: Places, *, without: Exact) -> Exact:
    """The highest of each range of values; `without` for an empty range."""
    best = without.copy()
    full = counts > 0
    starts = (np.cumsum(counts) - counts)[full]
    if len(starts):
        best[full] = np.maximum.reduceat(values, starts)
    return best


def _standardised(
    near: Exact, spreads: Spreads, name: str, names: Sequence[str], numbers: NDArray[np.int16]
) -> Exact:
    """How many standard deviations each similarity stands out, by the spread of its pair of names."""
    table = [spreads.get((min(name, n), max(name, n)), Spread()) for n in names]
    means, deviations = np.array([(s.mean, s.deviation) for s in table]).T.copy()
    return np.asarray((near - means[numbers]) / deviations[numbers], np.float64)
