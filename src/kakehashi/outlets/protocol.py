"""OAI-PMH 2.0 without HTTP and database: what was asked, and what is wrong with it.

www.openarchives.org/OAI/openarchivesprotocol.html, sections 3.6 (errors) and 4 (verbs).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from kakehashi.errors import HarvestRefused

GRANULARITY = "YYYY-MM-DDThh:mm:ssZ"
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SECOND = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


@dataclass(frozen=True)
class Verb:
    """The arguments of one verb; `resumes` if it takes a resumptionToken, which then stands alone."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    resumes: bool = False


_LIST = Verb(frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"}), resumes=True)
VERBS = {
    "Identify": Verb(),
    "ListMetadataFormats": Verb(optional=frozenset({"identifier"})),
    "ListSets": Verb(resumes=True),
    "ListIdentifiers": _LIST,
    "ListRecords": _LIST,
    "GetRecord": Verb(frozenset({"identifier", "metadataPrefix"})),
}


@dataclass(frozen=True)
class Question:
    """A request whose verb and arguments are in order."""

    verb: str
    arguments: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.arguments.get(name, "")


def read(pairs: Sequence[tuple[str, str]]) -> Question:
    """The question that the arguments of a request ask, each name at most once; HarvestRefused."""
    verbs = [value for name, value in pairs if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in VERBS:
        raise HarvestRefused("badVerb", "Give one verb: " + ", ".join(VERBS) + ".")
    arguments = {name: value for name, value in pairs if name != "verb"}
    if len(arguments) != len(pairs) - 1:
        raise HarvestRefused("badArgument", "An argument is given twice.")
    _check(VERBS[verbs[0]], arguments)
    return Question(verbs[0], arguments)


def _check(verb: Verb, arguments: dict[str, str]) -> None:
    if verb.resumes and "resumptionToken" in arguments:
        if len(arguments) > 1:
            raise HarvestRefused("badArgument", "A resumptionToken stands alone.")
        return
    wrong = sorted(arguments.keys() - verb.required - verb.optional)
    empty = sorted(name for name, value in arguments.items() if not value)
    missing = sorted(verb.required - arguments.keys())
    said = [f"{name} is not an argument here." for name in wrong]
    said += [f"{name} is missing." for name in missing] + [f"{name} is empty." for name in empty]
    if said:
        raise HarvestRefused("badArgument", " ".join(said))


def span(since: str, until: str) -> tuple[datetime | None, datetime | None]:
    """`from` and `until`, both inclusive, in one granularity; HarvestRefused("badArgument")."""
    if since and until and len(since) != len(until):
        raise HarvestRefused("badArgument", "from and until differ in granularity.")
    first, last = _moment("from", since), _moment("until", until)
    if last and _DAY.fullmatch(until):
        last += timedelta(hours=23, minutes=59, seconds=59)
    if first and last and first > last:
        raise HarvestRefused("badArgument", "from is later than until.")
    return first, last


def _moment(name: str, said: str) -> datetime | None:
    if not said:
        return None
    try:
        if _DAY.fullmatch(said) or _SECOND.fullmatch(said):
            return datetime.fromisoformat(said.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:  # in the form, but no such day or hour
        pass
    raise HarvestRefused("badArgument", f"{name} must be YYYY-MM-DD or {GRANULARITY}.")


def identifier(node: str, record: UUID) -> str:
    """`oai:munich.example:…` (OAI identifier guidelines 2.0)."""
    return f"oai:{node}:{record}"


def record_of(node: str, said: str) -> UUID:
    """The record that an identifier names; HarvestRefused("idDoesNotExist") if it cannot be one of ours."""
    found = re.fullmatch(rf"oai:{re.escape(node)}:([0-9a-f-]{{36}})", said)
    try:
        return UUID(found.group(1) if found else "")
    except ValueError:
        raise HarvestRefused("idDoesNotExist", "There is no record of this identifier.") from None
