"""Centring takes the language out of vectors and leaves the subject."""

import numpy as np

from kakehashi.matching.centre import Spread, centred, centres, spread

RANDOM = np.random.default_rng(7)


def language_biased(count: int) -> tuple[np.ndarray, list[str]]:
    """The same `count` subjects in two languages, each language far off in a direction of its own."""
    subjects = RANDOM.normal(size=(count, 64))
    accents = RANDOM.normal(size=(2, 64)) * 4
    rows = np.concatenate([subjects + accents[0], subjects + accents[1]]).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True), ["de"] * count + ["ja"] * count


def test_the_nearest_neighbour_is_the_translation_only_after_centring() -> None:
    rows, langs = language_biased(60)
    raw = rows @ rows.T
    flat = centred(rows, langs, centres(rows, langs))
    near = flat @ flat.T
    for similarities in (raw, near):
        np.fill_diagonal(similarities, -9)
    assert np.mean(raw.argmax(1)[:60] == np.arange(60, 120)) < 0.3
    assert np.mean(near.argmax(1)[:60] == np.arange(60, 120)) > 0.97


def test_rows_without_text_stay_zero_and_do_not_move_the_mean() -> None:
    rows, langs = language_biased(30)
    more = np.concatenate([rows, np.zeros((10, 64), np.float32)])
    by, without = centres(more, [*langs, *["de"] * 10]), centres(rows, langs)
    assert np.allclose(by.means["de"], without.means["de"])
    assert not centred(more, [*langs, *["de"] * 10], by)[-1].any()


def test_a_single_text_is_not_centred_away() -> None:
    rows, _ = language_biased(1)
    alone = centred(rows[:1], ["de"], centres(rows[:1], ["de"]))
    assert np.allclose(alone, rows[:1], atol=1e-5)


def test_standardised_similarities_of_unrelated_texts_have_mean_0_and_deviation_1() -> None:
    one, other = (
        x / np.linalg.norm(x, axis=1, keepdims=True) for x in RANDOM.normal(0.1, 1, size=(2, 200, 64))
    )
    found = spread((one @ other.T).ravel())
    values = [found.standardise(s) for s in (one @ other.T).ravel()]
    assert abs(np.mean(values)) < 0.05
    assert abs(np.std(values) - 1) < 0.05


def test_too_few_texts_give_the_usual_spread() -> None:
    assert spread(np.ones((2, 4)) / 2) == Spread()
