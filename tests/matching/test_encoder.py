"""The offline encoder answers every text, and translations are near each other."""

import time

import numpy as np
import pytest

from kakehashi.errors import EncoderError
from kakehashi.matching import encoder
from kakehashi.matching.encoder import unit

USE = encoder.default()


def test_translations_are_nearer_than_other_subjects() -> None:
    rows = USE.encode(
        [
            "Antikörper gegen solide Tumoren",
            "固形がんに対する抗体",
            "Förderung für Gründer",
            "起業家への資金支援",
        ]
    )
    assert rows[0] @ rows[1] > max(rows[0] @ rows[3], rows[1] @ rows[2])
    assert rows[2] @ rows[3] > max(rows[0] @ rows[3], rows[1] @ rows[2])


def test_rows_have_length_one_and_the_promised_dimension() -> None:
    rows = USE.encode(["a b c", "抗体"])
    assert rows.shape == (2, USE.dimension)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("text", ["", "   ", "\x00\x01", "\ud800", "!!! …", "😀"])
def test_a_text_without_letters_gives_zeros(text: str) -> None:
    assert not USE.encode([text]).any()


@pytest.mark.parametrize(
    "text", ["\ufdfa" * 10_000, "a" * 100_000, "癌" * 100_000, "x\x00y", "a\ud800b", "<b>" * 9_999]
)
def test_hostile_texts_are_encoded_in_bounded_time(text: str) -> None:
    USE.encode(["warm"])
    began = time.process_time()
    assert np.isfinite(USE.encode([text])).all()
    assert time.process_time() - began < 30  # seconds of the processor


def test_a_text_has_the_same_vector_alone_and_in_company() -> None:
    alone, company = USE.encode(["Zelltherapie"])[0], USE.encode(["x y z", "Zelltherapie", "", "抗体"])[1]
    assert np.allclose(alone, company, atol=1e-5)


def test_many_texts_that_are_read_side_by_side_keep_their_places() -> None:
    texts = [f"{word} {number}" for number in range(15) for word in ("Zelltherapie", "抗体", "")]
    rows = USE.encode(texts)
    for text, row in zip(texts, rows, strict=True):
        assert np.allclose(USE.encode([text])[0], row, atol=1e-5)


def test_no_texts_give_no_rows() -> None:
    assert USE.encode([]).shape == (0, USE.dimension)


def test_the_model_comes_back_after_it_was_released() -> None:
    before = USE.encode(["抗体"])
    USE.release()
    assert np.allclose(before, USE.encode(["抗体"]), atol=1e-4)


def test_a_vector_that_is_no_number_is_an_error() -> None:
    with pytest.raises(EncoderError):
        unit(np.array([[np.nan, 1.0]], np.float32))
