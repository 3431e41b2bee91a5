"""Every decision to trust a page: in go the page and what is known, out comes a verdict per entry. No I/O.

Two classes of failure. Log level: LogError, nothing of the page counts. Record level:
the entry is accepted as a leaf and quarantined with a code.
"""

import hashlib
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from kakehashi.agreements.decide import Allow, Deny, Known, decide
from kakehashi.agreements.terms import Standing
from kakehashi.errors import BadProof, LogError, RecordError, SigningError
from kakehashi.exchange import checkpoint as checkpoints
from kakehashi.exchange import header as headers
from kakehashi.exchange.checkpoint import Checkpoint
from kakehashi.exchange.header import Header
from kakehashi.exchange.keyset import KeySet
from kakehashi.exchange.log import Frontier, leaf_hash
from kakehashi.exchange.page import Line, Page
from kakehashi.signing import canonical, proof
from kakehashi.signing.commit import commitment_of_bytes, hash_name, parse_stamp

CLOCK_TOLERANCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Position:
    """Where the receiver stands in one channel: all it must keep to judge the next page."""

    channel: str
    frontier: Frontier
    keyset: str = ""  # hash of the key set in force; empty before the first entry
    agreement: str = ""  # hash of the version in force; empty before the first entry
    ended: bool = False


@dataclass(frozen=True)
class Trust:
    """What this node trusts at `now`. `keysets`: by hash; `versions`: signed hashes of the lineage."""

    me: str
    latest: KeySet
    keysets: Mapping[str, KeySet]
    standing: Standing
    versions: Collection[str]
    now: datetime


@dataclass(slots=True)
class Verdict:
    """What becomes of one entry. `code` is empty if it is accepted; `allow`: of an accepted put with parts.

    `record` is the one whose newest revision it is, if it is one's; `missing`: a put came without some of
    its parts (right for a revision that was superseded, wrong for one that lives).
    """

    line: Line
    leaf: bytes
    hash: str
    code: str = ""
    allow: Allow | None = None
    record: UUID | None = None
    missing: bool = False

    @property
    def chained(self) -> bool:
        return self.record is not None


@dataclass(frozen=True)
class Judgement:
    """The outcome of a page: the new position, the signed checkpoint reached, one verdict per line."""

    position: Position
    checkpoint: Checkpoint
    verdicts: list[Verdict]


Logged = Mapping[tuple[str, int], str]


def judge(
    page: Page, position: Position, logged: Logged, trust: Trust, *, tolerant: bool = False
) -> Judgement:
    """Judge one page; LogError if anything of the log itself is wrong.

    A part that does not fit its commitment is the transport's fault until it came so again and again;
    then `tolerant` refuses that entry alone.

    `logged` maps (id, rev) to the header hash of the chained entries that are known, at least for each id of
    the page the newest one and all revisions that the page repeats.
    """
    lines = []
    for line in page.lines:
        _check_place(line, position)
        lines.append(_check_parts(line, tolerant))
    leaves = [leaf_hash(line.data) for line in page.lines]
    frontier = position.frontier.extend(leaves)
    reached = _check_root(page, position, frontier, trust)
    known, verdicts = dict(logged), []
    decided: Known = {}
    for (line, fault), leaf in zip(lines, leaves, strict=True):
        position = _advance(position, line, trust)
        verdict = Verdict(line, leaf, header_hash(line.data), fault)
        try:
            _judge_line(verdict, position, known, trust, decided)
        except RecordError as e:
            verdict.code = e.code
        if verdict.chained:
            known[line.header["id"], line.header["rev"]] = verdict.hash
        verdicts.append(verdict)
    return Judgement(replace(position, frontier=frontier), reached, verdicts)


def header_hash(data: bytes) -> str:
    """The name of a header, as `prev` gives it: SHA-256 of its canonical bytes with the proof."""
    return hash_name(hashlib.sha256(data).digest())


def dated(reached: Checkpoint, origin: str, trust: Trust) -> datetime | None:
    """When the origin itself cosigned its checkpoint, by its own clock; None if it did not (threat 21)."""
    try:
        seconds = checkpoints.verify_cosignature(reached, origin, trust.latest.all_of("log"))
    except LogError:
        return None
    return datetime.fromtimestamp(min(seconds, trust.now.timestamp()), tz=UTC)


def ahead(page: Page, keyset: KeySet) -> None:
    """Verify the signatures of a page whose turn comes later; any thread may, on a processor of its own.

    `judge` verifies again what fails here, or what another key must have signed by then.
    """
    for line in page.lines:
        if type(line.header.get("proof")) is dict:
            with suppress(RecordError):
                line.signed_by = verify_header(line.header, keyset)


def verify_header(header: Header, keyset: KeySet, signed_by: str = "") -> str:
    """The record key of `keyset` that signed the header, as decoded; RecordError (record-sig) if none did.

    A signature that was verified by the key `signed_by` is not verified by the same key again.
    """
    method = header["proof"].get("verificationMethod")
    public = keyset.public(method, "record") if isinstance(method, str) else None
    if public is None:
        raise RecordError("record-sig", "no record key of the origin has this id")
    if public == signed_by:
        return public
    try:
        proof.verify(header, header["proof"], public, form=canonical.reencode)
    except (BadProof, SigningError) as e:
        raise RecordError("record-sig", str(e)) from e
    return public


def _check_place(line: Line, position: Position) -> None:
    origin = position.channel.partition("/")[0]
    if line.header.get("channel") != position.channel or line.header.get("origin") != origin:
        raise LogError("wrong-channel", f"entry {line.index}")


def _check_parts(line: Line, tolerant: bool) -> tuple[Line, str]:
    """The line and no code, or without its parts and with one."""
    committed = line.header.get("parts") if line.header.get("op") == "put" else {}
    for name, part in line.parts.items():
        wanted = committed.get(name) if isinstance(committed, dict) else None
        if commitment_of_bytes(part.salt, part.data) != wanted:
            if tolerant:
                return replace(line, parts={}), "part-mismatch"
            raise LogError("part-mismatch", f"entry {line.index}, {name}")
    return line, ""


def _check_root(page: Page, position: Position, frontier: Frontier, trust: Trust) -> Checkpoint:
    reached = checkpoints.parse(page.note)
    if reached.origin != position.channel:
        raise LogError("wrong-channel", "the checkpoint is of another log")
    checkpoints.verify_signature(reached, trust.latest.all_of("log"))
    if reached.size != page.next or reached.size != frontier.size or reached.root != frontier.root():
        raise LogError("root-mismatch", f"at size {frontier.size}")
    return reached


def _advance(position: Position, line: Line, trust: Trust) -> Position:
    """The key set and the agreement in force from this entry on, itself included."""
    if position.ended:
        raise LogError("epoch-closed", f"entry {line.index} comes after the end")
    op, header = line.header.get("op"), line.header
    if op == "keyset":
        present, following = trust.keysets.get(position.keyset), trust.keysets.get(str(header.get("keyset")))
        if following is None:
            raise LogError("keyset-stale", f"entry {line.index} names a key set that is not known here")
        if present is not None and following.version < present.version:
            raise LogError("keyset-rollback", f"entry {line.index}")
        position = replace(position, keyset=following.hash)
    if op in ("keyset", "agreement") and header.get("agreement") != position.agreement:
        if header.get("agreement") not in trust.versions:
            raise LogError("agreement-not-active", f"entry {line.index} names a version not signed here")
        position = replace(position, agreement=str(header["agreement"]))
    if not position.keyset:
        raise LogError("keyset-stale", "the first entry of a channel names the key set in force")
    return replace(position, ended=True) if op == "end" else position


def _judge_line(verdict: Verdict, position: Position, known: Logged, trust: Trust, decided: Known) -> None:
    """Fill in the verdict; RecordError gives its code, and what was filled in before stays."""
    line, header = verdict.line, verdict.line.header
    headers.check(header)
    if "id" in header:
        if _check_chain(header, verdict.hash, known):
            return
        verdict.record = headers.record_id(header)
    _check_signature(line, position, trust)
    if header["agreement"] != position.agreement:
        raise RecordError("agreement-conflict")
    if header["op"] != "put":
        return
    verdict.missing = line.parts.keys() < header["parts"].keys()
    if verdict.missing and not line.parts:
        return
    allowed = check_put(header, trust, decided)
    verdict.allow = None if verdict.code else allowed


def _check_chain(header: Header, hash: str, known: Logged) -> bool:
    """True for a repetition of what is known, False for the next; LogError for two of one (id, rev)."""
    before = known.get((header["id"], header["rev"]))
    if before is not None:
        if before != hash:
            raise LogError("fork", f"two revisions {header['rev']} of {header['id']}")
        return True
    if header["rev"] > 1 and known.get((header["id"], header["rev"] - 1)) != header["prev"]:
        raise RecordError("rev-gap")
    return False


def _check_signature(line: Line, position: Position, trust: Trust) -> None:
    verify_header(line.header, trust.keysets[position.keyset], line.signed_by)
    if line.index > trust.latest.vouched(line.header["proof"]["verificationMethod"], position.channel):
        raise RecordError("key-revoked")


def check_put(header: Header, trust: Trust, decided: Known | None = None) -> Allow:
    """What a put may do here; RecordError says why nothing."""
    headers.check_schema(header)
    if parse_stamp(header["issued"]) > trust.now + CLOCK_TOLERANCE:
        raise RecordError("clock")
    answer = decide(header, trust.standing, trust.now, trust.me, decided)
    if isinstance(answer, Deny):
        raise RecordError(answer.code)
    return answer
