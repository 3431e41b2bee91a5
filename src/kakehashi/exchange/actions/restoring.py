"""An own log after a restore: asked about, then filled again from what a partner holds of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import orjson
from django.db import transaction

from kakehashi import this
from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import queries as agreements
from kakehashi.agreements.terms import Standing
from kakehashi.audit.actions import note
from kakehashi.errors import Conflict
from kakehashi.exchange import erase_list
from kakehashi.exchange import header as headers
from kakehashi.exchange.actions.epochs import root_at
from kakehashi.exchange.actions.writing import WAITING, Writer, writing
from kakehashi.exchange.crossing import digest
from kakehashi.exchange.erase_list import Told
from kakehashi.exchange.log import frontier
from kakehashi.exchange.models import Chain, Channel, Entry, Erasure, Head, Part
from kakehashi.exchange.page import Line
from kakehashi.exchange.trusting import record_signer
from kakehashi.records import actions as records
from kakehashi.records.actions import Crossing, Given
from kakehashi.records.erasure import Scope
from kakehashi.signing.commit import parse_stamp


@transaction.atomic
def ask_anew(*, now: datetime) -> int:
    """No own log is appended to until its readers were asked how far they have it."""
    count = Channel.objects.filter(own=True, state="open").update(state="asking")
    if count:
        note(at=now, actor="worker", action="exchange.ask", object="channels", count=count)
    return count


@transaction.atomic
def wait_for_recovery(*, name: str, peer: str, size: int, now: datetime) -> None:
    """A reader has more of an own log than this node."""
    if Channel.objects.filter(pk=name, own=True, state__in=("open", "asking")).update(state="recover"):
        note(at=now, actor=peer, action="exchange.alarm", object=name, code="restored", size=size)


@transaction.atomic
def go_on(*, name: str, asked: Sequence[str], now: datetime) -> None:
    """Nobody has more of an own log than this node: it may grow again. `asked` are those who said so."""
    channel = Channel.objects.select_for_update().get(pk=name, own=True)
    if channel.state not in WAITING:
        return
    recovered = channel.state == "recover"
    ended = Entry.objects.filter(channel=channel, index=channel.size - 1, op="end").exists()
    channel.state = "ended" if ended else "open"
    if recovered:
        channel.filled_at = None  # what changed here and is not in the log is written next
    channel.save(update_fields=["state", "filled_at"])
    if recovered and not ended:
        _withdraw_lost(name, now)
    note(at=now, actor="worker", action="exchange.go-on", object=name, asked=list(asked), recovered=recovered)


def replay(*, name: str, start: int, lines: Sequence[Line], actor: str, now: datetime) -> int:
    """Put entries, which the caller has verified, back at the end of an own log, and their records with them.

    Nothing if the log does not end at `start` any more: somebody else was faster.
    """
    with _held(name, now) as writer:
        if writer.frontier.size != start:
            return 0
        chains = _chains(writer.channel, lines)
        told = erase_list.told(this.node().folder)
        about: dict[UUID, list[Line]] = {}
        for line in _without_erased(writer.channel, lines):
            _take(writer, line, chains)
        for line in _without_erased(writer.channel, lines):  # nor with what these entries erased
            if "id" in line.header:
                about.setdefault(headers.record_id(line.header), []).append(line)
        for record, its in about.items():
            _erase_persons(writer, record, its, actor)
        _put_back(writer, about, actor)
        for record, its in about.items():
            _take_back(writer, record, its, told, actor)
        return len(lines)


@transaction.atomic
def keep_head(*, name: str, size: int) -> bytes:
    """The root of an own log at a size that a partner has cosigned; kept, so that it stays the only one."""
    channel = Channel.objects.select_for_update().get(pk=name, own=True)
    head = Head.objects.filter(channel=channel, size=size).first()
    if head is not None:
        return bytes(head.root)
    root = root_at(channel, size)
    Head.objects.create(channel=channel, size=size, root=root)
    return root


@contextmanager
def _held(name: str, now: datetime) -> Iterator[Writer]:
    """An own log that is being restored, for entries that it once had."""
    with transaction.atomic():
        channel = Channel.objects.select_for_update().get(pk=name, own=True)
        if channel.state != "recover":
            raise Conflict(f"{name} is {channel.state}")
        writer = Writer(channel, record_signer(channel), now, frontier(channel.size, bytes(channel.frontier)))
        yield writer
        writer.finish()


def _chains(channel: Channel, lines: Sequence[Line]) -> dict[UUID, Chain]:
    ids = {headers.record_id(line.header) for line in lines if "id" in line.header}
    found: dict[UUID, Chain] = {}
    for start in range(0, len(ids), 200):
        rows = Chain.objects.filter(channel=channel, record__in=sorted(ids)[start : start + 200])
        found.update({chain.record: chain for chain in rows})
    return found


def _without_erased(channel: Channel, lines: Sequence[Line]) -> list[Line]:
    """The entries without what the erase list says must not come back, whoever still has it."""
    gone: dict[UUID, list[tuple[int, list[str]]]] = {}
    for row in Erasure.objects.filter(channel=channel):
        gone.setdefault(row.record, []).append((row.index, row.parts))
    kept = []
    for line in lines:
        later = gone.get(headers.record_id(line.header), []) if line.parts else []
        names = {name for index, parts in later if index > line.index for name in parts}
        parts = {name: part for name, part in line.parts.items() if name not in names}
        kept.append(replace(line, parts=parts))
    return kept


def _take(writer: Writer, line: Line, chains: dict[UUID, Chain]) -> None:
    """Append one entry as it was, and move its record's chain as it did then."""
    header, op = line.header, line.header["op"]
    if op == "keyset":
        writer.channel.keyset = header["keyset"]
    if op in ("keyset", "agreement"):
        writer.channel.agreement = header["agreement"]
    if "id" not in header:
        writer.append(line.data, header)
        return
    record = headers.record_id(header)
    chain = writer.chains.get(record) or chains.get(record)
    if op == "erase":
        _erase(writer, line, record)
    elif chain is not None:
        writer.destroy_parts(record, chain)
    entry = writer.append(line.data, header, record)
    if op == "put":
        writer.parts += [_part(writer.channel, line, record, name) for name in line.parts]
        revision = orjson.loads(line.parts["body"].data).get("revision", 0) if "body" in line.parts else 0
        said = digest(header, revision) if revision else ""
        writer.move(chain, record, entry, live=entry.index, kind=header["kind"], digest=said)
    elif chain is not None:
        live, said = (None, "") if op == "withdraw" else (chain.live, chain.digest)
        writer.move(chain, record, entry, live=live, kind=chain.kind, digest=said)
        writer.recall(entry, chain)


def _part(channel: Channel, line: Line, record: UUID, name: str) -> Part:
    expires = line.header.get("expires")
    return Part(
        channel=channel,
        index=line.index,
        record=record,
        name=name,
        expires=parse_stamp(expires) if expires else None,
        salt=line.parts[name].salt,
        data=line.parts[name].data,
    )


def _erase(writer: Writer, line: Line, record: UUID) -> None:
    names = line.header["parts"]
    Part.objects.filter(channel=writer.channel, record=record, name__in=names).delete()
    writer.parts = [part for part in writer.parts if part.record != record or part.name not in names]
    Erasure.objects.update_or_create(
        channel=writer.channel,
        index=line.index,
        defaults={"record": record, "parts": names, "deadline": parse_stamp(line.header["deadline"])},
    )


def _given(writer: Writer, record: UUID, lines: Sequence[Line]) -> Line | None:
    """The entry by which partners have a record now, if it is one of these and its text is there."""
    live = writer.chains[record].live
    return next((line for line in lines if line.index == live and "body" in line.parts), None)


def _erase_persons(writer: Writer, record: UUID, lines: Sequence[Line], actor: str) -> None:
    """Personal parts that were erased, so long as only what the backup had of the record is here."""
    erased = [line for line in lines if line.header["op"] == "erase" and "person" in line.header["parts"]]
    if erased:
        records.erase_again(record_id=record, scope=Scope.PERSON, actor=actor, now=writer.now)


def _put_back(writer: Writer, about: Mapping[UUID, Sequence[Line]], actor: str) -> None:
    """The own records as partners have them now, and how they crossed."""
    channel, standing = writer.channel, agreements.current(WORKER, writer.channel.lineage)
    found = {record: _given(writer, record, lines) for record, lines in about.items()}
    lines = {record: line for record, line in found.items() if line is not None}
    lineage = standing["lineage"]
    given = [_as_given(record, line, lineage) for record, line in lines.items()]
    records.put_back(given=given, actor=actor, now=writer.now)
    crossings = {record: _crossing(channel, line, standing) for record, line in lines.items()}
    records.given(crossings=crossings, now=writer.now)


def _take_back(writer: Writer, record: UUID, lines: Sequence[Line], told: Told, actor: str) -> None:
    """What was erased of the texts is, and who was not to have the record any more has it no more."""
    name, now = writer.channel.name, writer.now
    erased = [line.index for line in lines if line.header["op"] == "erase" and "body" in line.header["parts"]]
    if erased:
        _erase_texts(writer, record, erased[-1], told, actor)
    said = [line.header for line in lines if line.header["op"] != "erase"]
    if said and said[-1]["op"] == "withdraw":
        reason, still = said[-1]["reason"], _lineages(record, name, ("open", *WAITING))
        records.taken_back(record_id=record, channel=name, now=now)
        records.take_back_again(record_id=record, reason=reason, still=still, actor=actor, now=now)


def _erase_texts(writer: Writer, record: UUID, index: int, told: Told, actor: str) -> None:
    """Erase again what the `erase` of texts at `index` meant, after the record came back.

    The erase list says it. Without the list, what is erased whole and earlier wordings look alike: a log in
    which the record lives says which wording stayed. While none does, the one that is here may be one of
    those that were erased; if a partner who has not answered yet holds it, it comes back from there.
    """
    name, live = writer.channel.name, writer.chains[record].live
    if (name, index) in told.entries:
        for line in told.own.get(record, ()):
            scope = Scope(line.scope)
            records.erase_again(
                record_id=record, scope=scope, through=line.through, actor=actor, now=writer.now
            )
        return
    stays = (live is not None and live > index) or _lineages(record, name, ("open",))
    scope = Scope.EARLIER if stays else Scope.ALL
    records.erase_again(record_id=record, scope=scope, actor=actor, now=writer.now)


def _lineages(record: UUID, name: str, states: Collection[str]) -> list[str]:
    """The agreements under which a record lives in other own logs of these states."""
    others = Channel.objects.filter(own=True, state__in=states).exclude(pk=name)
    living = others.filter(chains__record=record, chains__live__isnull=False)
    return sorted(living.values_list("lineage", flat=True))


def _as_given(record: UUID, line: Line, lineage: str) -> Given:
    header = line.header
    return Given(
        record_id=record,
        lineage=lineage,
        body=orjson.loads(line.parts["body"].data),
        person=orjson.loads(line.parts["person"].data) if "person" in line.parts else None,
        issued=parse_stamp(header["issued"]),
        expires=parse_stamp(header["expires"]) if "expires" in header else None,
        tlp=header["tlp"],
        onward=header["onward"],
    )


def _crossing(channel: Channel, line: Line, standing: Standing) -> Crossing:
    header = line.header
    return Crossing(
        channel=channel.name,
        agreement=standing["lineage"],
        clause=header.get("clause", ""),
        index=line.index,
        onward=header["onward"],
        tlp=header["tlp"],
        open_until=standing["ends"],
    )


def _withdraw_lost(name: str, now: datetime) -> None:
    """What the log says lives, and neither the backup nor the partner has, is withdrawn."""
    chains = list(Chain.objects.filter(channel=name, live__isnull=False, digest=""))
    gone = [chain for chain in chains if not records.is_here(chain.record)]
    if gone:
        with writing(name, now=now) as writer:
            for chain in gone:
                writer.withdraw(chain, "lost")
