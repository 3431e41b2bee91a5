"""What may cross: `decide` against an oracle, and the sentences of EXCHANGE.md that people will ask about."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.agreements.decide import Allow, Deny, channels_for, clause_of, decide
from kakehashi.agreements.document import Permission
from tests.agreements import oracle, parties
from tests.agreements.parties import STARTS, UNTIL, header, standing

NOW = STARTS + timedelta(days=40)
PEER = "osaka.example"


@settings(max_examples=40, deadline=None, database=None)
@given(st.integers(0, 2**64))
def test_threat_17_decide_agrees_with_a_slow_reading_of_the_text_in_20_000_cases(seed):
    found, _ = oracle.differences(seed, 500)
    assert found == []


def test_the_random_cases_are_often_allowed_and_often_denied():
    _, allowed = oracle.differences(1, 5000)
    assert 500 < allowed < 4500


@given(
    st.dictionaries(
        st.sampled_from([*header(), "clause"]), st.recursive(st.none() | st.text() | st.integers(), st.lists)
    )
)
def test_no_header_however_strange_raises(strange):
    answer = decide({**header(), **strange}, standing(), NOW, PEER)
    assert isinstance(answer, (Allow, Deny))


def test_what_is_granted_crosses_and_says_its_clause_and_the_narrower_passing_on():
    assert decide(header(onward="public", tlp="CLEAR"), standing(), NOW, PEER) == Allow("public", ("c1",))
    assert decide(header(onward="public", tlp="GREEN"), standing(), NOW, PEER) == Allow("members", ("c1",))
    assert decide(header(onward=None), standing(), NOW, PEER) == Allow("none", ("c1",))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"origin": "kyoto.example"}, "not-a-party"),
        ({"kind": "interest"}, "policy-kind"),
        ({"kind": None, "op": "withdraw"}, "policy-kind"),
        ({"clause": "c2"}, "policy-kind"),
        ({"regions": ["JP-27"]}, "policy-region"),
        ({"regions": []}, "policy-region"),
        ({"tlp": "RED"}, "policy-tlp"),
        ({"tlp": None}, "policy-tlp"),
        ({"parts": {"body": "x", "person": "y"}}, "policy-part"),
        ({"expires": "2026-11-13T00:00:00Z"}, "expired"),
        ({"expires": "tomorrow"}, "expired"),
    ],
)
def test_what_is_not_granted_is_denied_with_its_code(changes, code):
    assert decide(header(**changes), standing(), NOW, PEER) == Deny(code)


def test_topics_must_meet_those_of_the_grant():
    only = Permission("munich.example", regions=("DE-BY",), topics=("imaging", "policy"))
    agreement = standing(parties.bilateral(permissions=[only]))
    assert decide(header(), agreement, NOW, PEER) == Deny("policy-topic")
    assert decide(header(topics=["oncology", "policy"]), agreement, NOW, PEER) == Allow("members", ("c1",))


@pytest.mark.parametrize(
    ("state", "at", "code"),
    [
        ("active", STARTS - timedelta(seconds=1), "agreement-not-active"),
        ("active", UNTIL, "agreement-ended"),
        ("ended", NOW, "agreement-ended"),
        ("proposed", NOW, "agreement-not-active"),
        ("void", NOW, "agreement-not-active"),
    ],
)
def test_nothing_crosses_outside_the_life_of_the_agreement(state, at, code):
    assert decide(header(expires=None), standing(state=state), at, PEER) == Deny(code)


def test_a_termination_closes_the_agreement_at_its_second_even_before_a_job_notes_it():
    agreement = standing(terminated=NOW)
    assert isinstance(decide(header(), agreement, NOW - timedelta(seconds=1), PEER), Allow)
    assert decide(header(), agreement, NOW, PEER) == Deny("agreement-ended")


def test_a_third_node_and_the_origin_itself_get_nothing():
    assert decide(header(), standing(), NOW, "kyoto.example") == Deny("not-a-party")
    assert decide(header(), standing(), NOW, "munich.example") == Deny("policy-kind")


def test_every_other_party_of_three_gets_what_one_grants():
    agreement = standing(parties.trilateral())
    academic = header(origin="kyoto.example", kind="academic", regions=["JP-26"])
    for peer in ("munich.example", "osaka.example"):
        assert decide(academic, agreement, NOW, peer) == Allow("none", ("c3",))
    assert decide({**academic, "kind": "offer"}, agreement, NOW, "munich.example") == Deny("policy-kind")


def test_an_organisation_serves_all_clauses_and_therefore_has_no_single_one():
    organisation = header(kind="organisation", expires=None)
    assert decide(organisation, standing(), NOW, PEER) == Allow("members", ("c1", "c2", "c3", "c4", "c5"))
    assert clause_of(organisation, standing()) is None
    assert clause_of(header(kind="practice"), standing(state="ended")) == "c4"
    assert clause_of({**organisation, "clause": "c5"}, standing()) == "c5"
    assert clause_of(header(kind="interest"), standing()) is None


def test_the_audience_chooses_the_channels():
    one, other = standing(), standing(parties.trilateral())
    closed = standing(parties.bilateral(notice_days=10), state="ended")
    every = [one, other, closed]

    def chosen(audience, tlp="GREEN", named=()):
        return channels_for(audience, named, tlp, every, NOW)

    assert chosen("private") == chosen("members") == []
    assert chosen("agreements") == [one, other]
    assert chosen("named", named=[other["lineage"], closed["lineage"]]) == [other]
    assert chosen("public", tlp="CLEAR") == [one, other]
    assert chosen("public", tlp="GREEN") == chosen("agreements", tlp="RED") == chosen("everyone") == []
