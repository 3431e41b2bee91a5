"""Proofs over JSON: eddsa-jcs-2022 of W3C Data Integrity EdDSA Cryptosuites v1.0, section 3.3."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeAlias

from kakehashi.errors import BadProof, SigningError
from kakehashi.signing.canonical import encode
from kakehashi.signing.commit import hash_name, parse_stamp, stamp
from kakehashi.signing.keys import PrivateKey
from kakehashi.signing.keys import verify as verify_signature
from kakehashi.signing.multibase import from_multibase, to_multibase

Form: TypeAlias = Callable[[Any], bytes]

_FIXED = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-jcs-2022",
    "proofPurpose": "assertionMethod",
}
_MEMBERS = {*_FIXED, "created", "verificationMethod", "proofValue"}


def sign(document: dict[str, Any], key: PrivateKey, *, method: str, created: datetime) -> dict[str, Any]:
    """The proof of `document` (without its member `proof`) by `key`, known to others as `method`."""
    config = _options(stamp(created), method)
    signature = key.sign(combined_hash(encode(config), encode(without_proof(document))))
    return {**config, "proofValue": to_multibase(signature)}


def verify(document: dict[str, Any], proof: dict[str, Any], public: str, *, form: Form = encode) -> None:
    """Raise BadProof unless `proof` over `document` without `proof` is by the key `public` (`z6Mk…`).

    The caller has chosen `public`; `verificationMethod` is signed but never looked up here. `form` gives the
    canonical bytes: `canonical.reencode` for a document that `canonical.decode` gave.
    """
    _check_shape(proof)
    try:
        signature = from_multibase(proof["proofValue"])
        options = _options_hash(proof["created"], proof["verificationMethod"])
        message = options + hashlib.sha256(form(without_proof(document))).digest()
    except SigningError as e:
        raise BadProof(str(e)) from e
    verify_signature(public, message, signature)


def document_hash(document: dict[str, Any]) -> str:
    """`sha256-…` (base64url, unpadded) over the canonical bytes without `proof`: a document's name."""
    return hash_name(hashlib.sha256(encode(without_proof(document))).digest())


def combined_hash(config: bytes, document: bytes) -> bytes:
    """The 64 bytes that are signed: SHA-256 of the canonical options, then of the document."""
    return hashlib.sha256(config).digest() + hashlib.sha256(document).digest()


def without_proof(document: dict[str, Any]) -> dict[str, Any]:
    """The document as it is signed."""
    return {name: value for name, value in document.items() if name != "proof"}


def _options(created: str, method: str) -> dict[str, str]:
    return {**_FIXED, "created": created, "verificationMethod": method}


@lru_cache(maxsize=1024)  # the entries of a page have few different ones
def _options_hash(created: str, method: str) -> bytes:
    return hashlib.sha256(encode(_options(created, method))).digest()


def _check_shape(proof: Any) -> None:
    if type(proof) is not dict or proof.keys() != _MEMBERS:
        raise BadProof("a proof has exactly the members of eddsa-jcs-2022")
    if any(type(proof[name]) is not str for name in _MEMBERS):
        raise BadProof("every member of a proof is text")
    if any(proof[name] != value for name, value in _FIXED.items()):
        raise BadProof("not an eddsa-jcs-2022 proof of assertion")
    try:
        parse_stamp(proof["created"])
    except ValueError as e:
        raise BadProof("created is not a timestamp") from e
