"""Pages of introductions."""

from kakehashi.introductions.views.asking import ask, for_record, from_match
from kakehashi.introductions.views.disclosing import disclosures
from kakehashi.introductions.views.reading import board, invitation, thread
from kakehashi.introductions.views.waiting import waiting
from kakehashi.introductions.views.wording import wording

__all__ = [
    "ask",
    "board",
    "disclosures",
    "for_record",
    "from_match",
    "invitation",
    "thread",
    "waiting",
    "wording",
]
