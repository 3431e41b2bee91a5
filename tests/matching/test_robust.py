"""Odd texts in records and in queries: each is read, and found where it says something."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from django.test import Client

from kakehashi import clock
from kakehashi.accounts.viewer import PUBLIC
from kakehashi.errors import InvalidInput
from kakehashi.matching import actions, queries
from kakehashi.matching.models import Indexed, Vector
from kakehashi.matching.queries import Filters
from kakehashi.records import actions as records
from kakehashi.translation.texts import original
from tests import cast

ODD = {
    "one character": "癌",
    "mixed scripts": "mRNA-ワクチン für Ärztinnen, 치료, лекарство, دواء",
    "emoji": "🧬🧫 Antikörper 🚀👩‍🔬",
    "HTML": "<b onclick=alert(1)>Antikörper</b> &amp; <!-- --> <script>x</script>",
    "all capitals": "ANTIKÖRPER GEGEN SOLIDE TUMOREN",
    "Japanese that calls itself German": "固形がんに対する抗体薬物複合体",
    "a ligature of eighteen": "\ufdfa" * 150,
    "signs alone": "---===***",
}
# As much as a record may hold, and what none may.
LONG = {"U+FDFA, ten thousand times": "\ufdfa" * 10_000, "one word of 20,000 signs": "癌" * 20_000}
REFUSED = {
    "nothing": "",
    "100,000 characters": "a" * 100_000,
    "NUL": "a\x00b",
    "half a surrogate": "a\ud800b",
}
# As it stands in an address.
HOSTILE = {
    "nothing": "",
    "one character": quote("癌"),
    "100,000 characters": "a" * 100_000,
    "mixed scripts": quote("mRNA-ワクチン für Ärztinnen, 치료"),
    "emoji": quote("🧬👩‍🔬"),
    "NUL": "%00a%00b",
    "U+FDFA, ten thousand times": "%EF%B7%BA" * 10_000,
    "half a surrogate": "%ED%A0%80",
    "HTML": "<script>alert(1)</script>",
    "capitals": quote("ANTIKÖRPER GEGEN SOLIDE TUMOREN"),
}


@pytest.mark.django_db
def test_records_with_odd_texts_are_read_and_found(now: datetime) -> None:
    owner = cast.organisation(now)
    made = {}
    for name, text in ODD.items():
        body = cast.offer_body(owner, title=text)
        body["title"] = {"de": original(text)}
        record = records.create(viewer=cast.EDITOR, body=body, now=now)
        made[name] = cast.publish(record, now, "public").id
    actions.encode_due(now=now)
    actions.match_due(now=now)
    assert set(made.values()) <= set(Indexed.objects.values_list("reading__record", flat=True))
    for values in Vector.objects.values_list("values", flat=True):
        assert np.isfinite(np.frombuffer(bytes(values), "<f2")).all()
    for asked, name in (
        ("抗体薬物複合体", "Japanese that calls itself German"),
        ("Ärztinnen", "mixed scripts"),
    ):
        hits = queries.search(PUBLIC, asked, Filters(), now).hits
        assert made[name] in [hit.reading.record for hit in hits]


@pytest.mark.django_db
@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_the_longest_texts_of_records_are_read(text: str, now: datetime) -> None:
    record = records.create(viewer=cast.EDITOR, body=bodied(text, now), now=now)
    cast.publish(record, now, "public")
    actions.encode_due(now=now)
    actions.match_due(now=now)
    hits = queries.search(PUBLIC, "Zelltherapie", Filters(kind="offer"), now).hits
    assert [hit.reading.record for hit in hits] == [record.id]


@pytest.mark.django_db
@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_texts_that_no_record_may_hold_are_refused(text: str, now: datetime) -> None:
    with pytest.raises(InvalidInput, match="body"):
        records.create(viewer=cast.EDITOR, body=bodied(text, now), now=now)


def bodied(text: str, now: datetime) -> dict[str, Any]:
    """An offer with this long text."""
    plain = cast.offer_body(cast.organisation(now), title="Zelltherapie")
    return plain | {"body": {"de": original(text)}}


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", " ", *ODD.values()])
def test_odd_queries_are_answered(text: str, now: datetime) -> None:
    cast.offer(now)
    actions.encode_due(now=now)
    found = queries.search(PUBLIC, text, Filters(), now)
    assert found.total >= len(found.hits)


@pytest.mark.django_db
@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_the_search_page_answers_whatever_is_typed(typed: str, client: Client) -> None:
    now = clock.now()
    cast.offer(now)
    actions.encode_due(now=now)
    answer = client.get("/de/search/", QUERY_STRING=f"q={typed}")
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content
    assert b'id="answers"' in answer.content
