"""Computes a schedule with OR-Tools' CP-SAT; a program of its own (`python -m kakehashi.missions.solve`).

The solver is heavy and its memory stays with the process, so that the worker runs it as a child: a task as
one line of JSON on standard input, lines of progress and at last the schedule on standard output.
A talk is a yes or no per pair and slot, tables and interpreters are counted per slot (those of the same
languages are alike) and dealt out by `missions/seating.py` afterwards.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from ortools.sat.python import cp_model

from kakehashi.missions import seating, wire
from kakehashi.missions.greedy import greedy
from kakehashi.missions.schedule import FIRST, SECONDS, Pair, Schedule, Talk, Task, value

WORKERS = 2
SEED = 20111004
Chosen: TypeAlias = dict[tuple[Pair, int], frozenset[str]]  # the languages of the interpreter, if any
Report: TypeAlias = Callable[[int, int], None]  # value so far, bound so far


def solve(task: Task, seconds: float = SECONDS, report: Report = lambda value, bound: None) -> Schedule:
    """The best schedule found within `seconds`, with the bound that is proven by then."""
    first = greedy(task)
    model = _Model(task)
    model.begin_with(first)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = WORKERS
    solver.parameters.random_seed = SEED
    solver.solve(model.cp, _Progress(report, model.kept))
    talks = seating.deal(task, seating.earlier(task, model.chosen(solver)))
    talks = max(talks, first, key=lambda each: value(task, each))  # time may have been too short for more
    worth = value(task, talks)
    return Schedule(talks, worth, max(worth, int(solver.best_objective_bound + 1e-6) + model.kept))


class _Model:
    """Variables and constraints of one task; what fixed talks occupy is taken away beforehand."""

    def __init__(self, task: Task) -> None:
        self.task, self.cp = task, cp_model.CpModel()
        self.kept = value(task, task.fixed)
        self.met = {talk.pair for talk in task.fixed}
        self.busy = {(talk.slot, company) for talk in task.fixed for company in talk.pair}
        self.talks: dict[tuple[Pair, int], Any] = {}
        self.through: dict[tuple[Pair, int], dict[frozenset[str], Any]] = {}
        self._free_interpreters = self._count_interpreters()
        for pair in task.worth:
            if pair not in self.met:
                self._add(pair)
        self._limit()
        self._aim()

    def _count_interpreters(self) -> Counter[tuple[int, frozenset[str]]]:
        task = self.task
        taken = {(talk.slot, talk.interpreter) for talk in task.fixed}
        return Counter(
            (slot, interpreter.languages)
            for interpreter in task.interpreters
            for slot in range(task.slots)
            if slot not in interpreter.away and (slot, interpreter.id) not in taken
        )

    def _add(self, pair: Pair) -> None:
        host, guest = (self.task.by_id[company] for company in pair)
        needs = self.task.needs_interpreter(pair)
        kinds = sorted(
            {i.languages for i in self.task.interpreters if needs and self.task.can_interpret(i, pair)},
            key=sorted,
        )
        for slot in range(self.task.slots):
            if slot in host.away | guest.away or self.busy & {(slot, host.id), (slot, guest.id)}:
                continue
            open_kinds = [kind for kind in kinds if self._free_interpreters[slot, kind]]
            if needs and not open_kinds:
                continue
            talk = self.cp.new_bool_var(f"{host.id} {guest.id} {slot}")
            self.talks[pair, slot] = talk
            if needs:
                through = {kind: self.cp.new_bool_var("") for kind in open_kinds}
                self.cp.add(sum(through.values()) == talk)
                self.through[pair, slot] = through

    def _limit(self) -> None:
        by_pair, by_company_slot, by_company, by_slot = (defaultdict(list) for _ in range(4))
        for (pair, slot), talk in self.talks.items():
            by_pair[pair].append(talk)
            by_slot[slot].append(talk)
            for company in pair:
                by_company_slot[company, slot].append(talk)
                by_company[company].append(talk)
        for alternatives in (*by_pair.values(), *by_company_slot.values()):
            self.cp.add_at_most_one(alternatives)
        held = Counter(company for talk in self.task.fixed for company in talk.pair)
        for known in self.task.companies:
            if known.most and by_company[known.id]:
                self.cp.add(sum(by_company[known.id]) <= max(0, known.most - held[known.id]))
        taken = {(talk.slot, talk.table) for talk in self.task.fixed}
        for slot, talks in by_slot.items():
            free = sum(slot not in table.away and (slot, table.id) not in taken for table in self.task.tables)
            self.cp.add(sum(talks) <= free)
        self.by_company = by_company
        self._limit_interpreters()

    def _limit_interpreters(self) -> None:
        asked: defaultdict[tuple[int, frozenset[str]], list[Any]] = defaultdict(list)
        for (_pair, slot), through in self.through.items():
            for kind, variable in through.items():
                asked[slot, kind].append(variable)
        for key, variables in asked.items():
            self.cp.add(sum(variables) <= self._free_interpreters[key])

    def _aim(self) -> None:
        aims = [self.task.worth[pair] * talk for (pair, _slot), talk in self.talks.items()]
        seated = {company for pair in self.met for company in pair}
        for company, talks in self.by_company.items():
            if company not in seated:
                has_one = self.cp.new_bool_var("")
                self.cp.add(sum(talks) >= has_one)
                aims.append(FIRST * has_one)
        self.cp.maximize(sum(aims))

    def begin_with(self, talks: Iterable[Talk]) -> None:
        """A schedule that can be held, as the first solution."""
        voices = self.task.interpreter_by_id
        first = {(talk.pair, talk.slot): talk for talk in talks if not talk.fixed}
        for key, variable in self.talks.items():
            self.cp.add_hint(variable, key in first)
            spoken = (
                voices[first[key].interpreter].languages if key in first and first[key].interpreter else None
            )
            for kind, through in self.through.get(key, {}).items():
                self.cp.add_hint(through, kind == spoken)

    def chosen(self, solver: cp_model.CpSolver) -> Chosen:
        """The talks of the solution, each with the languages of its interpreter."""
        if not solver.response_proto.solution:
            return {}
        return {
            key: next(
                (k for k, v in self.through.get(key, {}).items() if solver.boolean_value(v)), frozenset()
            )
            for key, talk in self.talks.items()
            if solver.boolean_value(talk)
        }


class _Progress(cp_model.CpSolverSolutionCallback):
    """Tells of each better schedule."""

    def __init__(self, report: Report, kept: int) -> None:
        super().__init__()
        self._report, self._kept = report, kept

    def on_solution_callback(self) -> None:
        self._report(int(self.objective_value) + self._kept, int(self.best_objective_bound) + self._kept)


def main() -> None:
    asked = json.loads(sys.stdin.readline())

    def say(**facts: object) -> None:
        print(json.dumps(facts), flush=True)

    made = solve(
        wire.task(asked["task"]), asked["seconds"], lambda value, bound: say(value=value, bound=bound)
    )
    say(value=made.value, bound=made.bound, talks=wire.talks(made.talks))


if __name__ == "__main__":
    main()
