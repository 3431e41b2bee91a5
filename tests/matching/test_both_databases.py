"""SQLite and PostgreSQL give the same answers: same records, same order, same scores to the last bit.

Runs in the pass on PostgreSQL (KAKEHASHI_TEST_DATABASE), with a SQLite of its own beside it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import numpy as np
import pytest
from django.core.management import call_command
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi.accounts.viewer import PUBLIC
from kakehashi.matching import actions, fulltext, judged, pair, queries
from kakehashi.matching.expression import Expression, Phrase, concept, word
from kakehashi.matching.queries import Filters, words
from kakehashi.matching.queries.memory import MEMORY
from kakehashi.matching.queries.shelf import SHELVES
from kakehashi.text.tokens import indexed
from kakehashi.translation.texts import original
from tests.matching.test_order import arrive, outcome, work

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("both"),  # one SQLite for all
    pytest.mark.skipif(
        connections["default"].vendor != "postgresql", reason="compares PostgreSQL with SQLite"
    ),
]
Answer = TypeVar("Answer")
TOKENS = ("antikorp", "anti", "zell", "zellkultur", "抗体", "体薬", "薬物", "物", "癌", "il6")
COUNT = 30
JUDGED = Path(__file__).parents[2] / "bench" / "judged"
FEW_OF_THEM = settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@contextmanager
def on(database: BaseDatabaseWrapper) -> Iterator[None]:
    """All that is done meanwhile is done in this database, by which search and matching start afresh."""
    before = connections["default"]
    connections["default"] = database
    for held in (MEMORY, SHELVES):
        held.forget()
    try:
        yield
    finally:
        connections["default"] = before
        for held in (MEMORY, SHELVES):
            held.forget()


@pytest.fixture(scope="module")
def sqlite(django_db_setup: None, django_db_blocker: Any) -> Iterator[BaseDatabaseWrapper]:
    facts = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    made = ConnectionHandler({"default": facts})["default"]
    with django_db_blocker.unblock():
        with on(made):
            call_command("migrate", verbosity=0, interactive=False)
        yield made
        made.close()


@pytest.fixture
def both(sqlite: BaseDatabaseWrapper) -> Iterator[Callable[[Callable[[], Answer]], Answer]]:
    """Calls in both databases and gives the answer, which is the same; all is undone in the end."""

    def ask(call: Callable[[], Answer]) -> Answer:
        found = []
        for database in (connections["default"], sqlite):
            with on(database):
                found.append(call())
        assert found[0] == found[1]
        return found[0]

    with on(sqlite):
        whole = transaction.atomic()
        whole.__enter__()
    yield ask
    with on(sqlite):
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


texts = st.lists(st.sampled_from(TOKENS), max_size=8).map(" ".join)
phrases = st.builds(
    Phrase, st.lists(st.sampled_from(TOKENS), min_size=1, max_size=3).map(tuple), st.booleans()
)
expressions = st.builds(
    Expression,
    st.lists(st.lists(phrases, min_size=1, max_size=2).map(tuple), min_size=1, max_size=2).map(tuple),
) | st.sampled_from(TOKENS).map(concept)


@settings(FEW_OF_THEM, max_examples=60)
@given(
    st.lists(st.tuples(texts, texts, texts), max_size=12),
    st.lists(expressions, min_size=1, max_size=3),
    st.data(),
)
def test_each_expression_finds_the_same_rows_with_the_same_share(
    both: Any, rows: list[tuple[str, str, str]], wanted: list[Expression], data: st.DataObject
) -> None:
    allowed = np.array([False, *(data.draw(st.booleans()) for _ in rows)], bool)
    most, few = data.draw(st.sampled_from([1, 3, 300])), data.draw(st.sampled_from([0, 5_000]))
    written = [(key, *row) for key, row in enumerate(rows, 1)]
    held = {each: each.held(written).keys for each in wanted}
    naming = {each: keys[allowed[keys]] for each, keys in held.items() if each.concepts}

    def ask() -> Any:
        with pytest.MonkeyPatch.context() as patch, transaction.atomic():
            patch.setattr(words, "MOST", most)
            patch.setattr(fulltext, "FEW", few)
            fulltext.drop(range(1, 20))
            fulltext.put([(key, title, text, "") for key, (title, text, _) in enumerate(rows, 1)])
            for key, (_, _, concepts) in enumerate(rows, 1):
                fulltext.put_concepts(key, concepts)
            near = words.Near(np.flatnonzero(allowed), naming)
            keys, shares = words.shared(wanted, words.find(wanted, allowed), allowed, near)
            # SQLite 3.40 takes its full-text table for damaged once very much was put in its place and asked
            # for in one transaction: so each example leaves nothing behind.
            transaction.set_rollback(True)
            return dict(zip(keys.tolist(), shares.tolist(), strict=True))

    found = both(ask)
    if most == 300:  # what the rows themselves say
        holding = {key for keys in held.values() for key in keys.tolist()}
        assert found.keys() == holding & set(np.flatnonzero(allowed).tolist())


SAID = (
    *("Antikörper-Wirkstoff-Konjugate", "Zelltherapie", "KI", "Bioreaktor", "Auftragsherstellung", "iPS"),
    *("固形がんに対する抗体", "再生医療", "核酸", "癌", "血液脳関門", "培養槽"),
    *("drug discovery", "blood-brain barrier", "vaccine", "antibod", "cells against diabetes", "IL-6"),
)
LISTED = st.lists(st.sampled_from(SAID), max_size=3).map(" ".join)


@pytest.fixture
def bridge(both: Any, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The same records in both databases, read and matched: the same pairs, scores and reasons."""
    monkeypatch.setattr(pair, "FLOOR", 0.08)  # these texts are short and all alike
    chance = Random(7)
    said = [" ".join(chance.choices(SAID, k=4)) for _ in range(COUNT)]

    def fill() -> list[tuple[Any, ...]]:
        for number, text in enumerate(said):
            arrive(now, number, summary={"de": {"text": f"{text}.", "origin": "original"}})
        work(now)
        return outcome()

    assert len(both(fill)) > 20
    return both


@FEW_OF_THEM
@given(
    st.lists(LISTED, min_size=4, max_size=4),
    st.sampled_from([{}, {"kind": "offer"}, {"side": "osaka", "topic": "oncology"}]),
)
def test_matches_and_the_ranking_of_random_questions_are_the_same_to_the_last_bit(
    bridge: Any, asked: list[str], filters: dict[str, str]
) -> None:
    now = datetime.fromisoformat("2026-11-22T09:00:00+00:00")

    def ask() -> Any:
        answers = []
        for text in asked:
            found = queries.search(PUBLIC, text, Filters(**filters), now, limit=COUNT)
            ranked = [(hit.reading.record, hit.score and hit.score.components) for hit in found.hits]
            answers.append((found.total, ranked))
        return answers

    assert len(bridge(ask)) == len(asked)


def test_the_judged_questions_are_ranked_alike(both: Any, now: datetime) -> None:
    """Real offers and requests in three languages: the same answers in the same order, score by score."""
    pairs = judged.read(JUDGED)
    docs = [doc for doc in pairs.docs if doc.kind in ("offer", "request")][::2]
    asked = [query for query in pairs.queries if query.kind == "question"][::2]

    def fill_and_ask() -> list[tuple[int, list[tuple[Any, Any]]]]:
        for number, doc in enumerate(docs):
            texts = {name: {doc.lang: original(getattr(doc, name))} for name in ("title", "summary")}
            arrive(now, number, kind=doc.kind, lang=doc.lang, topics=list(doc.topics), **texts)
        while actions.encode_due(now=now):
            pass
        actions.settle(now=now)
        found = [queries.search(PUBLIC, query.title, Filters(), now, limit=len(docs)) for query in asked]
        return [
            (each.total, [(hit.reading.record, hit.score and hit.score.components) for hit in each.hits])
            for each in found
        ]

    assert sum(total for total, _ in both(fill_and_ask)) > len(asked)


def test_nothing_of_the_server_s_own_folds_or_parts_a_word(both: Any) -> None:
    """Stop words, accents and endings are ours: no dictionary of PostgreSQL has a say."""

    def ask() -> list[list[int]]:
        fulltext.put([(1, indexed("The and über ΑΒΓ don't"), indexed("straße 癌"), "")])
        asked = [word(each) for each in ("the", "and", "uber", "über", "don", "t", "strass", "αβγ")]
        found = fulltext.found(asked, np.array([False, True]), 1)
        return [found[each, False].tolist() for each in asked]

    assert any(both(ask))
