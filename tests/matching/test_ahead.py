"""Another encoder reads all in the background; until it has, the vectors of the one before answer."""

from datetime import datetime

import numpy as np
import pytest

from kakehashi.accounts.viewer import PUBLIC
from kakehashi.matching import actions, queries
from kakehashi.matching.encoder import Gone, Use, Vectors, default, known, unit
from kakehashi.matching.models import Ahead, Basis, Indexed, Match, Vector
from kakehashi.matching.queries import Filters, memory
from kakehashi.matching.queries.due import encoder_id, progress
from kakehashi.matching.queries.serving import encoder_in_words, serving
from tests import cast
from tests.matching.test_curating import work

pytestmark = pytest.mark.django_db

ASKED = "Medikament, das Tumorzellen angreift"  # no word of what it finds


class Narrow:
    """USE with every second number left out, as another model that knows the languages a little less."""

    id, version, dimension = "narrow", "1", 256

    def encode(self, texts: list[str]) -> Vectors:
        return unit(np.ascontiguousarray(default().encode(texts)[:, ::2]))

    def release(self) -> None:
        """Nothing is held."""


def stored() -> dict[str, int]:
    names = list(Vector.objects.values_list("encoder", flat=True))
    return {name: names.count(name) for name in sorted(set(names))}


def found(now: datetime) -> list[str]:
    return [hit.reading.title["ja"] for hit in queries.search(PUBLIC, ASKED, Filters(), now).hits]


def bridge(now: datetime) -> None:
    cast.offer(now)
    cast.received(now)
    work(now)


def test_the_old_vectors_answer_until_all_is_read(now: datetime) -> None:
    bridge(now)
    before, score = found(now), Match.objects.get().score
    whole = sum(stored().values())
    assert before
    new = Narrow()
    actions.encode_due(now=now, encoder=new, limit=1)
    assert serving(new) is default()
    assert set(stored()) == {encoder_id(default()), "narrow/1"}
    assert found(now) == before
    assert Match.objects.get().score == score
    assert progress().matched == progress().readings
    new_one = "narrow 1 (alone; kakehashi[e5] adds a second one on Linux)"
    assert encoder_in_words(new) == (
        f"{default().id} {default().version}, until {new_one} has read 2 more records"
    )
    while encoder_id(serving(new)) != "narrow/1":
        actions.encode_due(now=now, encoder=new, limit=2)
    assert stored() == {"narrow/1": whole}
    assert list(Basis.objects.values_list("encoder", "settled")) == [("narrow/1", True)]
    assert not Ahead.objects.exists()
    assert encoder_in_words(new) == new_one


def test_what_comes_meanwhile_is_read_by_both(now: datetime) -> None:
    bridge(now)
    actions.encode_due(now=now, encoder=Narrow(), limit=1)
    late = cast.offer(now, title="Zellkultur im Einwegbioreaktor")
    actions.encode_due(now=now, encoder=Narrow(), limit=2)
    assert Indexed.objects.get(reading__record=late.id).encoder == encoder_id(default())
    actions.encode_due(now=now, encoder=Narrow())
    actions.encode_due(now=now, encoder=Narrow())
    assert set(Indexed.objects.values_list("encoder", flat=True)) == {"narrow/1"}
    assert set(stored()) == {"narrow/1"}


def test_vectors_of_an_encoder_that_is_gone_still_serve_and_words_answer(now: datetime) -> None:
    old = Narrow()
    cast.offer(now)
    cast.received(now)
    actions.encode_due(now=now, encoder=old)
    assert isinstance(serving(), Gone)
    assert serving().dimension == old.dimension
    with memory.MEMORY.corpus() as corpus:
        assert (corpus.dimension, len(corpus)) == (256, 3)
    hits = queries.search(PUBLIC, "抗体薬物複合体", Filters(), now).hits
    assert [hit.reading.kind for hit in hits][:1] == ["request"]
    work(now)  # the encoder of this process has read all meanwhile
    work(now)
    assert serving() is default()
    assert Match.objects.get().encoder == encoder_id(default())


def test_matches_follow_the_new_vectors(now: datetime) -> None:
    actions.encode_due(now=now, encoder=Narrow())
    bridge(now)
    work(now)
    assert Match.objects.get().encoder == encoder_id(default())
    assert known(Use.id, Use().version, 512).id == "usem3"
