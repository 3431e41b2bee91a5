"""base58btc in multibase form (`z…`), as Data Integrity proofs and multikeys write bytes."""

from kakehashi.errors import SigningError

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PAIRS = [one + other for one in _ALPHABET for other in _ALPHABET]
_NO_DIGIT = 255
_DIGITS = bytes(_ALPHABET.find(chr(code)) % 256 for code in range(256))  # -1, for no digit, becomes 255
_MAX_CHARS = 128  # our longest value is a 64-byte signature, 89 characters; the conversion is quadratic


def to_multibase(data: bytes) -> str:
    """`z` and base58btc of `data`."""
    number, pairs = int.from_bytes(data, "big"), []
    while number:
        number, pair = divmod(number, 58 * 58)
        pairs.append(_PAIRS[pair])
    digits = "".join(reversed(pairs)).lstrip("1")
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + "1" * zeros + digits


def from_multibase(text: str) -> bytes:
    """Bytes of a base58btc multibase string; SigningError if it is anything else."""
    if type(text) is not str or not 2 <= len(text) <= _MAX_CHARS or text[0] != "z":
        raise SigningError("not a base58btc multibase string")
    digits, number = text[1:].encode("ascii", "replace").translate(_DIGITS), 0
    if _NO_DIGIT in digits:
        raise SigningError("not a base58 digit")
    for digit in digits:
        number = number * 58 + digit
    zeros = len(text) - 1 - len(text[1:].lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
