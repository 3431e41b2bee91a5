"""A next version of an agreement is in force: what partners gave under it is judged by it at once."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from kakehashi import this
from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import queries as agreements
from kakehashi.agreements.decide import Allow, decide
from kakehashi.agreements.models import Agreement
from kakehashi.agreements.terms import Standing, State
from kakehashi.exchange.actions.ending import living
from kakehashi.exchange.actions.showing import hide
from kakehashi.exchange.models import Channel
from kakehashi.records import actions as records


def agreement_changed(agreement: Agreement, now: datetime) -> None:
    """Plugged into agreements.ports; the transaction is that of the change.

    What the version does not cover is hidden before its origin takes it back, and passing on follows the
    version, too: nothing in the log says so, since headers name what the record's owner allows.
    """
    if agreement.state != State.ACTIVE or agreement.version == 1:
        return
    standing = agreements.current(WORKER, agreement.lineage)
    rows = Channel.objects.select_for_update().filter(own=False, lineage=agreement.lineage)
    for channel in rows.order_by("name"):
        _judge(channel, standing, now)


def _judge(channel: Channel, standing: Standing, now: datetime) -> None:
    levels: dict[str, list[UUID]] = defaultdict(list)
    for record, header in living(channel):
        answer = decide(header, standing, now, this.node().name)
        if isinstance(answer, Allow):
            levels[answer.onward].append(record)
        else:
            hide(channel, record, now)
    for level, ids in levels.items():
        records.set_onward(origin=channel.origin, channel=channel.name, onward=level, ids=ids, now=now)
