"""Reads of introductions; every function asks first who is looking."""

from kakehashi.introductions.queries.disclosures import Disclosure, concerned, given, showings, whose
from kakehashi.introductions.queries.disclosures import told as disclosed
from kakehashi.introductions.queries.figures import Figures, Outcome, Stage, figures
from kakehashi.introductions.queries.loading import (
    Introduction,
    about,
    board,
    every,
    has_a_part,
    lineage_for,
    may_ask,
    one,
    own_organisation,
    steps_of,
)

__all__ = [
    "Disclosure",
    "Figures",
    "Introduction",
    "Outcome",
    "Stage",
    "about",
    "board",
    "concerned",
    "disclosed",
    "every",
    "figures",
    "given",
    "has_a_part",
    "lineage_for",
    "may_ask",
    "one",
    "own_organisation",
    "showings",
    "steps_of",
    "whose",
]
