"""Codes in words, and several words in a row, as the reader's language has them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kakehashi.ui.languages import reader_language


def named_by(words: Mapping[str, Any]) -> Callable[[str], Any]:
    """A template filter that says a code by its name; one that nobody named is shown as it is."""
    return lambda code: words.get(code, code)


def listed(words: Iterable[str], language: str = "") -> str:
    """Words in a row, parted as the language does it: that of the reader if none is given."""
    return ("、" if (language or reader_language()) == "ja" else ", ").join(words)
