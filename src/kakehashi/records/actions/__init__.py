"""Changes to records: own ones (`own`, `sources`, `erasing`), reading tables, crossings."""

from kakehashi.records.actions.crossings import (
    Arrival,
    Crossing,
    close_passages,
    given,
    recall,
    receive,
    receive_all,
    set_term,
    taken_back,
)
from kakehashi.records.actions.erasing import destroy, erase, owned
from kakehashi.records.actions.likeness import say_alike
from kakehashi.records.actions.onward import set_onward
from kakehashi.records.actions.own import create, extend, move, revise, set_level
from kakehashi.records.actions.readings import archive_due, expire_due, rebuild
from kakehashi.records.actions.restoring import Given, erase_again, is_here, put_back, take_back_again
from kakehashi.records.actions.saving import save
from kakehashi.records.actions.saying import say
from kakehashi.records.actions.sources import EVERYONE, Level, Outcome, adopt, bring, digest_of, was_erased

__all__ = [
    "EVERYONE",
    "Arrival",
    "Crossing",
    "Given",
    "Level",
    "Outcome",
    "adopt",
    "archive_due",
    "bring",
    "close_passages",
    "create",
    "destroy",
    "digest_of",
    "erase",
    "erase_again",
    "expire_due",
    "extend",
    "given",
    "is_here",
    "move",
    "owned",
    "put_back",
    "rebuild",
    "recall",
    "receive",
    "receive_all",
    "revise",
    "save",
    "say",
    "say_alike",
    "set_level",
    "set_onward",
    "set_term",
    "take_back_again",
    "taken_back",
    "was_erased",
]
