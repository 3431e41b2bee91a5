"""Erasure in the logs: erased at every reader, the erase list kept and replayed, late ones told."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import orjson
from django.db import transaction

from kakehashi import this
from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import queries as agreements
from kakehashi.agreements.terms import Standing
from kakehashi.audit.actions import note
from kakehashi.errors import LogError, NotFound
from kakehashi.exchange import erase_list
from kakehashi.exchange.actions.channels import follow, wanted_of
from kakehashi.exchange.actions.showing import hide, show_again
from kakehashi.exchange.actions.writing import Writer, writing
from kakehashi.exchange.erase_list import Line, LogLine, OwnLine
from kakehashi.exchange.models import Chain, Channel, Entry, Erasure, Part
from kakehashi.exchange.queries import unconfirmed
from kakehashi.exchange.trusting import trust
from kakehashi.records import actions as records
from kakehashi.records import ports
from kakehashi.records.erasure import PARTS, Scope
from kakehashi.records.models import Record

log = logging.getLogger(__name__)


def record_erased(erasure: ports.Erasure, now: datetime) -> None:
    """Plugged into records.ports: write `erase` into every channel where what is erased ever stood."""
    record = erasure.record
    remember([OwnLine(record.pk, str(erasure.scope), erasure.through)])
    for channel in Channel.objects.filter(own=True, chains__record=record.pk).order_by("name"):
        Part.objects.filter(channel=channel, record=record.pk, name__in=PARTS[erasure.scope]).delete()
        if channel.state in (
            "ended",
            "closed",
        ):  # its readers delete by the end of the agreement, of the epoch
            continue
        parts = _given(channel, record.pk) & set(PARTS[erasure.scope])
        if not parts:
            continue
        standing = agreements.current(WORKER, channel.lineage)
        with writing(channel.name, now=now) as writer:
            _erase(writer, record, erasure, sorted(parts), standing, now)
        if erasure.scope == Scope.EARLIER:  # the wording that stays is given anew
            with writing(channel.name, now=now) as writer:
                follow(writer, [record], standing, now)


def _given(channel: Channel, record: UUID) -> set[str]:
    """The names of all parts of a record that its readers were ever given."""
    puts = Entry.objects.filter(channel=channel, record=record, op="put").values_list("header", flat=True)
    return {name for data in puts for name in orjson.loads(bytes(data))["parts"]}


def _erase(
    writer: Writer,
    record: Record,
    erasure: ports.Erasure,
    parts: list[str],
    standing: Standing,
    now: datetime,
) -> None:
    """The entry `erase`; before it `withdraw` if nothing stays."""
    chain = Chain.objects.get(channel=writer.channel, record=record.pk)
    deadline = now + timedelta(hours=standing["document"]["personal_data"]["erase_within_hours"])
    if erasure.scope == Scope.ALL and chain.live is not None:
        writer.withdraw(chain, "erased")
    digest = ""
    if erasure.scope == Scope.PERSON and chain.live is not None:
        due = wanted_of(record, standing, now)
        digest = due.digest if due else ""
    entry = writer.erase(chain, parts, basis=erasure.basis, deadline=deadline, digest=digest)
    remember([LogLine(writer.channel.name, entry.index, record.pk, tuple(parts), deadline)])


def remember(lines: Iterable[Line]) -> None:
    """Add to the erase list once the transaction is committed."""
    kept = list(lines)
    transaction.on_commit(lambda: erase_list.append(this.node().folder, kept))


def replay(*, now: datetime) -> int:
    """Erase again what a database put back from a backup does not know to be erased; before the node opens.

    Also puts on the list what a crash kept from it. Gives the number of erasures that had to be repeated.
    """
    lines = list(erase_list.read(this.node().folder))
    known = {(line.channel, line.index) for line in lines if isinstance(line, LogLine)}
    missing = [row for row in Erasure.objects.order_by("pk") if (row.channel_id, row.index) not in known]
    if missing:
        erase_list.append(this.node().folder, map(_line, missing))
    return sum(_repeat(line, now) for line in lines)


def _line(row: Erasure) -> LogLine:
    return LogLine(row.channel_id, row.index, row.record, tuple(row.parts), row.deadline)


@transaction.atomic
def _repeat(line: Line, now: datetime) -> bool:
    if isinstance(line, OwnLine):
        return _repeat_own(line, now)
    channel = Channel.objects.filter(pk=line.channel).first()
    if channel is None or not note_erasure(channel, line):
        return False
    before = Part.objects.filter(channel=channel, record=line.record, index__lt=line.index)
    before.filter(name__in=line.parts).delete()
    chain = Chain.objects.filter(channel=channel, record=line.record).first()
    if not channel.own and chain is not None and chain.live is not None and chain.live < line.index:
        _show_the_rest(channel, chain, now)
    note(at=now, actor="worker", action="exchange.erase-again", object=f"{line.channel} {line.index}")
    return True


def _repeat_own(line: OwnLine, now: datetime) -> bool:
    if not records.destroy(record_id=line.record, scope=Scope(line.scope), through=line.through, now=now):
        return False
    note(at=now, actor="worker", action="records.erase-again", object=str(line.record), scope=line.scope)
    return True


def _show_the_rest(channel: Channel, chain: Chain, now: datetime) -> None:
    """A partner's record without what was erased; not at all while its keys are too old to judge it."""
    try:
        show_again(channel, chain.record, chain.live, trust(channel, now))
    except (LogError, NotFound):
        hide(channel, chain.record, now)


def note_erasure(channel: Channel, line: LogLine) -> bool:
    """Keep that parts must not exist here any more; False if that is known."""
    facts = {"record": line.record, "parts": list(line.parts), "deadline": line.deadline}
    return Erasure.objects.get_or_create(channel=channel, index=line.index, defaults=facts)[1]


def tell_late(*, now: datetime) -> int:
    """Say once of each erasure that its deadline has passed: unconfirmed by a reader, or not done here."""
    late = Erasure.objects.filter(done_at__isnull=True, alarmed_at__isnull=True, deadline__lte=now)
    rows = list(late.select_related("channel").order_by("pk")[:500])
    for row in rows:
        with transaction.atomic():
            row.alarmed_at = now
            row.save(update_fields=["alarmed_at"])
            by = unconfirmed(row) if row.channel.own else [this.node().name]
            where = f"{row.channel_id} {row.index}"
            note(at=now, actor="worker", action="exchange.alarm", object=where, code="erase-late", by=by)
        log.error("erasure overdue: %s, not confirmed by %s", where, ", ".join(by))
    return len(rows)
