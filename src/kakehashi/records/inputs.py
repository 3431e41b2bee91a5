"""From a record's members to what stands in form controls, and back without loss.

`show` gives the text of each control, `read` the member that the typed texts mean. What cannot be meant is
passed on as typed: `records.schema` alone judges, and nothing typed is lost.
"""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from kakehashi.records.kinds import TRANSLATABLE, Field
from kakehashi.text.fold import fold
from kakehashi.translation.editing import edited
from kakehashi.translation.texts import LANGUAGES

Shown: TypeAlias = dict[str, Any]  # control name to text, list of codes, or True/False
SOURCE_PARTS = ("url", "title", "date")
DIGITS_LIMIT = 15


@dataclass(frozen=True)
class Context:
    """What a form knows beside the typed texts.

    `own` are references to the organisations that may own the record, by id; `directory` references to all
    that may be named, by folded name.
    """

    lang: str
    lang_before: str
    office: str
    own: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    directory: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    checked: Collection[str] = ()  # controls "title_ja" whose translation the editor vouches for


def show(field: Field, value: Any) -> Shown:
    """What stands in the controls of one field; rows beyond those needed are not listed."""
    name = field.name
    if field.type in TRANSLATABLE:
        return {f"{name}_{lang}": (value or {}).get(lang, {}).get("text", "") for lang in LANGUAGES}
    if field.type == "names":
        return {f"{name}_{lang}": (value or {}).get(lang, "") for lang in LANGUAGES}
    if field.type == "references":
        return {f"{name}_{row}": each["name"] for row, each in enumerate(value or [])}
    if field.type == "sources":
        return {
            f"{name}_{row}_{part}": each.get(part, "")
            for row, each in enumerate(value or [])
            for part in SOURCE_PARTS
        }
    return {name: _single(field, value)}


def _single(field: Field, value: Any) -> Any:
    if field.type == "choices":
        return list(value or [])
    if field.type == "flag":
        return bool(value)
    if value is None:
        return ""
    if field.type == "strings":
        return "\n".join(value)
    if field.type == "money":
        return f"{value['value']} {value['currency']}"
    return value["id"] if field.type == "reference" else str(value)


def read(field: Field, typed: Shown, stored: Any, context: Context) -> Any:
    """The member that the controls of one field mean; None if it is left out."""
    if stored is not None and field.type not in TRANSLATABLE and _same(typed, show(field, stored)):
        return stored
    return _READ.get(field.type, _text)(field, typed, stored, context)


def _same(typed: Shown, shown: Shown) -> bool:
    filled = {name: value for name, value in typed.items() if value not in ("", [])}
    before = {name: value for name, value in shown.items() if value not in ("", [])}
    if filled.keys() != before.keys():
        return False
    return all(_plain(filled[name]) == _plain(before[name]) for name in filled)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(value)
    return value.strip() if isinstance(value, str) else value


def _texts(field: Field, typed: Shown, stored: Any, context: Context) -> Any:
    texts = {}
    for lang in LANGUAGES:
        text, before = typed[f"{field.name}_{lang}"], (stored or {}).get(lang, {}).get("text", "")
        text = _one_line(text) if field.type == "texts" else text
        texts[lang] = before if text.strip() == before.strip() else text.strip()
    checked = {lang for lang in LANGUAGES if f"{field.name}_{lang}" in context.checked}
    return edited(
        stored,
        texts,
        lang=context.lang,
        lang_before=context.lang_before,
        checked=checked,
        by=context.office,
    )


def _one_line(text: str) -> str:
    """What was typed into a box of several lines for something that has one."""
    return " ".join(text.split("\n")).strip()


def _names(field: Field, typed: Shown, stored: Any, context: Context) -> Any:
    names = {lang: _one_line(typed[f"{field.name}_{lang}"]) for lang in LANGUAGES}
    return {lang: name for lang, name in names.items() if name} or None


def _text(field: Field, typed: Shown, stored: Any, context: Context) -> Any:
    """One line; dates, numbers and addresses also as a Japanese keyboard types them, in full width."""
    text = typed[field.name].strip()
    return (text if field.type in ("string", "choice") else _half_width(text)) or None


def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text) if len(text) < 4000 else text


def _integer(field: Field, typed: Shown, stored: Any, context: Context) -> Any:
    text = _half_width(typed[field.name].strip())
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= DIGITS_LIMIT else text or None


def _flag(field: Field, typed: Shown, stored: Any, context: Context) -> Any:
    return True if typed[field.name] else (None if stored is None else False)


def _choices(field: Field, typed: Shown, stored: Any, context: Context) -> Any:
    return list(typed[field.name]) or None


def _strings(field: Field, typed: Shown, stored: Any, context: Context) -> Any:
    return [line.strip() for line in typed[field.name].split("\n") if line.strip()] or None


def _money(field: Field, typed: Shown, stored: Any, context: Context) -> Any:
    text = _half_width(typed[field.name].strip())
    value, _blank, currency = text.rpartition(" ")
    return {"value": value.replace(" ", ""), "currency": currency} if text else None


def _reference(field: Field, typed: Shown, stored: Any, context: Context) -> Any:
    chosen = typed[field.name]
    known = context.own.get(chosen)
    return (dict(known) if known else {"origin": "", "id": chosen, "name": chosen}) if chosen else None


def _references(field: Field, typed: Shown, stored: Any, context: Context) -> Any:
    kept = {each["name"]: each for each in stored or []}
    names = [name.strip() for name in typed.values() if name.strip()]
    unknown = {"origin": "", "id": ""}
    return [
        dict(kept.get(name) or context.directory.get(fold(name)) or {**unknown, "name": name})
        for name in names
    ] or None


def _sources(field: Field, typed: Shown, stored: Any, context: Context) -> Any:
    rows: dict[str, dict[str, str]] = {}
    for name, text in typed.items():
        _name, row, part = name.rsplit("_", 2)
        if text.strip():
            rows.setdefault(row, {})[part] = text.strip() if part == "title" else _half_width(text.strip())
    return [{"url": "", "title": "", **parts} for parts in rows.values()] or None


_READ = {
    "texts": _texts,
    "long_texts": _texts,
    "terms": _texts,
    "names": _names,
    "integer": _integer,
    "flag": _flag,
    "choices": _choices,
    "strings": _strings,
    "money": _money,
    "reference": _reference,
    "references": _references,
    "sources": _sources,
}
