"""Which organisation somebody means: by name, by record id, or by the address of its page."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True)
class Organisation:
    """An organisation that people may belong to: the id of its record and its names per language."""

    id: UUID
    names: dict[str, str]

    def name(self, language: str) -> str:
        """Its name in that language, else in any."""
        return self.names.get(language) or next(iter(self.names.values()), str(self.id))


def meant(words: str, organisations: Iterable[Organisation]) -> list[Organisation]:
    """All that `words` may mean: none, one, or several of the same name."""
    by_id = ID.search(words)
    wanted = UUID(by_id.group()) if by_id else None
    name = _folded(words)
    return [
        one
        for one in organisations
        if one.id == wanted or (name and any(_folded(other) == name for other in one.names.values()))
    ]


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
