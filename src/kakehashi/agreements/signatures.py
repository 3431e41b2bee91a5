"""Who has signed: proofs by the parties' root keys over an agreement, and the signed termination of one."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from kakehashi.agreements.document import HASH, MAX_BYTES, NODE, NOT_CANONICAL, Document, parse, party
from kakehashi.agreements.shape import Problems, gettext_noop, line, members, one_of, several
from kakehashi.errors import BadProof, InvalidInput, NotCanonical, SigningError
from kakehashi.signing import canonical, proof
from kakehashi.signing.commit import parse_stamp, stamp
from kakehashi.signing.keys import PrivateKey
from kakehashi.signing.proof import without_proof

NOT_BY_A_PARTY = gettext_noop("This signature is by none of the parties' root keys.")
NOT_BY_ENDER = gettext_noop("This termination is not signed by the root key of the party that declares it.")
OTHER_AGREEMENT = gettext_noop("This termination is for another agreement.")

Proof = dict[str, Any]


def method(node: str, number: int = 1) -> str:
    """The name of a node's root key in a proof."""
    return f"https://{node}/.well-known/kx#root-{number}"


def sign(document: Document, node: str, key: PrivateKey, now: datetime) -> Proof:
    """The proof of `document` by the root key of `node`; InvalidInput if that key does not stand in it."""
    signer = party(document, node) if "parties" in document else None
    if "parties" in document and (signer is None or key.public not in signer["root"]):
        raise InvalidInput({"": [NOT_BY_A_PARTY]})
    return proof.sign(document, key, method=method(node), created=now)


def sign_bytes(data: bytes, key: PrivateKey, now: datetime) -> Document:
    """Sign canonical bytes away from any node: the proof of an agreement, or a termination with its proof."""
    if _type(data) == "kx.termination":
        ending = parse_termination(data)
        proof_of_it = proof.sign(ending, key, method=method(ending["by"]), created=now)
        return {**without_proof(ending), "proof": [proof_of_it]}
    document = parse(data)
    for each in document["parties"]:
        if key.public in each["root"]:
            return sign(document, each["node"], key, now)
    raise InvalidInput({"": [NOT_BY_A_PARTY]})


def signer(document: Document, one: Any) -> str:
    """The party whose root key made this proof; InvalidInput if no party's did."""
    name = one.get("verificationMethod") if isinstance(one, dict) else None
    for each in document["parties"]:
        if isinstance(name, str) and name.startswith(f"https://{each['node']}/.well-known/kx#"):
            for public in each["root"]:
                if _verifies(document, one, public):
                    return str(each["node"])
    raise InvalidInput({"proof": [NOT_BY_A_PARTY]})


def signers(document: Document, proofs: Iterable[Any]) -> dict[str, Proof]:
    """One proof for each party that signed; InvalidInput as soon as one is by nobody."""
    return {signer(document, one): one for one in proofs}


def termination(agreement: str, by: str, effective: datetime, reason: str, issued: datetime) -> Document:
    """The unsigned termination (EXCHANGE.md example I). `reason`: "notice" or "cause"."""
    return {
        "type": "kx.termination",
        "v": 1,
        "agreement": agreement,
        "by": by,
        "effective": stamp(effective),
        "reason": reason,
        "issued": stamp(issued),
    }


def parse_termination(data: bytes) -> Document:
    """The termination of canonical bytes from anywhere; its shape is checked, its proof is not."""
    try:
        ending = canonical.decode(data, limit=MAX_BYTES)
    except (NotCanonical, RecursionError) as problem:
        raise InvalidInput({"": [NOT_CANONICAL]}) from problem
    found: Problems = {}
    _TERMINATION(ending, "", found)
    if found:
        raise InvalidInput(found)
    return ending  # type: ignore[no-any-return]  # _TERMINATION refuses everything but an object


def check_termination(
    ending: Document, agreement: Document, hash: str, present: Collection[str] = ()
) -> None:
    """Raise InvalidInput unless `ending` is for this agreement, signed by the party that declares it alone.

    `present`: that party's root keys of today, which count beside those in the agreement.
    """
    if ending["agreement"] != hash:
        raise InvalidInput({"agreement": [OTHER_AGREEMENT]})
    ender = party(agreement, ending["by"])
    roots = {*ender["root"], *present} if ender else set()
    proofs = ending.get("proof", [])
    if not proofs or not all(any(_verifies(ending, one, public) for public in roots) for one in proofs):
        raise InvalidInput({"proof": [NOT_BY_ENDER]})


def _type(data: bytes) -> Any:
    try:
        value = canonical.decode(data, limit=MAX_BYTES)
    except (NotCanonical, RecursionError) as problem:
        raise InvalidInput({"": [NOT_CANONICAL]}) from problem
    return value.get("type") if isinstance(value, dict) else None


def _verifies(document: Document, one: Any, public: str) -> bool:
    try:
        proof.verify(document, one, public)
    except (BadProof, SigningError):
        return False
    return True


def _moment(text: str) -> bool:
    try:
        return 2000 <= parse_stamp(text).year < 2200
    except ValueError:
        return False


def _anything(value: Any, path: str, problems: Problems) -> None:
    """Proofs are judged by verifying them."""


_TERMINATION = members(
    {
        "type": one_of("kx.termination"),
        "v": one_of(1),
        "agreement": line(50, HASH.fullmatch),
        "by": NODE,
        "effective": line(20, _moment),
        "reason": one_of("notice", "cause"),
        "issued": line(20, _moment),
    },
    {"proof": several(_anything, 1, 8)},
)
