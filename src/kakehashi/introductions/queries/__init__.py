"""Reads of introductions; every function asks first who is looking."""

from kakehashi.introductions.queries.contacts import kept_person, own_contact
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
    mark,
    may_ask,
    one,
    own_organisation,
    steps_of,
)
from kakehashi.introductions.queries.wordings import (
    Words,
    asked_for,
    asked_mark,
    outdated,
    text,
    told_of,
    wordings,
    words,
)

__all__ = [
    "Disclosure",
    "Figures",
    "Introduction",
    "Outcome",
    "Stage",
    "Words",
    "about",
    "asked_for",
    "asked_mark",
    "board",
    "concerned",
    "disclosed",
    "every",
    "figures",
    "given",
    "has_a_part",
    "kept_person",
    "lineage_for",
    "mark",
    "may_ask",
    "one",
    "outdated",
    "own_contact",
    "own_organisation",
    "showings",
    "steps_of",
    "text",
    "told_of",
    "whose",
    "wordings",
    "words",
]
