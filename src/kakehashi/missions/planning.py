"""Between the records of a mission and the solver's task: moments to slots and back."""

from collections.abc import Iterable, Sequence
from functools import reduce

from kakehashi.missions import times
from kakehashi.missions.bodies import Held, Key, Participant, Place, Programme
from kakehashi.missions.schedule import Company, Interpreter, Table, Talk, Task, Wish
from kakehashi.missions.times import Span


def task(programme: Programme, participants: Iterable[Participant], kept: Iterable[Held] = ()) -> Task:
    """What is to be computed from both sides' records; `kept` talks stay as they are."""
    slots = programme.slots
    return Task(
        slots=len(slots),
        companies=tuple(_company(programme, one, slots) for one in participants),
        wishes=tuple(
            Wish(name(one.company), name(wish.company), wish.priority)
            for one in participants
            for wish in one.wishes
        ),
        tables=tuple(Table(place.name, times.outside(slots, place.when)) for place in programme.tables),
        interpreters=tuple(_interpreter(place, slots) for place in programme.interpreters),
        fixed=talks(programme, kept),
    )


def talks(programme: Programme, held: Iterable[Held]) -> tuple[Talk, ...]:
    """Talks by slot; one at a time that the programme no longer has gets a slot below nought, its own."""
    numbers = {slot.start: number for number, slot in enumerate(programme.slots)}
    return tuple(
        Talk(
            name(each.host),
            name(each.guest),
            numbers.get(each.start, -place),
            each.table,
            each.interpreter,
            each.fixed,
        )
        for place, each in enumerate(held, 1)
    )


def held(programme: Programme, made: Iterable[Talk], kept: Iterable[Held] = ()) -> tuple[Held, ...]:
    """Talks by moment again, in the order of the day; `kept` knows the times of those without a slot."""
    slots, before = programme.slots, {each.pair: each.start for each in kept}
    back = [
        Held(
            key(talk.host),
            key(talk.guest),
            slots[talk.slot].start if talk.slot >= 0 else before[key(talk.host), key(talk.guest)],
            talk.table,
            talk.interpreter,
            talk.fixed,
        )
        for talk in made
    ]
    return tuple(sorted(back, key=lambda each: (each.start, each.table, each.pair)))


def name(company: Key) -> str:
    """A company's id in a task."""
    return f"{company[0]}/{company[1]}"


def key(company: str) -> Key:
    """And back."""
    origin, _, record = company.partition("/")
    return origin, record


def _company(programme: Programme, one: Participant, slots: Sequence[Span]) -> Company:
    away = reduce(frozenset.union, (times.overlapping(slots, span) for span in one.away), frozenset[int]())
    guest = one.company[0] != programme.key[0]
    return Company(name(one.company), guest, frozenset(one.languages), away, one.most, one.company[0])


def _interpreter(place: Place, slots: Sequence[Span]) -> Interpreter:
    return Interpreter(place.name, frozenset(place.languages), times.outside(slots, place.when))
