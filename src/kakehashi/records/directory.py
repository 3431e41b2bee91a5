"""The directory of organisations: what is typed is found in any name, and cities are counted for the map."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from kakehashi.records.cities import forms
from kakehashi.records.projection import Frame, radius
from kakehashi.text.fold import fold
from kakehashi.text.names import key

Box: TypeAlias = tuple[float, float, float, float]
LETTER = 38  # units a line of names is high (ui/records.css, largest)
GAP = 10
SEARCHED = ("reading", "city", "sector", "ror")


@dataclass(frozen=True)
class Dot:
    """One city on the map, in whole units of the frame. `side`: where its name stands, "" if nowhere."""

    city: str
    count: int
    x: int
    y: int
    radius: int
    name: str
    side: str = ""

    @property
    def name_x(self) -> int:
        return self.x + (self.radius + GAP) * (-1 if self.side == "left" else 1)

    @property
    def name_y(self) -> int:
        return self.y + LETTER // 3

    def box(self, side: str) -> Box:
        """Where the name would stand: left, top, right, bottom."""
        width = sum(LETTER if ord(letter) > 0x2E7F else LETTER * 0.55 for letter in self.name)
        begin = self.x - self.radius - GAP - width if side == "left" else self.x + self.radius + GAP
        return begin, self.y - LETTER * 0.6, begin + width, self.y + LETTER * 0.6


def matches(typed: str, body: dict[str, Any]) -> bool:
    """True if every word typed is in a name, the reading, the city or the sector, however spelled."""
    words = fold(typed).split()
    if not words:
        return True
    names = list(body["names"].values())
    said = fold(" ".join([*names, *(str(body.get(n, "")) for n in SEARCHED), *forms(body.get("city", ""))]))
    joined = " ".join(key(name) for name in [*names, str(body.get("reading", ""))])
    return all(word in said or (len(word) > 1 and key(word) in joined) for word in words)


def sort_key(body: dict[str, Any], lang: str) -> tuple[str, str]:
    """Japanese readers find names by their reading, others by their Latin letters."""
    names = body["names"]
    latin = names.get(lang) or names.get("en") or names.get("de") or next(iter(names.values()))
    if lang == "ja":
        return (fold(body.get("reading") or names.get("ja") or latin), latin)
    return (fold(latin), latin)


def dots(bodies: Iterable[dict[str, Any]], at: Frame, name: Callable[[str], str]) -> list[Dot]:
    """The cities of these organisations, largest first, so that small ones lie on top."""
    cities: dict[str, list[dict[str, Any]]] = {}
    for body in bodies:
        if body.get("city") and "latitude" in body and "longitude" in body:
            cities.setdefault(body["city"], []).append(body)
    placed = []
    for city, there in sorted(cities.items(), key=lambda entry: (-len(entry[1]), entry[0])):
        x, y = (round(u) for u in at.place((_middle(there, "longitude"), _middle(there, "latitude"))))
        placed.append(Dot(city, len(there), x, y, round(radius(len(there))), name(city)))
    return _named(placed, at.width)


def _middle(bodies: Sequence[dict[str, Any]], name: str) -> float:
    return sum(float(body[name]) for body in bodies) / len(bodies)


def _named(placed: list[Dot], width: int) -> list[Dot]:
    """Names to the right or left of dots, the largest first, where they cover neither a name nor a dot."""
    taken: list[Box] = []
    made = []
    for dot in placed:
        circles = [_circle(other) for other in placed if other is not dot]
        side = next((side for side in ("right", "left") if _free(dot.box(side), taken + circles, width)), "")
        if side:
            taken.append(dot.box(side))
        made.append(replace(dot, side=side))
    return made


def _circle(dot: Dot) -> Box:
    return dot.x - dot.radius, dot.y - dot.radius, dot.x + dot.radius, dot.y + dot.radius


def _free(box: Box, taken: list[Box], width: int) -> bool:
    if box[0] < 0 or box[2] > width:
        return False
    return not any(box[0] < t[2] and t[0] < box[2] and box[1] < t[3] and t[1] < box[3] for t in taken)
