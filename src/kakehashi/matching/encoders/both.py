"""Two encoders as one: what one of them misses, the other often knows."""

import numpy as np

from kakehashi.matching.encoders.base import Encoder, Vectors, unit

# What e5 counts beside USE before means are taken off. Of e5's vectors little is left without the mean of
# their language (0.40 of their length, of USE's 0.88): with this weight both count the same after it.
SECOND = 2.2


class Both:
    """The rows of both side by side, so that a cosine is the mean of theirs."""

    def __init__(self, first: Encoder, second: Encoder) -> None:
        self.parts = (first, second)
        self.id = f"{first.id}+{second.id}"
        self.version = f"{first.version}+{second.version}"
        self.dimension = first.dimension + second.dimension

    def encode(self, texts: list[str]) -> Vectors:
        """One row per text; EncoderError if one of the two fails."""
        first, second = (part.encode(texts) for part in self.parts)
        return unit(np.concatenate([first, SECOND * second], axis=1))

    def release(self) -> None:
        for part in self.parts:
            part.release()
