"""The disclosure log: what was given to the partner, what a page showed, for those concerned, with proofs."""

import base64
import csv
import io
import json
from datetime import datetime, timedelta

import pytest
from django.test import Client

from kakehashi.accounts.viewer import Role
from kakehashi.errors import NotAllowed
from kakehashi.introductions import actions, queries
from kakehashi.proving.verify import verify
from kakehashi.records import actions as records
from tests import cast
from tests.exchange.origin import THERE
from tests.introductions.world import ERIKA, HANAKO, World
from tests.pinned import asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(now: datetime, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("kakehashi.clock.now", lambda: now)
    return World(now)


def signed_in(role: Role, world: World) -> Client:
    client = Client()
    client.force_login(cast.user(role, world.isar.id if role is Role.MEMBER else None))
    return client


def test_each_version_that_crossed_is_told_with_its_languages_its_clause_and_to_whom(world: World) -> None:
    later = world.now + timedelta(hours=1)
    body = cast.offer_body(world.isar, title="Antikörper, neu gefasst")
    records.revise(viewer=cast.EDITOR, record_id=world.offer.id, body=body, now=later)
    rows = queries.disclosed(world.member, queries.given(world.member, None), later)
    told = [(row.revision, row.languages, row.to, row.clause) for row in rows if row.record == world.offer.id]
    assert told == [(2, ("de", "en"), (THERE,), "c1"), (1, ("de", "en"), (THERE,), "c1")]


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "Expression of interest|Revision 2|German"), ("de", "Interessenbekundung<|Fassung 2|Deutsch")],
)
def test_the_page_names_one_record_and_languages_in_words(lang: str, words: str, world: World) -> None:
    world.checked()
    page = signed_in(Role.MEMBER, world).get(f"/{lang}/introductions/disclosures/").content.decode()
    assert [word for word in words.split("|") if word not in page] == []


def test_a_member_reads_what_concerns_its_own_organisation_alone(world: World) -> None:
    own = {row.record for row in queries.given(world.member, None)}
    assert own == {world.isar.id, world.offer.id}
    assert own < {row.record for row in queries.given(world.manager, None)}
    assert {row.record for row in queries.given(world.other, world.isar.id)}.isdisjoint(own)
    for stranger in (cast.READER, cast.EDITOR):
        with pytest.raises(NotAllowed):
            queries.given(stranger, None)


def test_a_contact_that_was_given_stands_in_the_log_even_after_it_was_taken_back(world: World) -> None:
    key = world.checked()
    world.says("reply", "accepted", key, world.now, person=HANAKO)
    actions.keep_contacts(now=world.now)
    actions.withdraw(viewer=world.member, interest=key, now=world.now)
    rows = queries.disclosed(world.manager, queries.given(world.manager, world.isar.id), world.now)
    parts = [row.parts for row in rows if str(row.record) == key[1]]
    assert parts == [("body",), ("body", "person"), ("body",)]


def test_what_a_page_shows_of_the_other_side_is_noted_once_for_each_language(world: World) -> None:
    key = world.asked_from_there(world.now)
    actions.pass_on(viewer=world.manager, interest=key, now=world.now)
    member = signed_in(Role.MEMBER, world)
    for lang in ("de", "de", "ja"):
        assert member.get(f"/{lang}/introductions/{key[0]}/{key[1]}/").status_code == 200
    found = [(row.part, row.language, row.to) for row in queries.showings(world.member, None)]
    assert sorted(found) == [("asker", "de", world.isar.id), ("asker", "ja", world.isar.id)]
    assert not queries.showings(world.other, None).exists()


def proven(visitor: Client, query: str = "") -> dict[str, list[dict[str, bytes]]]:
    """The parts that each proof in the export shows, after each was verified; by record."""
    answer = visitor.get(f"/en/introductions/disclosures/?form=json{query}")
    found = json.loads(b"".join(answer.streaming_content))
    assert {row["record"] for row in found["given"]} == set(found["proofs"])
    return {
        record: [verify(base64.b64decode(bundle)).parts for bundle in bundles.values()]
        for record, bundles in found["proofs"].items()
    }


def test_the_log_goes_out_as_csv_and_as_json_with_proofs_that_verify(world: World) -> None:
    member = signed_in(Role.MEMBER, world)
    table = member.get("/en/introductions/disclosures/?form=csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert {row["record"] for row in rows} == {str(world.isar.id), str(world.offer.id)}
    assert set(proven(member)) == {str(world.isar.id), str(world.offer.id)}


def test_the_manager_takes_the_whole_log_with_proofs_and_both_that_of_one_introduction_or_record(
    world: World,
) -> None:
    key = world.asked_from_there(world.now)
    actions.accept(viewer=world.manager, interest=key, contact=ERIKA, now=world.now)
    manager, member = signed_in(Role.MANAGER, world), signed_in(Role.MEMBER, world)
    (reply,) = [each for each in world.of(key).said if each.kind == "reply"]
    assert set(proven(manager)) > {str(reply.record), str(world.offer.id), str(world.isar.id)}
    assert f"?introduction={key[0]}/{key[1]}" in member.get(f"/en/introductions/{key[0]}/{key[1]}/").text
    for visitor in (manager, member):
        of_one = proven(visitor, f"&introduction={key[0]}/{key[1]}")
        assert set(of_one) == {str(reply.record), str(world.offer.id)}
        assert set(of_one[str(reply.record)][0]) == {"body", "person"}  # what was said, not its hash alone
    assert set(proven(manager, f"&record={world.offer.id}")) == {str(world.offer.id)}
    stranger = Client()
    stranger.force_login(cast.user(Role.MEMBER, cast.organisation(world.now).id, email="o@munich.example"))
    page = f"/en/introductions/disclosures/?introduction={key[0]}/{key[1]}"
    assert stranger.get(page).status_code == 404


def test_the_page_asks_no_more_when_more_has_crossed(world: World) -> None:
    manager = signed_in(Role.MANAGER, world)
    before = asked(manager, "/en/introductions/disclosures/")
    for number in range(5):
        cast.offer(world.now, world.isar, title=f"Weiteres Angebot {number}")
    world.ask(world.manager, organisation=world.isar.id, contact=ERIKA)
    assert len(asked(manager, "/en/introductions/disclosures/")) <= len(before)
