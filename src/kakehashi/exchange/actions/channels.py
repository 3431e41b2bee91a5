"""Own channels follow agreements and records: opened, filled, narrowed, closed."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

import orjson
from django.db import transaction

from kakehashi import this
from kakehashi.accounts.viewer import WORKER
from kakehashi.agreements import queries as agreements
from kakehashi.agreements.document import channel_name
from kakehashi.agreements.terms import Standing
from kakehashi.audit.actions import note
from kakehashi.exchange import header
from kakehashi.exchange.actions import keysets
from kakehashi.exchange.actions.suspecting import fallen
from kakehashi.exchange.actions.writing import WAITING, Writer, writing
from kakehashi.exchange.crossing import PUBLISHED, Facts, Wanted, wanted
from kakehashi.exchange.keyset import KeySet
from kakehashi.exchange.models import Chain, Channel, Entry, Feed, Part
from kakehashi.exchange.trusting import by_hash
from kakehashi.records import actions as records
from kakehashi.records.actions import Crossing
from kakehashi.records.actions.readings import regions_of, regions_of_owners
from kakehashi.records.models import Record, Revision
from kakehashi.signing.commit import parse_stamp

AT_ONCE = 500  # records written in one transaction while a channel is filled


def record_changed(record: Record, now: datetime) -> None:
    """Plugged into records.ports: an own record changed; its transaction is ours.

    A channel that was opened and has not begun, with its key set as first entry, is filled when it does. Only
    its lock tells whether it has: it is taken first.
    """
    due = Channel.objects.filter(own=True, state__in=("open", *WAITING)).order_by("name")
    for name in list(due.values_list("name", flat=True)):
        with writing(name, now=now) as writer:
            if writer.channel.keyset:
                follow(writer, [record], agreements.current(WORKER, writer.channel.lineage), now)


def open_due_channels(*, now: datetime) -> int:
    """For every agreement in force: open and fill this node's channel, make ready to read the partners'."""
    me, done = this.node().name, 0
    keyset = keysets.ensure_own(now=now)
    for standing in agreements.running(WORKER, now) if keyset else []:
        nodes = [party["node"] for party in standing["parties"]]
        if me not in nodes:
            continue
        for node in nodes:
            done += _open(node, standing, own=node == me, now=now)
        done += _keep_up(me, standing, now)
    return done


def close_due_channels(*, now: datetime) -> int:
    """Close own channels whose agreement is over: the entry `end`, and what crossed is seen no longer."""
    done = 0
    for channel in Channel.objects.filter(own=True, state="open").order_by("name"):
        standing = agreements.current(WORKER, channel.lineage)
        if channel.until != standing["ends"]:
            _tell_term(channel.name, standing, now)
        if standing["state"] != "active" or standing["ends"] <= now:
            done += _end(channel.name, standing, now)
    return done


@transaction.atomic
def _tell_term(name: str, standing: Standing, now: datetime) -> None:
    """A termination or an amendment moved the end of the agreement: what crossed is seen until then."""
    records.set_term(agreement=standing["lineage"], until=standing["ends"], now=now)
    Channel.objects.filter(pk=name).update(until=standing["ends"])


def _open(node: str, standing: Standing, *, own: bool, now: datetime) -> int:
    name = channel_name(node, standing["lineage"])
    if Channel.objects.filter(origin=node, lineage=standing["lineage"]).exists():  # of whatever epoch
        return 0
    with transaction.atomic():
        channel, created = Channel.objects.get_or_create(
            name=name,
            defaults={
                "origin": node,
                "own": own,
                "lineage": standing["lineage"],
                "opened_at": now,
                "changed_at": now,
            },
        )
        if not own:
            Feed.objects.get_or_create(channel=channel)
        if created:
            note(at=now, actor="worker", action="exchange.open", object=name, agreement=standing["hash"])
    return int(created)


def _keep_up(me: str, standing: Standing, now: datetime) -> int:
    """Bring an own channel to the key set and the version in force, then write what it lacks."""
    channel = Channel.objects.filter(origin=me, lineage=standing["lineage"]).order_by("-epoch")[0]
    name = channel.name
    if channel.state != "open":
        return 0
    keyset = keysets.latest(channel.origin)
    changed = keyset is not None and (channel.keyset, channel.agreement) != (keyset.hash, standing["hash"])
    if changed and keyset is not None:
        bring_into_force(name, keyset, now)
        _switch(name, keyset, standing, now)
    if changed or channel.filled_at is None:
        return _fill(name, standing, now)
    return 0


def _switch(name: str, keyset: KeySet, standing: Standing, now: datetime) -> None:
    """Write which key set and which version are in force, and withdraw at once what that no longer covers."""
    with writing(name, now=now) as writer:
        channel = writer.channel
        amended = bool(channel.agreement) and channel.agreement != standing["hash"]
        channel.agreement, channel.filled_at = standing["hash"], None
        if channel.keyset != keyset.hash:
            writer.bring_into_force(keyset)
        elif amended:
            writer.add(header.agreement(writer.place, now=now))
        if amended:
            live = Chain.objects.filter(channel=channel, live__isnull=False).values_list("record", flat=True)
            follow(writer, Record.objects.filter(pk__in=list(live)), standing, now, only_withdraw=True)


def bring_into_force(name: str, keys: KeySet, now: datetime) -> None:
    """From the next entry on `keys` counts; what a key signed that it revokes is said again."""
    with writing(name, now=now) as writer:
        former = by_hash(writer.channel.keyset)
        if former is None or former.hash == keys.hash:  # not begun yet, or in force already
            return
        writer.bring_into_force(keys)
        lost = list(fallen(writer.channel, keys, keys.revoked.keys() - former.revoked.keys()))
        _erase_again(writer, lost)
    with writing(name, now=now) as writer:  # after the erasures, which hold for all that was before them
        _say_again(writer, {entry.record for entry in lost if entry.record}, now)


def _erase_again(writer: Writer, entries: Iterable[Entry]) -> None:
    said: dict[UUID, list[header.Header]] = {}
    for entry in entries:
        if entry.op == "erase" and entry.record:
            said.setdefault(entry.record, []).append(orjson.loads(bytes(entry.header)))
    for chain in Chain.objects.filter(channel=writer.channel, record__in=said):
        former = said[chain.record]
        names = sorted({name for each in former for name in each["parts"]})
        deadline = max(parse_stamp(each["deadline"]) for each in former)
        writer.erase(chain, names, basis=former[-1]["basis"], deadline=deadline, digest=chain.digest)


def _say_again(writer: Writer, ids: Collection[UUID], now: datetime) -> None:
    rows = Chain.objects.filter(channel=writer.channel, record__in=ids)
    rows.update(digest="")  # so that no entry counts as said already
    standing = agreements.current(WORKER, writer.channel.lineage)
    follow(writer, Record.objects.filter(pk__in=ids, revision__gt=0), standing, now)
    for chain in rows.exclude(record__in=writer.chains.keys()):
        writer.withdraw(chain, "key-revoked")


def _fill(name: str, standing: Standing, now: datetime) -> int:
    """Write all that may cross and is not there, organisations first, since others refer to them."""
    records_due = Record.objects.filter(state="published", revision__gt=0)
    kinds = records_due.order_by().values_list("kind", flat=True).distinct()
    done = 0
    for kind in sorted(kinds, key=lambda kind: (kind != "organisation", kind)):
        ids = list(records_due.filter(kind=kind).order_by("published_at", "pk").values_list("pk", flat=True))
        for start in range(0, len(ids), AT_ONCE):
            with writing(name, now=now) as writer:
                batch = Record.objects.filter(pk__in=ids[start : start + AT_ONCE]).order_by(
                    "published_at", "pk"
                )
                done += follow(writer, batch, standing, now)
    Channel.objects.filter(pk=name).update(filled_at=now)
    return done


def follow(
    writer: Writer,
    changed: Iterable[Record],
    standing: Standing,
    now: datetime,
    *,
    only_withdraw: bool = False,
) -> int:
    """Make the channel say of each record what it should; gives the number of entries written."""
    changed = list(changed)
    ids = [record.pk for record in changed]
    chains = {chain.record: chain for chain in Chain.objects.filter(channel=writer.channel, record__in=ids)}
    before, crossings = writer.frontier.size, dict[UUID, Crossing]()
    for record, facts in _facts(changed):
        chain = chains.get(record.pk)
        due = wanted(facts, standing, writer.channel.origin, now)
        if due and not only_withdraw and (chain is None or chain.live is None or chain.digest != due.digest):
            entry = writer.put(record.pk, due, chain)
            crossings[record.pk] = _crossing(due, entry, standing)
        elif due is None and chain is not None and chain.live is not None and not facts.over(now):
            writer.withdraw(chain, "no-longer-covered" if facts.state == PUBLISHED else facts.state)
            records.taken_back(record_id=record.pk, channel=writer.channel.name, now=now)
    records.given(crossings=crossings, now=now)
    return writer.frontier.size - before


def wanted_of(record: Record, standing: Standing, now: datetime) -> Wanted | None:
    """What of one own record should stand in this node's channel under an agreement."""
    ((_, facts),) = _facts([record])
    return wanted(facts, standing, this.node().name, now)


def _facts(changed: list[Record]) -> Iterable[tuple[Record, Facts]]:
    newest: dict[UUID, Revision] = {}
    for revision in Revision.objects.filter(record__in=changed).order_by("number"):
        newest[revision.record_id] = revision
    homes = regions_of_owners({record.owner for record in changed if record.owner})
    for record in changed:
        revision = newest[record.pk]
        yield record, _facts_of(record, revision, regions_of(record, revision.body, homes))


def _facts_of(record: Record, revision: Revision, regions: list[str]) -> Facts:
    """As plain text: fields just set hold members of enums."""
    return Facts(
        kind=str(record.kind),
        state=str(record.state),
        audience=str(record.audience),
        named=tuple(record.named),
        tlp=str(record.tlp),
        onward=str(record.onward),
        expires=record.expires_at,
        topics=tuple(revision.body.get("topics", ())),
        regions=tuple(regions),
        body=revision.body,
        person=revision.person,
        revision=revision.number,
    )


def _crossing(due: Wanted, entry: Entry, standing: Standing) -> Crossing:
    return Crossing(
        channel=entry.channel_id,
        agreement=standing["lineage"],
        clause=due.clause or "",
        index=entry.index,
        onward=due.onward,
        tlp=due.tlp,
        open_until=standing["ends"],
    )


def _end(name: str, standing: Standing, now: datetime) -> int:
    with writing(name, now=now) as writer:
        writer.add(header.end(writer.place, reason="agreement-ended", now=now))
        writer.channel.state = "ended"
        Part.objects.filter(channel=writer.channel).delete()  # never served again
        note(at=now, actor="worker", action="exchange.end", object=name, agreement=standing["hash"])
    return 1
