"""Matches are a pure function of the records: the order and the pauses of the work leave no trace."""

from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.matching import actions, allpairs, basis, pair, queries
from kakehashi.matching.actions import anew
from kakehashi.matching.actions import match as matching
from kakehashi.matching.best import Rank, verdict
from kakehashi.matching.models import Basis, Indexed, Match
from kakehashi.matching.queries import lists
from kakehashi.records import actions as records
from kakehashi.records import ports
from kakehashi.records.models import Reading
from kakehashi.translation.texts import original

NAMES = UUID("9c1d5a52-3d0e-4c0e-8f5e-0d8a3ad1a001")
TOPICS = ("oncology", "antibodies", "vaccines")
SUBJECTS = {
    "de": ("Antikörper gegen Tumoren", "Impfstoff gegen Grippe", "Zelltherapie bei Diabetes", "Bioreaktor"),
    "ja": ("腫瘍に対する抗体", "インフルエンザワクチン", "糖尿病の細胞治療", "培養槽の製造"),
    "en": ("Antibodies against tumours", "A vaccine for influenza", "Cells against diabetes", "Bioreactors"),
}
COUNT = 24


def name(number: int) -> UUID:
    return uuid5(NAMES, str(number))


def wording(number: int) -> dict[str, Any]:
    lang = ("de", "ja", "en")[number % 3]
    subject, other = SUBJECTS[lang][number % 4], SUBJECTS[lang][(number // 4) % 4]
    return {
        "lang": lang,
        "title": {lang: original(f"{subject} {number}")},
        "summary": {lang: original(f"{other}. {subject}.")},
        "topics": [TOPICS[number % 3]],
    }


def arrive(now: datetime, number: int, revision: int = 1, **changes: Any) -> None:
    """One record, whose name is the same in every run: an own offer or a request of the other side."""
    own = number % 2 == 0
    owner = {"origin": "osaka.example", "id": str(uuid5(NAMES, "owner")), "name": "なにわ製薬株式会社"}
    kind = {"kind": "offer", "een_type": "TO"} if own else {"kind": "request", "een_type": "TR"}
    body = {**kind, "revision": revision, "organisation": owner, "partnership": ["licence"]}
    crossing = records.Crossing("c", "sha256-test", "c1", number, "public", "CLEAR", now.replace(year=2029))
    records.receive(
        origin="osaka.example",
        side="munich" if own else "osaka",
        record_id=name(number),
        body={**body, **wording(number), **changes},
        person=None,
        regions=["JP-27"],
        issued=now,
        expires=None,
        crossing=crossing,
        now=now + timedelta(seconds=revision),
    )
    Reading.objects.filter(record=name(number)).update(own=own)


def work(now: datetime) -> None:
    """Until nothing is left to do."""
    while actions.encode_due(now=now) + actions.match_due(now=now):
        pass


def outcome() -> list[tuple[Any, ...]]:
    """Every pair with its score and reasons, told without keys of the database."""
    rows = Match.objects.order_by("own__record", "other__record")
    said = ("score", "components", "conditions", "basis", "of_own", "of_other")
    return list(rows.values_list("own__record", "other__record", *said))


def wipe() -> None:
    Reading.objects.all().delete()
    Basis.objects.all().delete()
    actions.reindex()


@pytest.fixture(params=[(1_000, 30), (8, 3)], ids=["small", "large"])
def _size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small node, and one whose sample and lists are full: the same with few records and low limits."""
    monkeypatch.setattr(basis, "SAMPLE", request.param[0])
    monkeypatch.setattr(matching, "MOST", request.param[1])
    monkeypatch.setattr(pair, "FLOOR", 0.08)  # these texts are short and all alike


@pytest.mark.django_db
@pytest.mark.usefixtures("_size")
def test_orders_of_arrival_with_interruptions_end_in_exactly_the_same_matches(now: datetime) -> None:
    for number in range(COUNT):
        arrive(now, number)
    work(now)
    expected = outcome()
    assert len(expected) > 20
    for seed in range(2):
        wipe()
        random = Random(seed)
        for number in random.sample(range(COUNT), COUNT):
            arrive(now, number)
            # Work goes on a little, or not at all, before the next record comes.
            actions.encode_due(now=now, limit=random.randrange(3))
            actions.match_due(now=now, limit=random.randrange(4))
        work(now)
        assert outcome() == expected
        assert queries.progress() == (COUNT, COUNT, COUNT, COUNT)


@pytest.mark.django_db
def test_the_last_two_of_a_list_are_known_also_where_scores_are_equal(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pair, "FLOOR", 0.08)
    for number in range(12):
        arrive(now, number)
    work(now)
    for match in Match.objects.all():  # four scores for all: often places decide
        Match.objects.filter(pk=match.pk).update(score=match.pk % 4, of_own=True, of_other=True)
    for side, mine, theirs in ((lists.OTHER, "other", "own"), (lists.OWN, "own", "other")):
        keys = set(Match.objects.values_list(f"{theirs}_id", flat=True))
        but = Match.objects.values_list(f"{mine}_id", flat=True)[0]
        columns = (f"{theirs}_id", "score", "own__indexed__place", "other__indexed__place", "pk")
        every = Match.objects.exclude(**{mine: but}).values_list(*columns)
        found = lists.best_of(keys, but, side)
        assert len(keys) > 4
        for key in keys:
            slow = sorted((-score, (own, other), pk) for of, score, own, other, pk in every if of == key)
            assert [(*rank, match) for rank, match in sorted(found[key].items())[-2:]] == slow[-2:]
            assert len(found[key]) == len(slow) > 2


@pytest.mark.django_db
@pytest.mark.usefixtures("_size")
def test_matching_all_at_once_ends_as_one_after_the_other_does(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(COUNT - 6):
        arrive(now, number)
    work(now)
    for number in range(COUNT - 6, COUNT):
        arrive(now, number)
    work(now)
    expected = outcome()
    leasts = sorted(Indexed.objects.values_list("place", "least", "basis"))
    monkeypatch.setattr(matching, "MANY", 1)
    Match.objects.filter(own__record=name(0)).update(score=0.9, of_own=False)  # what is wrong is put right
    Match.objects.filter(own__record=name(2)).delete()
    Indexed.objects.update(basis="", least=None)
    assert actions.match_due(now=now) == COUNT
    assert outcome() == expected
    assert sorted(Indexed.objects.values_list("place", "least", "basis")) == leasts


@pytest.mark.django_db
@pytest.mark.usefixtures("_size")
def test_what_changes_while_all_are_matched_at_once_is_matched_afterwards(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = {"title": {"de": original("Bioreaktor und Impfstoff")}, "lang": "de"}
    for number in range(COUNT - 8):
        arrive(now, number, **(other if number in (2, 3) else {}))
    actions.encode_due(now=now)
    monkeypatch.setattr(matching, "MANY", 10)

    def interrupted(*said: Any, **more: Any) -> allpairs.Best:
        found = allpairs.best_pairs(*said, **more)
        for number in (2, 3):
            arrive(now, number, revision=2)
        gone = Reading.objects.filter(record=name(4))
        ports.readings_changed(list(gone), gone=True)
        gone.delete()
        actions.encode_due(now=now)
        monkeypatch.setattr(matching, "MANY", 1_000)
        return found

    monkeypatch.setattr(anew, "best_pairs", interrupted)
    work(now)
    assert matching.MANY == 1_000  # it came to that
    after = outcome()
    wipe()
    for number in range(COUNT - 8):
        if number != 4:
            arrive(now, number)
    work(now)
    assert after == outcome()


@pytest.mark.django_db
@pytest.mark.usefixtures("_size")
def test_records_that_change_and_go_leave_no_trace(now: datetime) -> None:
    for number in range(COUNT - 4):
        arrive(now, number)
    work(now)
    expected = outcome()
    wipe()
    for number in range(COUNT):
        first = (
            {"title": {"de": original("Bioreaktor und Impfstoff")}, "lang": "de"} if number % 5 == 0 else {}
        )
        arrive(now, number, **first)
        if number % 7 == 0:
            work(now)
    work(now)
    assert outcome() != expected
    for number in range(0, COUNT, 5):
        arrive(now, number, revision=2)
        actions.encode_due(now=now)
        actions.match_due(now=now, limit=2)
    Reading.objects.filter(record__in=[name(COUNT - 4), name(COUNT - 3)]).update(state="archived")
    actions.match_due(now=now, limit=1)
    going = Reading.objects.filter(record__in=[name(COUNT - 2), name(COUNT - 1)])
    ports.readings_changed(list(going), gone=True)
    going.delete()
    work(now)
    assert outcome() == expected


@pytest.mark.django_db
def test_nothing_counts_as_done_while_the_basis_may_be_another(now: datetime) -> None:
    for number in range(6):
        arrive(now, number)
    work(now)
    arrive(now, 6)
    assert actions.encode_due(now=now) == 1
    Indexed.objects.update(basis=Basis.objects.get().version)  # as if the new one had been matched already
    assert queries.progress().matched < 7
    work(now)
    assert queries.progress().matched == 7
    assert {*Match.objects.values_list("basis", flat=True)} == {Basis.objects.get().version}


RANKS = st.tuples(st.integers(-6, 0).map(float), st.tuples(st.integers(0, 3), st.integers(0, 3)))


LISTS = st.lists(RANKS, unique=True, max_size=10).map(lambda ranks: dict(enumerate(ranks)))  # one place each


@given(LISTS, st.integers(0, 9), st.none() | RANKS, st.integers(1, 4))
def test_a_list_kept_up_to_date_is_the_one_made_anew(
    entries: dict[int, Rank], changed: int, rank: Rank | None, most: int
) -> None:
    def listed(of: dict[int, Rank]) -> list[tuple[Rank, int]]:
        return sorted((rank, key) for key, rank in of.items())[:most]

    before = listed(entries)
    others = [(rank, key) for rank, key in before if key != changed]
    after = {key: rank for key, rank in entries.items() if key != changed}
    if rank is not None and rank in after.values():
        return  # two pairs never have the same places
    said = verdict(rank, [rank for rank, _ in others], was_in=len(others) < len(before), most=most)
    after |= {} if rank is None else {changed: rank}
    if said.says != "unknown":
        now_in = [] if rank is None or said.says == "out" else [(rank, changed)]
        stay = [entry for entry in others if entry[0] != said.evicts]
        assert sorted([*stay, *now_in]) == listed(after)
    else:
        assert len(before) == most
