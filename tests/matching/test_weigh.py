"""Many pairs at once have the scores that they have one by one, to the last bit."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.matching import allpairs, pair
from kakehashi.matching.corpus import Corpus
from kakehashi.matching.fields import conditions, may_match
from kakehashi.matching.judging import Judging
from kakehashi.matching.rank import whole
from tests.matching.records import corpus, facts


@given(st.integers(0, 2**32))
def test_conditions_are_worth_the_same_in_a_table_and_as_factors(seed: int) -> None:
    random = Random(seed)
    known = [facts(random, random.choice(("munich", "osaka"))) for _ in range(12)]
    judging = Judging()
    judging.learn(known[:5])
    judging.worth(np.arange(5), np.arange(5))
    judging.learn(known[5:])
    ones, others = np.repeat(np.arange(12), 12), np.tile(np.arange(12), 12)
    pairs = [(known[a], known[b]) for a, b in zip(ones, others, strict=True)]
    expected = [whole(c.value for c in conditions(*both)) for both in pairs]
    meets = [may_match(*both) for both in pairs]
    assert judging.worth(ones, others).tolist() == expected
    assert judging.meets(ones, others).tolist() == meets
    left, right = judging.factors(np.arange(12), np.arange(12))
    product = (left @ right.T).ravel()
    assert np.allclose(product[meets], np.array(expected)[meets], atol=1e-6)
    assert (product[~np.array(meets)] < -8).all()


def brute(made: Corpus, key: int) -> list[pair.Pair]:
    """All pairs of a record by looking at each other record."""
    mine = made.slots[key]
    found = []
    for slot in range(made.size):
        if made.is_own(slot) != made.is_own(mine) and may_match(made.facts(mine), made.facts(slot)):
            heads, passages = made.near(mine, np.array([slot]))
            ends = (mine, slot) if made.is_own(mine) else (slot, mine)
            found.append(pair.pair_of(made, *ends, float(heads[0]), float(passages[0]), judged=True))
    return pair.ordered(each for each in found if each.score.total >= pair.FLOOR)


@settings(max_examples=5)
@given(st.integers(0, 2**32))
def test_a_record_has_the_partners_that_looking_at_each_other_record_gives(seed: int) -> None:
    made = corpus(seed, 80)
    for key in range(1, 21):
        found = pair.partners(made, key)
        expected = brute(made, key)
        assert [found.pair(number) for number in range(len(found.keys))] == expected
        assert found.totals.tolist() == [each.score.total for each in expected]
        assert [found.rank(number) for number in range(len(found.keys))] == [each.rank for each in expected]


@settings(max_examples=5)
@given(
    st.integers(0, 2**32),
    st.sampled_from((1, 3, 12)),
    st.sampled_from((7, 256)),
    st.sampled_from((0.0, 1.0)),
    st.sampled_from((20, 2**23)),
)
def test_all_pairs_at_once_have_the_best_of_each_record_and_no_others(
    seed: int, most: int, rows: int, many: float, waiting: int
) -> None:
    made = corpus(seed, 90)
    told = made.told()
    ones, others = np.flatnonzero(told.own), np.flatnonzero(~told.own)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(allpairs, "ROWS", rows)  # small blocks, so that what is known of one serves the next
        patch.setattr(allpairs, "MANY", many)
        patch.setattr(allpairs, "WAITING", waiting)
        patch.setattr(allpairs, "PART", 64)
        found = allpairs.best_pairs(made, ones, others, most=most, floor=pair.FLOOR)
    best = found.pairs
    for slots, theirs, flags in (
        (best.ones, best.others, found.of_one),
        (best.others, best.ones, found.of_other),
    ):
        for slot in range(made.size):
            alone = pair.partners(made, made.key(slot))
            mine = (slots == slot) & flags
            if made.is_own(slot) == (slots is best.ones):
                assert theirs[mine].tolist() == alone.slots[:most].tolist()
                assert best.totals[mine].tolist() == alone.totals[:most].tolist()
                assert best.heads[mine].tolist() == alone.heads[:most].tolist()
                assert best.passages[mine].tolist() == alone.passages[:most].tolist()
    for number, total in enumerate(best.totals.tolist()):
        near = float(best.heads[number]), float(best.passages[number])
        said = pair.pair_of(made, int(best.ones[number]), int(best.others[number]), *near, judged=True).score
        assert [component.value for component in said.components] == best.components[number].tolist()
        assert said.total == total
