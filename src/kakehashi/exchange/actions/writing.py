"""Append to an own log: one writer per channel, in the transaction of whatever makes the entry necessary."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kakehashi import this
from kakehashi.errors import Conflict, Recovering
from kakehashi.exchange import header, outside
from kakehashi.exchange.crossing import Wanted
from kakehashi.exchange.header import Header, Place, Signer
from kakehashi.exchange.keyset import KeySet
from kakehashi.exchange.log import CHECKPOINT_EVERY, Frontier, frontier, leaf_hash
from kakehashi.exchange.models import Chain, Channel, Entry, Erasure, Head, Part, Recall
from kakehashi.exchange.trusting import record_signer
from kakehashi.exchange.verify import header_hash
from kakehashi.signing import canonical
from kakehashi.signing.commit import commitment_of_bytes, new_salt
from kakehashi.work import rows

_ENTRY, _PART, _CHAIN = (rows.every_column(model)[1:] for model in (Entry, Part, Chain))  # without key
WAITING = ("asking", "recover")  # the partners must be asked first, or have what is missing here


@dataclass
class Writer:
    """The end of one locked own channel. Rows are written when the block of `writing` is left."""

    channel: Channel
    signer: Signer
    now: datetime
    frontier: Frontier
    entries: list[Entry] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    chains: dict[UUID, Chain] = field(default_factory=dict)
    recalls: list[Recall] = field(default_factory=list)
    erasures: list[Erasure] = field(default_factory=list)

    @property
    def place(self) -> Place:
        return Place(self.channel.origin, self.channel.name, self.channel.agreement)

    def add(self, unsigned: Header, record: UUID | None = None) -> Entry:
        """Sign and append one header."""
        return self.append(header.signed(unsigned, self.signer, self.now), unsigned, record)

    def append(self, data: bytes, said: Header, record: UUID | None = None) -> Entry:
        """Append a header that is signed already."""
        entry = Entry(
            channel_id=self.channel.pk,
            index=self.frontier.size,
            leaf=leaf_hash(data),
            header=data,
            op=said["op"],
            record=record,
            rev=said.get("rev"),
        )
        self.frontier = self.frontier.append(bytes(entry.leaf))
        self.entries.append(entry)
        if self.frontier.size % CHECKPOINT_EVERY == 0:
            self._head()
        return entry

    def bring_into_force(self, keys: KeySet) -> Entry:
        """Name the key set that is in force from this entry on, its own signature included."""
        self.channel.keyset = keys.hash
        self.signer = record_signer(self.channel)
        return self.add(header.keyset(self.place, hash=keys.hash, now=self.now))

    def put(self, record: UUID, wanted: Wanted, chain: Chain | None) -> Entry:
        """A new revision of a record; parts of the one before are destroyed."""
        fresh = [self._part(record, name, data, wanted.expires) for name, data in wanted.parts.items()]
        unsigned = header.put(
            self.place,
            id=record,
            rev=chain.rev + 1 if chain else 1,
            prev=chain.hash if chain else None,
            kind=wanted.kind,
            topics=wanted.topics,
            regions=wanted.regions,
            tlp=wanted.tlp,
            onward=wanted.onward,
            expires=wanted.expires,
            clause=wanted.clause,
            parts={part.name: commitment_of_bytes(bytes(part.salt), bytes(part.data)) for part in fresh},
            now=self.now,
        )
        entry = self.add(unsigned, record)
        for part in fresh:
            part.index = entry.index
        self.destroy_parts(record, chain)
        self.parts.extend(fresh)
        self.move(chain, record, entry, live=entry.index, kind=wanted.kind, digest=wanted.digest)
        return entry

    def withdraw(self, chain: Chain, reason: str) -> Entry:
        """Take a record back; its parts are destroyed."""
        unsigned = header.withdraw(
            self.place, id=chain.record, rev=chain.rev + 1, prev=chain.hash, reason=reason, now=self.now
        )
        entry = self.add(unsigned, chain.record)
        self.destroy_parts(chain.record, chain)
        self.move(chain, chain.record, entry, live=None, kind=chain.kind, digest="")
        self.recall(entry, chain)
        return entry

    def erase(
        self, chain: Chain, parts: list[str], *, basis: str, deadline: datetime, digest: str = ""
    ) -> Entry:
        """Have parts of all revisions destroyed at every reader; `digest` is that of what stays alive."""
        unsigned = header.erase(
            self.place,
            id=chain.record,
            rev=chain.rev + 1,
            prev=chain.hash,
            parts=parts,
            basis=basis,
            deadline=deadline,
            now=self.now,
        )
        entry = self.add(unsigned, chain.record)
        facts = {"channel": self.channel, "index": entry.index, "record": chain.record}
        self.erasures.append(Erasure(**facts, parts=parts, deadline=deadline))
        self.move(chain, chain.record, entry, live=chain.live, kind=chain.kind, digest=digest)
        self.recall(entry, chain)
        return entry

    def finish(self) -> None:
        """Write all rows; the root is kept before anything can be signed for this size."""
        if not self.entries:
            return
        if not self.heads or self.heads[-1].size != self.frontier.size:
            self._head()
        rows.insert(Entry, _ENTRY, rows.of(self.entries, _ENTRY))
        rows.insert(Part, _PART, rows.of(self.parts, _PART))
        Head.objects.bulk_create(self.heads)
        Recall.objects.bulk_create(self.recalls, batch_size=200)
        Erasure.objects.bulk_create(self.erasures)
        chains = rows.of(self.chains.values(), _CHAIN)
        rows.insert(Chain, _CHAIN, chains, unique=["channel_id", "record"], update=_CHAIN)
        self.channel.size, self.channel.frontier = self.frontier.size, self.frontier.to_bytes()
        self.channel.changed_at = self.now
        self.channel.save()
        name, size = self.channel.name, self.channel.size
        transaction.on_commit(lambda: outside.note_size(this.node().folder, name, size), robust=True)

    def _head(self) -> None:
        self.heads.append(Head(channel=self.channel, size=self.frontier.size, root=self.frontier.root()))

    def _part(self, record: UUID, name: str, data: Mapping[str, Any], expires: datetime | None) -> Part:
        return Part(
            channel_id=self.channel.pk,
            record=record,
            name=name,
            expires=expires,
            salt=new_salt(),
            data=canonical.encode(dict(data)),
        )

    def recall(self, entry: Entry, chain: Chain) -> None:
        self.recalls.append(
            Recall(
                channel=self.channel,
                index=entry.index,
                op=entry.op,
                record=chain.record,
                kind=chain.kind,
                at=self.now,
            )
        )

    def destroy_parts(self, record: UUID, chain: Chain | None) -> None:
        if chain is not None:
            Part.objects.filter(channel=self.channel, record=record).delete()
            self.parts = [part for part in self.parts if part.record != record]

    def move(
        self, chain: Chain | None, record: UUID, entry: Entry, *, live: int | None, kind: str, digest: str
    ) -> None:
        chain = chain or Chain(channel_id=self.channel.pk, record=record)
        chain.rev, chain.hash = entry.rev or 0, header_hash(bytes(entry.header))
        chain.live, chain.kind, chain.digest = live, kind, digest
        self.chains[record] = chain


@contextmanager
def writing(name: str, *, now: datetime) -> Iterator[Writer]:
    """Hold an own channel for appending. Conflict if it is closed."""
    with transaction.atomic():
        channel = Channel.objects.select_for_update().get(pk=name, own=True)
        _check_open(channel)
        grown = frontier(channel.size, bytes(channel.frontier))
        writer = Writer(channel, record_signer(channel), now, grown)
        yield writer
        writer.finish()


def _check_open(channel: Channel) -> None:
    """Whoever appends to a log that others have further would say two things under one number."""
    folder = this.node().folder
    if channel.state in WAITING:
        raise Recovering(f"{channel.name} is {channel.state}")
    if channel.state != "open":
        raise Conflict(f"{channel.name} is {channel.state}")
    if (outside.written_size(folder, channel.name) or 0) > channel.size:
        raise Recovering(f"{channel.name} was longer once: the database has been restored from a backup")
    if outside.damage(folder):
        raise Recovering("the data are damaged")
