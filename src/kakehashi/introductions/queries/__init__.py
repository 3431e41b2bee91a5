"""Reads of introductions; every function asks first who is looking."""

from kakehashi.introductions.queries.figures import Outcome, Stage, closed, confirmed, stages
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
from kakehashi.introductions.queries.telling import told

__all__ = [
    "Introduction",
    "Outcome",
    "Stage",
    "about",
    "board",
    "closed",
    "confirmed",
    "every",
    "has_a_part",
    "lineage_for",
    "may_ask",
    "one",
    "own_organisation",
    "stages",
    "steps_of",
    "told",
]
