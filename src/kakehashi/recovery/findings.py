"""What is wrong with a node, and what to do, in plain sentences: judged from figures alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kakehashi.exchange import space
from kakehashi.exchange.health import Keys, Log

LATE = timedelta(minutes=15)
RECEIPTS_LATE = timedelta(hours=24)
KEYS_END = timedelta(days=30)
KEYS_OLD, KEYS_DEAD = timedelta(days=2), timedelta(days=7)
WORKER_SILENT = timedelta(minutes=2)
BACKUP_OLD = timedelta(days=7)
SESSIONS_MANY = 10_000
ALTERED = "altered"
# How it should be set on a server of PostgreSQL, and what to do where it is not.
LETS_GO = {
    "archive_mode": ("off", "Keep archives of the log no longer than erased text may live."),
    "wal_keep_size": ("0", "ALTER SYSTEM SET wal_keep_size = 0;"),
    "wal_recycle": (
        "off",
        "ALTER SYSTEM SET wal_recycle = off; its old files are then removed, not used again.",
    ),
    "replication slots": ("0", "Drop slots that nobody reads: they hold the log back."),
    "checkpoint by this role": (
        "allowed",
        "GRANT pg_checkpoint to it (PostgreSQL 15), or call CHECKPOINT after an erasure; else the log goes "
        "when checkpoint_timeout and max_wal_size say so.",
    ),
}
WAITS = {
    "asking": "has not yet heard from all partners how far they read, so publishing waits",
    "recover": "is shorter here than a partner has it, so publishing waits",
}


@dataclass(frozen=True)
class Finding:
    """One thing: what it is about, what is wrong, what to do. `grave` ones make the exit code 1."""

    about: str
    says: str
    do: str
    grave: bool = True


@dataclass(frozen=True)
class Facts:
    """All that is looked at. `partners`: {node: why it does not answer, or ""}; None: not known."""

    node: str
    now: datetime
    damage: Sequence[str]
    waiting: dict[str, str]
    logs: Sequence[Log]
    keys: Sequence[Keys]
    partners: dict[str, str]
    free: int
    total: int
    demo: bool
    worker_at: datetime | None
    backup_at: datetime | None
    sessions: int
    on_server: bool = False  # its data are on a server of PostgreSQL
    server_log: Mapping[str, str] = field(default_factory=dict)  # what is set there about its own log


def findings(facts: Facts) -> list[Finding]:
    """Everything that is not as it should be, gravest first."""
    found = [*_data(facts), *_room(facts), *_processes(facts), *_keys(facts), *_partners(facts)]
    for log in facts.logs:
        found += [*_own_log(log, facts)] if log.own else [*_partners_log(log, facts)]
        found += _refused(log)
    return sorted(found, key=lambda finding: not finding.grave)


def _data(facts: Facts) -> Iterator[Finding]:
    restore = (
        "Stop the node and bring back the last good backup: kakehashi restore FILE. What is newer comes "
    )
    for line in facts.damage:
        yield Finding(
            "data", line, restore + "back from the partners by itself. Until then nothing is written."
        )
    if facts.backup_at is None or facts.now - facts.backup_at > BACKUP_OLD:
        when = "never" if facts.backup_at is None else f"last on {facts.backup_at:%Y-%m-%d}"
        how = "pg_dump --format custom into the node's folder, as backups/NAME.dump,"
        do = f"Call {how if facts.on_server else 'kakehashi backup'} each night."
        yield Finding("backup", f"A backup was {when} made here.", do, grave=False)
    yield from _server_log(facts.server_log)


def _server_log(settings: Mapping[str, str]) -> Iterator[Finding]:
    """What makes the write-ahead log of PostgreSQL keep erased text longer than until the next checkpoint."""
    kept = {name: value for name, value in settings.items() if value != LETS_GO[name][0]}
    if kept:
        told = ", ".join(f"{name} is {value}" for name, value in kept.items())
        says = f"The server's write-ahead log can keep what was erased here: {told}."
        yield Finding("erasure", says, " ".join(LETS_GO[name][1] for name in kept), grave=False)


def _room(facts: Facts) -> Iterator[Finding]:
    if space.is_low(facts.free, facts.total, demo=facts.demo):
        least = space.floor(facts.total, demo=facts.demo) // space.MIB
        says = f"{facts.free // space.MIB} MiB are free; below {least} MiB reading partners pauses."
        yield Finding("disk", says, "Make room; reading goes on by itself.")


def _processes(facts: Facts) -> Iterator[Finding]:
    if facts.worker_at is None or facts.now - facts.worker_at > WORKER_SILENT:
        when = (
            "has never run"
            if facts.worker_at is None
            else f"was last seen at {facts.worker_at:%Y-%m-%d %H:%M} UTC"
        )
        do = "Start the node: kakehashi up, or the services kakehashi.serve and kakehashi.worker."
        yield Finding("worker", f"The worker {when}: nothing is read, sent, matched or erased.", do)
    if facts.sessions > SESSIONS_MANY:
        says = f"{facts.sessions} expired sign-ins are still kept."
        yield Finding("sessions", says, "The worker clears them each night: see that it runs.", grave=False)


def _keys(facts: Facts) -> Iterator[Finding]:
    if not any(keys.node == facts.node for keys in facts.keys):
        do = "kakehashi keys renew, sign the request with the root key, kakehashi keys publish."
        yield Finding("keys", "This node has published no key set; partners cannot read it.", do)
    for keys in facts.keys:
        left = keys.until - facts.now
        if keys.node == facts.node and left < KEYS_END:
            says = f"The key set of this node ends on {keys.until:%Y-%m-%d}."
            do = "Have the root key sign the next version: kakehashi keys renew."
            yield Finding("keys", says, do, grave=left < KEYS_END / 2)
        elif keys.node != facts.node and facts.now - keys.fetched_at > KEYS_OLD:
            dead = facts.now - keys.fetched_at > KEYS_DEAD
            says = f"The keys of {keys.node} were last fetched on {keys.fetched_at:%Y-%m-%d %H:%M} UTC."
            more = " Nothing is accepted from there." if dead else " After seven days nothing is accepted."
            yield Finding("keys", says + more, "See that the partner's node can be reached.", grave=dead)


def _partners(facts: Facts) -> Iterator[Finding]:
    for node, why in facts.partners.items():
        if why.startswith(("clock-skew", "clock-off")):
            seconds = why.partition(": ")[2]
            says = f"The clock of {node} is {seconds} seconds from this one's; above 120 all pauses."
            do = "Set both clocks by NTP (timedatectl set-ntp true), and ask the partner to."
            yield Finding("clock", says, do, grave=why.startswith("clock-skew"))
        elif why:
            do = "It is tried again by itself. If it lasts, call the partner; see also your firewall and DNS."
            yield Finding("partner", f"{node} does not answer as it should: {why}.", do)


def _own_log(log: Log, facts: Facts) -> Iterator[Finding]:
    if log.state in WAITS:
        why = facts.waiting.get(log.name, "")
        says = f"The log {log.name} {WAITS[log.state]}." + (f" Just now: {why}." if why else "")
        do = "It goes on by itself when the partner answers. To try now: kakehashi recover."
        if "new epoch" in why or "root-mismatch" in why:
            do = f"Call the partner; then begin a new epoch: kakehashi recover --new-epoch {log.name}"
        yield Finding("recovery", says, do)
    if log.overdue:
        says = f"{log.overdue} erasures in {log.name} were not confirmed by the partner in the agreed time."
        yield Finding("erasure", says, "Call the partner; the page of recalls shows each with its evidence.")
    if log.quiet or log.state != "open" or log.known >= log.size or log.heard_at is None:
        return
    if facts.now - log.heard_at > RECEIPTS_LATE:
        since = f"{log.heard_at:%Y-%m-%d %H:%M} UTC"
        says = f"{log.name}: {log.size - log.known} entries are not acknowledged, the oldest of {since}."
        yield Finding("receipts", says, "The partner does not read, or cannot: call it.")


def _partners_log(log: Log, facts: Facts) -> Iterator[Finding]:
    if log.state == "stopped":
        says = f"Reading {log.name} has stopped: {log.code} {log.detail}".rstrip() + "."
        do = f"Call the partner. To read on: kakehashi recover --resume {log.name}"
        if log.code == "epoch-closed":
            do = "Ask the partner why it began a new epoch; then agree on the page «Exchange», or call: "
            do += f"kakehashi recover --accept {log.name}"
        yield Finding("log", says, do)
    elif not log.quiet and log.state == "open":
        if log.heard_at is None or facts.now - log.heard_at > LATE:
            when = f"since {log.heard_at:%Y-%m-%d %H:%M} UTC" if log.heard_at else "yet"
            why = f" ({log.code} {log.detail})".replace(" )", ")") if log.code else ""
            yield Finding("log", f"{log.name} was not read {when}{why}.", "It is tried again by itself.")
        elif log.known - log.size > 0 and log.code:
            says = f"{log.name}: {log.size} of {log.known} entries are read ({log.code})."
            yield Finding("log", says, "It is tried again by itself.", grave=False)


def _refused(log: Log) -> Iterator[Finding]:
    for code, count in log.refused.items():
        if code == ALTERED:
            says = (
                f"{count} entries of {log.name} are no longer what was signed: somebody changed the database."
            )
            yield Finding(
                "data", says, "Find out who; then bring back the last good backup: kakehashi restore FILE."
            )
            continue
        says = f"{count} entries of {log.name} are kept out of every page: {code}."
        yield Finding("quarantine", says, "The page «Exchange» says of each why.", grave=False)
