"""What matching asks of an encoder, and what every encoder does with texts before and rows after."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kakehashi.errors import EncoderError
from kakehashi.text.fold import clean

Vectors: TypeAlias = NDArray[np.float32]

TEXT_LIMIT = 4_000  # characters of one text that are read; a passage is far shorter


class Encoder(Protocol):
    """What matching needs: `encode` gives rows of length 1, and zeros for a text without letters.

    The last bits of a row may depend on the texts that it is encoded with, and on nothing else.
    """

    id: str
    version: str
    dimension: int

    def encode(self, texts: list[str]) -> Vectors: ...

    def release(self) -> None: ...

    def __hash__(self) -> int: ...


def told(texts: Sequence[str]) -> dict[int, str]:
    """Those of `texts` that say something, cleaned and cut to TEXT_LIMIT, by their places."""
    cleaned = ((place, clean(text, TEXT_LIMIT).strip()) for place, text in enumerate(texts))
    return {place: text for place, text in cleaned if any(map(str.isalnum, text))}


def unit(rows: Vectors) -> Vectors:
    """Rows scaled to length 1; EncoderError if one holds no numbers; a row of zeros stays."""
    lengths = np.sqrt(np.add.reduce(rows * rows, axis=1, keepdims=True))
    if not np.isfinite(lengths).all():
        raise EncoderError("not a number in a vector")
    return np.asarray(rows / np.maximum(lengths, 1e-12), np.float32)
