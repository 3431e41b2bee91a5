"""Checks a record's body against its kind: nothing unknown is trusted, nothing is rounded silently.

A body is `{"kind", "revision", "lang", <fields of records/kinds.py>}`. Problems are returned as codes with
the path of the field, so that each surface can say them in its reader's language (`records/labels.py`).
"""

import re
from collections.abc import Collection
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from kakehashi.records.kinds import EVERY, TRANSLATABLE, Field
from kakehashi.signing.commit import parse_stamp
from kakehashi.translation import texts

DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
MOMENT = re.compile(r"2[01]\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ")  # far from where reckoning with dates overflows
DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,10})?")
CURRENCY = re.compile(r"[A-Z]{3}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# C0 and C1 controls but tab and newline, lone surrogates, noncharacters, invisible tag characters, and the
# bidirectional overrides and isolates.
HOSTILE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff\U000e0000-\U000e007f]"
)
ONE_LINE = ("texts", "names", "string", "strings")
LINE_BREAK = re.compile("[\n\u2028\u2029]")
TOTAL_LIMIT = 200_000  # characters of all strings of one body
DEPTH_LIMIT = 8  # of objects and lists within each other; a real body has four
REVISION_LIMIT = 2**31 - 1  # what the databases hold
HEAD = {"kind", "revision", "lang"}
_BY_NAME = {kind: {field.name: field for field in fields} for kind, fields in EVERY.items()}

Problems = dict[str, list[str]]


def problems(body: Any) -> Problems:
    """All that is wrong with `body`, by field path; empty if it may be stored. Never raises."""
    if not isinstance(body, dict) or not isinstance(body.get("kind"), str) or body["kind"] not in EVERY:
        return {"": ["kind-unknown"]}
    held = _held(body)
    if held is None:
        return {"": ["too-deep"]}
    text = "".join(held)
    plain = text.isprintable()  # then it holds nothing of HOSTILE, and no LINE_BREAK
    fields = _BY_NAME[body["kind"]]
    found = _head_problems(body)
    for name in body.keys() - fields.keys() - HEAD:
        found[str(name)] = ["field-unknown"]
    for name, field in fields.items():
        if name in body:
            if codes := field_problems(field, body[name], plain=plain):
                found[name] = codes
        elif field.required:
            found[name] = ["required"]
    if len(text) > TOTAL_LIMIT:
        found[""] = ["too-long"]
    return found


def known(body: dict[str, Any]) -> dict[str, Any]:
    """Without what a later version added to its kind: that is kept in the bytes, and none of it is shown."""
    fields = _BY_NAME.get(body.get("kind", ""), {})
    return {name: value for name, value in body.items() if name in fields or name in HEAD}


def _head_problems(body: dict[str, Any]) -> Problems:
    found: Problems = {}
    if body.get("lang") not in texts.LANGUAGES:
        found["lang"] = ["choice-unknown"]
    if type(body.get("revision")) is not int or not 1 <= body["revision"] <= REVISION_LIMIT:
        found["revision"] = ["integer-range"]
    return found


def field_problems(field: Field, value: Any, *, plain: bool = False) -> list[str]:
    """Codes of what is wrong with one member; `plain`: its characters are known to be harmless."""
    if not plain:
        held = "".join(strings(value))
        if HOSTILE.search(held):
            return ["hostile-characters"]
        if field.type in ONE_LINE and LINE_BREAK.search(held):
            return ["line-break"]
    if field.type in TRANSLATABLE:
        return texts.problems(value, field.limit)
    return _CHECKS[field.type](field, value)


def _held(body: dict[str, Any]) -> list[str] | None:
    """All strings inside, keys left out; None where objects and lists stand too deep within each other."""
    found: list[str] = []
    level: list[Any] = [body]
    for _ in range(DEPTH_LIMIT):
        below: list[Any] = []
        for each in level:
            if isinstance(each, str):
                found.append(each)
            elif isinstance(each, (dict, list)):
                below += _children(each)
        if not below:
            return found
        level = below
    return None


def _children(value: Any) -> Collection[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def strings(value: Any) -> list[str]:
    """All strings inside a value, the outer ones first; keys left out."""
    found, rest = [], [value]
    for each in rest:  # which grows on the way
        if isinstance(each, str):
            found.append(each)
        else:
            rest += _children(each)
    return found


def _string(field: Field, value: Any) -> list[str]:
    if not isinstance(value, str) or not value.strip():
        return ["required"]
    return ["too-long"] if len(value) > field.limit else []


def _strings(field: Field, value: Any) -> list[str]:
    if not isinstance(value, list) or not value:
        return ["required"]
    if len(value) > field.limit:
        return ["too-many"]
    return [code for item in value for code in _string(Field(field.name, "string", limit=300), item)][:1]


def _names(field: Field, value: Any) -> list[str]:
    if not isinstance(value, dict) or not value or set(value) - set(texts.LANGUAGES):
        return ["names-languages"]
    return [code for item in value.values() for code in _string(field, item)][:1]


def _choice(field: Field, value: Any) -> list[str]:
    return [] if value in field.choices else ["choice-unknown"]


def _choices(field: Field, value: Any) -> list[str]:
    if not isinstance(value, list) or not value:
        return ["required"]
    if len(value) > field.limit:
        return ["too-many"]
    if any(not isinstance(v, str) for v in value) or len(set(value)) != len(value):
        return ["choice-repeated"]
    return [] if set(value) <= set(field.choices) else ["choice-unknown"]


def _integer(field: Field, value: Any) -> list[str]:
    if type(value) is not int:
        return ["integer"]
    low = field.least if field.least is not None else value
    high = field.most if field.most is not None else value
    return [] if low <= value <= high else ["integer-range"]


def _pattern(pattern: re.Pattern[str], code: str, value: Any) -> list[str]:
    return [] if isinstance(value, str) and pattern.fullmatch(value) else [code]


def _date(field: Field, value: Any) -> list[str]:
    wrong = _pattern(DATE, "date", value)
    if wrong or len(value) < 10:
        return wrong
    try:
        date.fromisoformat(value)
    except ValueError:
        return ["date"]
    return []


def _moment(field: Field, value: Any) -> list[str]:
    if wrong := _pattern(MOMENT, "date", value):
        return wrong
    try:
        parse_stamp(value)
    except ValueError:
        return ["date"]
    return []


def _flag(field: Field, value: Any) -> list[str]:
    return [] if type(value) is bool else ["flag"]


def _url(field: Field, value: Any) -> list[str]:
    if not isinstance(value, str) or len(value) > 2000:
        return ["url"]
    try:
        parts = urlsplit(value)
    except ValueError:
        return ["url"]
    return [] if parts.scheme in ("http", "https") and parts.hostname and " " not in value else ["url"]


def _money(field: Field, value: Any) -> list[str]:
    if not isinstance(value, dict) or set(value) != {"value", "currency"}:
        return ["money"]
    return _pattern(DECIMAL, "money", value["value"]) or _pattern(CURRENCY, "money", value["currency"])


def _reference(field: Field, value: Any) -> list[str]:
    members = set(value) if isinstance(value, dict) else set()
    if not {"origin", "id", "name"} <= members <= {"origin", "id", "name", "ror"}:
        return ["reference"]
    if any(not isinstance(v, str) or not v or len(v) > 300 for v in value.values()):
        return ["reference"]
    return _pattern(UUID, "reference", value["id"])


def _references(field: Field, value: Any) -> list[str]:
    if not isinstance(value, list) or not value or len(value) > field.limit:
        return ["reference"]
    return [code for item in value for code in _reference(field, item)][:1]


def _target(field: Field, value: Any) -> list[str]:
    if not isinstance(value, dict) or set(value) != {"origin", "id"}:
        return ["reference"]
    if not isinstance(value["origin"], str) or not 0 < len(value["origin"]) <= 253:
        return ["reference"]
    return _pattern(UUID, "reference", value["id"])


def _rows(field: Field, value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > field.limit:
        return ["too-many"]
    known = {member.name: member for member in field.row}
    for item in value:
        if not isinstance(item, dict) or not item.keys() <= known.keys():
            return ["field-unknown"]
        if any(member.required and name not in item for name, member in known.items()):
            return ["required"]
        for name, inner in item.items():
            if wrong := field_problems(known[name], inner):
                return wrong
    return []


def _sources(field: Field, value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > field.limit:
        return ["sources"]
    for item in value:
        if not isinstance(item, dict) or not {"url", "title"} <= set(item) <= {"url", "title", "date"}:
            return ["sources"]
        if _url(field, item["url"]) or _string(Field("title", "string", limit=500), item["title"]):
            return ["sources"]
        if "date" in item and _date(field, item["date"]):
            return ["sources"]
    return []


_CHECKS = {
    "string": _string,
    "strings": _strings,
    "names": _names,
    "choice": _choice,
    "choices": _choices,
    "integer": _integer,
    "decimal": lambda field, value: _pattern(DECIMAL, "decimal", value),
    "date": _date,
    "moment": _moment,
    "flag": _flag,
    "url": _url,
    "money": _money,
    "reference": _reference,
    "references": _references,
    "target": _target,
    "rows": _rows,
    "sources": _sources,
}
