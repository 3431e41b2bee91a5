"""Organisations that are named alike: asked about, never merged, found together once the team says so."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from kakehashi import clock
from kakehashi.accounts.viewer import PUBLIC, Role
from kakehashi.errors import NotAllowed, NotFound
from kakehashi.records import actions, identity, queries
from kakehashi.records.models import Likeness, Reading, Record
from tests import cast

WITH_DB = pytest.mark.django_db


def body(name: str, **changes: Any) -> dict[str, Any]:
    return cast.organisation_body(name, **changes)


def pairs(*bodies: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (pair.one, pair.other) for pair in identity.pairs({str(n): each for n, each in enumerate(bodies)})
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Isar Biologics GmbH", "ISAR BIOLOGICS AG"),
        ("Isar Biologics GmbH", "Isar Biologicz GmbH"),
        ("Technische Universität München", "Technische Universitaet Muenchen (TUM)"),
        ("株式会社島津製作所", "(株)島津製作所"),
    ],
)
def test_two_that_are_named_alike_are_a_pair(one: str, other: str) -> None:
    assert pairs(body(one), body("Ganz Anders GmbH"), body(other)) == [("0", "2")]


def test_two_of_the_same_identifier_are_a_pair_whatever_they_are_called() -> None:
    ror = "https://ror.org/05591te55"
    assert pairs(body("Eins GmbH", ror=ror), body("Ganz Anders", ror=ror)) == [("0", "1")]


def test_two_of_one_name_with_two_identifiers_are_two() -> None:
    one = body("Isar Biologics GmbH", ror="https://ror.org/05591te55")
    assert pairs(one, body("Isar Biologics GmbH", ror="https://ror.org/02kkvpp62")) == []


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=8))
def test_what_is_said_to_be_one_is_one_from_every_side(said: list[tuple[str, str]]) -> None:
    groups = identity.together(said)
    for one, other in said:
        assert {one, other} <= groups[one] == groups[other]
    assert all(groups[each] == group for group in groups.values() for each in group)
    assert all(each in groups[each] for each in groups)


@pytest.fixture
def two(now: datetime) -> tuple[Record, Record]:
    return cast.organisation(now, names={"de": "Isar Biologics GmbH"}), cast.organisation(
        now, names={"de": "ISAR BIOLOGICS AG"}
    )


def found(now: datetime, organisation: Record) -> set[str]:
    return {str(row.record) for row in queries.of_organisation(PUBLIC, now, organisation.id)}


@WITH_DB
def test_records_of_two_that_are_one_are_found_under_both_until_it_is_taken_back(
    now: datetime, two: tuple[Record, Record]
) -> None:
    one, other = two
    before = cast.offer(now, one)
    actions.say_alike(viewer=cast.EDITOR, one=one.id, other=other.id, same=True, now=now)
    after = cast.offer(now, other)
    assert found(now, one) == found(now, other) == {str(before.id), str(after.id)}
    assert [row.record for row in queries.same_as(PUBLIC, now, one.id)] == [other.id]
    assert Reading.objects.get(record=one.id).body["names"] == {"de": "Isar Biologics GmbH"}
    actions.say_alike(viewer=cast.EDITOR, one=other.id, other=one.id, same=None, now=now)
    assert (found(now, one), found(now, other)) == ({str(before.id)}, {str(after.id)})
    assert queries.same_as(PUBLIC, now, one.id) == []


@WITH_DB
def test_kept_apart_they_are_not_asked_about_again(now: datetime, two: tuple[Record, Record]) -> None:
    one, other = two
    client = Client()
    client.force_login(cast.user(Role.EDITOR))
    assert "Isar Biologics GmbH" in client.get("/en/organisations/alike/").content.decode()
    said = {"one": str(one.id), "other": str(other.id), "say": "apart"}
    page = client.post("/en/organisations/alike/", said, follow=True).content.decode()
    assert "No two organisations are named alike." in page
    assert "Two different ones" in page
    client.post("/en/organisations/alike/", {**said, "say": "open"})
    assert not Likeness.objects.exists()


@WITH_DB
def test_only_the_team_says_so_and_only_of_two_that_are_there(
    now: datetime, two: tuple[Record, Record]
) -> None:
    one, other = two
    with pytest.raises(NotAllowed):
        actions.say_alike(viewer=cast.member(one.id), one=one.id, other=other.id, same=True, now=now)
    for wrong in (one.id, cast.offer(now, one).id):
        with pytest.raises(NotFound):
            actions.say_alike(viewer=cast.EDITOR, one=one.id, other=wrong, same=True, now=now)


@WITH_DB
@pytest.mark.parametrize(
    ("lang", "title", "also"),
    [
        ("de", "Vielleicht dieselbe Organisation", "Hier auch als:"),
        ("ja", "同じ機関かもしれない登録", "次の名称でも登録："),
        ("en", "Perhaps the same organisation", "Also here as:"),
    ],
)
def test_the_pages_speak_the_readers_language(
    now: datetime, two: tuple[Record, Record], lang: str, title: str, also: str
) -> None:
    client = Client()
    client.force_login(cast.user(Role.EDITOR))
    page = client.get(f"/{lang}/organisations/alike/").content.decode()
    assert title in page
    actions.say_alike(viewer=cast.EDITOR, one=two[0].id, other=two[1].id, same=True, now=now)
    origin = Reading.objects.get(record=two[0].id).origin
    page = client.get(f"/{lang}/records/{origin}/{two[0].id}/").content.decode()
    assert also in page
    assert "ISAR BIOLOGICS AG" in page


@WITH_DB
def test_the_form_says_that_an_organisation_seems_to_be_here_and_takes_another_one() -> None:
    cast.organisation(clock.now(), names={"de": "Isar Biologics GmbH"})
    client = Client()
    client.force_login(cast.user(Role.EDITOR))
    typed = {
        "lang": "de", "names_de": "ISAR BIOLOGICS", "type": "company", "summary_de": "Antikörper.",
        "region": "DE-BY", "audience": "private", "onward": "none", "do": "save",
    }  # fmt: skip
    page = client.post("/en/records/new/organisation/", typed).content.decode()
    assert "This organisation seems to be here already." in page
    assert Record.objects.count() == 1
    assert client.post("/en/records/new/organisation/", {**typed, "another": "on"}).status_code == 302
    assert Record.objects.count() == 2
