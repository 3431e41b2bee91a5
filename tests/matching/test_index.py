"""The fast search for near rows finds what looking at each of them would find."""

import sys
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.matching import index, products, signs
from kakehashi.matching.index import Mask, Places, Rows
from kakehashi.matching.signs import Signs
from tests.matching.test_centre import RANDOM

COUNT, SUBJECTS = 6_000, 60


@cache
def rows() -> Rows:
    """Mixtures of a few subjects, as texts are; dead straight noise on top."""
    subjects = np.random.default_rng(5).normal(size=(SUBJECTS, 512))
    chance = np.random.default_rng(6)
    mixed = subjects[chance.integers(SUBJECTS, size=COUNT)] + subjects[chance.integers(SUBJECTS, size=COUNT)]
    mixed += chance.normal(size=mixed.shape)
    found = Rows(512)
    found.extend((mixed / np.linalg.norm(mixed, axis=1, keepdims=True)).astype(np.float32))
    return found


def query(number: int) -> np.ndarray:
    made = np.random.default_rng(number).normal(size=512) + 2 * np.random.default_rng(5).normal(size=512)
    return (made / np.linalg.norm(made)).astype(np.float32)


def looked_at_each(vector: np.ndarray, allowed: Mask, k: int) -> Places:
    places = np.flatnonzero(allowed)
    return places[np.argsort(-rows().similarities(vector, places), kind="stable")[:k]]


def test_ten_nearest_of_any_filter_are_those_of_the_exact_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "EXACT_BELOW", 100)
    found = hits = 0
    for number, share in enumerate([1.0, 0.7, 0.3, 0.12, 0.08] * 6):
        allowed = np.random.default_rng(number).random(COUNT) < share
        exact = looked_at_each(query(number), allowed, 10)
        near = rows().nearest(query(number), allowed, 10)
        assert allowed[near].all()
        hits += len(exact)
        found += len(np.intersect1d(exact, near))
    assert found >= 0.99 * hits


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.floats(0, 1), st.integers(1, 30))
def test_few_allowed_rows_are_all_looked_at(seed: int, share: float, k: int) -> None:
    allowed = np.random.default_rng(seed).random(COUNT) < share * index.EXACT_BELOW / COUNT / 2
    near = rows().nearest(query(seed), allowed, k)
    assert near.tolist() == looked_at_each(query(seed), allowed, k).tolist()


@given(st.integers(1, 40), st.sampled_from([40, 64, 512]), st.integers(1, 10))
def test_differing_signs_are_counted_right_across_blocks(count: int, dimension: int, kept: int) -> None:
    vectors = RANDOM.normal(size=(count + 1, dimension)).astype(np.float32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signs, "BLOCK", 16)
        patch.setattr(signs, "APART", 12)
        made = Signs(dimension)
        made.extend(vectors[: count // 2])
        made.extend(vectors[count // 2 :])
        allowed = np.arange(count + 1) % 3 > 0
        found = made.nearest(vectors[-1], kept, allowed, None)
        of = made.least(vectors[-1], kept, np.flatnonzero(allowed))
    apart = np.count_nonzero((vectors > 0) != (vectors[-1] > 0), axis=1)
    last = max(sorted(apart[allowed])[:kept], default=0)
    expected = np.flatnonzero(allowed & (apart <= last)).tolist()
    assert found.tolist() == of.tolist() == expected


def test_a_similarity_is_the_same_in_any_company_and_from_both_ends() -> None:
    some, others = np.arange(0, 100), np.arange(50, 3_000)
    together = rows().between(some, others)
    for one, other in ((0, 0), (7, 2_000), (99, 2_949)):
        assert rows().between(some[[one]], others[[other]])[0, 0] == together[one, other]
        assert rows().between(others[[other]], some[[one]])[0, 0] == together[one, other]
    assert (rows().paired(some, others[: len(some)]) == np.diagonal(together)).all()


@given(st.integers(1, 40), st.integers(1, 700), st.integers(0, 2**32))
def test_products_and_differing_bits_are_what_plain_arithmetic_says(
    count: int, width: int, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    rows = chance.integers(-127, 128, (count, width), np.int8)
    rows[0] = chance.choice([-127, 127])  # as far out as it goes
    whole = rows.astype(np.int64)
    assert (products.inner(rows[:3], rows) == whole[:3] @ whole.T).all()
    assert (products.paired(rows, rows[::-1].copy()) == (whole * whole[::-1]).sum(axis=1)).all()
    assert products.paired(rows[:0], rows[:0]).shape == (0,)
    bits = rows.view(np.uint8)
    apart = np.bitwise_count(bits ^ bits[0]).sum(axis=1)
    assert (products.differing(bits[0], bits) == apart).all()


def test_products_take_and_give_nothing_that_is_not_theirs() -> None:
    rows = np.ones((9, 64), np.int8)
    before = sys.getrefcount(None)
    for _ in range(1_000):
        products.inner(rows[:1], rows)
        products.paired(rows[:2], rows[-2:])
        products.differing(rows[0].view(np.uint8), rows.view(np.uint8))
    assert abs(sys.getrefcount(None) - before) < 500
