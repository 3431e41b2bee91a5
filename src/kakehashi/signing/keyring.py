"""Private keys at rest: one file of mode 0600 for each name; the only file here that touches the disk."""

import os
import re
from pathlib import Path

from kakehashi.errors import BadKey, Conflict, NodeMisconfigured, NotFound
from kakehashi.signing.keys import PrivateKey

_NAME = re.compile(r"(root|record|log|http)(-[0-9]{1,6})?")


class Keyring:
    """The keys of one node, by name: `root`, `record`, `log`, `http`, later ones numbered (`record-2`)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, name: str) -> bool:
        """Whether the key exists here. The root key of a production node does not."""
        return self._path(name).exists()

    def create(self, name: str) -> PrivateKey:
        """Make and store a new key; Conflict if the name is taken, since a key is never overwritten."""
        return self.store(name, PrivateKey.generate())

    def store(self, name: str, key: PrivateKey) -> PrivateKey:
        """Store a key under a free name."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return write_key(self._path(name), key)

    def key(self, name: str) -> PrivateKey:
        """Read a key; NotFound if absent, NodeMisconfigured if others can read the file or it is no key."""
        return read_key(self._path(name))

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise NotFound(f"no key has the name {name!r}")
        return self.folder / f"{name}.key"


def write_key(path: Path, key: PrivateKey) -> PrivateKey:
    """Store a key in a new file of mode 0600; Conflict if there is a file already."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as e:
        raise Conflict(f"{path} exists already, and a key is never overwritten") from e
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key.seed.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return key


def read_key(path: Path) -> PrivateKey:
    """Read a key file; NotFound if absent, NodeMisconfigured if others can read it or it holds no key."""
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise NodeMisconfigured(f"{path} can be read by others; its mode must be 0600")
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError as e:
        raise NotFound(f"no key in {path}") from e
    try:
        return PrivateKey.from_seed(bytes.fromhex(text))
    except (ValueError, BadKey) as e:
        raise NodeMisconfigured(f"{path} does not hold a key") from e
