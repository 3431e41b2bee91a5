"""The worker looks at introductions when something was said, and now and then for what time brings."""

from datetime import datetime, timedelta

import pytest

from kakehashi.introductions import actions
from kakehashi.introductions.jobs import REST, when_said
from tests.introductions.world import World

pytestmark = pytest.mark.django_db


def test_it_looks_once_after_each_word_of_either_side_and_again_after_a_rest(now: datetime) -> None:
    world, looked = World(now), []
    job = when_said(lambda at: looked.append(at) or 1)

    def looks(at: datetime) -> int:
        before = len(looked)
        job(at)
        return len(looked) - before

    assert (looks(now), looks(now)) == (1, 0)
    key = world.ask()
    assert (looks(now), looks(now)) == (1, 0)
    actions.check(viewer=world.manager, interest=key, now=now)
    assert (looks(now), looks(now)) == (1, 0)
    reply = world.says("reply", "accepted", key, now)
    assert (looks(now), looks(now)) == (1, 0)
    world.origin.withdraw(reply)
    world.apply()
    assert (looks(now), looks(now + timedelta(seconds=30)), looks(now + REST)) == (1, 0, 1)


def test_what_failed_is_tried_again(now: datetime) -> None:
    World(now)
    tries = []

    def fails(at: datetime) -> int:
        tries.append(at)
        raise OSError

    job = when_said(fails)
    for _ in range(2):
        with pytest.raises(OSError):
            job(now)
    assert len(tries) == 2
