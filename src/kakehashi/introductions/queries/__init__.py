"""Reads of introductions; every function asks first who is looking."""

from kakehashi.introductions.queries.figures import closed, confirmed, stages
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
    "Introduction",
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
]
