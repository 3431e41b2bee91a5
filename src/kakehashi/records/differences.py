"""What changed between two revisions, word by word where it is text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal, TypeAlias

from kakehashi.records.kinds import FIELDS, TRANSLATABLE
from kakehashi.translation.texts import LANGUAGES

Part: TypeAlias = tuple[Literal["same", "gone", "new"], str]
# Words of alphabetic scripts as a whole, every other character for itself.
TOKEN = re.compile(r"[^\W\u3040-\u30ff\u3400-\u9fff]+|\s+|.", re.S)
TOO_LONG = 4000  # tokens of both sides; beyond, the whole text is shown as replaced


@dataclass(frozen=True)
class Change:
    """One member that changed. `lang` is "" where it has no languages; `origin` says if that changed too."""

    name: str
    lang: str
    parts: list[Part]
    origin_before: str = ""
    origin_after: str = ""


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """All members that differ, in the order of the fields; `before` and `after` are bodies of one kind."""
    made = []
    for field in FIELDS[after["kind"]]:
        old, new = before.get(field.name), after.get(field.name)
        if old == new:
            continue
        if field.type in TRANSLATABLE:
            made += _wordings(field.name, old or {}, new or {})
        else:
            made.append(Change(field.name, "", _whole(plain(old), plain(new))))
    return made


def _wordings(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    made = []
    for lang in LANGUAGES:
        was, now = old.get(lang, {}), new.get(lang, {})
        if was != now:
            parts = words(was.get("text", ""), now.get("text", ""))
            made.append(Change(name, lang, parts, was.get("origin", ""), now.get("origin", "")))
    return made


def words(old: str, new: str) -> list[Part]:
    """The new text with what is gone and what is new in it."""
    a, b = TOKEN.findall(old), TOKEN.findall(new)
    if len(a) + len(b) > TOO_LONG:
        return _whole(old, new)
    parts: list[Part] = []
    for kind, a0, a1, b0, b1 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(("same", "".join(a[a0:a1])))
            continue
        parts += _whole("".join(a[a0:a1]), "".join(b[b0:b1]))
    return parts


def _whole(old: str, new: str) -> list[Part]:
    parts: list[Part] = [("gone", old), ("new", new)]
    return [part for part in parts if part[1]]


def plain(value: Any) -> str:
    """A value without languages as one line."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(plain(each) for each in value)
    if isinstance(value, dict):
        if "name" in value:
            return str(value["name"])
        return " ".join(str(each) for each in value.values())
    return str(value)
