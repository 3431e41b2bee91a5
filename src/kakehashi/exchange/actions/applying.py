"""Apply a judged page: leaves, records, quarantine, frontier and cursor in one transaction."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from django.db import transaction
from django.db.models import Q

from kakehashi.audit.actions import note
from kakehashi.errors import InvalidInput, RecordError
from kakehashi.exchange import header as headers
from kakehashi.exchange.actions.erasing import note_erasure, remember
from kakehashi.exchange.actions.showing import LATER, arrival, erased_names, hide, show, show_again
from kakehashi.exchange.erase_list import LogLine
from kakehashi.exchange.log import CHECKPOINT_EVERY
from kakehashi.exchange.models import Chain, Channel, Entry, Erasure, Feed, Part, Quarantine, Recall
from kakehashi.exchange.page import Page
from kakehashi.exchange.page import Part as Payload
from kakehashi.exchange.trusting import position_of, trust
from kakehashi.exchange.verify import Judgement, Logged, Trust, Verdict, check_put, dated, header_hash, judge
from kakehashi.signing.commit import parse_stamp
from kakehashi.work import rows

BATCH = 200
_ENTRY = ("channel_id", "index", "leaf", "header", "op", "record", "rev")
_PART = ("channel_id", "index", "record", "name", "expires", "salt", "data")
_CHAIN = ("channel_id", "record", "kind", "rev", "hash", "live", "digest", "missing")  # of a Link, in order
NOT_THE_OWNERS = ("record-sig", "key-revoked")  # what such an entry says about its record does not count


@transaction.atomic
def apply_page(
    *, name: str, page: Page, now: datetime, tolerant: bool = False, only_headers: bool = False
) -> Judgement:
    """Judge a page of a partner's channel and apply it whole; LogError changes nothing.

    `tolerant` quarantines an entry whose part does not fit its commitment instead of refusing the page;
    `only_headers` says that no parts were asked for, so that none can be missing.
    """
    channel = Channel.objects.select_for_update().get(pk=name, own=False)
    trusted = trust(channel, now)
    about = [line.header for line in page.lines if headers.names_a_record(line.header)]
    links = _links(channel, {headers.record_id(header) for header in about})
    logged = _logged(channel, links, about)
    judged = judge(page, position_of(channel), logged, trusted, tolerant=tolerant)
    _Applying(channel, judged, trusted, links).run(only_headers)
    if judged.verdicts:
        refused = sum(bool(verdict.code) for verdict in judged.verdicts)
        facts = {"size": channel.size, "entries": len(judged.verdicts), "refused": refused}
        note(at=now, actor=channel.origin, action="exchange.apply", object=name, **facts)
    return judged


@dataclass(slots=True)
class Link:
    """A row of Chain while its page is applied: where one record stands."""

    channel_id: str
    record: UUID
    kind: str = ""
    rev: int = 0
    hash: str = ""
    live: int | None = None
    digest: str = ""
    missing: bool = False


def _links(channel: Channel, ids: Iterable[UUID]) -> dict[UUID, Link]:
    """Those of the page's records that are known, by record."""
    found = Chain.objects.filter(channel=channel, record__in=rows.among(ids)).values_list(*_CHAIN)
    return {link.record: link for link in (Link(*row) for row in found)}


def _logged(channel: Channel, links: Mapping[UUID, Link], about: Iterable[headers.Header]) -> Logged:
    """Hashes of the revisions that the page's entries follow or repeat."""
    found = {(_name(link.record), link.rev): link.hash for link in links.values()}
    heads = {_name(link.record): link for link in links.values()}
    wanted = Q(pk__in=[])
    for header in about:
        head = heads.get(header["id"])
        if head is not None and header["rev"] < head.rev:
            wanted |= Q(record=head.record, rev__in=[header["rev"], header["rev"] - 1])
    for entry in Entry.objects.filter(wanted, channel=channel):
        if entry.record and entry.rev:
            found[_name(entry.record), entry.rev] = header_hash(bytes(entry.header))
    return found


def _name(record: UUID) -> str:
    return f"urn:uuid:{record}"


class _Applying:
    """One page on its way into the tables; the channel is locked."""

    def __init__(
        self, channel: Channel, judged: Judgement, trusted: Trust, links: Mapping[UUID, Link]
    ) -> None:
        self.channel, self.judged, self.trusted = channel, judged, trusted
        ids = {verdict.record for verdict in judged.verdicts if verdict.record}
        self.links = {record: link for record, link in links.items() if record in ids}
        self.former = set(self.links)
        self.sticky: dict[UUID, list[tuple[int, list[str]]]] = {}
        # Also for records that are new here: a database put back from a backup reads them a second time.
        for row in Erasure.objects.filter(channel=channel, record__in=rows.among(ids)):
            self.sticky.setdefault(row.record, []).append((row.index, row.parts))
        self.newest: dict[UUID, Verdict] = {}
        self.parts: dict[UUID, dict[str, Payload]] = {}
        self.destroyed: set[UUID] = set()
        self.expires: dict[UUID, datetime | None] = {}
        self.recalls: list[Recall] = []
        self.refused: dict[int, str] = {v.line.index: v.code for v in judged.verdicts if v.code}

    def run(self, only_headers: bool) -> None:
        rows.insert(Entry, _ENTRY, map(self._entry, self.judged.verdicts))
        for verdict in self.judged.verdicts:
            if verdict.record is not None:
                self._follow(verdict, verdict.record)
        self._store()
        self._show_all()
        if self._caught_up() and not only_headers:
            self._find_missing()
        self._quarantine()
        self._move()

    def _entry(self, verdict: Verdict) -> rows.Row:
        line, record = verdict.line, verdict.record
        op, rev = str(line.header.get("op"))[:10], line.header["rev"] if record else None
        return self.channel.pk, line.index, verdict.leaf, line.data, op, record, rev

    def _follow(self, verdict: Verdict, record: UUID) -> None:
        """Note one revision of a record; what the page itself overtakes never reaches the tables."""
        header, link = verdict.line.header, self.links.get(record)
        if link is None:
            link = self.links[record] = Link(self.channel.pk, record)
        link.rev, link.hash = header["rev"], verdict.hash
        if header["op"] == "put" and verdict.code not in NOT_THE_OWNERS:
            link.live, link.kind, link.missing = verdict.line.index, header["kind"], verdict.missing
            if not verdict.missing:
                self._destroy(record)
            self._keep(verdict, record)
        elif header["op"] == "withdraw" and not verdict.code:
            link.live, link.missing = None, False
            self._destroy(record)
            self._recall(verdict, link)
        elif header["op"] == "erase" and not verdict.code:
            self._erase(verdict, record)
            self._recall(verdict, link)
        self.newest[record] = verdict

    def _destroy(self, record: UUID) -> None:
        self.destroyed.add(record)
        self.parts.pop(record, None)

    def _keep(self, verdict: Verdict, record: UUID) -> None:
        if verdict.allow is None and verdict.code not in LATER:
            return
        header, index = verdict.line.header, verdict.line.index
        gone = {name for later, names in self.sticky.get(record, ()) if later > index for name in names}
        self.parts[record] = {name: part for name, part in verdict.line.parts.items() if name not in gone}
        self.expires[record] = parse_stamp(header["expires"]) if "expires" in header else None

    def _erase(self, verdict: Verdict, record: UUID) -> None:
        header = verdict.line.header
        names = header["parts"]
        for name in names:
            self.parts.get(record, {}).pop(name, None)
        Part.objects.filter(channel=self.channel, record=record, name__in=names).delete()
        deadline = parse_stamp(header["deadline"])
        line = LogLine(self.channel.pk, verdict.line.index, record, tuple(names), deadline)
        if note_erasure(self.channel, line):
            remember([line])

    def _recall(self, verdict: Verdict, link: Link) -> None:
        self.recalls.append(
            Recall(
                channel=self.channel,
                index=verdict.line.index,
                op=verdict.line.header["op"],
                record=link.record,
                kind=link.kind,
                at=self.trusted.now,
            )
        )

    def _store(self) -> None:
        gone = self.destroyed & self.former
        for start in range(0, len(gone), BATCH):
            some = sorted(gone)[start : start + BATCH]
            Part.objects.filter(channel=self.channel, record__in=some).delete()
        Recall.objects.bulk_create(self.recalls, batch_size=BATCH)
        rows.insert(Part, _PART, self._parts())
        links = rows.of(self.links.values(), _CHAIN)
        rows.insert(Chain, _CHAIN, links, unique=_CHAIN[:2], update=_CHAIN[2:])

    def _parts(self) -> Iterator[rows.Row]:
        for record, parts in self.parts.items():
            live, expires = self.links[record].live, self.expires.get(record)
            for name, part in parts.items():
                yield self.channel.pk, live, record, name, expires, part.salt, part.data

    def _show_all(self) -> None:
        """Make the reading tables agree with the newest revision of each record of the page."""
        arrivals = []
        for record, verdict in self.newest.items():
            header = verdict.line.header
            if (
                header["op"] == "erase"
                or verdict.code in NOT_THE_OWNERS
                or (verdict.code and header["op"] != "put")
            ):
                self._show_again(self.links[record])
                continue
            parts = {name: part.data for name, part in self.parts.get(record, {}).items()}
            if verdict.allow is not None and "body" in parts:
                try:
                    arrivals.append(
                        arrival(self.channel, verdict.line.index, header, parts, verdict.allow, self.trusted)
                    )
                except InvalidInput:
                    self._refuse(verdict.line.index, "schema-invalid")
        for record in show(self.channel, arrivals, self.trusted.now) if arrivals else ():
            self._refuse(self.newest[record].line.index, "schema-invalid")
        for record, verdict in self.newest.items():
            self._hide(record, verdict)

    def _show_again(self, link: Link) -> None:
        if link.live is None or "body" in erased_names(self.channel, link.record, link.live):
            hide(self.channel, link.record, self.trusted.now)
        elif Part.objects.filter(channel=self.channel, index=link.live, name="body").exists():
            self._refuse(link.live, show_again(self.channel, link.record, link.live, self.trusted))

    def _hide(self, record: UUID, verdict: Verdict) -> None:
        index, op = verdict.line.index, verdict.line.header["op"]
        if self.refused.get(index) == "schema-invalid":
            Part.objects.filter(channel=self.channel, record=record).delete()
        if op == "erase" or verdict.code in NOT_THE_OWNERS or (verdict.code and op != "put"):
            return
        if record in self.former and (op == "withdraw" or index in self.refused):
            hide(self.channel, record, self.trusted.now)

    def _caught_up(self) -> bool:
        """Pages end at multiples of 256 or at the newest size, so any other end is the newest."""
        return not self.judged.verdicts or self.judged.checkpoint.size % CHECKPOINT_EVERY != 0

    def _find_missing(self) -> None:
        """At the newest size every living put has all its parts, or it is said why not (section 9)."""
        chains = Chain.objects.filter(channel=self.channel, missing=True, live__isnull=False)
        for chain, live in [(chain, chain.live or 0) for chain in chains]:
            if live in self.refused:
                continue
            header = orjson.loads(bytes(Entry.objects.get(channel=self.channel, index=live).header))
            stored = set(Part.objects.filter(channel=self.channel, index=live).values_list("name", flat=True))
            absent = header["parts"].keys() - stored - erased_names(self.channel, chain.record, live)
            if not absent:
                Chain.objects.filter(pk=chain.pk).update(missing=False)
                continue
            try:
                check_put(header, self.trusted)
                self._refuse(live, "part-missing")
            except RecordError as e:
                self._refuse(live, e.code)
            if "body" in absent:
                hide(self.channel, chain.record, self.trusted.now)

    def _refuse(self, index: int, code: str) -> None:
        if code:
            self.refused[index] = code

    def _quarantine(self) -> None:
        now = self.trusted.now
        for index, code in self.refused.items():
            Quarantine.objects.update_or_create(
                channel=self.channel,
                index=index,
                defaults={"code": code},
                create_defaults={"code": code, "first_seen": now},
            )
        missing = Quarantine.objects.filter(channel=self.channel, code="part-missing")
        still = Chain.objects.filter(channel=self.channel, missing=True).values("live")
        missing.exclude(index__in=still).delete()

    def _move(self) -> None:
        reached, position, now = self.judged.checkpoint, self.judged.position, self.trusted.now
        self.channel.size, self.channel.frontier = position.frontier.size, position.frontier.to_bytes()
        self.channel.keyset, self.channel.agreement = position.keyset, position.agreement
        if position.ended:
            self.channel.state = "ended"
        feed = Feed.objects.get(pk=self.channel.pk)
        feed.note, feed.checked_at = reached.note, now
        feed.offered = max(feed.offered, reached.size)
        feed.failures, feed.next_try, feed.code, feed.detail = 0, None, "", ""
        signed = dated(reached, self.channel.origin, self.trusted)
        if signed is not None and (feed.signed_at is None or signed > feed.signed_at):
            feed.signed_at, feed.alarmed_at = signed, None
        if self.judged.verdicts:
            feed.applied_at = self.channel.changed_at = now
        self.channel.save()
        feed.save()
