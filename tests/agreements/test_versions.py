"""Amendments and renewals: one line of versions, of which one is in force, on both sides the same."""

from datetime import timedelta

import pytest
from django.test import Client

from kakehashi.accounts.viewer import Role
from kakehashi.agreements import actions, ports, queries
from kakehashi.agreements.document import Permission
from kakehashi.agreements.forms import initial_of
from kakehashi.agreements.models import Agreement
from kakehashi.agreements.terms import State
from kakehashi.errors import Conflict
from tests import cast
from tests.agreements import partnership
from tests.agreements.parties import KYOTO, UNTIL, bilateral
from tests.agreements.partnership import HERE, THERE
from tests.agreements.test_pages import address, short, text
from tests.cast import MANAGER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_home")]


def second(first, now, **changes):
    """The signed second version, in force."""
    agreement = partnership.proposal(now, bilateral(former=first.document, **changes))
    partnership.sign_here(agreement, now)
    partnership.sign_there(agreement, now)
    agreement.refresh_from_db()
    return agreement


def test_a_renewal_waits_for_the_end_of_the_first_term_and_then_follows_without_a_gap(now):
    first = partnership.active(now)
    renewal = second(first, now, starts=UNTIL, until=UNTIL.replace(year=UNTIL.year + 3))
    assert (first.document["id"], renewal.version) == (renewal.document["id"], 2)
    before, after = UNTIL - timedelta(seconds=1), UNTIL
    assert [standing["hash"] for standing in queries.running(MANAGER, before)] == [first.hash]
    actions.advance_due(now=after)
    assert [standing["hash"] for standing in queries.running(MANAGER, after)] == [renewal.hash]
    assert queries.current(MANAGER, first.hash)["lineage"] == first.hash
    first.refresh_from_db()
    assert (first.state, first.ends) == (State.ENDED, UNTIL)


def test_this_node_signs_only_one_proposal_for_a_version(now):
    first = partnership.active(now)
    one = partnership.proposal(now, bilateral(former=first.document, notice_days=90))
    other = partnership.proposal(now, bilateral(former=first.document, notice_days=30))
    partnership.sign_here(one, now)
    with pytest.raises(Conflict):
        partnership.sign_here(other, now)
    actions.withdraw(viewer=MANAGER, hash=one.hash, own=HERE, now=now)
    partnership.sign_here(other, now)
    assert [proof.node for proof in other.proofs.all()] == [HERE]


def test_a_proposal_that_comes_too_late_for_its_version_is_void(now):
    first = partnership.active(now)
    late = partnership.proposal(now, bilateral(former=first.document, starts=now + timedelta(days=30)))
    partnership.sign_here(late, now)
    partnership.sign_there(late, now)
    rival = partnership.proposal(now, bilateral(former=first.document, notice_days=30))
    rival.activated_at, rival.state = now, State.ACTIVE  # as if the rule above had failed on an older node
    rival.save()
    actions.advance_due(now=now + timedelta(days=30))
    late.refresh_from_db()
    assert late.state == State.VOID
    assert late.hash not in [
        standing["hash"] for standing in queries.running(MANAGER, now + timedelta(days=30))
    ]


def test_our_signature_can_be_taken_back_only_while_it_has_not_left_the_node(now):
    partnership.partner(now)
    agreement = partnership.sign_here(partnership.proposal(now), now)
    actions.delivery_failed(delivery_id=queries.due_deliveries(now)[0].pk, failure="timeout", now=now)
    with pytest.raises(Conflict):
        actions.withdraw(viewer=MANAGER, hash=agreement.hash, own=HERE, now=now)
    partnership.sign_there(agreement, now)
    agreement.refresh_from_db()
    assert agreement.state == State.ACTIVE


def test_a_received_draft_can_be_declined(now):
    partnership.partner(now)
    agreement = partnership.received(now)
    actions.withdraw(viewer=MANAGER, hash=agreement.hash, own=HERE, now=now)
    agreement.refresh_from_db()
    assert agreement.state == State.VOID


def test_folders_above_hear_of_each_change_within_its_transaction_and_can_undo_it(now, monkeypatch):
    heard = []
    monkeypatch.setattr(ports, "_states", [])
    ports.on_state(lambda agreement, at: heard.append((agreement.version, str(agreement.state))))
    first = partnership.active(now)
    second(first, now, permissions=[Permission(HERE, regions=("DE-BY",), tlp_max="CLEAR")])
    assert heard == [(1, "active"), (1, "ended"), (2, "active")]

    def refuse(agreement, at):
        raise RuntimeError("the exchange cannot withdraw")

    ports.on_state(refuse)
    with pytest.raises(RuntimeError):
        actions.advance_due(now=UNTIL)
    assert Agreement.objects.get(version=2).state == State.ACTIVE


def manager():
    client = Client()
    client.force_login(cast.user(Role.MANAGER))
    return client


def proposal_form(**changes):
    facts = {"kinds": ["offer"], "tlp_max": "CLEAR", "onward": "none", "starts": "2026-11-22", "years": "1"}
    return {**facts, "notice_days": "60", **changes}


def test_an_amendment_is_proposed_on_the_page_and_keeps_parties_and_lineage(now):
    first = partnership.active(now)
    client = manager()
    page = client.get(address("amend", short(first)))
    assert text(page).count("Propose the next version") == 2
    client.post(address("amend", short(first)), proposal_form())
    amended = Agreement.objects.get(version=2)
    assert amended.lineage == first.hash
    assert [party["node"] for party in amended.document["parties"]] == [HERE, THERE]
    assert {tuple(grant["regions"]) for grant in amended.document["grants"]} == {
        ("DE-BY",),
        ("JP-27", "JP-28"),
    }


def test_an_amendment_keeps_the_order_of_the_parties_whoever_proposes_it(now):
    partners = bilateral()["parties"]
    first = partnership.active(now, bilateral(parties=partners[::-1]))
    manager().post(address("amend", short(first)), proposal_form())
    amended = Agreement.objects.get(version=2)
    assert [party["node"] for party in amended.document["parties"]] == [THERE, HERE]


def test_the_form_of_the_next_version_begins_with_what_is_in_force(now):
    document = bilateral(
        permissions=[Permission(HERE, regions=("DE-BY",), kinds=("practice",), onward="none")]
    )
    initial = initial_of(document, HERE, UNTIL.date())
    assert (initial["kinds"], initial["onward"], initial["topics"]) == (["practice"], "none", [])
    assert (initial["starts"], initial["notice_days"]) == (UNTIL.date(), 183)


def test_three_parties_are_invited_on_the_page(now):
    partnership.partner(now)
    partnership.partner(now, "kyoto.example", KYOTO)
    client = manager()
    client.post(
        address("propose", THERE), proposal_form(others=["kyoto.example"], basis_in="appi-28-consent")
    )
    document = Agreement.objects.get().document
    assert [party["node"] for party in document["parties"]] == [HERE, THERE, "kyoto.example"]
    parts = {grant["from"]: grant["parts"] for grant in document["grants"]}
    assert parts == {HERE: ["body"], THERE: ["body", "person"], "kyoto.example": ["body", "person"]}


@pytest.mark.parametrize(("left", "reminded"), [(181, False), (180, True), (1, True)])
def test_the_team_is_reminded_on_the_page_from_half_a_year_before_the_end(now, monkeypatch, left, reminded):
    agreement = partnership.active(now)
    monkeypatch.setattr("kakehashi.clock.now", lambda: agreement.ends - timedelta(days=left))
    team = text(manager().get(address("detail", short(agreement))))
    assert ("Propose its renewal" in team) == reminded
    assert "Propose its renewal" not in text(Client().get(address("detail", short(agreement))))
