"""The demonstration's figures: of invented organisations alone, called invented, and both laws answer."""

from dataclasses import replace
from datetime import datetime

import pytest

from kakehashi import this
from kakehashi.records.models import Reading
from kakehashi.sme import demonstration, queries
from kakehashi.sme.models import FigureRow, HoldingRow
from kakehashi.sme.results import Answer
from tests import cast

pytestmark = pytest.mark.django_db


def invented(now: datetime, name: str, region: str) -> Reading:
    record = cast.organisation(now, name=name, region=region)
    Reading.objects.filter(record=record.id).update(provenance=demonstration.INVENTED)
    return Reading.objects.get(record=record.id)


def test_only_invented_organisations_get_figures_and_each_says_that_it_is_invented(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = this.node()
    assert demonstration.enter(now=now) == 0  # people use this node
    monkeypatch.setattr(this, "node", lambda: replace(here, demo=True))
    real = cast.organisation(now)
    munich = invented(now, "Erfunden: Musterprotein GmbH", "DE-BY")
    osaka = invented(now, "架空の例", "JP-27")
    assert demonstration.enter(now=now) == 2
    assert demonstration.enter(now=now) == 0
    assert not FigureRow.objects.filter(record=real.id).exists()
    rows = [*FigureRow.objects.all(), *HoldingRow.objects.all()]
    assert {row.title for row in rows} == {demonstration.LABELS["de"]}
    found = queries.statuses(demonstration.PLAYER, [munich, osaka], now)
    answers = {key: (status.eu.answer, status.jp.answer) for key, status in found.items()}
    assert answers[munich.origin, munich.record] == (Answer.YES, Answer.YES)
    assert answers[osaka.origin, osaka.record] == (Answer.YES, Answer.NO)
