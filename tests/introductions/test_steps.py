"""An introduction step by step: who may take which, what crosses, and when contacts open."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from kakehashi.errors import Conflict, InvalidInput, NotAllowed, NotFound
from kakehashi.introductions import actions, queries
from kakehashi.introductions.steps import Reason, Result, Return, Status
from kakehashi.records import actions as records
from kakehashi.records.erasure import Scope
from kakehashi.records.lifecycle import State as Life
from tests import cast
from tests.exchange.origin import HERE, THERE
from tests.introductions.world import ASKED, ERIKA, HANAKO, World, crossed

pytestmark = pytest.mark.django_db
YAMADA = "hanako@naniwa.example"


@pytest.fixture
def world(now: datetime) -> World:
    return World(now)


def test_a_question_waits_for_the_own_cluster_and_nothing_of_it_crosses(world: World) -> None:
    key = world.ask()
    found = world.of(key)
    assert (found.state.status, found.waits, found.part) == (Status.REQUESTED, "me", "asker_cluster")
    assert world.of(key, world.member).waits == "them"
    assert crossed(world, UUID(key[1])) == []


def test_a_checked_question_crosses_without_any_person(world: World) -> None:
    key = world.checked()
    (body,) = crossed(world, UUID(key[1]))
    assert b"Isar Biologics" in body
    assert b"Erika" not in body
    assert world.of(key).state.status is Status.CHECKED


def test_a_question_that_is_given_back_with_a_reason_can_be_asked_in_other_words(world: World) -> None:
    key = world.ask()
    actions.give_back(
        viewer=world.manager, interest=key, reason=Return.INCOMPLETE, words="Wofür?", lang="de", now=world.now
    )
    found = world.of(key, world.member)
    assert (found.state.status, found.state.reason, found.waits) == (Status.RETURNED, "incomplete", "me")
    assert crossed(world, UUID(key[1])) == []
    again = replace(ASKED, questions="Gibt es Daten am Menschen?")
    later = world.now + timedelta(hours=1)
    actions.ask_again(viewer=world.member, interest=key, asked=again, contact=ERIKA, now=later)
    assert world.of(key).state.status is Status.REQUESTED
    said = [event.says for event in queries.steps_of(world.manager, world.of(key))]
    assert said == ["asked", "returned", "asked"]


def test_only_the_manager_checks_and_only_members_of_the_two_organisations_see_it(world: World) -> None:
    key = world.ask()
    with pytest.raises(Conflict):
        actions.check(viewer=world.member, interest=key, now=world.now)
    for stranger in (world.other, cast.EDITOR, cast.READER, cast.NOBODY):
        assert queries.every(stranger, world.now) == []
        with pytest.raises(NotFound):
            world.of(key, stranger)
    with pytest.raises(NotAllowed):
        world.ask(world.other, organisation=world.isar.id)


def test_contact_data_in_the_texts_is_refused_before_anybody_reads_it(world: World) -> None:
    with pytest.raises(InvalidInput):
        world.ask(asked=replace(ASKED, about_you="Schreiben Sie an erika@isar-biologics.example"))


def test_an_organisation_asks_once_about_one_record_until_that_is_over(world: World) -> None:
    key = world.ask()
    with pytest.raises(Conflict):
        world.ask()
    actions.withdraw(viewer=world.member, interest=key, now=world.now)
    assert world.ask() != key


def test_a_record_that_is_not_open_for_interest_or_no_agreement_covers_is_not_asked_about(
    now: datetime,
) -> None:
    world = World(now, kinds=("offer", "organisation"))
    with pytest.raises(Conflict):
        world.ask()
    with pytest.raises(Conflict):
        world.ask(origin=HERE, record_id=world.offer.id)


def test_both_yeses_open_the_contacts_of_both_and_nothing_does_before(world: World) -> None:
    key = world.checked()
    actions.keep_contacts(now=world.now)
    assert world.of(key).contacts == []
    world.says("reply", "accepted", key, world.now, person=HANAKO)
    assert [side for side, contact in world.of(key).contacts] == ["owner"]
    assert actions.keep_contacts(now=world.now) == 1
    assert actions.keep_contacts(now=world.now) == 0  # whoever has nothing to do writes nothing
    contacts = dict(world.of(key, world.member).contacts)
    assert contacts["asker"]["email"] == ERIKA.email
    assert contacts["owner"]["email"] == YAMADA
    assert any(b"Erika" in part for part in crossed(world, UUID(key[1])))


def test_without_a_basis_for_the_transfer_no_contact_crosses(now: datetime) -> None:
    world = World(now, parts=("body",))
    key = world.checked()
    world.says("reply", "accepted", key, world.now)
    actions.keep_contacts(now=world.now)
    assert world.of(key).state.open
    assert not any(b"Erika" in part for part in crossed(world, UUID(key[1])))
    assert actions.keep_contacts(now=world.now) == 0


def test_a_reasoned_no_reaches_the_asker_and_closes_everything(world: World) -> None:
    key = world.checked()
    world.says("reply", "passed", key, world.now)
    assert world.of(key).state.status is Status.OFFERED
    world.says("reply", "declined", key, world.now, reason="too_early")
    found = world.of(key, world.member)
    assert (found.state.status, found.state.reason, found.moves) == (Status.DECLINED, "too_early", ())


def test_whoever_takes_the_question_back_takes_text_and_contact_back_too(world: World) -> None:
    key = world.checked()
    world.says("reply", "accepted", key, world.now, person=HANAKO)
    actions.keep_contacts(now=world.now)
    actions.withdraw(viewer=world.member, interest=key, now=world.now)
    found = world.of(key)
    assert (found.state.status, found.state.withdrawn_by, found.contacts) == (Status.WITHDRAWN, HERE, [])
    (body,) = crossed(world, UUID(key[1]))
    assert b"Erika" not in body
    assert "Verträglichkeit".encode() not in body


# ── As the owner ─────────────────────────────────────────────────────────


def test_the_owner_hears_of_a_question_once_its_cluster_has_handed_it_on(world: World) -> None:
    key = world.asked_from_there(world.now)
    found = world.of(key)
    assert (found.state.status, found.waits) == (Status.CHECKED, "me")
    assert queries.every(world.member, world.now) == []
    actions.pass_on(viewer=world.manager, interest=key, now=world.now)
    offered = world.of(key, world.member)
    assert (offered.state.status, offered.waits, offered.part) == (Status.OFFERED, "me", "owner")
    assert offered.names_asker  # the owner sees who asks before the asker sees the owner
    assert offered.contacts == []
    assert queries.every(world.other, world.now) == []


def test_the_owner_says_yes_and_its_contact_crosses_with_it(world: World) -> None:
    key = world.asked_from_there(world.now)
    actions.pass_on(viewer=world.manager, interest=key, now=world.now)
    actions.accept(viewer=world.member, interest=key, contact=ERIKA, now=world.now)
    found = world.of(key, world.member)
    assert found.state.status is Status.ACCEPTED
    assert [side for side, contact in found.contacts] == ["owner"]
    world.says(
        "interest",
        "checked",
        (HERE, str(world.offer.id)),
        world.now,
        id=UUID(key[1]),
        revision=2,
        person=HANAKO,
    )
    assert dict(world.of(key, world.member).contacts)["asker"]["email"] == YAMADA


def test_a_no_after_the_yes_takes_the_contact_back(world: World) -> None:
    key = world.asked_from_there(world.now)
    actions.accept(viewer=world.manager, interest=key, contact=ERIKA, now=world.now)
    (reply,) = world.of(key).said
    assert any(b"Erika" in part for part in crossed(world, reply.record))
    later = world.now + timedelta(minutes=1)
    facts = {"reason": Reason.OFF_STRATEGY, "words": "", "lang": "de", "now": later}
    actions.decline(viewer=world.member, interest=key, **facts)
    assert not any(b"Erika" in part for part in crossed(world, reply.record))
    found = world.of(key, now=later)
    assert (found.state.status, found.contacts, found.names_asker) == (Status.DECLINED, [], False)


def test_a_record_that_its_owner_withdraws_closes_the_question_with_the_time_of_the_log(world: World) -> None:
    key = world.asked_from_there(world.now)
    later = world.now + timedelta(hours=2)
    records.move(viewer=cast.EDITOR, record_id=world.offer.id, to=Life.WITHDRAWN, now=later)
    found = world.of(key, now=later)
    assert (found.state.status, found.state.withdrawn_by) == (Status.WITHDRAWN, HERE)
    assert found.state.since == later


def test_a_record_that_the_partner_withdraws_closes_the_own_question(world: World) -> None:
    key = world.checked()
    world.origin.withdraw(world.there)
    world.apply()
    found = world.of(key)
    assert (found.state.status, found.state.withdrawn_by, found.target) == (Status.WITHDRAWN, THERE, None)


def test_a_person_who_is_erased_is_no_longer_shown_and_the_introduction_goes_on(world: World) -> None:
    key = world.checked()
    world.says("reply", "accepted", key, world.now, person=HANAKO)
    actions.keep_contacts(now=world.now)
    operator = replace(world.manager, actor="operator@munich.example")
    records.erase(viewer=operator, record_id=UUID(key[1]), scope=Scope.PERSON, basis="gdpr-17", now=world.now)
    found = world.of(key)
    assert found.state.status is Status.ACCEPTED
    assert [side for side, contact in found.contacts] == ["owner"]
    assert actions.keep_contacts(now=world.now) == 0  # nor is it given again


# ── To an outcome ────────────────────────────────────────────────────────


def test_a_meeting_a_contract_and_an_outcome_that_the_other_side_confirms(world: World) -> None:
    key = world.checked()
    world.says("reply", "accepted", key, world.now)
    at = [world.now + timedelta(days=day) for day in range(1, 5)]
    facts = {"minutes": 45, "place": "", "zones": ("Europe/Berlin", "Asia/Tokyo")}
    actions.arrange(viewer=world.member, interest=key, start=at[3], now=at[0], **facts)
    assert world.of(key).state.status is Status.MEETING
    actions.reach(viewer=world.member, interest=key, milestone=Status.CDA, words="", lang="de", now=at[1])
    actions.report(viewer=world.member, interest=key, result=Result.RESEARCH, words="", lang="de", now=at[2])
    told = world.of(key)
    assert (told.state.status, told.state.acts_node) == (Status.OUTCOME, THERE)
    with pytest.raises(Conflict):  # nobody confirms an own outcome
        actions.judge(viewer=world.manager, interest=key, agrees=True, words="", lang="de", now=at[2])
    world.says("confirmation", "confirmed", told.state.outcome or ("", ""), at[3], result="research")
    assert world.of(key, now=at[3]).state.status is Status.CONFIRMED
    (found,) = queries.figures(world.manager, at[0], at[3] + timedelta(days=1), at[3]).confirmed
    assert (found.interest, found.result) == (key, "research")


def test_the_stages_say_how_many_came_how_far_and_how_long_it_took(world: World) -> None:
    key = world.checked()
    world.says("reply", "passed", key, world.now + timedelta(days=2))
    world.says("reply", "accepted", key, world.now + timedelta(days=6))
    world.asked_from_there(world.now)
    later = world.now + timedelta(days=7)
    rows = {row.status: row for row in queries.figures(world.manager, world.now, later, later).stages}
    assert [rows[status].reached for status in (Status.CHECKED, Status.OFFERED, Status.ACCEPTED)] == [2, 1, 1]
    assert rows[Status.ACCEPTED].median == timedelta(days=6)
    assert rows[Status.MEETING].reached == 0


def test_a_question_that_nobody_answers_expires(world: World) -> None:
    key = world.checked()
    later = world.now + timedelta(days=60)
    found = world.of(key, world.member, later)
    assert (found.state.status, found.waits, found.moves) == (Status.EXPIRED, "closed", ())
    with pytest.raises(Conflict):
        actions.withdraw(viewer=world.member, interest=key, now=later)
