"""The agreement as a document: built, read from bytes, checked, named (EXCHANGE.md section 4)."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from kakehashi.agreements import shape
from kakehashi.agreements.clauses import FIVE, PREAMBLE, SERVES_ALL, TITLE, Clause
from kakehashi.agreements.shape import (
    Problems,
    add,
    by_language,
    gettext_noop,
    line,
    members,
    one_of,
    several,
    whole,
)
from kakehashi.agreements.terms import day
from kakehashi.errors import BadKey, InvalidInput, NotCanonical
from kakehashi.records.kinds import KINDS as CONTENT_KINDS
from kakehashi.records.topics import TOPICS
from kakehashi.signing import canonical
from kakehashi.signing.commit import parse_stamp, stamp
from kakehashi.signing.keys import public_bytes
from kakehashi.signing.proof import document_hash
from kakehashi.translation.texts import LANGUAGES

Document: TypeAlias = dict[str, Any]

MAX_BYTES = 262_144
KINDS = (*CONTENT_KINDS, *(kind for kind in SERVES_ALL if kind != "organisation"))
LEVELS = ("CLEAR", "GREEN", "AMBER")  # RED is never exchangeable
PARTS = ("body", "person")
ONWARD = ("none", "members", "public")

# What the template says of the end and of sizes; an agreement may say otherwise.
PERSONAL_DATA = {"roles": "independent-controllers", "erase_within_hours": 72, "max_age_days": 730}
ON_END = {"copies": "delete", "keep_tlp": ["CLEAR"], "delete_within_days": 30}
LIMITS = {
    "max_entry_bytes": 32_768,
    "max_part_bytes": 262_144,
    "max_page_bytes": 8_388_608,
    "requests_per_minute": 120,
}

NOT_CANONICAL = gettext_noop(
    "The document is not in its canonical form, so its signatures cannot be checked."
)
BAD_KEY = gettext_noop("This is no usable public key.")
NOT_A_PARTY = gettext_noop("This node is no party of the agreement.")
TO_ITSELF = gettext_noop("A party cannot grant something to itself.")
TO_ALL = gettext_noop("What one party grants goes to all the others, because they read the same log.")
NO_CLAUSE = gettext_noop("The agreement has no clause of this name.")
NO_BASIS = gettext_noop("Personal parts may cross only where a basis for their transfer is named.")
STAR_ALONE = gettext_noop("The star stands for everything and must stand alone.")
TERM_ORDER = gettext_noop("A term must end after it begins, and within ten years.")
NOTICE_TOO_LONG = gettext_noop("The notice must be shorter than the term.")
VERSION_CHAIN = gettext_noop("A first version names no former one, every later version does.")

DNS_NAME = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
HASH = re.compile(r"sha256-[A-Za-z0-9_-]{43}")
_URN = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CONTACT = re.compile(r"mailto:[^\s@<>\"']+@[^\s@<>\"']+|https://[^\s<>\"']+")
_DATE = re.compile(r"[12]\d{3}(-\d\d(-\d\d)?)?")


@dataclass(frozen=True)
class Permission:
    """What one party lets cross to all the others. `topics` and `regions` may be ("*",)."""

    sender: str
    regions: tuple[str, ...]
    kinds: tuple[str, ...] = CONTENT_KINDS
    topics: tuple[str, ...] = ("*",)
    tlp_max: str = "AMBER"
    parts: tuple[str, ...] = ("body",)
    onward: str = "public"


def build(
    *,
    parties: Sequence[Document],
    permissions: Sequence[Permission],
    starts: datetime,
    until: datetime,
    notice_days: int,
    clauses: Sequence[Clause] = FIVE,
    basis: Sequence[Document] = (),
    history: Sequence[Document] = (),
    id: UUID | None = None,
    former: Document | None = None,
) -> Document:
    """A version from the template: the first, named `id`, or the one that follows `former`.

    InvalidInput if anything in it would be refused by the others.
    """
    nodes = [party["node"] for party in parties]
    document: Document = {
        "type": "kx.agreement",
        "v": 1,
        **_place_in_lineage(id, former),
        "title": TITLE,
        "preamble": PREAMBLE,
        "parties": list(parties),
        "clauses": [clause.document() for clause in clauses],
        "grants": [grant for permission in permissions for grant in grants(permission, nodes, clauses)],
        "personal_data": {"basis": list(basis), **PERSONAL_DATA},
        "term": {"from": stamp(starts), "until": stamp(until), "notice_days": notice_days},
        "on_end": ON_END,
        "limits": LIMITS,
    }
    past = list(history) or (former or {}).get("history", [])
    if past:
        document["history"] = past
    check(document)
    return document


def _place_in_lineage(id: UUID | None, former: Document | None) -> Document:
    if former is None:
        return {"id": f"urn:uuid:{id}", "version": 1, "prev": None}
    return {"id": former["id"], "version": former["version"] + 1, "prev": document_hash(former)}


def grants(permission: Permission, nodes: Sequence[str], clauses: Sequence[Clause] = FIVE) -> list[Document]:
    """One grant for each clause that the permitted kinds serve, and one for what serves all clauses."""
    groups = [([clause.id], [k for k in permission.kinds if k in clause.kinds]) for clause in clauses]
    groups.append(([clause.id for clause in clauses], [k for k in permission.kinds if k in SERVES_ALL]))
    return [
        {
            "from": permission.sender,
            "to": [node for node in nodes if node != permission.sender],
            "kinds": kinds,
            "topics": list(permission.topics),
            "regions": list(permission.regions),
            "tlp_max": permission.tlp_max,
            "parts": list(permission.parts),
            "onward": permission.onward,
            "clauses": ids,
        }
        for ids, kinds in groups
        if kinds
    ]


def parse(data: bytes) -> Document:
    """The document of canonical bytes from anywhere, checked; InvalidInput says readably what is wrong."""
    try:
        document = canonical.decode(data, limit=MAX_BYTES)
    except (NotCanonical, RecursionError) as problem:
        raise InvalidInput({"": [NOT_CANONICAL]}) from problem
    check(document)
    return document  # type: ignore[no-any-return]  # check() refuses everything but an object


def check(document: Any) -> None:
    """Raise InvalidInput with one list of problems per path, unless the document can be an agreement.

    Signatures are not looked at; the member `proof` may be absent.
    """
    found: Problems = {}
    _DOCUMENT(document, "", found)
    if not found:
        _check_meaning(document, found)
    if found:
        raise InvalidInput(found)


def channel_name(node: str, lineage_hash: str, epoch: int = 0) -> str:
    """`<node>/kx/<16 hex>/<epoch>`; the hex digits are those of SHA-256 over the text of the lineage hash."""
    return f"{node}/kx/{hashlib.sha256(lineage_hash.encode()).hexdigest()[:16]}/{epoch}"


def party(document: Document, node: str) -> Document | None:
    """The party of that name."""
    return next((p for p in document["parties"] if p["node"] == node), None)


def _key(text: str) -> bool:
    try:
        return bool(public_bytes(text))
    except BadKey:
        return False


def _moment(text: str) -> bool:
    try:
        return 2000 <= parse_stamp(text).year < 2200  # far from where reckoning with dates overflows
    except ValueError:
        return False


def _date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text) and day(text))
    except ValueError:
        return False


def _pattern(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern).fullmatch


def _root(value: Any, path: str, problems: Problems) -> None:
    if type(value) is not str or not _key(value):
        add(problems, path, BAD_KEY)


def _prev(value: Any, path: str, problems: Problems) -> None:
    if value is not None:
        line(50, HASH.fullmatch)(value, path, problems)


def _words(most: int) -> shape.Check:
    return by_language(line(most), LANGUAGES)


NODE = line(253, DNS_NAME.fullmatch)
PARTY_MEMBERS: dict[str, shape.Check] = {
    "node": NODE,
    "name": _words(200),
    "country": line(2, _pattern(r"[A-Z]{2}")),
    "sector": one_of("private", "public"),
    "root": several(_root, 1, 5),
    "contact": line(200, _CONTACT.fullmatch),
    "place": _words(80),
    "region_name": _words(80),
    "side": line(40, _pattern(r"[a-z][a-z0-9-]*")),
}
_CLAUSE_ID = line(16, _pattern(r"[a-z][a-z0-9_]*"))
_CLAUSE = members({"id": _CLAUSE_ID, "title": _words(200), "text": _words(4000)})
_GRANT = members(
    {
        "from": NODE,
        "to": several(NODE, 1, 31),
        "kinds": several(one_of(*KINDS), 1, len(KINDS)),
        "topics": several(one_of("*", *TOPICS), 1, len(TOPICS)),
        "regions": several(line(6, _pattern(r"[A-Z]{2}-[A-Z0-9]{1,3}|\*")), 1, 60),
        "tlp_max": one_of(*LEVELS),
        "parts": several(one_of(*PARTS), 1, len(PARTS)),
        "onward": one_of(*ONWARD),
        "clauses": several(_CLAUSE_ID, 1, 40),
    }
)
_BASIS = members({"from": NODE, "to": NODE, "ref": line(80, _pattern(r"[a-z0-9][a-z0-9.-]*"))})
_DOCUMENT = members(
    {
        "type": one_of("kx.agreement"),
        "v": one_of(1),
        "id": line(60, _URN.fullmatch),
        "version": whole(1, 1000),
        "prev": _prev,
        "title": _words(300),
        "preamble": _words(4000),
        "parties": several(members(PARTY_MEMBERS), 2, 32),
        "clauses": several(_CLAUSE, 1, 40),
        "grants": several(_GRANT, 1, 200),
        "personal_data": members(
            {
                "basis": several(_BASIS, 0, 200),
                "roles": one_of("independent-controllers", "joint-controllers"),
                "erase_within_hours": whole(1, 720),
                "max_age_days": whole(1, 3650),
            }
        ),
        "term": members(
            {"from": line(20, _moment), "until": line(20, _moment), "notice_days": whole(0, 730)}
        ),
        "on_end": members(
            {
                "copies": one_of("delete"),
                "keep_tlp": several(one_of(*LEVELS), 0, 3),
                "delete_within_days": whole(1, 365),
            }
        ),
        "limits": members(
            {
                "max_entry_bytes": whole(4096, 65_535),
                "max_part_bytes": whole(4096, 1_048_576),
                "max_page_bytes": whole(1_048_576, 16_777_216),
                "requests_per_minute": whole(1, 6000),
            }
        ),
    },
    {
        "history": several(
            members(
                {"from": line(10, _date), "text": _words(600)},
                {"until": line(10, _date), "place": _words(80)},
            ),
            0,
            40,
        ),
        "text": members(
            {
                "sha256": line(50, HASH.fullmatch),
                "lang": one_of(*LANGUAGES),
                "media_type": one_of("application/pdf"),
            }
        ),
        "proof": several(lambda value, path, problems: None, 0, 64),  # signatures.py looks at these
    },
)


def _check_meaning(document: Document, problems: Problems) -> None:
    """What no single member shows; the shape is already right."""
    _check_parties(document, problems)
    _check_version(document, problems)
    _check_term(document["term"], problems)
    _check_history(document, problems)
    nodes = {party["node"] for party in document["parties"]}
    ids = {clause["id"] for clause in document["clauses"]}
    bases = {(basis["from"], basis["to"]) for basis in document["personal_data"]["basis"]}
    for place, grant in enumerate(document["grants"]):
        _check_grant(grant, f"grants.{place}", nodes, ids, bases, problems)


def _check_parties(document: Document, problems: Problems) -> None:
    parties = document["parties"]
    if len({party["node"] for party in parties}) < len(parties):
        add(problems, "parties", shape.REPEATED)
    keys = [key for party in parties for key in party["root"]]
    if len(set(keys)) < len(keys):  # one key must never sign for two parties
        add(problems, "parties", shape.REPEATED)
    if len({clause["id"] for clause in document["clauses"]}) < len(document["clauses"]):
        add(problems, "clauses", shape.REPEATED)


def _check_version(document: Document, problems: Problems) -> None:
    later = document["version"] > 1
    if later != (document["prev"] is not None):
        add(problems, "version", VERSION_CHAIN)


def _check_term(term: Document, problems: Problems) -> None:
    length = parse_stamp(term["until"]) - parse_stamp(term["from"])
    if not 0 < length.total_seconds() <= 10 * 366 * 86_400:
        add(problems, "term", TERM_ORDER)
    elif term["notice_days"] >= length.days:
        add(problems, "term.notice_days", NOTICE_TOO_LONG)


def _check_history(document: Document, problems: Problems) -> None:
    for place, past in enumerate(document.get("history", [])):
        if past.get("until", "9999") < past["from"]:
            add(problems, f"history.{place}.until", TERM_ORDER)


def _check_grant(
    grant: Document,
    path: str,
    nodes: set[str],
    clauses: set[str],
    bases: set[tuple[str, str]],
    problems: Problems,
) -> None:
    sender, receivers = grant["from"], set(grant["to"])
    if not ({sender} | receivers) <= nodes:
        add(problems, path, NOT_A_PARTY)
    elif sender in receivers:
        add(problems, path, TO_ITSELF)
    elif receivers != nodes - {sender}:
        add(problems, path, TO_ALL)
    if not set(grant["clauses"]) <= clauses:
        add(problems, f"{path}.clauses", NO_CLAUSE)
    for name in ("topics", "regions"):
        if "*" in grant[name] and len(grant[name]) > 1:
            add(problems, f"{path}.{name}", STAR_ALONE)
    if "person" in grant["parts"] and not all((sender, receiver) in bases for receiver in receivers):
        add(problems, f"{path}.parts", NO_BASIS)
