"""Reads records of the Research Organization Registry: the dump's zip, its JSON list, or JSON Lines.

The dump (schema 2) holds over a hundred thousand records in one list, so they are decoded one by one, never
all at once. Older records (schema 1) are brought into the form of schema 2 as far as it is used here.
Source of the format: ror.readme.io/docs/data-structure.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, TypeAlias

from kakehashi.errors import FileRefused

Record: TypeAlias = dict[str, Any]
PIECE = 2**20  # characters read at a time
LONGEST = 16 * 2**20  # of one record: more is no ROR file
MAX_UNPACKED = 4 * 2**30  # the dump unpacks to a few hundred megabytes


def records(path: Path) -> Iterator[Record]:
    """The records of a file, one after the other. FileRefused if it is none of ROR's."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive, archive.open(_json_of(archive)) as stream:
                yield from decoded(io.TextIOWrapper(stream, "utf-8"))
        else:
            with path.open(encoding="utf-8") as text:
                yield from decoded(text)
    except (UnicodeDecodeError, zipfile.BadZipFile, OSError):
        raise FileRefused("ror-unreadable", name=path.name) from None


def decoded(text: IO[str]) -> Iterator[Record]:
    """The objects of a JSON list or of JSON Lines; figures with a point stay the strings that they are."""
    decoder = json.JSONDecoder(parse_float=str)
    held, at = "", 0
    while piece := text.read(PIECE):
        held, at = held[at:] + piece, 0
        while (start := _next(held, at)) < len(held):
            try:
                found, at = decoder.raw_decode(held, start)
            except ValueError:  # not whole yet, or broken: the next piece tells
                at = start
                break
            yield _modern(found)
        else:
            at = len(held)
        if len(held) - at > LONGEST:
            break
    if held[at:].strip(" \t\r\n,[]\ufeff"):
        raise FileRefused("ror-unreadable", name="JSON")


def _next(held: str, at: int) -> int:
    """Where the next object begins: past blanks, commas and the brackets of the list."""
    while at < len(held) and held[at] in " \t\r\n,[]\ufeff":
        at += 1
    return at


def _json_of(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The list in schema 2; a dump may hold schema 1 and tables beside it."""
    lists = [entry for entry in archive.infolist() if entry.filename.endswith(".json")]
    if not lists or sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
        raise FileRefused("ror-unreadable", name="zip")
    return max(lists, key=lambda entry: ("schema_v2" in entry.filename, entry.filename))


def _modern(found: Any) -> Record:
    """One record in schema 2. A record may be wrapped with the region that somebody else found for it."""
    if not isinstance(found, dict):
        raise FileRefused("ror-unreadable", name="JSON")
    record = found.get("record", found)
    if not isinstance(record, dict) or not isinstance(record.get("id"), str):
        raise FileRefused("ror-unreadable", name="JSON")
    made = record if isinstance(record.get("names"), list) else _from_schema_1(record)
    return {**made, "region_hint": found["_region"]} if "_region" in found else made


def _from_schema_1(old: Record) -> Record:
    """Names, place, types, links and status of a record in schema 1, which has `name` and `addresses`."""
    names = [{"value": old.get("name"), "types": ["ror_display", "label"], "lang": None}]
    names += [
        {"value": one["label"], "types": ["label"], "lang": one["iso639"]} for one in old.get("labels", [])
    ]
    return {
        "id": old["id"],
        "status": old.get("status"),
        "types": [str(kind).casefold() for kind in old.get("types", [])],
        "names": names,
        "established": old.get("established"),
        "links": [{"type": "website", "value": link} for link in old.get("links", [])],
        "locations": [{"geonames_details": _place(old, address)} for address in old.get("addresses", [])],
    }


def _place(old: Record, address: Record) -> Record:
    admin = (address.get("geonames_city") or {}).get("geonames_admin1") or {}
    return {
        "country_code": (old.get("country") or {}).get("country_code"),
        "geonames_admin1": admin.get("code"),
        "name": address.get("city"),
        "lat": address.get("lat"),
        "lng": address.get("lng"),
    }
