"""What search filters by, of all published readings in memory: who may see what, kind, side, topics, …

Arrays by key. Each value (a side, a set of topics, a rule of who sees it) has a number, so that a filter is
judged once a value and then looked up for all readings at once.
"""

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from kakehashi.accounts.viewer import Viewer
from kakehashi.matching.column import Column
from kakehashi.matching.signs import Mask, Places
from kakehashi.records.sight import Shown, Sight, endless, seen

NEVER = 2**62
REMEMBERED = 100  # viewers whose judgements are kept
_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Filters:
    """What the reader limits a search to; empty means all. Values are codes, `organisation` a record's id."""

    kind: str = ""
    side: str = ""
    topic: str = ""
    region: str = ""
    lang: str = ""
    organisation: str = ""
    clause: str = ""

    @property
    def any(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


class _Values:
    """A column of numbers, and what they stand for; `plain` and `thaw` bring that into JSON and back."""

    def __init__(self, plain: Callable[[Any], Any], thaw: Callable[[Any], Any]) -> None:
        self.numbers = Column(np.int32)
        self.all: list[Any] = []
        self._number: dict[Hashable, int] = {}
        self._plain, self._thaw = plain, thaw

    def number(self, value: Hashable) -> int:
        found = self._number.setdefault(value, len(self.all))
        if found == len(self.all):
            self.all.append(value)
        return found

    def content(self) -> list[Any]:
        return list(map(self._plain, self.all))

    def take(self, content: list[Any]) -> None:
        self.all = list(map(self._thaw, content))
        self._number = {value: number for number, value in enumerate(self.all)}

    def where(self, holds: Callable[[Any], bool]) -> Mask:
        """The keys whose value holds."""
        return self.told([holds(value) for value in self.all])

    def told(self, values: Sequence[bool] | Mask) -> Mask:
        """By key: what is said of its value."""
        return np.take(np.asarray(values, bool), self.numbers.rows, mode="clip")


class _Judgement(NamedTuple):
    """Which of the first `rules` rules of sight let somebody see, from `since` to before `until`."""

    since: datetime
    until: datetime
    rules: int
    visible: Mask
    always: Mask


class Shelf:
    """Keys that hold nothing are absent."""

    def __init__(self) -> None:
        self.present, self.historical = Column(bool), Column(bool)
        self._expires, self._date = Column(np.int64), Column(np.int32)
        self._kind, self._side, self._lang = (_Values(str, str) for _ in range(3))
        self._sight = _Values(Sight.plain, Sight.thaw)
        self._topics, self._regions, self._organisations = (_Values(list, tuple) for _ in range(3))
        self._judgements: dict[tuple[Any, ...], _Judgement] = {}

    @property
    def size(self) -> int:
        """One more than the highest key."""
        return self.present.count

    def put(self, rows: Sequence[Shown]) -> None:
        """Add readings, or replace those with the same keys."""
        if not rows:
            return
        keys = np.array([row.key for row in rows], np.int64)
        self._reach(int(keys.max()) + 1)
        self.present.rows[keys] = True
        self.historical.rows[keys] = [row.historical for row in rows]
        self._expires.rows[keys] = [NEVER if row.expires is None else _micros(row.expires) for row in rows]
        self._date.rows[keys] = [int(row.date.replace("-", "").ljust(8, "0")) for row in rows]
        for _, values, place in self._valued():
            values.numbers.rows[keys] = [values.number(row[place]) for row in rows]

    def drop(self, keys: Collection[int]) -> None:
        """Take readings out; those that are not there are passed over."""
        self.present.rows[[key for key in keys if key < self.size]] = False

    def mask(self, viewer: Viewer, filters: Filters, now: datetime) -> Mask:
        """By key: what `viewer` may see and the filters leave; one that makes no sense leaves nothing."""
        found = self._visible(viewer, now)
        for values, wanted in (
            (self._kind, filters.kind),
            (self._side, filters.side),
            (self._lang, filters.lang),
        ):
            if wanted:
                found &= values.where(wanted.__eq__)
        for values, wanted in (
            (self._topics, filters.topic),
            (self._regions, filters.region),
            (self._organisations, _identifier(filters.organisation)),
        ):
            if wanted:
                found &= values.where(partial(_holds, wanted))
        if filters.clause:
            found &= self._sight.where(lambda sight: sight.crossed(filters.clause, now))
            if filters.kind != "organisation":  # organisations accompany what crosses under a clause
                found &= self._kind.where("organisation".__ne__)
        return found

    def newest(self, found: Mask) -> Places:
        """The keys of a mask, newest first, historical ones after all others."""
        keys = np.flatnonzero(found)
        return keys[np.lexsort((keys, -self._date.rows[keys], self.historical.rows[keys]))]

    def _visible(self, viewer: Viewer, now: datetime) -> Mask:
        visible, always = self._judged(viewer, now)
        found = self._sight.told(visible)
        found &= self._expires.rows > _micros(now)
        if always.any():
            found |= self._sight.told(always)
        found &= self.present.rows
        return found

    def _judged(self, viewer: Viewer, now: datetime) -> tuple[Mask, Mask]:
        """For each rule of sight whether it lets `viewer` see; asked again once a passage has ended."""
        asked = (viewer.role, viewer.organisation)
        sights = self._sight.all
        known = self._judgements.get(asked)
        if known is None or known.rules != len(sights) or not known.since <= now < known.until:
            ends = (way.until for sight in sights for way in sight.ways if way.until > now)
            known = _Judgement(
                now,
                min(ends, default=datetime.max.replace(tzinfo=UTC)),
                len(sights),
                np.array([seen(viewer, sight, now) for sight in sights], bool),
                np.array([endless(viewer, sight) for sight in sights], bool),
            )
            if len(self._judgements) > REMEMBERED:
                self._judgements.clear()
            self._judgements[asked] = known
        return known.visible, known.always

    def columns(self) -> dict[str, Column]:
        """All that a snapshot keeps, by names that last."""
        plain = {"present": self.present, "historical": self.historical, "expires": self._expires}
        plain["date"] = self._date
        return {
            **{f"shelf.{name}": column for name, column in plain.items()},
            **{f"shelf.{name}": values.numbers for name, values, _ in self._valued()},
        }

    def content(self) -> dict[str, list[Any]]:
        """What the numbers in the columns stand for, as JSON."""
        return {name: values.content() for name, values, _ in self._valued()}

    def take(self, content: dict[str, list[Any]]) -> None:
        """Go on from columns and content as another process left them; the columns are filled already."""
        for name, values, _ in self._valued():
            values.take(content[name])

    def _valued(self) -> tuple[tuple[str, _Values, int], ...]:
        """Each column of values, with its place in a row."""
        return (
            ("kind", self._kind, 1),
            ("side", self._side, 2),
            ("lang", self._lang, 3),
            ("sight", self._sight, 7),
            ("topics", self._topics, 8),
            ("regions", self._regions, 9),
            ("organisations", self._organisations, 10),
        )

    def _reach(self, size: int) -> None:
        more = size - self.size
        if more > 0:
            plain = (self.present, self.historical, self._expires, self._date)
            for column in (*plain, *(values.numbers for _, values, _ in self._valued())):
                column.extend(np.zeros(more, column.rows.dtype))


def _holds(wanted: str, held: tuple[str, ...]) -> bool:
    return wanted in held


def _micros(moment: datetime) -> int:
    since = moment - _START
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _identifier(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return text
