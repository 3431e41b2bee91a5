"""The person to talk to, on one side: kept apart from the text, and given only once both sides said yes."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Contact:
    """Whom the other side may talk to."""

    name: str
    email: str
    phone: str = ""

    def person(self) -> dict[str, Any]:
        """The personal part of a record (EXCHANGE.md section 5)."""
        facts = {"name": self.name, "email": self.email, "phone": self.phone}
        return {"contact": {name: value for name, value in facts.items() if value}}
