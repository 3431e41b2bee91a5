"""What ranks the answers of a search is the score that is shown with each of them."""

from datetime import datetime
from importlib import import_module

import pytest

from kakehashi.accounts.viewer import PUBLIC
from kakehashi.matching import actions, index, queries
from kakehashi.matching.queries import Filters, words
from kakehashi.translation.texts import original
from tests import cast

pytestmark = pytest.mark.django_db

TITLES = ("Antikörper gegen solide Tumoren", "Antikörper", "Zelltherapie gegen solide Tumoren", "Tumor")


@pytest.mark.parametrize("text", ["Antikörper gegen Tumoren", "固形がん", "Antikörper"])
def test_pages_follow_the_scores_that_are_shown(now: datetime, text: str) -> None:
    owner = cast.organisation(now)
    for title in TITLES:
        cast.offer(now, owner, title=title)
    cast.received(now)
    actions.encode_due(now=now)
    cast.offer(now, owner, title="Antikörper, noch nicht gelesen")  # not encoded yet: found by its words
    whole = queries.search(PUBLIC, text, Filters(), now)
    totals = [hit.score.total for hit in whole.hits if hit.score]
    assert whole.total == len(totals) >= 3
    assert totals == pytest.approx(sorted(totals, reverse=True), abs=1e-12)
    pages = [
        hit.reading.pk
        for offset in range(0, whole.total, 2)
        for hit in queries.search(PUBLIC, text, Filters(), now, offset=offset, limit=2).hits
    ]
    assert pages == [hit.reading.pk for hit in whole.hits]


@pytest.mark.parametrize("filters", [Filters(), Filters(kind="offer"), Filters(topic="oncology", lang="de")])
def test_the_best_answers_are_those_of_looking_at_every_record(
    now: datetime, filters: Filters, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = cast.organisation(now)
    for number, title in enumerate(TITLES * 4):
        summary = {"de": original(f"{TITLES[number % 3]} aus Garching, im Tiermodell geprüft.")}
        cast.offer(now, owner, title=f"{title} {number}", summary=summary)
    cast.received(now)
    actions.encode_due(now=now)

    def best(text: str) -> list[tuple[int, float]]:
        hits = queries.search(PUBLIC, text, filters, now, limit=3).hits
        return [(hit.reading.pk, hit.score.total) for hit in hits if hit.score]

    asked = ("solide Tumoren", "Antikörper", "固形がん", "cell therapy", "Garching")
    every = [best(text) for text in asked]  # so few that all are looked at
    for module, name, value in ((index, "EXACT_BELOW", 0), (index, "RESCORED", 8), (words, "MOST", 6)):
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(import_module("kakehashi.matching.queries.search"), "CANDIDATES", 8)
    assert [best(text) for text in asked] == every
    assert all(every)
