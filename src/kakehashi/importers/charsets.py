"""Tells apart the encodings of spreadsheets saved as text: UTF-8, Shift_JIS, Windows-1252, UTF-16."""

import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from kakehashi.errors import FileRefused

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8", "UTF-8"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)
_FOREIGN_RUN = re.compile(r"[^\x00-\x7f]+")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")
_NO_LETTER = re.compile("[\x80-\x9f\ue000-\uf8ff]")  # controls and private use
# What German, French and English texts in Windows-1252 consist of beyond ASCII.
_WESTERN = re.compile("[À-ÖØ-öø-ÿŠšŽžŒœŸ“”„‚‘’–—…•€™®©°µ²³¹±×·§«»‹›¼½¾ªº\u00a0\u00ad]")
# UTF-8 read as Windows-1252: letters encoded twice, and lone surrogates.
_TWICE_ENCODED = re.compile("[ÂÃ][\u0080-\u00bf]|â€|í[\u00a0-\u00bf]")
_SHOWN = 5  # lines that a message names


@dataclass(frozen=True)
class Decoded:
    """The text of a file and the encoding in which it was."""

    text: str
    encoding: str


def decode(data: bytes) -> Decoded:
    """The text, strictly: no character is replaced or guessed. FileRefused if there are several encodings."""
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return Decoded(_strictly(data[len(mark) :], codec, name), name)
    try:
        return Decoded(data.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        pass
    if lines := _not_utf8_like_the_others(data):
        raise FileRefused("encoding-mixed", lines=", ".join(map(str, lines[:_SHOWN])))
    if (text := _decoded(data, "cp932")) is not None and _is_japanese(text):
        return Decoded(text, "Shift_JIS")
    if (text := _decoded(data, "cp1252")) is not None and _is_western(text):
        return Decoded(text, "Windows-1252")
    best = from_bytes(data[:200_000]).best()
    raise FileRefused("encoding-unknown", encoding=best.encoding if best else "?")


def _strictly(data: bytes, codec: str, name: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FileRefused("encoding-broken", encoding=name, line=line) from None


def _decoded(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _not_utf8_like_the_others(data: bytes) -> list[int]:
    """Lines that are not UTF-8, if others surely are: a few bytes of Shift_JIS may look like it by chance."""
    odd, sequences, alike = [], 0, 0
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.isascii():
            continue
        text = _decoded(line, "utf-8")
        if text is None:
            odd.append(number)
        else:
            alike += 1
            sequences += sum(char > "\x7f" for char in text)
    sure = sequences >= 3 or alike * 50 >= len(odd)
    return odd if alike and sure else []


def _is_japanese(text: str) -> bool:
    """Japanese letters stand together; German umlauts misread as Shift_JIS become single kanji in words."""
    runs = _FOREIGN_RUN.findall(text)
    total = sum(map(len, runs))
    together = sum(len(run) for run in runs if len(run) > 1)
    return (
        together >= 0.6 * total
        and len(_HALF_WIDTH.findall(text)) <= 0.5 * total
        and not _NO_LETTER.search(text)
    )


def _is_western(text: str) -> bool:
    total = sum(map(len, _FOREIGN_RUN.findall(text)))
    return len(_WESTERN.findall(text)) >= 0.9 * total and not _TWICE_ENCODED.search(text)
