"""The score is the sum of its rows, each bounded, and moves the right way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.matching import rank
from kakehashi.matching.fields import Condition, Facts, conditions, may_match
from kakehashi.matching.rank import Component, Evidence, Score, Weights, score

VALUES = st.floats(-1, 1, allow_nan=False)
ITEMS = st.sets(st.sampled_from("abcdefghij"), max_size=8)
WEIGHTS = Weights(100, {"a": 1, "b": 50, "c": 100, "d": 3})


@given(st.lists(VALUES, min_size=1, max_size=8))
def test_shown_rows_always_add_up_to_the_shown_sum(values: list[float]) -> None:
    rows, total = Score(tuple(Component(str(i), v) for i, v in enumerate(values))).hundredths()
    assert sum(shown for _, shown in rows) == total
    assert all(abs(shown - component.value * 100) < 1 for component, shown in rows)


@given(st.floats(-10, 20), st.floats(-10, 20), ITEMS, ITEMS, ITEMS)
def test_no_kind_of_evidence_exceeds_its_share(
    head: float, passage: float, a: set[str], b: set[str], c: set[str]
) -> None:
    found = Evidence(head, passage, a, b, c, WEIGHTS.alike(a, b), WEIGHTS.alike(b, c))
    by_name = {row.name: row.value for row in score(found, WEIGHTS).components}
    assert tuple(by_name) == rank.NAMES
    assert 0 <= by_name["text"] <= rank.TEXT
    assert 0 <= by_name["concepts"] <= rank.CONCEPTS
    assert 0 <= by_name["words"] <= rank.WORDS_CAP
    assert 0 <= by_name["topics"] <= rank.TOPICS


@given(st.floats(-3, 6), st.floats(0.01, 3))
def test_nearer_texts_score_higher(head: float, more: float) -> None:
    near, far = score(Evidence(head + more, 1), WEIGHTS), score(Evidence(head, 1), WEIGHTS)
    assert near.total > far.total


@given(ITEMS, ITEMS)
def test_likeness_is_the_same_from_both_sides_and_whole_only_for_the_same(a: set[str], b: set[str]) -> None:
    there, back = WEIGHTS.alike(a, b), WEIGHTS.alike(b, a)
    assert there == back
    assert 0 <= there <= 1
    told = {item for item in a if WEIGHTS.of(item)}
    assert WEIGHTS.alike(a, a) == (pytest.approx(1) if told else 0)


@given(st.text("abcd", min_size=1, max_size=1))
def test_a_rarer_concept_weighs_at_least_as_much(item: str) -> None:
    assert 0 <= WEIGHTS.of("c") <= WEIGHTS.of(item) <= WEIGHTS.of("a") <= 1


def test_the_row_of_conditions_is_the_sum_of_the_conditions() -> None:
    judged = [
        Condition("partnership", "met", 0.05),
        Condition("stage", "missed", -0.02),
        Condition("trl", "unjudged"),
    ]
    row = score(Evidence(2, 2), WEIGHTS, judged).components[-1]
    assert row.value == pytest.approx(0.03)
    assert row.because == ("partnership", "stage")


OFFER = Facts("offer", "munich", partnership=("licence",), organisation_type="company", stage="lab_tested")
REQUEST = Facts(
    "request", "osaka", partnership=("licence", "investment"), partner_types=("company",), stage="concept"
)


def test_an_offer_meets_a_request_of_the_other_side_only() -> None:
    assert may_match(OFFER, REQUEST)
    assert may_match(REQUEST, OFFER)
    assert not may_match(OFFER, Facts("request", "munich"))
    assert not may_match(OFFER, Facts("offer", "osaka"))
    assert not may_match(OFFER, Facts("request", "osaka", open_for_interest=False))
    assert may_match(Facts("practice", "munich"), Facts("practice", "osaka"))
    assert not may_match(Facts("development", "munich"), Facts("development", "osaka"))


def test_each_condition_is_judged_with_its_mark() -> None:
    marks = {condition.name: condition.mark for condition in conditions(OFFER, REQUEST)}
    assert marks == {
        "partnership": "met",
        "partner_for_other": "met",
        "region": "met",
        "stage": "partly",
        "medical_stage": "unjudged",
        "trl": "unjudged",
    }


def test_a_partnership_that_nobody_shares_costs() -> None:
    other = Facts("request", "osaka", partnership=("investment",))
    judged = next(c for c in conditions(OFFER, other) if c.name == "partnership")
    assert (judged.mark, judged.shared) == ("missed", ())
    assert judged.value < 0


@given(
    st.sampled_from([OFFER, REQUEST, Facts("practice", "munich"), Facts("academic", "osaka")]),
    st.sampled_from([OFFER, REQUEST]),
)
def test_the_sum_of_conditions_is_the_same_from_both_sides(one: Facts, other: Facts) -> None:
    there, back = conditions(one, other), conditions(other, one)
    assert sum(c.value for c in there) == pytest.approx(sum(c.value for c in back))
    assert sum(c.value for c in there) <= 0.14
