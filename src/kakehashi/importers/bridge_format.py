"""The format of the demonstration set (data/demonstration/FORMAT.md): one line becomes one record's body.

Figures are read as they are written: a coordinate never passes through a float. What is null in a line is
absent in the body. A reference is made by the caller's `refer`, who knows the ids.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from kakehashi.records.kinds import FIELDS, TRANSLATABLE
from kakehashi.translation.texts import Texts, machine, original

ENGINE = "demonstration set 2026-11"
# Organisations first: everything else refers to them.
FILES = ("organisations", "offers", "requests", "developments", "academics", "practices", "invented")
NATIVE = {"munich": "de", "osaka": "ja"}
LANGUAGES = ("de", "ja", "en")
_RENAMED = {"lat": "latitude", "lon": "longitude", "published": "source_date"}
_APART = {"organisation", "organisations"}

Line: TypeAlias = dict[str, Any]
Reference: TypeAlias = dict[str, str]
Refer: TypeAlias = Callable[[str], Reference | None]


@dataclass(frozen=True)
class Entry:
    """One line: its slug, and what it says."""

    key: str
    kind: str
    line: Line

    @property
    def level(self) -> tuple[str, str, str]:
        """Audience, TLP label and onward; all real ones are public."""
        audience, tlp, onward = self.line.get("level", ("public", "CLEAR", "public"))
        return audience, tlp, onward


def read(folder: Path) -> Iterator[Entry]:
    """The entries of one side's folder, organisations first; decimals stay the strings they are."""
    for name in FILES:
        for text in (folder / f"{name}.jsonl").read_text("utf-8").splitlines():
            if text.strip():
                line = json.loads(text, parse_float=str)
                yield Entry(line["id"], line["kind"], line)


def body(entry: Entry, side: str, refer: Refer) -> dict[str, Any]:
    """The body of one entry (without "revision"), in the form of records/kinds.py."""
    line = {_RENAMED.get(name, name): value for name, value in entry.line.items() if value is not None}
    lang = line.get("lang", NATIVE[side])
    made: dict[str, Any] = {"kind": entry.kind, "lang": lang, "provenance": "public_sources"}
    for field in FIELDS[entry.kind]:
        if field.name in line and field.name not in _APART:
            made[field.name] = _value(field.type, line[field.name], lang)
    made |= _dates(entry.kind, line) | _parties(line, refer)
    return made


def reference(node: str, record_id: str, line: Line, side: str) -> Reference:
    """How others refer to the organisation of `line`: by the name that its own region uses."""
    names = line["names"]
    name = next(names[lang] for lang in (NATIVE[side], *LANGUAGES) if names.get(lang))
    made = {"origin": node, "id": record_id, "name": name}
    return made | ({"ror": line["ror"]} if line.get("ror") else {})


def _value(kind: str, value: Any, lang: str) -> Any:
    if kind in TRANSLATABLE:
        return _texts(value, lang)
    if kind == "names":
        return {lang: name for lang, name in value.items() if name}
    if kind == "decimal":
        return str(value)
    if kind == "money":
        return {"value": str(value["value"]), "currency": value["currency"]}
    if kind == "sources":
        return [{name: part for name, part in source.items() if part is not None} for source in value]
    return value


def _texts(value: Any, lang: str) -> Texts:
    """A plain string is the original; of several languages the others are the engine's."""
    if isinstance(value, str):
        return {lang: original(value)}
    plain = {c: "\n".join(v) if isinstance(v, list) else v for c, v in value.items() if v}
    source = next(c for c in (lang, *LANGUAGES) if c in plain)
    made = {source: original(plain[source])}
    others = (c for c in LANGUAGES if c in plain and c != source)
    return made | {c: machine(plain[c], of=plain[source], engine=ENGINE) for c in others}


def _dates(kind: str, line: Line) -> dict[str, str]:
    """The date of the fact; where none is given, that of the newest dated source, at its precision."""
    if kind == "organisation":
        return {}
    dated = [source["date"] for source in line.get("sources", []) if source.get("date")]
    found = line.get("date") or line.get("source_date") or max(dated, default="")
    return {"source_date": found} if found else {}


def _parties(line: Line, refer: Refer) -> dict[str, Any]:
    """The first known organisation owns the record, the others took part; unknown ones are left out."""
    slugs = line.get("organisations") or ([line["organisation"]] if "organisation" in line else [])
    known = [found for found in map(refer, slugs) if found]
    made: dict[str, Any] = {"organisation": known[0]} if known else {}
    return made | ({"organisations": known[1:]} if known[1:] else {})
