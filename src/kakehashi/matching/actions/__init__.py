"""Changes of matching's tables: words with the reading, vectors and matches by the worker."""

from kakehashi.matching.actions.align import align_match, best_in_words
from kakehashi.matching.actions.decide import decide, pass_on
from kakehashi.matching.actions.encode import encode_due
from kakehashi.matching.actions.match import match_due
from kakehashi.matching.actions.reindex import reindex
from kakehashi.matching.actions.settle import settle
from kakehashi.matching.actions.words import write_words

__all__ = [
    "align_match",
    "best_in_words",
    "decide",
    "encode_due",
    "match_due",
    "pass_on",
    "reindex",
    "settle",
    "write_words",
]
