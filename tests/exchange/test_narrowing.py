"""A next version of an agreement holds at once for what the partner gave under the one before."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from kakehashi.accounts.viewer import PUBLIC
from kakehashi.exchange.actions import showing
from kakehashi.records import queries
from tests import cast
from tests.exchange.origin import THERE
from tests.exchange.world import World, body

pytestmark = pytest.mark.django_db


def given(world: World, **facts: Any) -> UUID:
    """A record of the partner that came and is shown; for everybody, if grant and record say so."""
    id = uuid4()
    world.origin.put(id, body=body(), tlp="CLEAR", onward="public", **facts)
    world.apply()
    return id


def amend(world: World, **changes: Any) -> None:
    second = {**world.origin.document, "version": 2, "prev": world.origin.hash}
    second["grants"] = [{**grant, **changes} for grant in second["grants"]]
    world.take_draft(second)


def shown(viewer: Any, record: UUID, now: datetime) -> bool:
    return queries.visible(viewer, now).filter(origin=THERE, record=record).exists()


def test_what_may_no_longer_be_passed_on_is_the_teams_alone_from_that_moment(now: datetime) -> None:
    world = World(now, onward="public")
    record = given(world)
    assert shown(PUBLIC, record, now)
    amend(world, onward="none")
    assert not shown(PUBLIC, record, now)
    assert not shown(cast.member(uuid4()), record, now)
    assert shown(cast.EDITOR, record, now)
    assert queries.get(cast.EDITOR, THERE, record, now).onward == "none"


def test_what_may_be_passed_on_further_is_so_without_coming_again(now: datetime) -> None:
    world = World(now, onward="none")
    record = given(world)
    assert not shown(PUBLIC, record, now)
    amend(world, onward="public")
    assert shown(PUBLIC, record, now)


def test_what_is_no_longer_covered_is_hidden_before_its_origin_takes_it_back(now: datetime) -> None:
    world = World(now, onward="public")
    record, other = given(world), given(world, topics=["vaccines"])
    amend(world, topics=["vaccines"])
    assert not shown(cast.EDITOR, record, now)
    assert shown(cast.EDITOR, other, now)
    showing.rebuild(now=now)
    assert not shown(cast.EDITOR, record, now)


def test_another_agreement_than_the_amended_one_changes_nothing(now: datetime) -> None:
    world = World(now, onward="public")
    record = given(world)
    cast.received(now, agreement="sha256-another")
    amend(world, tlp_max="AMBER")
    assert shown(PUBLIC, record, now)
