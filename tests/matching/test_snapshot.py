"""Who starts from the snapshot answers as who reads the tables; a bad file is as good as none."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.accounts.viewer import PUBLIC, Viewer
from kakehashi.matching import actions, queries, snapshot
from kakehashi.matching.actions import keep
from kakehashi.matching.basis import Basis
from kakehashi.matching.column import Column
from kakehashi.matching.corpus import WORD, Corpus
from kakehashi.matching.models import Change
from kakehashi.matching.queries import kept
from kakehashi.matching.queries.memory import MEMORY
from kakehashi.matching.queries.shelf import SHELVES
from kakehashi.records import actions as records
from tests import cast
from tests.matching.records import DIMENSION, entry

pytestmark = pytest.mark.django_db
TEXTS = ("solide Tumoren", "抗体薬物複合体", "")


@pytest.fixture(autouse=True)
def _kept_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(keep, "LEAST", 0)
    monkeypatch.setattr(kept, "folder", lambda: tmp_path)
    yield
    MEMORY.forget()
    SHELVES.forget()


def restarted() -> None:
    MEMORY.forget()
    SHELVES.forget()


def answers(now: datetime, viewer: Viewer = PUBLIC) -> list[object]:
    found = [queries.search(viewer, text, queries.Filters(), now) for text in TEXTS]
    return [[(hit.reading.pk, hit.score) for hit in each.hits] for each in found]


def filled(now: datetime) -> None:
    owner = cast.organisation(now)
    cast.offer(now, owner)
    cast.offer(now, owner, title="Antikörper gegen Darmtumoren", audience="members")
    cast.received(now)
    actions.encode_due(now=now)
    actions.match_due(now=now)


def read_vectors(now: datetime) -> bool:
    """Whether the tables of vectors or facets were read to answer."""
    restarted()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answers(now)
    return any("matching_vector" in each["sql"] for each in asked.captured_queries)


def test_whoever_starts_from_it_answers_the_same_without_reading_the_tables(now: datetime) -> None:
    filled(now)
    before = [answers(now, viewer) for viewer in (PUBLIC, cast.READER, cast.EDITOR)]
    assert keep.keep_snapshot(now=now)
    assert not read_vectors(now)
    assert [answers(now, viewer) for viewer in (PUBLIC, cast.READER, cast.EDITOR)] == before
    assert not keep.keep_snapshot(now=now)  # nothing changed


def test_what_changed_after_it_is_seen(now: datetime) -> None:
    filled(now)
    keep.keep_snapshot(now=now)
    mine = cast.offer(now, title="Zelltherapie gegen solide Tumoren")
    theirs = cast.received(now)
    gone = queries.search(PUBLIC, "solide Tumoren", queries.Filters(), now).hits[0].reading
    if gone.own:
        records.set_level(viewer=cast.EDITOR, record_id=gone.record, audience="private", now=now)
    else:
        records.recall(
            origin=gone.origin, record_id=gone.record, channel=gone.passages.get().channel, now=now
        )
    actions.encode_due(now=now)
    restarted()
    from_it = answers(now)
    found = {key for each in from_it for key, _ in each}
    assert gone.pk not in found
    assert len(found) >= 3, (mine, theirs)
    kept.path(kept.number()).unlink()
    restarted()
    assert answers(now) == from_it


def test_a_file_that_the_database_does_not_name_is_not_used(now: datetime) -> None:
    filled(now)
    keep.keep_snapshot(now=now)
    number = Change.objects.get(reading=kept.NOBODY).pk
    Change.objects.filter(reading=kept.NOBODY).update(id=number + 1)  # as in one put back to an earlier state
    assert read_vectors(now)


@pytest.mark.parametrize(
    "harm", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: data[:-1]]
)
def test_a_file_that_is_cut_off_is_as_good_as_none(now: datetime, harm: object) -> None:
    filled(now)
    before = answers(now)
    keep.keep_snapshot(now=now)
    path = kept.path(kept.number())
    path.write_bytes(harm(path.read_bytes()))  # type: ignore[operator]
    restarted()
    assert answers(now) == before
    assert read_vectors(now)


@settings(max_examples=60)
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_no_flipped_byte_goes_into_a_column(
    tmp_path_factory: pytest.TempPathFactory, at: float, by: int
) -> None:
    columns = {"one": Column(np.int32), "two": Column(np.float64, 3)}
    columns["one"].extend(np.arange(30_000))
    columns["two"].extend(np.random.default_rng(1).normal(size=(5_000, 3)))
    path = tmp_path_factory.mktemp("torn") / "a"
    snapshot.write(path, {"said": [1, 2]}, columns)
    data = bytearray(path.read_bytes())
    data[int(at * len(data))] ^= by
    path.write_bytes(data)
    fresh = {"one": Column(np.int32), "two": Column(np.float64, 3)}
    try:
        found = snapshot.Snapshot(path)
        found.into(fresh)
    except ValueError:
        return
    assert found.said == {"said": [1, 2]}  # it hit the room behind the rows, which is not read
    for name, column in columns.items():
        assert np.array_equal(fresh[name].rows, column.rows)


def test_columns_on_a_file_grow_in_memory_and_leave_it_as_it_is(tmp_path: Path) -> None:
    column = Column(np.int64)
    column.extend(np.arange(100))
    snapshot.write(tmp_path / "a", {}, {"one": column})
    written = (tmp_path / "a").read_bytes()
    fresh = Column(np.int64)
    snapshot.Snapshot(tmp_path / "a").into({"one": fresh})
    fresh.rows[3] = -1
    for _ in range(3):  # beyond the room, too
        fresh.extend(np.arange(1_000))
    assert fresh.count == 3_100
    assert fresh.rows[[2, 3, 99, 100]].tolist() == [2, -1, 99, 0]
    assert (tmp_path / "a").read_bytes() == written


def test_few_readings_need_none(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(now)
    keep.keep_snapshot(now=now)
    monkeypatch.setattr(keep, "LEAST", 5_000)
    assert not keep.keep_snapshot(now=now)
    assert list(kept.folder().iterdir()) == []


def test_it_is_written_anew_when_much_changed_or_after_an_hour(now: datetime) -> None:
    filled(now)
    keep.keep_snapshot(now=now)
    first = kept.number()
    cast.offer(now)
    assert keep.keep_snapshot(now=now)  # one of few is much
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keep, "MANY", 0)
        cast.offer(now)
        assert not keep.keep_snapshot(now=now + timedelta(minutes=59))
        assert keep.keep_snapshot(now=now + timedelta(minutes=61))
    assert kept.number() > first
    assert [path.name for path in kept.folder().iterdir()] == [kept.path(kept.number()).name]


def test_nothing_of_a_dropped_record_is_in_a_snapshot_and_all_of_the_others(tmp_path: Path) -> None:
    chance = Random(5)
    entries = [entry(chance, key) for key in range(1, 40)]
    gone = replace(entry(chance, 40), words=frozenset({"einmalig"}), passages=entries[0].passages[:0])
    stays = replace(entry(chance, 41), words=frozenset({"bleibt"}))
    made = Corpus(DIMENSION, Basis())
    made.put([*entries, gone, stays])
    head = made.columns()["heads.values"].rows[made.slots[40]].tobytes()
    for dropped, name in ((False, "before"), (True, "after")):
        if dropped:
            made.drop(40)
        path = tmp_path / f"{name}.snapshot"
        snapshot.write(path, {"names": made.names()}, made.columns())
        found = path.read_bytes()
        assert (b"einmalig" in found, head in found) == (not dropped, not dropped)
        assert b"bleibt" in found
    again, file = Corpus(DIMENSION, Basis()), snapshot.Snapshot(tmp_path / "after.snapshot")
    file.into(again.columns())
    again.take(file.said["names"])
    for each in (*entries, stays):
        mine, theirs = made.slots[each.key], again.slots[each.key]
        assert again.items(theirs, WORD) == each.words
        assert (again.head(theirs) == made.head(mine)).all()
    again.put([replace(gone, key=42)])
    assert again.items(again.slots[42], WORD) == {"einmalig"}
