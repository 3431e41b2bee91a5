"""Schedules: what the solver makes can be held, is the best there is, and keeps what was fixed by hand."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.missions import seating, wire
from kakehashi.missions.greedy import greedy
from kakehashi.missions.schedule import Company, Interpreter, Table, Talk, Task, Wish, conflicts, value
from kakehashi.missions.solve import solve

NODES = st.sampled_from(["osaka.example", "kyoto.example"])
LANGUAGES = st.sampled_from([frozenset({"ja"}), frozenset({"en"}), frozenset({"ja", "en"})])


@st.composite
def tasks(draw: st.DrawFn, most: int = 4, slots: int = 4) -> Task:
    """Small days with everything that can be in the way."""
    count = draw(st.integers(1, slots))
    away = st.frozensets(st.integers(0, count - 1), max_size=1)
    companies = tuple(
        Company(f"{side}{i}", side == "g", draw(LANGUAGES), draw(away), draw(st.integers(0, 2)), draw(NODES))
        for side in "hg"
        for i in range(draw(st.integers(1, most)))
    )
    ids = st.sampled_from([company.id for company in companies])
    wishes = draw(st.lists(st.builds(Wish, ids, ids, st.integers(1, 3)), max_size=10))
    tables = tuple(Table(f"t{i}", draw(away)) for i in range(draw(st.integers(1, 2))))
    voices = tuple(
        Interpreter(f"i{i}", frozenset({"ja", "en"}), draw(away)) for i in range(draw(st.integers(0, 1)))
    )
    return Task(count, companies, tuple(wishes), tables, voices)


@settings(max_examples=25, deadline=None)
@given(tasks())
def test_what_is_computed_can_be_held_and_its_worth_is_within_the_bound(task: Task) -> None:
    made = solve(task, 10)
    assert conflicts(task, made.talks) == conflicts(task, greedy(task)) == []
    assert made.value == value(task, made.talks) <= made.bound
    assert all(talk.pair in task.worth for talk in made.talks)


@settings(max_examples=20, deadline=None)
@given(tasks(most=2, slots=2))
def test_no_schedule_that_can_be_held_is_worth_more(task: Task) -> None:
    pairs = list(task.worth)
    best = 0
    for slots in product([None, *range(task.slots)], repeat=len(pairs)):
        for tables in product(task.tables, repeat=len(pairs)):
            talks = [
                Talk(*pair, slot, table.id, _voice(task, pair))
                for pair, slot, table in zip(pairs, slots, tables, strict=True)
                if slot is not None
            ]
            if not conflicts(task, talks):
                best = max(best, value(task, talks))
    made = solve(task, 10)
    assert (made.value, made.bound, made.gap) == (best, best, 0.0)


def test_guests_of_two_partners_meet_and_those_of_one_do_not() -> None:
    companies = [("h", False, "munich"), ("o1", True, "osaka"), ("o2", True, "osaka"), ("k", True, "kyoto")]
    speak = frozenset({"en"})
    task = Task(
        slots=2,
        companies=tuple(Company(id, guest, speak, side=side) for id, guest, side in companies),
        wishes=(Wish("o1", "o2", 3), Wish("o1", "k", 3), Wish("h", "o1", 3)),
        tables=(Table("t"),),
    )
    made = solve(task, 10)
    assert {talk.pair for talk in made.talks} == {("k", "o1"), ("h", "o1")}
    assert conflicts(task, made.talks) == []


def _voice(task: Task, pair: tuple[str, str]) -> str:
    return task.interpreters[0].id if task.interpreters and task.needs_interpreter(pair) else ""


@settings(max_examples=15, deadline=None)
@given(tasks(), st.data())
def test_what_was_fixed_by_hand_stays_and_nothing_new_is_put_in_its_way(
    task: Task, data: st.DataObject
) -> None:
    guests, hosts = ([c.id for c in task.companies if c.guest is side] for side in (True, False))
    fixed: list[Talk] = []
    for _ in range(data.draw(st.integers(1, 3))):
        pair = (data.draw(st.sampled_from(hosts)), data.draw(st.sampled_from(guests)))
        if pair not in {talk.pair for talk in fixed}:
            fixed.append(seating.place(task, fixed, pair, data.draw(st.integers(0, task.slots - 1))))
    task = replace(task, fixed=tuple(fixed))
    made = solve(task, 10)
    assert set(fixed) <= set(made.talks)
    assert made.value >= value(task, greedy(task))
    assert [conflict for conflict in conflicts(task, made.talks) if not conflict.talk.fixed] == []


DAY = Task(
    slots=3,
    companies=(
        Company("osaka", False, frozenset({"ja"}), frozenset({2}), most=1),
        Company("kobe", False, frozenset({"ja", "en"})),
        Company("munich", True, frozenset({"de", "en"})),
    ),
    tables=(Table("1", frozenset({1})), Table("2")),
    interpreters=(
        Interpreter("a", frozenset({"ja", "en"}), frozenset({1})),
        Interpreter("b", frozenset({"fr", "ja"})),
    ),
)
GOOD = (Talk("osaka", "munich", 0, "1", "a"), Talk("kobe", "munich", 1, "2"))


def test_a_good_day_has_no_conflicts() -> None:
    assert conflicts(DAY, GOOD) == []


@pytest.mark.parametrize(
    ("code", "about", "talk"),
    [
        ("company-twice", "munich", Talk("kobe", "munich", 0, "2")),
        ("company-away", "osaka", Talk("osaka", "munich", 2, "1", "a")),
        ("company-too-many", "osaka", Talk("osaka", "munich", 2, "1", "a")),
        ("company-unknown", "", Talk("kyoto", "munich", 2, "1")),
        ("same-side", "", Talk("munich", "kobe", 2, "1")),
        ("pair-twice", "", Talk("kobe", "munich", 2, "1")),
        ("table-twice", "1", Talk("kobe", "munich", 0, "1")),
        ("table-away", "1", Talk("kobe", "munich", 1, "1")),
        ("table-unknown", "9", Talk("kobe", "munich", 2, "9")),
        ("interpreter-missing", "", Talk("osaka", "munich", 2, "1")),
        ("interpreter-unknown", "z", Talk("osaka", "munich", 2, "1", "z")),
        ("interpreter-language", "b", Talk("osaka", "munich", 2, "1", "b")),
        ("interpreter-away", "a", Talk("osaka", "munich", 1, "2", "a")),
        ("interpreter-twice", "a", Talk("kobe", "munich", 0, "2", "a")),
        ("slot-unknown", "", Talk("kobe", "munich", 3, "1")),
    ],
)
def test_each_thing_that_is_wrong_is_found(code: str, about: str, talk: Talk) -> None:
    found = {(c.code, c.about) for c in conflicts(DAY, [*GOOD, talk]) if c.talk == talk}
    assert (code, about) in found


def test_a_wish_that_both_have_is_worth_more_than_what_one_of_them_longs_for() -> None:
    task = replace(
        DAY, wishes=(Wish("kobe", "munich", 1), Wish("munich", "kobe", 1), Wish("osaka", "munich", 3))
    )
    assert task.worth[("kobe", "munich")] > task.worth[("osaka", "munich")]


def test_talks_begin_in_the_morning_if_nothing_is_against_it() -> None:
    wishes = (Wish("kobe", "munich"), Wish("osaka", "munich"))
    made = solve(replace(DAY, wishes=wishes), 10)
    assert {talk.slot for talk in made.talks} == {0, 1}


def test_a_talk_put_by_hand_takes_what_is_free() -> None:
    assert seating.place(DAY, GOOD[1:], ("osaka", "munich"), 0) == replace(GOOD[0], fixed=True)
    assert seating.place(DAY, GOOD[:1], ("kobe", "munich"), 0).table == "2"
    assert seating.free_slots(DAY, GOOD, ("osaka", "munich")) == [0]


def test_without_any_time_the_schedule_is_what_a_careful_person_makes() -> None:
    task = replace(DAY, wishes=(Wish("kobe", "munich"), Wish("osaka", "munich")))
    made = solve(task, 0)
    assert (set(made.talks), made.value) == (set(greedy(task)), value(task, greedy(task)))
    assert made.bound >= made.value > 0


@settings(max_examples=30)
@given(tasks())
def test_tasks_and_talks_survive_the_pipe(task: Task) -> None:
    task = replace(task, fixed=GOOD)
    assert wire.task(wire.pack(task)) == task
    assert tuple(Talk(**each) for each in wire.talks(GOOD)) == GOOD
