"""What a match's reasons are called and said in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from kakehashi.matching.rank import FAIRLY
from kakehashi.records import labels
from kakehashi.records.regions import REGIONS
from kakehashi.records.topics import TOPICS
from kakehashi.ui.languages import reader_language
from kakehashi.ui.words import listed

MARKS = {"met": "○", "partly": "△", "missed": "×", "unjudged": "－"}
MARK_NAMES: dict[str, Promise] = {
    "met": gettext_lazy("met"),
    "partly": gettext_lazy("partly met"),
    "missed": gettext_lazy("not met"),
    "unjudged": gettext_lazy("not judged"),
}
CONDITIONS: dict[str, Promise] = {
    "partnership": gettext_lazy("Type of partnership"),
    "partner_for_one": gettext_lazy("Type of partner"),
    "partner_for_other": gettext_lazy("Type of partner"),
    "region": gettext_lazy("Region"),
    "stage": gettext_lazy("Stage of development"),
    "medical_stage": gettext_lazy("Medical stage"),
    "trl": gettext_lazy("Technology readiness level (TRL)"),
}
COMPONENTS: dict[str, Promise] = {
    "text": gettext_lazy("Nearness of the texts, evened out between languages"),
    "concepts": gettext_lazy("Shared concepts"),
    "words": gettext_lazy("Same names and abbreviations"),
    "topics": gettext_lazy("Shared topics"),
}
LISTS: dict[str, Promise] = {
    "open": gettext_lazy("all"),
    "shortlisted": gettext_lazy("shortlisted"),
    "passed": gettext_lazy("passed to me"),
    "dismissed": gettext_lazy("dismissed"),
}
ORIGINALS: dict[str, Promise] = {
    "de": gettext_lazy("German original"),
    "ja": gettext_lazy("Japanese original"),
    "en": gettext_lazy("English original"),
}
# From which score on a match is called so.
NEARNESS: tuple[tuple[float, Promise], ...] = (
    (0.75, gettext_lazy("very close")),
    (0.60, gettext_lazy("close")),
    (FAIRLY, gettext_lazy("fairly close")),
    (0.0, gettext_lazy("loosely related")),
)


def nearness(score: float) -> Promise:
    """A score in words."""
    return next(words for least, words in NEARNESS if score >= least)


def decimal(hundredths: int, *, signed: bool = False) -> str:
    """A number of hundredths as readers of the page's language write it: 0,84, ＋0.16."""
    point = "," if (get_language() or "").startswith("de") else "."
    sign = "−" if hundredths < 0 else "+" if signed else ""
    return f"{sign}{abs(hundredths) // 100}{point}{abs(hundredths) % 100:02d}"


def condition(found: Mapping[str, Any], one: str, other: str) -> str:
    """A judged condition as a sentence. `one` and `other`: what the two sides are called."""
    ours, theirs = _names(found["name"], found["one"]), _names(found["name"], found["other"])
    if found["name"] == "region":
        return _("The two stand on different sides of the bridge: %(one)s and %(other)s.") % {
            "one": ours,
            "other": theirs,
        }
    if found["name"] == "partnership":
        return _partnership(found, ours, theirs)
    if found["name"] in ("partner_for_one", "partner_for_other"):
        seeks_one = found["name"] == "partner_for_one"
        sought, kind = (ours, theirs) if seeks_one else (theirs, ours)
        who = one if seeks_one else other
        return _("%(who)s looks for: %(sought)s. The other side is: %(kind)s.") % {
            "who": who,
            "sought": sought,
            "kind": kind,
        }
    return _("%(one)s: %(ours)s. %(other)s: %(theirs)s.") % {
        "one": one,
        "ours": ours,
        "other": other,
        "theirs": theirs,
    }


def _partnership(found: Mapping[str, Any], ours: str, theirs: str) -> str:
    if found["shared"]:
        return _("Both sides want: %(shared)s.") % {"shared": _names("partnership", found["shared"])}
    return _("One side wants %(ours)s, the other %(theirs)s.") % {"ours": ours, "theirs": theirs}


def unjudged(names: Sequence[str]) -> str:
    """Conditions that a side says nothing about, in one sentence."""
    every = listed([str(CONDITIONS[name]) for name in dict.fromkeys(names)])
    return _("%(conditions)s: not stated by both sides, so not judged.") % {"conditions": every}


def component(name: str, because: Sequence[str]) -> str:
    """What a row of the score is called, with what it rests on."""
    if name in CONDITIONS:
        return str(CONDITIONS[name])
    said = str(COMPONENTS.get(name, name))
    if name == "concepts" and because:
        return ngettext("%(count)s shared concept", "%(count)s shared concepts", len(because)) % {
            "count": len(because)
        }
    items = _items(name, because)
    return _("%(what)s: %(items)s") % {"what": said, "items": items} if items else said


def _items(name: str, because: Sequence[str]) -> str:
    """What both sides have in common by name: topics as the reader calls them, the first few words."""
    if name == "topics":
        lang = reader_language()
        return listed([TOPICS[code][lang] if code in TOPICS else code for code in because])
    return listed(because[:4])


def without_concepts(components: Sequence[Mapping[str, Any]]) -> str:
    """What a match in which no concept is shared rests on most."""
    parts = [part for part in components if part["name"] in COMPONENTS]
    most = max(parts, key=lambda part: part["value"], default=None)
    if most and most["because"]:
        return component(most["name"], most["because"])
    return _("No shared concept; the texts as a whole resemble each other.")


def _names(name: str, codes: Sequence[str]) -> str:
    lang = (get_language() or "en")[:2]
    if name == "region":
        return listed([REGIONS.get(code, {}).get(lang, code) for code in codes])
    if name == "trl":
        return listed([f"TRL {code}" for code in codes])
    known = _CHOICES[name]
    return listed([str(known.get(code, code)) for code in codes])


_CHOICES: dict[str, Mapping[str, Promise]] = {
    "partnership": labels.PARTNERSHIPS,
    "partner_for_one": labels.ORGANISATION_TYPES,
    "partner_for_other": labels.ORGANISATION_TYPES,
    "stage": labels.STAGES,
    "medical_stage": labels.MEDICAL_STAGES,
}
