"""Reads of key sets for people: one node's keys with their state, and all alarms about keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from kakehashi import this
from kakehashi.accounts.viewer import WORKER, Viewer
from kakehashi.agreements import own as agreements_own
from kakehashi.agreements import queries as agreements
from kakehashi.agreements.models import Partner
from kakehashi.errors import NodeMisconfigured, NotAllowed, NotFound
from kakehashi.exchange import own
from kakehashi.exchange.keys import health
from kakehashi.exchange.keys.health import Alarm
from kakehashi.exchange.keyset import USES, KeySet, key_id
from kakehashi.exchange.models import Quarantine
from kakehashi.exchange.trusting import latest_keyset
from kakehashi.signing.commit import parse_stamp
from kakehashi.signing.keyring import Keyring


@dataclass(frozen=True)
class Key:
    """One key. State: signs, listed (it signed before), or waiting (made here, not published)."""

    name: str
    use: str
    public: str
    state: str


@dataclass(frozen=True)
class Revoked:
    """A key that counts no longer, since when and why, and up to which entries its owner stands by it."""

    name: str
    since: datetime
    reason: str
    last_good: dict[str, int]


@dataclass(frozen=True)
class Keys:
    """The key set of one node as it stands here; `fetched` and `honoured` are None for this node's own."""

    node: str
    version: int
    issued: datetime
    not_after: datetime
    fetched: datetime | None
    honoured: datetime | None
    threshold: int
    roots: list[str]
    keys: list[Key]
    revoked: list[Revoked]
    suspect: int


def of_node(viewer: Viewer, node: str) -> Keys:
    """The keys of this node or of a partner, for the cluster's team; NotFound if none are known."""
    if not viewer.is_staff:
        raise NotAllowed("exchange.keys")
    found = latest_keyset(node)
    if found is None:
        raise NotFound(f"no key set of {node} is known")
    keys, fetched = found
    mine = node == this.node().name
    return Keys(
        node=node,
        version=keys.version,
        issued=keys.issued,
        not_after=keys.not_after,
        fetched=None if mine else fetched,
        honoured=None if mine else keys.honoured_until(fetched),
        threshold=keys.threshold,
        roots=list(keys.roots),
        keys=[*_listed(keys), *(_waiting(keys) if mine else ())],
        revoked=[_revoked(name, row) for name, row in keys.revoked.items()],
        suspect=_suspect_entries().get(node, 0),
    )


def alarms(viewer: Viewer, now: datetime) -> list[Alarm]:
    """All that needs a person about this node's keys and its partners', for the cluster's team."""
    if not viewer.is_staff:
        return []
    me = this.node().name
    mine = latest_keyset(me)
    found = list(health.of_own(me, mine[0] if mine else None, now)) if mine or _may_publish() else []
    suspect = _suspect_entries()
    for partner in agreements.partners(WORKER).filter(fingerprint_confirmed_at__isnull=False):
        found += _of_partner(partner, suspect.get(partner.node, 0), now)
    return found


def _of_partner(partner: Partner, suspect: int, now: datetime) -> list[Alarm]:
    keys, fetched = latest_keyset(partner.node) or (None, None)
    proposed = bool(partner.proposed_roots)
    found = list(health.of_partner(partner.node, keys, fetched, proposed=proposed, now=now))
    return [*found, *([Alarm("suspect", partner.node, count=suspect)] if suspect else [])]


def _may_publish() -> bool:
    """False for a node that has no root key yet: it exchanges nothing and needs no reminder."""
    try:
        return bool(agreements_own.root_keys(this.node()))
    except NodeMisconfigured:
        return False


def _suspect_entries() -> dict[str, int]:
    """Entries by revoked keys, by origin."""
    rows = Quarantine.objects.filter(code="key-revoked", channel__own=False)
    return dict(rows.values_list("channel__origin").annotate(Count("pk")))


def _listed(keys: KeySet) -> list[Key]:
    numbers = {
        use: own.newest(use, keys.keys) for use in USES
    }  # none where a partner names its keys otherwise
    signing = {use: key_id(keys.node, f"{own.FRAGMENTS[use]}-{n}") for use, n in numbers.items() if n}
    return [
        Key(_short(name), use, public, "signs" if name == signing.get(use) else "listed" if signing else "")
        for name, (use, public) in sorted(keys.keys.items(), key=lambda row: (USES.index(row[1][0]), row[0]))
    ]


def _waiting(keys: KeySet) -> list[Key]:
    """Keys that a request has made and that no published set lists."""
    node, ring, found = this.node(), Keyring(this.node().key_folder), []
    for use in USES:
        number = own.newest(use, [*keys.keys, *keys.revoked]) + 1
        if ring.has(own.file_name(use, number)):
            name = own.name_of(node, use, number)
            found.append(Key(_short(name), use, own.private(node, use, number).public, "waiting"))
    return found


def _revoked(name: str, row: Mapping[str, Any]) -> Revoked:
    good = {each["channel"]: each["i"] for each in row["last_good"]}
    return Revoked(_short(name), parse_stamp(row["since"]), row["reason"], good)


def _short(name: str) -> str:
    return name.partition("#")[2]
