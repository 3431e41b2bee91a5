"""Warns before publication of what belongs into `person` or nowhere: e-mail addresses and phone numbers.

EXCHANGE.md section 5: a warning that may be overruled, and then stands in the audit.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

from kakehashi.records.kinds import EVERY, TRANSLATABLE, Field
from kakehashi.records.schema import strings

EMAIL = re.compile(
    r"[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\s?(?:\.|\(dot\)|\[dot\])\s?[\w-]{2,63})+", re.I
)
INTERNATIONAL = re.compile(r"\+\d{1,3}(?:[ \-./()]{0,3}\d){7,12}(?!\d)")
# a national number: a trunk 0, then groups parted by a dash, blank or slash, perhaps an extension
NATIONAL = re.compile(r"(?<![\d.,/-])\(?0[1-9]\d{0,3}\)?(?:[ \-/]{1,3}\d{2,9}){1,4}(?:-\d{1,5})?(?!\d)")
NATIONAL_DIGITS = 9  # fewer are a date
ANNOUNCED = re.compile(
    r"(?:\b(?:tel|telefon|phone|fax|mobil|mobile)\b\.?|電話|携帯|ファックス)\D{0,4}(?:\d[ \-/()]?){6,14}",
    re.I,
)
CHECKED_TYPES = (*TRANSLATABLE, "string", "strings")
LEFT_OUT = {"key_works", "identifiers", "ror", "lei", "corporate_number"}


def warnings(body: Mapping[str, Any]) -> dict[str, list[str]]:
    """Codes of what should not be published, by field; empty if nothing strikes."""
    found = {}
    for field in EVERY[body["kind"]]:
        codes = _codes(field, body.get(field.name)) if field.name not in LEFT_OUT else []
        if codes:
            found[field.name] = codes
    return found


class Contact(NamedTuple):
    """Contact data in a text: the code of what it is, and the characters `start` to `end`."""

    code: str
    start: int
    end: int


def contacts(text: str) -> list[Contact]:
    """E-mail addresses and telephone numbers of a text, by where they stand."""
    plain = _plain(text)
    found = [Contact("contact-email", *match.span()) for match in EMAIL.finditer(plain)]
    numbers = [*INTERNATIONAL.finditer(plain), *ANNOUNCED.finditer(plain)]
    numbers += [m for m in NATIONAL.finditer(plain) if sum(c.isdigit() for c in m.group()) >= NATIONAL_DIGITS]
    return found + [Contact("contact-phone", *match.span()) for match in numbers]


def _codes(field: Field, value: Any) -> list[str]:
    if field.type == "rows":
        return sorted(
            {
                code
                for item in value or []
                for member in field.row
                for code in _codes(member, item.get(member.name))
            }
        )
    if field.type not in CHECKED_TYPES or value is None:
        return []
    found = {contact.code for text in _written(field, value) for contact in contacts(text)}
    return sorted(found)


def _plain(text: str) -> str:
    """Full-width signs as plain ones, each in its place: no character is added or taken away."""
    return "".join(
        folded if len(folded := unicodedata.normalize("NFKC", char)) == 1 else char for char in text
    )


def _written(field: Field, value: Any) -> list[str]:
    """The texts as people read them; of translations the text alone."""
    return [wording["text"] for wording in value.values()] if field.type in TRANSLATABLE else strings(value)
