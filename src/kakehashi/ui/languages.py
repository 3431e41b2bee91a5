"""The language of a page, and the address of the same page in the others."""

import re

from django.conf import settings
from django.utils.translation import get_language

PREFIX = re.compile(rf"^/(?:{'|'.join(code for code, name in settings.LANGUAGES)})(?=/|$)")


def reader_language() -> str:
    """The language of the page: de, ja or en."""
    return (get_language() or settings.LANGUAGE_CODE)[:2]


def address_in(address: str, language: str) -> str:
    """The same page, with its query string, in another language; the front page if it has no language."""
    there, found = PREFIX.subn(f"/{language}", address, count=1)
    return there if found else f"/{language}/"
