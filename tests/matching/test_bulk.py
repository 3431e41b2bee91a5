"""Many at once leave what one after the other leaves: tokens, rows of words, and columns in memory."""

from datetime import datetime
from importlib import import_module
from random import Random
from typing import Any

import numpy as np
import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.matching import actions, corpus
from kakehashi.matching.corpus import Corpus
from kakehashi.matching.glossary import shipped
from kakehashi.records.models import Reading
from kakehashi.text import tokens
from tests import cast
from tests.matching.records import DIMENSION, entry
from tests.matching.records import corpus as made
from tests.matching.test_search import fill

PIECES = st.sampled_from(
    [
        "Tumoren,",
        "(CAR-T)",
        "抗体薬物複合体",
        "IL-6",
        "ドラッグ・デリバリー",
        "und",
        "Straße",
        "—",
        "癌",
        "\n",
        "a_b",
        "é",
    ]
)


@settings(deadline=None)
@given(st.lists(PIECES), st.lists(PIECES))
def test_a_text_has_the_same_tokens_whatever_was_read_before(one: list[str], other: list[str]) -> None:
    compounds = shipped().compounds
    tokens._seen.cache_clear()
    fresh = tokens.indexed(" ".join(one), compounds)
    tokens.indexed(" ".join(other) + "".join(one), compounds)
    assert tokens.indexed(" ".join(one), compounds) == fresh
    assert sorted(fresh.split()) == sorted(t for piece in one for t in tokens.tokens(piece, compounds))


def test_no_more_words_are_remembered_than_there_is_room_for() -> None:
    for number in range(tokens.KNOWN + 1):
        tokens.indexed(f"Wort{number}")
    assert len(tokens._seen(None)) <= tokens.KNOWN


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 99), st.integers(1, 30), st.sampled_from([1, 4, 512]))
def test_records_put_at_once_or_singly_fill_the_same_columns(seed: int, count: int, at_once: int) -> None:
    random = Random(seed)
    entries = [entry(random, key) for key in range(1, count + 1)]
    basis = made(seed, 20).basis
    singly, together = Corpus(DIMENSION, basis), Corpus(DIMENSION, basis)
    for each in entries:
        singly.put([each])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(corpus, "AT_ONCE", at_once)
        together.put(entries)
    assert together.names() == singly.names()
    others = singly.columns()
    for name, column in together.columns().items():
        assert np.array_equal(column.rows, others[name].rows), name
    for slot, each in enumerate(entries):
        weights = [
            basis.weights.length(set(items)) for items in (each.concepts, each.words, each.facts.topics)
        ]
        assert together.lengths[slot].tolist() == weights


def _rows() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rowid, title, text, concepts FROM matching_words ORDER BY rowid")
        return list(cursor.fetchall())


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("kakehashi.matching.actions.reindex"), "BATCH", 4)


@pytest.mark.django_db
@pytest.mark.usefixtures("_small")
def test_words_written_anew_are_those_that_came_with_each_record_concepts_too(now: datetime) -> None:
    fill(now)
    cast.received(now)
    actions.encode_due(now=now)
    before = _rows()
    assert any(concepts for *_, concepts in before)
    assert actions.reindex(words_only=True) == len(before)
    assert _rows() == before


@pytest.mark.django_db
def test_words_are_found_in_whatever_order_their_records_come(now: datetime) -> None:
    fill(now)
    before = _rows()
    readings = list(Reading.objects.order_by("pk"))
    Random(3).shuffle(readings)
    actions.write_words(readings)
    assert _rows() == before
