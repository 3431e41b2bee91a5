"""Changes to introductions: asked, answered, followed up. Each step is a record of the node that took it."""

from kakehashi.introductions.actions.answering import accept, decline, pass_on
from kakehashi.introductions.actions.asking import ask, ask_again, check, give_back, withdraw
from kakehashi.introductions.actions.following import arrange, call_off, judge, reach, report, reschedule
from kakehashi.introductions.actions.opening import keep_contacts
from kakehashi.introductions.actions.showing import shown
from kakehashi.introductions.actions.wording import ask_wording, forget_wordings, word

__all__ = [
    "accept",
    "arrange",
    "ask",
    "ask_again",
    "ask_wording",
    "call_off",
    "check",
    "decline",
    "forget_wordings",
    "give_back",
    "judge",
    "keep_contacts",
    "pass_on",
    "reach",
    "report",
    "reschedule",
    "shown",
    "withdraw",
    "word",
]
