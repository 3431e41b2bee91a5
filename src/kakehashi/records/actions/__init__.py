"""Changes to records: own ones (`own`, `sources`), reading tables (`readings`), crossings (`crossings`)."""

from kakehashi.records.actions.crossings import Crossing, close_passages, given, recall, receive, taken_back
from kakehashi.records.actions.own import create, extend, move, revise, set_level
from kakehashi.records.actions.readings import expire_due, rebuild
from kakehashi.records.actions.sources import EVERYONE, Level, Outcome, adopt, bring

__all__ = [
    "EVERYONE",
    "Crossing",
    "Level",
    "Outcome",
    "adopt",
    "bring",
    "close_passages",
    "create",
    "expire_due",
    "extend",
    "given",
    "move",
    "rebuild",
    "recall",
    "receive",
    "revise",
    "set_level",
    "taken_back",
]
