"""Deals out tables and interpreters to talks whose slots are settled: who can stay seated stays seated."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias, TypeVar

from kakehashi.missions.schedule import Company, Interpreter, Pair, Table, Talk, Task

Chosen: TypeAlias = tuple[Pair, int]  # who meets in which slot
T = TypeVar("T", Table, Interpreter)


def deal(task: Task, chosen: Mapping[Chosen, frozenset[str]]) -> tuple[Talk, ...]:
    """All talks, fixed ones first as they are; `chosen` says per pair and slot the interpreter's languages.

    The side with fewer companies keeps its tables and its interpreters from talk to talk where it can.
    """
    hosts = sum(not company.guest for company in task.companies)
    stays = 0 if hosts <= len(task.companies) - hosts else 1
    seats: dict[str, str] = {}
    voices: dict[str, str] = {}
    made = [talk for talk in task.fixed if talk.slot < 0]  # at a time that the day no longer has
    for slot in range(task.slots):
        fixed = [talk for talk in task.fixed if talk.slot == slot]
        pairs = sorted(pair for pair, at in chosen if at == slot)
        tables = _free(task.tables, slot, {talk.table for talk in fixed})
        people = _free(task.interpreters, slot, {talk.interpreter for talk in fixed})
        sat = _keep({pair: pair[stays] for pair in pairs}, [table.id for table in tables], seats)
        heard: dict[Pair, str] = {}
        for languages in sorted({chosen[pair, slot] for pair in pairs if chosen[pair, slot]}, key=sorted):
            needing = {pair: pair[stays] for pair in pairs if chosen[pair, slot] == languages}
            heard |= _keep(needing, [one.id for one in people if one.languages == languages], voices)
        new = [Talk(*pair, slot, sat[pair], heard.get(pair, "")) for pair in pairs]
        for talk in (*fixed, *new):
            seats[talk.pair[stays]] = talk.table
            voices[talk.pair[stays]] = talk.interpreter or voices.get(talk.pair[stays], "")
        made += [*fixed, *new]
    return tuple(made)


def earlier(task: Task, chosen: Mapping[Chosen, frozenset[str]]) -> dict[Chosen, frozenset[str]]:
    """The same talks, each as early as the others let it: no idle hours that the solver did not mind."""
    made: list[dict[Pair, frozenset[str]]] = [{} for _ in range(task.slots)]
    for (pair, slot), languages in chosen.items():
        made[slot][pair] = languages
    for pair, slot in sorted(chosen, key=lambda each: (each[1], each[0])):
        languages = made[slot].pop(pair)
        before = (each for each in range(slot) if _fits(task, made[each], pair, each, languages))
        made[next(before, slot)][pair] = languages
    return {(pair, slot): kind for slot, there in enumerate(made) for pair, kind in there.items()}


def _fits(
    task: Task, there: Mapping[Pair, frozenset[str]], pair: Pair, slot: int, languages: frozenset[str]
) -> bool:
    """Could the two meet in this slot, beside the talks that are there?"""
    fixed = [talk for talk in task.fixed if talk.slot == slot]
    busy = {company for each in (*there, *(talk.pair for talk in fixed)) for company in each}
    if busy & set(pair) or any(slot in task.by_id[company].away for company in pair):
        return False
    tables = _free(task.tables, slot, {talk.table for talk in fixed})
    people = _free(task.interpreters, slot, {talk.interpreter for talk in fixed})
    able = sum(one.languages == languages for one in people)
    needed = sum(kind == languages for kind in there.values())
    return len(there) < len(tables) and (not languages or needed < able)


def place(task: Task, talks: Iterable[Talk], pair: Pair, slot: int, table: str = "") -> Talk:
    """A talk put into a slot by hand: at `table` or the first free one, with a free interpreter if needed.

    Where nothing is free it takes what is not, and `schedule.conflicts` says so.
    """
    there = [talk for talk in talks if talk.slot == slot and talk.pair != pair]
    tables = _free(task.tables, slot, {talk.table for talk in there}) or list(task.tables)
    voice = ""
    if task.needs_interpreter(pair):
        free = _free(task.interpreters, slot, {talk.interpreter for talk in there})
        voice = next((one.id for one in free if task.can_interpret(one, pair)), "")
    return Talk(*pair, slot, table or (tables[0].id if tables else ""), voice, fixed=True)


def free_slots(task: Task, talks: Iterable[Talk], pair: Pair) -> list[int]:
    """The slots in which both companies could meet as things stand."""
    busy = {talk.slot for talk in talks if set(talk.pair) & set(pair) and talk.pair != pair}
    away = {slot for company in pair for slot in _of(task, company).away}
    return [slot for slot in range(task.slots) if slot not in busy | away]


def _of(task: Task, company: str) -> Company:
    return task.by_id[company]


def _free(every: Sequence[T], slot: int, taken: set[str]) -> list[T]:
    return [one for one in every if slot not in one.away and one.id not in taken]


def _keep(needing: Mapping[Pair, str], free: Sequence[str], before: Mapping[str, str]) -> dict[Pair, str]:
    """Each pair one of `free`: what its company had before if that is free, else what nobody had."""
    given: dict[Pair, str] = {}
    for pair, company in needing.items():
        had = before.get(company, "")
        if had in free and had not in given.values():
            given[pair] = had
    left = [one for one in free if one not in given.values()]
    left.sort(key=lambda one: one in before.values())
    for pair in needing:
        if pair not in given:
            given[pair] = left.pop(0)
    return given
