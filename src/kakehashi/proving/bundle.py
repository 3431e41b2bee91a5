"""The bundle `kx.proof`: one entry of a log with all that is needed to judge it, and nothing else.

Its inclusion proofs are in the form of C2SP tlog-proof, one for each cosigned checkpoint.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kakehashi.agreements.shape import Check, Problems, add, members, one_of, several
from kakehashi.errors import NotCanonical, NotProven
from kakehashi.exchange.log import HASH_BYTES
from kakehashi.exchange.page import Part
from kakehashi.signing import canonical
from kakehashi.signing.commit import to_base64url

MAX_BYTES = 8 * 2**20
MEDIA_TYPE = "application/json"
_FIRST_LINE = "c2sp.org/tlog-proof@v1"
_TLOG_PROOF = re.compile(
    _FIRST_LINE + r"\nindex (0|[1-9][0-9]{0,15})\n((?:[A-Za-z0-9+/]{43}=\n){0,63})\n(.+\n)", re.S
)


def build(
    *,
    agreements: Sequence[Mapping[str, Any]],
    keysets: Iterable[bytes],
    header: bytes,
    parts: Mapping[str, Part],
    proofs: Iterable[str],
) -> bytes:
    """Canonical bytes of a bundle. `agreements`: signed versions, the first one first."""
    return canonical.encode(
        {
            "type": "kx.proof",
            "v": 1,
            "agreements": list(agreements),
            "keysets": [canonical.decode(data, limit=MAX_BYTES) for data in keysets],
            "entry": canonical.decode(header, limit=MAX_BYTES),
            "parts": {name: _part(part) for name, part in parts.items()},
            "proofs": list(proofs),
        }
    )


def growth(*, first: int, path: Iterable[bytes], note: str, keysets: Iterable[bytes]) -> bytes:
    """Canonical bytes of `kx.growth`: a head, and the path to it from the head of `first` entries."""
    return canonical.encode(
        {
            "type": "kx.growth",
            "v": 1,
            "first": first,
            "path": [b64encode(hash).decode() for hash in path],
            "checkpoint": note,
            "keysets": [canonical.decode(data, limit=MAX_BYTES) for data in keysets],
        }
    )


def read(data: bytes) -> dict[str, Any]:
    """The bundle of canonical bytes (a newline at the end is forgiven): its outer shape only."""
    try:
        bundle = canonical.decode(data.removesuffix(b"\n"), limit=MAX_BYTES)
    except (NotCanonical, RecursionError) as e:
        raise NotProven(f"not a proof: {e}") from e
    problems: Problems = {}
    _BUNDLE(bundle, "", problems)
    if problems:
        raise NotProven("not a proof: " + ", ".join(f"{path or 'it'} is wrong" for path in problems))
    return bundle  # type: ignore[no-any-return]  # _BUNDLE refuses everything but an object


def tlog_proof(index: int, path: Iterable[bytes], note: str) -> str:
    """C2SP tlog-proof@v1."""
    lines = [_FIRST_LINE, f"index {index}", *(b64encode(hash).decode() for hash in path)]
    return "\n".join(lines) + "\n\n" + note


def read_tlog_proof(text: str) -> tuple[int, list[bytes], str]:
    """(index, path, note) of a tlog-proof; NotProven for anything else."""
    found = _TLOG_PROOF.fullmatch(text)
    if not found:
        raise NotProven("not a proof of inclusion")
    path = [b64decode(line) for line in found[2].split()]
    if any(len(hash) != HASH_BYTES for hash in path) or tlog_proof(int(found[1]), path, found[3]) != text:
        raise NotProven("not a proof of inclusion in its one form")
    return int(found[1]), path, found[3]


def _part(part: Part) -> dict[str, Any]:
    return {"salt": to_base64url(part.salt), "data": canonical.decode(part.data, limit=MAX_BYTES)}


def _object(value: Any, path: str, problems: Problems) -> None:
    if type(value) is not dict:
        add(problems, path, "")


def _text(value: Any, path: str, problems: Problems) -> None:
    if type(value) is not str or len(value) > 16_384:
        add(problems, path, "")


def _parts(value: Any, path: str, problems: Problems) -> None:
    _object(value, path, problems)
    for name, part in value.items() if type(value) is dict else ():
        members({"salt": _text, "data": _object})(part, f"{path}.{name}", problems)


_BUNDLE: Check = members(
    {
        "type": one_of("kx.proof"),
        "v": one_of(1),
        "agreements": several(_object, 1, 100),
        "keysets": several(_object, 1, 500),
        "entry": _object,
        "parts": _parts,
        "proofs": several(_text, 1, 32),
    }
)
