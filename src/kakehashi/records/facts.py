"""What a page says of one record: its sections of text, and its facts with the gaps that must be seen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kakehashi.records import labels
from kakehashi.records.kinds import FIELDS, Field
from kakehashi.records.models import Reading
from kakehashi.records.templatetags.readings import address, titled
from kakehashi.text.detect import detect
from kakehashi.translation.lazy import Promise
from kakehashi.translation.texts import Shown, Texts, pick
from kakehashi.ui.moments import number, partial_date

# Said in the page's head, in its sections or in its account of where it comes from.
ELSEWHERE = {
    *("title", "summary", "organisation", "names", "reading", "region", "city"),
    *("source_date", "sources", "provenance"),
}
MERGED = {"latitude", "longitude", "employees_year"}
# Gaps that a reader must see: absence of an answer is an answer.
GAPS = {"stage", "trl", "medical_stage", "ipr", "founded", "employees"}
IN_FACTS = {"sought_partner", "partner_role"}
Known = Mapping[UUID, Reading]


@dataclass(frozen=True)
class Item:
    """One value as it is read. `lang` marks words in another language, `text` carries their origin."""

    words: Any
    lang: str = ""
    address: str = ""
    text: Shown | None = None


@dataclass(frozen=True)
class Fact:
    """One line of the facts; no items means that nothing is known."""

    name: str
    label: Promise | str
    items: list[Item]
    terms: bool = False  # short items that run on in one line


@dataclass(frozen=True)
class Section:
    """A passage of text under its own heading. `repeats`: the one before comes from the same hand."""

    name: str
    label: Promise | str
    text: Shown
    repeats: bool


def sections(body: Mapping[str, Any], lang: str) -> list[Section]:
    """The long texts of a record, in the order of its fields."""
    made: list[Section] = []
    for field in FIELDS[body["kind"]]:
        text = pick(body.get(field.name), lang) if _is_section(field) else None
        if text:
            before = made[-1].text if made else None
            made.append(Section(field.name, labels.field(field.name), text, _same_hand(before, text)))
    return made


def facts(body: Mapping[str, Any], lang: str, known: Known) -> list[Fact]:
    """All other members, gaps included; `known` are the organisations that the reader may open."""
    made = []
    for field in FIELDS[body["kind"]]:
        if field.name in ELSEWHERE | MERGED or _is_section(field):
            continue
        items = _items(field, body, lang, known) if field.name in body else []
        if items or field.name in GAPS:
            terms = field.type in ("choices", "terms", "strings", "references")
            made.append(Fact(field.name, labels.field(field.name), items, terms))
    return made


def _is_section(field: Field) -> bool:
    return field.type == "long_texts" and field.name not in ELSEWHERE | IN_FACTS


def _same_hand(before: Shown | None, text: Shown) -> bool:
    """True where the label would only be said again: originals of one language, one after the other."""
    if before is None or before.translated or text.translated:
        return False
    return before.lang == text.lang


def _items(field: Field, body: Mapping[str, Any], lang: str, known: Known) -> list[Item]:
    value = body[field.name]
    if field.name == "employees" and "employees_year" in body:
        return [Item(_("%(count)s (%(year)s)") % {"count": number(value), "year": body["employees_year"]})]
    if field.name in ("ror", "website"):
        return [Item(value, address=value if value.startswith("http") else f"https://ror.org/{value}")]
    return _ITEMS[field.type](field, value, lang, known)


def _texts(field: Field, value: Texts, lang: str, known: Known) -> list[Item]:
    text = pick(value, lang)
    if text is None:
        return []
    lines = text.text.split("\n") if field.type == "terms" else [text.text]
    return [
        Item(line, lang=text.bcp47, text=text if line == lines[0] else None) for line in lines if line.strip()
    ]


def _choice(field: Field, value: str, lang: str, known: Known) -> list[Item]:
    named = labels.names_of(field.name).get(value)
    return [Item(_in(named, lang) if named else labels.choice(field.name, value))]


def _choices(field: Field, value: list[str], lang: str, known: Known) -> list[Item]:
    return [item for code in value for item in _choice(field, code, lang, known)]


def _reference(field: Field, value: Mapping[str, str], lang: str, known: Known) -> list[Item]:
    reading = known.get(UUID(value["id"]))
    if reading is None:
        return [Item(value["name"])]
    title = titled(reading)
    return [Item(title.text, lang=title.lang, address=address(reading))]


def _references(field: Field, value: list[Mapping[str, str]], lang: str, known: Known) -> list[Item]:
    return [item for each in value for item in _reference(field, each, lang, known)]


def _strings(field: Field, value: list[str], lang: str, known: Known) -> list[Item]:
    if field.name == "key_works":
        return [Item(each, address=_doi(each)) for each in value]
    return [Item(each, address=each if each.startswith(("https://", "http://")) else "") for each in value]


def _money(field: Field, value: Mapping[str, str], lang: str, known: Known) -> list[Item]:
    whole = value["value"].lstrip("-").isdecimal()
    amount = number(int(value["value"])) if whole else value["value"]
    return [Item(f"{amount}\u00a0{value['currency']}")]


def _doi(work: str) -> str:
    return (
        work if work.startswith(("https://", "http://")) else f"https://doi.org/{work.removeprefix('doi:')}"
    )


def _in(names: Mapping[str, str], lang: str) -> str:
    return names.get(lang) or next(iter(names.values()))


_ITEMS: dict[str, Callable[[Field, Any, str, Known], list[Item]]] = {
    "texts": _texts,
    "long_texts": _texts,
    "terms": _texts,
    "choice": _choice,
    "choices": _choices,
    "reference": _reference,
    "references": _references,
    "strings": _strings,
    "money": _money,
    "date": lambda field, value, lang, known: [Item(partial_date(value))],
    "integer": lambda field, value, lang, known: [
        Item(str(value) if field.name == "founded" else number(value))
    ],
    "flag": lambda field, value, lang, known: [Item(_("yes") if value else _("no"))],
    "string": lambda field, value, lang, known: [Item(value, lang=detect(value) or "")],
    "decimal": lambda field, value, lang, known: [Item(value)],
    "url": lambda field, value, lang, known: [Item(value, address=value)],
}
