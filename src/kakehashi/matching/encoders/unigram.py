"""Cuts a text into the pieces of a unigram vocabulary (SentencePiece): the likeliest cut of all.

Kudo 2018, "Subword Regularization"; the search for the best cut is Viterbi's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MARK = "▁"  # stands for a space, and before the first word
UNKNOWN = 10.0  # by how much a character without a piece is less likely than the rarest piece
LIMIT = 6_000  # characters after folding: U+FDFA alone becomes eighteen


@dataclass(frozen=True)
class Vocabulary:
    """`scores`: log probability of each piece; `folding`: what single characters are written as.

    `longest` is the length of the longest piece that begins with a character.
    """

    numbers: Mapping[str, int]
    scores: Sequence[float]
    folding: Mapping[int, str]
    longest: Mapping[str, int]
    unknown: int
    least: float

    @classmethod
    def of(
        cls, pieces: Sequence[str], scores: Sequence[float], folding: Mapping[int, str], unknown: int
    ) -> "Vocabulary":
        longest: dict[str, int] = {}
        for piece in pieces:
            if piece:
                longest[piece[0]] = max(longest.get(piece[0], 1), len(piece))
        numbers = {piece: number for number, piece in enumerate(pieces) if piece and number != unknown}
        return cls(numbers, scores, folding, longest, unknown, min(scores) - UNKNOWN)

    def cut(self, text: str) -> list[int]:
        """The numbers of the pieces of a text, which holds no lone surrogates."""
        folded = text.translate(self.folding)[:LIMIT]
        written = MARK.join(["", *(part for part in folded.split(" ") if part)]) or MARK
        return self._best(written)

    def _best(self, text: str) -> list[int]:
        size = len(text)
        best = [0.0] + [-1e30] * size
        back, piece_at = [0] * (size + 1), [self.unknown] * (size + 1)
        numbers, scores, longest = self.numbers, self.scores, self.longest
        for start in range(size):
            here = best[start]
            for end in range(start + 1, min(start + longest.get(text[start], 1), size) + 1):
                number = numbers.get(text[start:end])
                if number is not None and here + scores[number] > best[end]:
                    best[end], back[end], piece_at[end] = here + scores[number], start, number
            if here + self.least > best[start + 1]:
                best[start + 1], back[start + 1], piece_at[start + 1] = here + self.least, start, self.unknown
        found = []
        while size:
            found.append(piece_at[size])
            size = back[size]
        return found[::-1]
