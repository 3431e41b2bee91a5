"""Every field of a document, altered in each of four ways (C3)."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from kakehashi.errors import KakehashiError
from kakehashi.signing import canonical

FLIP, SWAP, DROP, ADD = "bit flipped", "swapped with the next", "dropped", "something added"
STRAY = "kx"
Place = tuple[str | int, ...]


def places(value: Any, here: Place = ()) -> Iterator[Place]:
    """Where a JSON value has something in it: every member of every object, every element of every list."""
    for key in keys(value):
        yield (*here, key)
        yield from places(value[key], (*here, key))


def keys(value: Any) -> list[Any]:
    return list(value) if isinstance(value, dict) else list(range(len(value))) if type(value) is list else []


def altered(document: Any) -> Iterator[tuple[str, str, Any]]:
    """(place, how, the document with this one alteration), for all that stands in it."""
    yield "", ADD, _added(document, ())
    for place in places(document):
        container, key = _at(document, place[:-1]), place[-1]
        for value in flipped(container[key]):
            yield named(place), FLIP, _with(document, place, value)
        for other in _next(container, key):
            changed = _with(document, place, container[other])
            _at(changed, place[:-1])[other] = container[key]
            yield named(place), SWAP, changed
        less = deepcopy(document)
        del _at(less, place[:-1])[key]
        yield named(place), DROP, less
        if isinstance(container[key], dict | list):
            yield named(place), ADD, _added(document, place)


def flipped(value: Any) -> list[Any]:
    """The values in which one bit is another: of a text at its beginning, its middle and its end."""
    if isinstance(value, bool) or value is None:
        return [0 if value is None else not value]
    if isinstance(value, int):
        return [value ^ 1]
    if not isinstance(value, str):
        return []
    spots = sorted({0, len(value) // 2, len(value) - 1}) if value else []
    return [value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :] for at in spots]


def written(document: Any) -> bytes:
    """Canonical bytes, or what comes closest to them where there are none."""
    try:
        return canonical.encode(document)
    except (KakehashiError, ValueError, TypeError):
        return json.dumps(document, ensure_ascii=False).encode()


def lines_altered(text: str) -> Iterator[tuple[str, str, str]]:
    """The same for a text of lines, such as a signed note."""
    for place, how, lines in altered(text.split("\n")):
        yield f"line {place}", how, "\n".join(lines)


def named(place: Place) -> str:
    """`keys[0].use` of ("keys", 0, "use")."""
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in place]
    return "".join(steps).removeprefix(".")


def _at(document: Any, place: Place) -> Any:
    for key in place:
        document = document[key]
    return document


def _with(document: Any, place: Place, value: Any) -> Any:
    changed = deepcopy(document)
    _at(changed, place[:-1])[place[-1]] = deepcopy(value)
    return changed


def _added(document: Any, place: Place) -> Any:
    changed = deepcopy(document)
    container = _at(changed, place)
    container.append(STRAY) if isinstance(container, list) else container.update({STRAY: STRAY})
    return changed


def _next(container: Any, key: Any) -> list[Any]:
    """The neighbour with another value, if there is one."""
    every = keys(container)
    other = every[(every.index(key) + 1) % len(every)]
    return [other] if container[other] != container[key] else []
