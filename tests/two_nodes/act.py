"""What tests have a node do, in a process of that node: `python -m tests.two_nodes.act NAME ARGUMENTS`."""

import json
import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.settings")


def prepare() -> None:
    """Tables and keys."""
    from django.core.management import call_command

    from kakehashi import this
    from kakehashi.signing.keyring import Keyring

    call_command("migrate", verbosity=0, interactive=False)
    ring = Keyring(this.node().key_folder)
    for name in ("root", "record", "log", "http"):
        ring.create(name)


def follow() -> int:
    """Channels follow agreements; the key set is published on the way."""
    from kakehashi import clock
    from kakehashi.exchange import jobs

    return jobs.follow_agreements(clock.now())


def introduce() -> None:
    from kakehashi import clock
    from kakehashi.bridge import demonstrate

    demonstrate.introduce(now=clock.now())


def propose() -> str:
    """A draft of the demonstration's agreement, signed here."""
    from kakehashi import clock, this
    from kakehashi.bridge import demonstrate

    partner = demonstrate.other()
    assert partner is not None
    return demonstrate._propose(this.node(), partner, clock.now()).hash


def sign() -> str:
    """Sign the draft that came."""
    from kakehashi import clock
    from kakehashi.bridge import demonstrate

    agreement = demonstrate._await_draft(clock.now)
    assert agreement is not None
    return agreement.hash


def deliver() -> int:
    from kakehashi import clock
    from kakehashi.exchange import jobs

    return jobs.deliver(clock.now())


def pull(wait: int = 0) -> list[dict[str, Any]]:
    """Read every due channel until nothing comes."""
    from kakehashi import clock
    from kakehashi.exchange import jobs, pulling

    for channel in jobs.due_channels(clock.now()):
        while pulling.pull(jobs.client(), channel.name, clock.now, wait=wait):
            wait = 0
    return feeds()


def feeds() -> list[dict[str, Any]]:
    from kakehashi.accounts.viewer import WORKER
    from kakehashi.exchange import queries

    return [
        {
            "name": channel.name,
            "size": channel.size,
            "state": channel.state,
            "code": channel.feed.code,
            "detail": channel.feed.detail,
            "receipt": channel.feed.receipt_size,
            "refused": list(map(list, channel.quarantined.order_by("index").values_list("index", "code"))),
        }
        for channel in queries.feeds(WORKER)
    ]


def channels() -> list[dict[str, Any]]:
    from kakehashi.accounts.viewer import WORKER
    from kakehashi.exchange import queries

    return [
        {
            "name": channel.name,
            "size": channel.size,
            "state": channel.state,
            "acknowledged": queries.acknowledged_size(channel),
        }
        for channel in queries.own_channels(WORKER)
    ]


def publish(
    name: str = "Isar Biologics GmbH", region: str = "DE-BY", offers: int = 1, **level: Any
) -> list[str]:
    """An organisation with offers; gives the record ids."""
    from kakehashi import clock, this
    from tests import cast

    now = clock.now()
    owner = cast.organisation(now, name=name, region=region)
    cast.HERE = this.node().name
    made = [cast.offer(now, owner, title=f"{name} {i}", **level) for i in range(offers)]
    return [str(owner.id), *(str(record.id) for record in made)]


def move(record: str, to: str) -> None:
    from uuid import UUID

    from kakehashi import clock
    from kakehashi.records import actions
    from kakehashi.records.lifecycle import State
    from tests import cast

    actions.move(viewer=cast.EDITOR, record_id=UUID(record), to=State(to), now=clock.now())


def seen(role: str = "EDITOR") -> list[str]:
    """The titles of the partner's records that a viewer sees here."""
    from kakehashi import clock
    from kakehashi.accounts.viewer import Role, Viewer
    from kakehashi.records import queries

    viewer = Viewer(role=Role[role], actor="test")
    rows = queries.published(viewer, clock.now()).filter(own=False)
    return sorted(row.title.get("de") or next(iter(row.title.values())) for row in rows)


def end_agreement(reason: str = "cause") -> None:
    from kakehashi import clock, this
    from kakehashi.accounts.viewer import WORKER
    from kakehashi.agreements import actions, queries

    agreement = queries.agreements(WORKER).get(state="active")
    now = clock.now()
    from datetime import timedelta

    actions.end_with_node_root(
        viewer=WORKER,
        agreement=agreement,
        node=this.node(),
        effective=now.replace(microsecond=0) + timedelta(seconds=1),
        reason=reason,
        now=now,
    )


def main() -> None:
    django.setup()
    name, arguments = sys.argv[1], json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}
    print(json.dumps(globals()[name](**arguments)))


if __name__ == "__main__":
    main()
