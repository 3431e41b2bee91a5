"""The board of introductions and the report with thousands of both, in one process: time of the processor.

One introduction is taken from the question to a confirmed outcome by the real actions; KAKEHASHI_BENCH_MANY
(5,000) copies of its rows, and as many records given by each side, are written beside it.
"""

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import orjson

from bench.harness import Figure, publish, quantile

MANY = int(os.environ.get("KAKEHASHI_BENCH_MANY", "5000"))
BATCH = 500
RUNS = 12  # of each page; the first, which reads everything anew, is left out


def main() -> None:
    """On a node of the tests, in a folder of its own."""
    from tests import home

    os.environ |= {"DJANGO_SETTINGS_MODULE": "kakehashi.settings"}
    import django
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    setup_test_environment()
    name = "postgresql" if os.environ.get("KAKEHASHI_TEST_DATABASE") else "sqlite"
    figures = list(_figures())
    publish("introductions", figures, [f"{home.MUNICH.name}, {name}; copies of one introduction"])


def _figures() -> Iterator[Figure]:
    from django.test import Client
    from tests import cast
    from tests.introductions.world import World

    from kakehashi import clock
    from kakehashi.accounts.viewer import Role

    now = clock.now()
    world = World(now - timedelta(days=30))
    _one(world, world.now)
    _copy(MANY)
    manager = Client()
    manager.force_login(cast.user(Role.MANAGER), "allauth.account.auth_backends.AuthenticationBackend")
    addresses = {
        "the board": "/de/introductions/",
        "the report": f"/de/reports/{now.year}/",
        "the evidence of a number": f"/de/reports/{now.year}/evidence/?kind=offer",
        "the introductions behind a number": f"/de/reports/{now.year}/introductions/confirmed/",
        "the report as spreadsheet": f"/de/reports/{now.year}/report.xlsx",
    }
    for name, address in addresses.items():
        taken = _milliseconds(partial(_page, manager, address))
        for share in (0.5, 0.95):
            yield Figure(f"{name}, {MANY:,}: p{share * 100:.0f}", quantile(taken, share), "ms CPU")


def _one(world: Any, now: datetime) -> None:
    """One introduction from the question to the outcome that both confirm."""
    from kakehashi.introductions import actions

    key = world.asked_from_there(now)
    actions.pass_on(viewer=world.manager, interest=key, now=now + timedelta(days=1))
    from tests.introductions.world import ERIKA

    actions.accept(viewer=world.manager, interest=key, contact=ERIKA, now=now + timedelta(days=2))
    world.says("outcome", "technology", key, now + timedelta(days=9))
    words = {"agrees": True, "words": "", "lang": "de"}
    actions.judge(viewer=world.manager, interest=key, now=now + timedelta(days=10), **words)


def _copy(count: int) -> None:
    """Rows of readings, passages and log entries under new ids, which stay the same within one copy."""
    from kakehashi.exchange.models import Channel, Entry
    from kakehashi.records.models import Passage, Reading

    readings = list(Reading.every.exclude(kind="organisation"))
    passages = list(Passage.objects.filter(reading__in=readings))
    entries = list(Entry.objects.filter(op="put", record__in=[row.record for row in readings]))
    last = dict(Channel.objects.values_list("pk", "size"))
    for first in range(0, count, BATCH):
        copies = [{row.record: uuid4() for row in readings} for _ in range(first, min(first + BATCH, count))]
        made = [_reading(row, ids) for ids in copies for row in readings]
        Reading.every.bulk_create(made)
        by_record = {row.record: row.pk for row in made}
        keys = {row.pk: row.record for row in readings}
        Passage.objects.bulk_create(
            _again(row, reading_id=by_record[ids[keys[row.reading_id]]]) for ids in copies for row in passages
        )
        added = []
        for ids in copies:
            for row in entries:
                added.append(_entry(row, ids, last[row.channel_id]))
                last[row.channel_id] += 1
        Entry.objects.bulk_create(added)


def _again(row: Any, **changes: Any) -> Any:
    """A new row with the values of another."""
    facts = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    del facts["id"]
    return type(row)(**{**facts, **changes})


def _reading(row: Any, ids: dict[UUID, UUID]) -> Any:
    return _again(row, record=ids[row.record], body=orjson.loads(_renamed(orjson.dumps(row.body), ids)))


def _entry(row: Any, ids: dict[UUID, UUID], index: int) -> Any:
    return _again(row, record=ids[row.record], index=index, header=_renamed(bytes(row.header), ids))


def _renamed(data: bytes, ids: dict[UUID, UUID]) -> bytes:
    for old, new in ids.items():
        data = data.replace(str(old).encode(), str(new).encode())
    return data


def _page(visitor: Any, address: str) -> None:
    answer = visitor.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}")


def _milliseconds(call: Callable[[], None]) -> list[float]:
    """Of the processor, each run after the first."""
    taken = []
    for _ in range(RUNS):
        began = time.process_time()
        call()
        taken.append((time.process_time() - began) * 1000)
    return taken[1:]


if __name__ == "__main__":
    main()
