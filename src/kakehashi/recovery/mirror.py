"""Checks what a partner holds of an own log, before anything of it is put back: own signatures, own root."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kakehashi.errors import LogError, RecordError
from kakehashi.exchange import checkpoint as checkpoints
from kakehashi.exchange import header as headers
from kakehashi.exchange.keyset import KeySet
from kakehashi.exchange.log import Frontier, leaf_hash
from kakehashi.exchange.page import Line, Page
from kakehashi.exchange.verify import verify_header
from kakehashi.signing.commit import commitment_of_bytes


@dataclass
class Following:
    """Follows a mirror from the end of the own log on.

    `keyset`: hash of the key set in force there; `keysets`: all own ones by hash; `log_keys`: all public log
    keys that this node ever had. `leaves`: of the entries that were checked; `size`: what the mirror holds.
    """

    channel: str
    frontier: Frontier
    keyset: str
    keysets: Mapping[str, KeySet]
    log_keys: Sequence[str]
    agreement: str = ""
    size: int = 0
    leaves: list[bytes] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return self.size > 0 and self.frontier.size == self.size

    def follow(self, page: Page) -> None:
        """Check the next page of headers. LogError unless this node once wrote and signed all of it."""
        note = checkpoints.parse(page.note)
        if note.origin != self.channel:
            raise LogError("wrong-channel", "the checkpoint is of another log")
        checkpoints.verify_signature(note, self.log_keys)
        for line in page.lines:
            self._check(line)
        fresh = [leaf_hash(line.data) for line in page.lines]
        self.frontier, self.size = self.frontier.extend(fresh), note.size
        self.leaves += fresh
        if self.frontier.size > note.size or (self.complete and self.frontier.root() != note.root):
            raise LogError("root-mismatch", f"at size {self.frontier.size}")

    def _check(self, line: Line) -> None:
        header = line.header
        if header.get("channel") != self.channel or header.get("origin") != headers.origin_of(self.channel):
            raise LogError("wrong-channel", f"entry {line.index}")
        try:
            headers.check(header)
            if header["op"] == "keyset":
                self.keyset = header["keyset"]
            if header["op"] in ("keyset", "agreement"):
                self.agreement = header["agreement"]
            if self.keyset not in self.keysets:
                raise LogError("keyset-stale", f"entry {line.index} names a key set that is not known here")
            verify_header(header, self.keysets[self.keyset])
        except RecordError as e:
            raise LogError(e.code, f"entry {line.index}: {e.detail}") from e


def check_again(page: Page, first: int, leaves: Sequence[bytes]) -> None:
    """The page that comes with its parts has the very entries that were checked (`leaves`, from `first` on).

    LogError otherwise, and for a part that does not fit its commitment.
    """
    for line in page.lines:
        place = line.index - first
        if not 0 <= place < len(leaves) or leaf_hash(line.data) != leaves[place]:
            raise LogError("root-mismatch", f"entry {line.index} is another than before")
        committed = line.header.get("parts", {}) if line.header["op"] == "put" else {}
        for name, part in line.parts.items():
            if commitment_of_bytes(part.salt, part.data) != committed.get(name):
                raise LogError("part-mismatch", f"entry {line.index}, {name}")
