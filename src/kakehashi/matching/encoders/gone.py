"""An encoder whose vectors are still there and that cannot be run any more, as after an upgrade."""

from kakehashi.errors import EncoderError
from kakehashi.matching.encoders.base import Vectors


class Gone:
    """Bears the name of the vectors that it made; new texts are for the encoder that comes after it."""

    def __init__(self, id: str, version: str, dimension: int) -> None:
        self.id, self.version, self.dimension = id, version, dimension

    def encode(self, texts: list[str]) -> Vectors:
        raise EncoderError(f"{self.id} {self.version} is no longer installed")

    def release(self) -> None:
        """It holds nothing."""
