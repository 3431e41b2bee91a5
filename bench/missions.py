"""Schedules of talks at the sizes of 2012 and 2016: seconds, the gap to the proven bound, a greedy rival."""

import random
import time

from bench.harness import Figure, publish
from kakehashi.missions.greedy import greedy
from kakehashi.missions.schedule import (
    FIRST,
    Company,
    Interpreter,
    Schedule,
    Table,
    Task,
    Wish,
    conflicts,
    value,
)
from kakehashi.missions.solve import solve

LIMIT = 45.0  # seconds the solver gets


def day(hosts: int, guests: int, wishes: int, slots: int, tables: int, voices: int, seed: int) -> Task:
    """An invented day: half of the wishes are mutual, a third of the hosts speak no English."""
    choose = random.Random(seed)
    companies = [
        Company(
            f"host-{i:03}", False, frozenset({"ja"} if i % 3 == 0 else {"ja", "en"}), _away(choose, slots)
        )
        for i in range(hosts)
    ] + [Company(f"guest-{i:03}", True, frozenset({"de", "en"}), _away(choose, slots)) for i in range(guests)]
    pairs = [(h.id, g.id) for h in companies if not h.guest for g in companies if g.guest]
    wanted = choose.sample(pairs, wishes)
    made = []
    for number, (host, guest) in enumerate(wanted):
        by, of = (host, guest) if choose.random() < 0.5 else (guest, host)
        made.append(Wish(by, of, choose.randint(1, 3)))
        if number % 2:
            made.append(Wish(of, by, choose.randint(1, 3)))
    return Task(
        slots,
        tuple(companies),
        tuple(made),
        tuple(Table(f"table-{i:02}") for i in range(tables)),
        tuple(Interpreter(f"interpreter-{i}", frozenset({"ja", "en"})) for i in range(voices)),
    )


def _away(choose: random.Random, slots: int) -> frozenset[int]:
    """One in four comes late or leaves early."""
    if choose.random() > 0.25:
        return frozenset()
    missed = choose.randint(1, slots // 3)
    return frozenset(range(missed) if choose.random() < 0.5 else range(slots - missed, slots))


def measure(name: str, task: Task, goal: str) -> list[Figure]:
    began, worked = time.perf_counter(), time.process_time()
    made: Schedule = solve(task, LIMIT)
    seconds, processor = time.perf_counter() - began, time.process_time() - worked
    rival = greedy(task)
    wrong = [*conflicts(task, made.talks), *conflicts(task, rival)]
    if wrong:
        raise SystemExit(f"the schedule cannot be held: {wrong[:3]}")
    met = value(task, rival)
    return [
        Figure(f"{name}: talks", len(made.talks), "talks", goal, len(made.talks) / len(rival),
               f"greedy: {len(rival)} talks"),
        Figure("… worth by wishes", made.value, "points", "", made.value / met, f"greedy: {met} points"),
        Figure("… computed in", seconds, "s", "seconds" if "90" in goal else "≤ 60"),
        Figure("… of the processor, both cores", processor, "s"),
        Figure("… gap to the proven bound", made.gap * 100, "%"),
    ]  # fmt: skip


def main() -> None:
    small = day(15, 16, 110, slots=10, tables=10, voices=3, seed=2012)
    large = day(110, 10, 360, slots=36, tables=12, voices=3, seed=2016)
    publish(
        "missions",
        [
            *measure("16 × 15 companies", small, "≥ 90"),
            *measure("10 × 110 companies", large, "≥ 300"),
        ],
        [
            "Invented days: a quarter of the companies comes late or leaves early, "
            "a third of the hosts needs one of three interpreters.",
            f"A mutual wish counts double, each company's first talk {FIRST} points more.",
        ],
    )


if __name__ == "__main__":
    main()
