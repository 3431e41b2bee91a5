"""What pages ask of the database: pinned, and no more when there is more to show."""

from datetime import timedelta

import pytest

from tests import cast
from tests.access.world import World
from tests.pinned import asked, assert_asks, told

LISTS = (
    "home",
    "records:organisations",
    "records:list",
    "records:own",
    "agreements:detail",
    "exchange:partners",
)
PINNED = {
    ("accounts:settings", "reader"): 3,
    ("accounts:settings", "member of the owner"): 4,
    ("accounts:people", "manager"): 5,
    ("accounts:person", "manager"): 4,
    ("audit:entries", "manager"): 4,
    ("account_login", "public"): 0,
}


@pytest.mark.parametrize(("name", "role"), PINNED, ids=lambda value: value)
def test_a_page_asks_as_often_as_was_pinned(world: World, name: str, role: str) -> None:
    assert_asks(world.clients[role], world.address(name), PINNED[name, role])


@pytest.mark.parametrize("role", ["public", "manager"])
@pytest.mark.parametrize("name", LISTS)
def test_a_page_asks_no_more_when_there_are_more_records(world: World, name: str, role: str) -> None:
    if (name, role) == ("records:own", "public"):
        return
    before = asked(world.clients[role], world.address(name))
    for number in range(6):
        moment = world.now - timedelta(minutes=number)
        owner = cast.organisation(moment, name=f"Weitere {number} GmbH")
        cast.offer(moment, owner, title=f"Weiteres Angebot {number}")
        cast.received(moment)
    after = asked(world.clients[role], world.address(name))
    assert len(after) <= len(before), told(after)
