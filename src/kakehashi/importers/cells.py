"""What a single cell says, and back: text to the value of a record's field, and the value to text.

Nothing is rounded and nothing guessed: what has two readings ("6.000 EUR", "3/4/2026") is a Fault.
Full-width digits and letters are read like the narrow ones.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from kakehashi.importers.columns import normal
from kakehashi.records.kinds import Field
from kakehashi.records.schema import CURRENCY, DATE, DECIMAL

Refer: TypeAlias = Callable[[str], "dict[str, str] | Fault"]
Names: TypeAlias = Mapping[str, str]

# Lists whose items may hold a semicolon themselves: only a line break parts them.
_BY_LINE = {"key_works", "identifiers", "sources"}
_SOURCE = re.compile(r"(?P<url>\S+)\s+(?P<title>.+?)(?:\s*[(（](?P<date>\d{4}(?:-\d{2}){0,2})[)）])?")
_ISO_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?")
_JAPANESE_DAY = re.compile(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?")
_GERMAN_DAY = re.compile(r"(?:(\d{1,2})\.)?(\d{1,2})\.(\d{4})")
_MONEY = re.compile(r"(?:(?P<before>[A-Z]{3})\s*)?(?P<value>[\d.]+)(?:\s*(?P<after>[A-Z]{3}))?")
_YES = {"true", "yes", "y", "ja", "j", "x", "1", "はい", "○", "有", "可"}
_NO = {"false", "no", "n", "nein", "0", "いいえ", "×", "無", "不可"}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell: a code that records.labels.say or importers.sentences puts into words."""

    code: str


def read(field: Field, text: str, names: Names, refer: Refer) -> Any:
    """The value of a field that has one column, or a Fault. `names` leads from folded choices to codes."""
    plain = unicodedata.normalize("NFKC", text).strip()
    match field.type:
        case "choice":
            return names.get(normal(text), Fault("choice-unknown"))
        case "choices":
            found = [names.get(normal(item)) for item in items(field, text)]
            return Fault("choice-unknown") if None in found else list(dict.fromkeys(found))
        case "integer":
            return int(plain) if re.fullmatch(r"-?\d{1,15}", plain) else Fault("integer")
        case "decimal":
            return _decimal(plain)
        case "date":
            return _date(plain)
        case "flag":
            return _flag(plain.casefold())
        case "money":
            return _money(plain)
        case "reference":
            return refer(text)
        case "references":
            return _all([refer(item) for item in items(field, text)])
        case "sources":
            return _all([_source(item) for item in items(field, text)])
        case "strings":
            return items(field, text)
        case _:
            return text.strip()


def items(field: Field, text: str) -> list[str]:
    """The items of a list: parted by line breaks if there are any, else by semicolons."""
    by_line = field.name in _BY_LINE or "\n" in text
    return [
        item.strip() for item in (text.split("\n") if by_line else re.split("[;；]", text)) if item.strip()
    ]


def write(field: Field, value: Any, name: Callable[[str, str], str]) -> str:
    """The text of a cell that `read` turns into `value` again; `name(field, code)` names a choice."""
    match field.type:
        case "choice":
            return name(field.name, value)
        case "choices":
            return lines([name(field.name, code) for code in value])
        case "flag":
            return "TRUE" if value else "FALSE"
        case "money":
            return f"{value['value']} {value['currency']}"
        case "reference":
            return str(value.get("ror") or value["name"])
        case "references":
            return lines([reference.get("ror") or reference["name"] for reference in value])
        case "sources":
            return lines([_source_text(source) for source in value])
        case "strings":
            return lines(value)
        case _:
            return str(value)


def lines(parts: list[str]) -> str:
    """One item a line; a single one with a semicolon is closed by a line break, so that it stays one."""
    return "\n".join(parts) + ("\n" if len(parts) == 1 and re.search("[;；]", parts[0]) else "")


def _all(values: list[Any]) -> Any:
    return next((value for value in values if isinstance(value, Fault)), values)


def _decimal(text: str) -> str | Fault:
    pointed = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    return pointed if DECIMAL.fullmatch(pointed) else Fault("decimal")


def _flag(text: str) -> bool | Fault:
    return True if text in _YES else False if text in _NO else Fault("flag")


def _date(text: str) -> str | Fault:
    """YYYY, YYYY-MM or YYYY-MM-DD from the ways in which the three languages write a date."""
    parts: tuple[str | None, ...] = (text,)
    if found := _ISO_DAY.fullmatch(text) or _JAPANESE_DAY.fullmatch(text):
        parts = found.groups()
    elif found := _GERMAN_DAY.fullmatch(text):
        parts = tuple(reversed(found.groups()))
    made = "-".join(part.zfill(2) for part in parts if part)
    return made if DATE.fullmatch(made) else Fault("date")


def _money(text: str) -> dict[str, str] | Fault:
    found = _MONEY.fullmatch(text)
    currency = (found["before"] or found["after"]) if found else None
    if not found or not currency or not CURRENCY.fullmatch(currency) or not DECIMAL.fullmatch(found["value"]):
        return Fault("money")
    whole, point, rest = found["value"].partition(".")
    if point and len(rest) == 3:  # 6.000 is six thousand to a German and six to others
        return Fault("money")
    return {"value": whole + point + rest, "currency": currency}


def _source(text: str) -> dict[str, str] | Fault:
    found = _SOURCE.fullmatch(text)
    if not found:
        return Fault("sources")
    return {name: part for name, part in found.groupdict().items() if part}


def _source_text(source: Mapping[str, str]) -> str:
    return f"{source['url']} {source['title']}" + (f" ({source['date']})" if "date" in source else "")
