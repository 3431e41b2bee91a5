"""What one node does to itself for bench.visible, in a process of that node: `python -m bench.visible_steps`.

Arguments: the name of a step and its arguments as JSON. Prints what the step gives, with the moment of its
last commit.
"""

import json
import os
import sys
import time
from typing import Any
from uuid import UUID


def offer(title: str) -> str:
    """Publish an offer of a new organisation; gives its id."""
    from kakehashi.translation.texts import original

    return _publish(f"Owner of {title}", {"title": {"de": original(title)}})


def request(title: str, summary: str) -> str:
    """Publish a request in Japanese; gives its id."""
    from kakehashi.translation.texts import original

    said = {"lang": "ja", "title": {"ja": original(title)}, "summary": {"ja": original(summary)}}
    return _publish(f"Owner of {title}", {"kind": "request", "een_type": "TR", **said})


def _publish(owned_by: str, changes: dict[str, Any]) -> str:
    from tests import cast

    from kakehashi import clock, this
    from kakehashi.records import actions
    from kakehashi.records.lifecycle import State

    node, now = this.node(), clock.now()
    cast.HERE = node.name
    owner = cast.organisation(now, name=owned_by, region=node.regions[0])
    body = {**cast.offer_body(owner), **changes}
    record = actions.create(viewer=cast.MANAGER, body=body, now=now)
    actions.set_level(viewer=cast.MANAGER, record_id=record.id, audience="public", onward="public", now=now)
    actions.move(viewer=cast.MANAGER, record_id=record.id, to=State.PUBLISHED, now=now)
    return str(record.id)


def revise(record: str, title: str) -> None:
    """Another title for an offer."""
    from tests import cast

    from kakehashi import clock
    from kakehashi.records import actions
    from kakehashi.records.models import Revision
    from kakehashi.translation.texts import original

    latest = Revision.objects.filter(record=record).latest("number").body
    body = {**latest, "title": {"de": original(title)}}
    actions.revise(viewer=cast.MANAGER, record_id=UUID(record), body=body, now=clock.now())


def hide(record: str) -> None:
    """From now on only this side sees the record."""
    from tests import cast

    from kakehashi import clock
    from kakehashi.records import actions

    actions.set_level(viewer=cast.MANAGER, record_id=UUID(record), audience="members", now=clock.now())


def name(key: str, names: dict[str, str]) -> None:
    """A curator adds a concept to the glossary."""
    from tests import cast

    from kakehashi import clock
    from kakehashi.matching import actions
    from kakehashi.matching.concepts import Concept

    concept = Concept(key, "bioprocessing", names, {})
    actions.change_term(viewer=cast.MANAGER, concept=concept, why="bench", now=clock.now())


def end() -> None:
    """End the agreement at once, for cause."""
    from tests import cast

    from kakehashi import clock, this
    from kakehashi.agreements import actions
    from kakehashi.agreements.models import Agreement

    now = clock.now()
    agreement = Agreement.objects.get(state="active")
    how = {"effective": now.replace(microsecond=0), "reason": "cause", "now": now}
    actions.end_with_node_root(viewer=cast.MANAGER, agreement=agreement, node=this.node(), **how)


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.settings")
    django.setup()
    given = globals()[sys.argv[1]](**json.loads(sys.argv[2]))
    print(json.dumps({"given": given, "committed": time.time()}))


if __name__ == "__main__":
    main()
