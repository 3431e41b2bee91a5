"""What people read instead of codes, lazily translated. An edge file: it needs gettext, the rules do not."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kakehashi.agreements.shape import Problems
from kakehashi.records.labels import KINDS as CONTENT
from kakehashi.records.regions import REGIONS
from kakehashi.records.topics import TOPICS

KINDS: dict[str, Promise] = {
    **CONTENT,
    "organisation": _("Organisations of the region"),
    "interest": _("Expressions of interest"),
    "reply": _("Replies"),
    "outcome": _("Outcomes"),
    "confirmation": _("Confirmations"),
    "comment": _("Comments"),
    "mission": _("Missions"),
    "tally": _("Counts of records that do not cross"),
    "term": _("Changes of the glossary"),
}
STATES: dict[str, Promise] = {
    "proposed": _("Proposed"),
    "active": _("In force"),
    "ended": _("Ended"),
    "void": _("Void"),
}
LEVELS: dict[str, Promise] = {
    "CLEAR": _("TLP:CLEAR"),
    "GREEN": _("TLP:GREEN"),
    "AMBER": _("TLP:AMBER"),
}
ONWARD: dict[str, Promise] = {
    "none": _("stays with the receiver’s team"),
    "members": _("to the receiver’s own members"),
    "public": _("to the public if CLEAR"),
}
REASONS: dict[str, Promise] = {
    "notice": _("by notice"),
    "cause": _("for cause, without notice"),
}
DELIVERIES: dict[str, Promise] = {
    "draft": _("The draft with our signature"),
    "proof": _("Our signature"),
    "termination": _("Our declaration that the agreement ends"),
}
# Legal bases for passing on personal parts, by the reference that stands in the document.
BASES: dict[str, Promise] = {
    "gdpr-45-2019-419": _("EU adequacy decision 2019/419 (business operators in Japan only)"),
    "gdpr-46-scc": _("Standard contractual clauses, Art. 46 GDPR"),
    "gdpr-49-consent": _("Explicit consent, Art. 49 GDPR"),
    "appi-28-equivalent-country": _("Country with equivalent protection, Art. 28 APPI"),
    "appi-28-consent": _("Consent, Art. 28 APPI"),
}


def names(codes: Iterable[str], words: dict[str, dict[str, str]], language: str) -> list[str]:
    """Topics or regions in the reader's language; an unknown code stands for itself."""
    return [words.get(code, {}).get(language, code) for code in codes]


def topics(codes: Iterable[str], language: str) -> list[str]:
    return names(codes, TOPICS, language)


def regions(codes: Iterable[str], language: str) -> list[str]:
    return names(codes, REGIONS, language)


def say(problems: Problems) -> list[tuple[str, str]]:
    """(path, sentence) for each problem of an InvalidInput, in the reader's language."""
    return [(path, gettext(message)) for path, messages in problems.items() for message in messages]
