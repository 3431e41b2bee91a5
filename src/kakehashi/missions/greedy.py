"""A schedule as a careful person makes it: the most wanted talk first, each into the first time that is free.

The solver begins with it, so that it is never worse, however little of the processor it gets.
"""

from collections import Counter

from kakehashi.missions.schedule import Pair, Talk, Task


def greedy(task: Task) -> tuple[Talk, ...]:
    """The fixed talks, and what can be put beside them."""
    made = list(task.fixed)
    busy = {(talk.slot, one) for talk in made for one in (*talk.pair, talk.table, talk.interpreter) if one}
    held = Counter(company for talk in made for company in talk.pair)
    met = {talk.pair for talk in made}
    for pair in sorted(task.worth.keys() - met, key=lambda pair: (-task.worth[pair], pair)):
        if any(0 < task.by_id[company].most <= held[company] for company in pair):
            continue
        talk = next((t for slot in range(task.slots) if (t := _fits(task, pair, slot, busy))), None)
        if talk:
            made.append(talk)
            busy |= {(talk.slot, one) for one in (*pair, talk.table, talk.interpreter) if one}
            held.update(pair)
    return tuple(made)


def _fits(task: Task, pair: Pair, slot: int, busy: set[tuple[int, str]]) -> Talk | None:
    """The talk in this slot with the first free table and interpreter; None if anything is missing."""
    if any((slot, company) in busy or slot in task.by_id[company].away for company in pair):
        return None
    table = next((t.id for t in task.tables if (slot, t.id) not in busy and slot not in t.away), None)
    if table is None:
        return None
    if not task.needs_interpreter(pair):
        return Talk(*pair, slot, table)
    free = (
        one.id
        for one in task.interpreters
        if (slot, one.id) not in busy and slot not in one.away and task.can_interpret(one, pair)
    )
    voice = next(free, None)
    return Talk(*pair, slot, table, voice) if voice else None
