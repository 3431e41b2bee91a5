"""Reads of matching. What a person sees always begins with what records.queries lets the viewer see."""

from kakehashi.matching.queries.counting import Hidden, hidden
from kakehashi.matching.queries.desk import Note, decided, passed_on, recipients
from kakehashi.matching.queries.due import Progress, progress
from kakehashi.matching.queries.glossary import changes
from kakehashi.matching.queries.pairs import (
    UNSHOWN,
    Chosen,
    best_pairs,
    count_pairs,
    in_words,
    kept_alignment,
    match,
    matches,
    matches_of,
    rank_of,
    related,
    text_digests,
)
from kakehashi.matching.queries.preview import Preview, preview
from kakehashi.matching.queries.proposals import Proposal, proposal, proposals
from kakehashi.matching.queries.saved import saved
from kakehashi.matching.queries.search import Found, Hit, search
from kakehashi.matching.queries.serving import encoder_in_words
from kakehashi.matching.shelf import Filters

__all__ = [
    "UNSHOWN",
    "Chosen",
    "Filters",
    "Found",
    "Hidden",
    "Hit",
    "Note",
    "Preview",
    "Progress",
    "Proposal",
    "best_pairs",
    "changes",
    "count_pairs",
    "decided",
    "encoder_in_words",
    "hidden",
    "in_words",
    "kept_alignment",
    "match",
    "matches",
    "matches_of",
    "passed_on",
    "preview",
    "progress",
    "proposal",
    "proposals",
    "rank_of",
    "recipients",
    "related",
    "saved",
    "search",
    "text_digests",
]
