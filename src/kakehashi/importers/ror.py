"""From a record of the Research Organization Registry to an organisation of this node.

ROR says who somebody is and where, in which languages it bears which name; it knows no topics and gives no
description, and none is invented: the summary says in one sentence what ROR says, and names its source.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from kakehashi.importers.ror_file import Record
from kakehashi.records.regions import REGIONS
from kakehashi.text.fold import fold
from kakehashi.translation.texts import LANGUAGES, Texts, machine, original

ENGINE = "Kakehashi sentence"
SOURCE_TITLE = "Research Organization Registry (ROR)"
# GeoNames' first-level codes, which older records have instead of ISO 3166-2.
GEONAMES = {
    "DE.02": "DE-BY",
    "JP.35": "JP-25",
    "JP.22": "JP-26",
    "JP.32": "JP-27",
    "JP.13": "JP-28",
    "JP.28": "JP-29",
    "JP.43": "JP-30",
}
_REGION_NAMES = {fold(names["en"]): code for code, names in REGIONS.items()}
# ROR gives several types; the first of this order decides. Foundations that fund are public bodies to us.
TYPES = (
    ("healthcare", "hospital"),
    ("education", "university"),
    ("company", "company"),
    ("facility", "research_institute"),
    ("nonprofit", "research_institute"),
    ("government", "public_body"),
    ("archive", "public_body"),
    ("funder", "public_body"),
    ("other", "public_body"),
)
_KINDS: dict[str, dict[str, str]] = {
    "hospital": {"de": "Krankenhaus", "ja": "病院", "en": "Hospital"},
    "university": {"de": "Hochschule", "ja": "大学・教育機関", "en": "University"},
    "company": {"de": "Unternehmen", "ja": "企業", "en": "Company"},
    "research_institute": {"de": "Forschungseinrichtung", "ja": "研究機関", "en": "Research organisation"},
    "public_body": {"de": "Öffentliche Einrichtung", "ja": "公的機関", "en": "Public body"},
}
_SUMMARY = {
    "de": "{kind} in {city}, eingetragen in der Research Organization Registry (ROR).",
    "ja": "{city}の{kind}。Research Organization Registry（ROR）に登録。",
    "en": "{kind} in {city}, listed in the Research Organization Registry (ROR).",
}
ITS_OWN = ("region", "city", "latitude", "longitude", "website")
_COUNTRY = re.compile(r" \((?:Germany|Japan)\)$")
_JAPANESE = re.compile("[ぁ-ヿ一-鿿]")


def region_of(record: Record) -> str | None:
    """ISO 3166-2, from the first place that says it: by code, by GeoNames, or by a hint beside the record."""
    for location in record.get("locations", []):
        place = location.get("geonames_details") or {}
        if place.get("country_code") and place.get("country_subdivision_code"):
            return f"{place['country_code']}-{place['country_subdivision_code']}"
        if place.get("geonames_admin1") in GEONAMES:
            return GEONAMES[place["geonames_admin1"]]
    return _REGION_NAMES.get(fold(str(record.get("region_hint", ""))))


def wanted(record: Record, regions: Collection[str]) -> bool:
    """True for an organisation that exists and is in one of the regions."""
    return record.get("status") == "active" and region_of(record) in regions


def body(record: Record, lang: str) -> dict[str, Any]:
    """The body of an organisation (without "revision"); `lang` is the node's language."""
    place = _place(record)
    kind = next((ours for theirs, ours in TYPES if theirs in record.get("types", [])), "public_body")
    made: dict[str, Any] = {
        "kind": "organisation",
        "lang": lang,
        "names": names(record),
        "type": kind,
        "summary": _summary(kind, str(place.get("name") or ""), lang),
        "region": region_of(record),
        "ror": record["id"],
        "provenance": "public_sources",
        "sources": [{"url": record["id"], "title": SOURCE_TITLE}],
    }
    website = next((link["value"] for link in record.get("links", []) if link.get("type") == "website"), None)
    known = {
        "city": place.get("name"),
        "latitude": _text(place.get("lat")),
        "longitude": _text(place.get("lng")),
        "website": website,
        "founded": record.get("established"),
    }
    return made | {name: value for name, value in known.items() if value not in (None, "")}


def names(record: Record) -> dict[str, str]:
    """One name per language; a name without language counts as that of its script and country."""
    found: dict[str, str] = {}
    labels = [one for one in record.get("names", []) if {"label", "ror_display"} & set(one.get("types", []))]
    for one in sorted(labels, key=lambda one: one.get("lang") is None):
        value = unicodedata.normalize("NFC", _COUNTRY.sub("", str(one.get("value") or "")).strip())
        lang = one.get("lang") or _language(value, record)
        if value and lang in LANGUAGES:
            found.setdefault(lang, value)
    if not found:  # named in other languages only
        found = {"en": _COUNTRY.sub("", str(next((one.get("value") for one in labels), record["id"])))}
    return found


def merge(present: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """What ROR adds to an organisation that is here: gaps are filled, nothing that stands here is replaced.

    Of a record that ROR itself brought, name forms and address are ROR's to change.
    """
    brought = any(source["url"] == body["ror"] for source in present.get("sources", [])[:1])
    if not brought:
        return {**body, **present, "names": {**body["names"], **present["names"]}}
    theirs = {name: body[name] for name in ITS_OWN if name in body}
    return {**present, **theirs, "names": {**present["names"], **body["names"]}}


def _place(record: Record) -> dict[str, Any]:
    places = [location.get("geonames_details") or {} for location in record.get("locations", [])]
    return next(iter(places), {})


def _summary(kind: str, city: str, lang: str) -> Texts:
    said = {c: _SUMMARY[c].format(kind=_KINDS[kind][c], city=city or "–") for c in LANGUAGES}
    others = {c: machine(said[c], of=said[lang], engine=ENGINE) for c in LANGUAGES if c != lang}
    return {lang: original(said[lang]), **others}


def _language(value: str, record: Record) -> str:
    if _JAPANESE.search(value):
        return "ja"
    return "de" if _place(record).get("country_code") == "DE" else "en"


def _text(figure: Any) -> str | None:
    return None if figure is None else str(figure)
