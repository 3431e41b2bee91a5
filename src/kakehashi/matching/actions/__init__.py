"""Changes of matching's tables: words with the reading, vectors and matches by the worker."""

from kakehashi.matching.actions.align import align_match, best_in_words
from kakehashi.matching.actions.counting import say_counts
from kakehashi.matching.actions.decide import decide, pass_on
from kakehashi.matching.actions.encode import encode_due
from kakehashi.matching.actions.mailing import mail_found, mail_passed
from kakehashi.matching.actions.match import match_due
from kakehashi.matching.actions.reindex import reindex
from kakehashi.matching.actions.reread import reread_due
from kakehashi.matching.actions.saving import end_search, save_search
from kakehashi.matching.actions.settle import settle
from kakehashi.matching.actions.terms import answer_proposal, change_term, retire_term, undo_term
from kakehashi.matching.actions.words import write_waiting, write_words

__all__ = [
    "align_match",
    "answer_proposal",
    "best_in_words",
    "change_term",
    "decide",
    "encode_due",
    "end_search",
    "mail_found",
    "mail_passed",
    "match_due",
    "pass_on",
    "reindex",
    "reread_due",
    "retire_term",
    "save_search",
    "say_counts",
    "settle",
    "undo_term",
    "write_waiting",
    "write_words",
]
