"""Signed tree heads: C2SP signed-note, tlog-checkpoint and cosignature/v1, written and read."""

import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from kakehashi.errors import BadProof, LogError
from kakehashi.exchange.log import HASH_BYTES
from kakehashi.signing.keys import SIGNATURE_BYTES, PrivateKey, public_bytes, verify

_ED25519, _COSIGNATURE = b"\x01", b"\x04"
_DASH = "\N{EM DASH} "
_MAX_NOTE, _MAX_SIGNATURES = 4096, 8
_BODY = re.compile(r"([^\s+]{1,300})\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n")


@dataclass(frozen=True)
class Checkpoint:
    """One signed head of one log. `text` is what was signed; `signatures` maps key name to raw lines."""

    origin: str
    size: int
    root: bytes
    text: str
    signatures: tuple[tuple[str, bytes], ...]

    @property
    def note(self) -> str:
        """The note as it travels, all signatures included."""
        return self.text + "\n" + "".join(_line(name, raw) for name, raw in self.signatures)


def sign(origin: str, size: int, root: bytes, key: PrivateKey) -> Checkpoint:
    """The checkpoint of the log `origin` (a channel's name), signed by its log key."""
    text = f"{origin}\n{size}\n{b64encode(root).decode()}\n"
    raw = _key_id(origin, _ED25519, key.public) + key.sign(text.encode())
    return Checkpoint(origin, size, root, text, ((origin, raw),))


def cosign(checkpoint: Checkpoint, node: str, key: PrivateKey, seconds: int) -> Checkpoint:
    """The same checkpoint with the receiver's cosignature/v1 at `seconds` since 1970, and no other."""
    raw = _key_id(node, _COSIGNATURE, key.public) + seconds.to_bytes(8, "big")
    raw += key.sign(_cosigned(checkpoint.text, seconds))
    kept = tuple((name, line) for name, line in checkpoint.signatures if name == checkpoint.origin)
    return Checkpoint(
        checkpoint.origin, checkpoint.size, checkpoint.root, checkpoint.text, (*kept, (node, raw))
    )


def parse(note: str) -> Checkpoint:
    """A note from outside, not yet verified; LogError (checkpoint-sig) if it is not one."""
    if type(note) is not str or len(note) > _MAX_NOTE:
        raise _bad("not a note")
    text, gap, lines = note.partition("\n\n")
    body = _BODY.fullmatch(text + "\n")
    rows = lines.split("\n")
    if not gap or body is None or rows[-1] != "" or not 1 < len(rows) <= _MAX_SIGNATURES + 1:
        raise _bad("not a checkpoint")
    signatures = tuple(_parse_line(row) for row in rows[:-1])
    return Checkpoint(body[1], int(body[2]), _decode(body[3], HASH_BYTES), text + "\n", signatures)


def verify_signature(checkpoint: Checkpoint, keys: Iterable[str]) -> None:
    """Raise LogError (checkpoint-sig) unless one of the public `keys` signed under the log's own name."""
    for public in keys:
        start = _key_id(checkpoint.origin, _ED25519, public)
        for name, raw in checkpoint.signatures:
            if name == checkpoint.origin and raw[:4] == start and len(raw) == 4 + SIGNATURE_BYTES:
                try:
                    return verify(public, checkpoint.text.encode(), raw[4:])
                except BadProof:
                    continue
    raise _bad("no log key of the origin signed this")


def verify_cosignature(checkpoint: Checkpoint, node: str, keys: Iterable[str]) -> int:
    """Seconds since 1970 at which `node` cosigned with one of `keys`; LogError (checkpoint-sig) otherwise."""
    for public in keys:
        start = _key_id(node, _COSIGNATURE, public)
        for name, raw in checkpoint.signatures:
            if name == node and raw[:4] == start and len(raw) == 12 + SIGNATURE_BYTES:
                seconds = int.from_bytes(raw[4:12], "big")
                try:
                    verify(public, _cosigned(checkpoint.text, seconds), raw[12:])
                except BadProof:
                    continue
                return seconds
    raise _bad(f"not cosigned by {node}")


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _key_id(name: str, algorithm: bytes, public: str) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + algorithm + public_bytes(public)).digest()[:4]


def _line(name: str, raw: bytes) -> str:
    return f"{_DASH}{name} {b64encode(raw).decode()}\n"


def _parse_line(row: str) -> tuple[str, bytes]:
    name, gap, encoded = row.removeprefix(_DASH).partition(" ")
    if not row.startswith(_DASH) or not gap or not name or len(encoded) > 200:
        raise _bad("not a signature line")
    return name, _decode(encoded)


def _decode(encoded: str, length: int | None = None) -> bytes:
    try:
        raw = b64decode(encoded, validate=True)
    except ValueError as e:
        raise _bad("not base64") from e
    if b64encode(raw).decode() != encoded or (length is not None and len(raw) != length):
        raise _bad("not canonical base64")
    return raw


def _bad(detail: str) -> LogError:
    return LogError("checkpoint-sig", detail)
