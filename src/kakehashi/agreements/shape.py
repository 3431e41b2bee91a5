"""Small checks that say, path by path, what is wrong with a value from outside; nothing is trusted before."""

from collections.abc import Callable
from typing import Any, TypeAlias

from kakehashi.records.schema import HOSTILE

Problems: TypeAlias = dict[str, list[str]]
Check: TypeAlias = Callable[[Any, str, Problems], None]


def gettext_noop(sentence: str) -> str:
    """Marks a sentence for the message catalogues, which each surface looks up; rules know no Django."""
    return sentence


MOST_PROBLEMS = 40  # a hostile draft must not become a page without end

MISSING = gettext_noop("This part is missing.")
UNKNOWN = gettext_noop("This part is not known here.")
WRONG_FORM = gettext_noop("This has not the form that is expected here.")
NOT_ALLOWED = gettext_noop("This is not one of the values allowed.")
TOO_LONG = gettext_noop("This is empty or too long.")
HOSTILE_CHARACTERS = gettext_noop("This contains invisible or control characters.")
TOO_MANY = gettext_noop("There are too few or too many entries.")
REPEATED = gettext_noop("An entry stands here twice.")
OUT_OF_RANGE = gettext_noop("This number is too small or too large.")


def add(problems: Problems, path: str, message: str) -> None:
    """Note one problem, up to the limit."""
    if len(problems) < MOST_PROBLEMS:
        problems.setdefault(path, []).append(message)


def members(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    """An object with exactly these members."""
    known = {**required, **(optional or {})}

    def check(value: Any, path: str, problems: Problems) -> None:
        if type(value) is not dict:
            return add(problems, path, WRONG_FORM)
        for name in value.keys() - known.keys():
            add(problems, _join(path, str(name)[:40]), UNKNOWN)
        for name, member in known.items():
            if name in value:
                member(value[name], _join(path, name), problems)
            elif name in required:
                add(problems, _join(path, name), MISSING)

    return check


def several(entry: Check, least: int, most: int) -> Check:
    """A list of `least` to `most` different entries."""

    def check(value: Any, path: str, problems: Problems) -> None:
        if type(value) is not list:
            return add(problems, path, WRONG_FORM)
        if not least <= len(value) <= most:
            return add(problems, path, TOO_MANY)
        if any(value[i] in value[:i] for i in range(len(value))):
            add(problems, path, REPEATED)
        for place, one in enumerate(value):
            entry(one, _join(path, str(place)), problems)

    return check


def line(most: int, matching: Callable[[str], object] = bool) -> Check:
    """Text of 1 to `most` characters without control characters, for which `matching` holds."""

    def check(value: Any, path: str, problems: Problems) -> None:
        if type(value) is not str:
            add(problems, path, WRONG_FORM)
        elif not value.strip() or len(value) > most:
            add(problems, path, TOO_LONG)
        elif HOSTILE.search(value):
            add(problems, path, HOSTILE_CHARACTERS)
        elif not matching(value):
            add(problems, path, WRONG_FORM)

    return check


def one_of(*values: object) -> Check:
    """Exactly one of `values`, of the same type."""

    def check(value: Any, path: str, problems: Problems) -> None:
        if not any(type(value) is type(v) and value == v for v in values):
            add(problems, path, NOT_ALLOWED)

    return check


def whole(least: int, most: int) -> Check:
    """An integer from `least` to `most`."""

    def check(value: Any, path: str, problems: Problems) -> None:
        if type(value) is not int:
            add(problems, path, WRONG_FORM)
        elif not least <= value <= most:
            add(problems, path, OUT_OF_RANGE)

    return check


def by_language(entry: Check, languages: tuple[str, ...]) -> Check:
    """An object that maps at least one of `languages` to an entry."""

    def check(value: Any, path: str, problems: Problems) -> None:
        if type(value) is dict and not value:
            return add(problems, path, MISSING)
        members({}, dict.fromkeys(languages, entry))(value, path, problems)

    return check


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
