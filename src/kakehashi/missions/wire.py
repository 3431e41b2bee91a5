"""Tasks and talks as JSON, for the pipe between the worker and the solver."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from kakehashi.missions.schedule import Company, Interpreter, Table, Talk, Task, Wish


def pack(task: Task) -> dict[str, Any]:
    """A task as JSON; `task` reads it again."""
    packed: dict[str, Any] = _plain(asdict(task))
    return packed


def task(data: dict[str, Any]) -> Task:
    """The task that `pack` packed."""
    return Task(
        slots=data["slots"],
        companies=tuple(Company(**_sets(each)) for each in data["companies"]),
        wishes=tuple(Wish(**each) for each in data["wishes"]),
        tables=tuple(Table(**_sets(each)) for each in data["tables"]),
        interpreters=tuple(Interpreter(**_sets(each)) for each in data["interpreters"]),
        fixed=tuple(Talk(**each) for each in data["fixed"]),
    )


def talks(every: Iterable[Talk]) -> list[dict[str, Any]]:
    """Talks as JSON: the members of `Talk`."""
    return [asdict(talk) for talk in every]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    return [_plain(inner) for inner in value] if isinstance(value, tuple) else value


def _sets(each: dict[str, Any]) -> dict[str, Any]:
    return {name: frozenset(inner) if isinstance(inner, list) else inner for name, inner in each.items()}
