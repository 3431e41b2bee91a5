"""Due work of missions: schedules that somebody asked for, each computed in a process of its own."""

import json
import subprocess
import sys
import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from kakehashi import clock, this
from kakehashi.accounts.viewer import WORKER
from kakehashi.errors import KakehashiError
from kakehashi.missions import actions, demonstration, queries, wire
from kakehashi.missions.schedule import SECONDS, Schedule, Talk
from kakehashi.work.loop import Job

REPORT = 1.0  # seconds between two notes of progress: each wakes the other jobs


def jobs() -> list[Job]:
    """What the worker runs for this folder."""
    found = [Job("missions.compute", timedelta(minutes=1), lambda now: compute_due(now=now))]
    if this.node().demo:
        step = Job("missions.demonstrate", timedelta(minutes=1), lambda now: demonstration.take_step(now=now))
        found.append(step)
    return found


def compute_due(*, now: datetime, seconds: float = SECONDS) -> int:
    """Compute what was asked for; how many schedules. One that fails is not tried again by itself."""
    waiting = queries.due()
    for mission in waiting:
        try:
            _compute(mission, now, seconds)
        except (KakehashiError, OSError, ValueError):
            actions.failed(mission=mission, now=clock.now())
            raise
    return len(waiting)


def _compute(record: UUID, now: datetime, seconds: float) -> None:
    began = time.monotonic()
    mission = queries.mission(WORKER, this.node().name, record, now)
    asked = {"task": wire.pack(mission.task), "seconds": seconds}
    last: dict[str, Any] = {}
    said = began
    with subprocess.Popen(
        [sys.executable, "-m", "kakehashi.missions.solve"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin is not None  # noqa: S101  # asked for above
        assert child.stdout is not None  # noqa: S101
        child.stdin.write(json.dumps(asked) + "\n")
        child.stdin.close()
        for line in child.stdout:
            last = json.loads(line)
            spent = time.monotonic()
            if spent - said >= REPORT and "talks" not in last:
                said, so_far = spent, int(spent - began)
                actions.progress(mission=record, seconds=so_far, value=last["value"], bound=last["bound"])
    talks = tuple(Talk(**each) for each in last["talks"]) if "talks" in last else None
    if talks is None:
        raise ValueError("the solver ended without a schedule")
    made = Schedule(talks, last["value"], last["bound"])
    spent_all = int(time.monotonic() - began)
    actions.computed(viewer=WORKER, mission=mission, made=made, seconds=spent_all, now=clock.now())
