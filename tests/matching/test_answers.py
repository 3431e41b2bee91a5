"""What ranks the answers of a search is the score that is shown with each of them."""

from datetime import datetime

import pytest

from kakehashi.accounts.viewer import PUBLIC
from kakehashi.matching import actions, queries
from kakehashi.matching.queries import Filters
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
