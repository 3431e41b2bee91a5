"""Template words of matches: which record stands where, how close the two are, what they share."""

from dataclasses import dataclass

from django import template
from django.template import Context
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kakehashi.matching import sentences
from kakehashi.matching.models import Match
from kakehashi.matching.queries import Note
from kakehashi.matching.queries.glossary import held
from kakehashi.records import labels, naming
from kakehashi.records.models import Reading
from kakehashi.ui import moments
from kakehashi.ui.languages import reader_language
from kakehashi.ui.words import listed

register = template.Library()
NAMED = 3  # shared concepts that a line names


@dataclass(frozen=True)
class Ends:
    """The two records of a match in the order in which sides always stand, and what each side is called."""

    left: Reading
    right: Reading
    left_side: naming.Side
    right_side: naming.Side

    @property
    def turned(self) -> bool:
        """True if the own record stands on the right."""
        return self.right.own


def ends(match: Match, sides: dict[str, naming.Side]) -> Ends:
    """The same order on both nodes, so that two people who look at one match see the same."""
    left, right = sorted((match.own, match.other), key=lambda reading: (reading.side, reading.own))
    one, other = (sides.get(end.side) or naming.unknown(end.side) for end in (left, right))
    return Ends(left, right, one, other)


@register.simple_tag(name="ends", takes_context=True)
def ends_tag(context: Context, match: Match) -> Ends:
    """The same with the `sides` of the page; they are asked for where it has none."""
    return ends(match, context.get("sides") or naming.sides())


@register.filter
def closeness(score: float) -> str:
    """A score in words and as a number: very close, 0.84."""
    return listed([str(sentences.nearness(score)), decimal(score)])


@register.filter
def decimal(score: float) -> str:
    """A score as a number with two decimals."""
    return sentences.decimal(round(score * 100))


@register.filter
def hundredths(value: int) -> str:
    """A row of the score with its sign."""
    return sentences.decimal(value, signed=True)


@register.filter
def shared(match: Match) -> list[list[tuple[str, str]]]:
    """The most telling shared concepts, as (language, name): the reader's first, then those of both sides."""
    because = (row["because"] for row in match.components if row["name"] == "concepts")
    known = held().concepts
    named = [known[concept].names for concept in next(because, []) if concept in known]
    langs = dict.fromkeys((reader_language(), match.own.lang, match.other.lang))
    return [_different([(lang, names[lang]) for lang in langs]) for names in named[:NAMED]]


@register.filter
def without_concepts(match: Match) -> str:
    """What a match rests on that shares no concept."""
    return sentences.without_concepts(match.components)


def _different(names: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each name once: abbreviations are often the same in all languages."""
    once: dict[str, str] = {}
    for lang, name in names:
        once.setdefault(name, lang)
    return [(lang, name) for name, lang in once.items()]


@register.filter
def marked(match: Match) -> list[tuple[str, str, str]]:
    """(mark, its name, the conditions with it) of what was judged; the region, met by all, is left out."""
    found: dict[str, list[str]] = {mark: [] for mark in sentences.MARKS if mark != "unjudged"}
    for condition in match.conditions:
        name = str(sentences.CONDITIONS[condition["name"]])
        if condition["mark"] in found and condition["name"] != "region":
            found[condition["mark"]] += [name] if name not in found[condition["mark"]] else []
    return [
        (sentences.MARKS[mark], str(sentences.MARK_NAMES[mark]), listed(names))
        for mark, names in found.items()
        if names
    ]


@register.filter
def original_in(lang: str) -> Promise | str:
    """ "German original" in the reader's language."""
    return sentences.ORIGINALS.get(lang, lang)


@register.filter
def decided(note: Note) -> SafeString:
    """What holds of a match, by whom and since when."""
    facts = {"who": note.who, "day": moments.day(note.at), "reason": labels.REASONS.get(note.reason, "")}
    if note.says == "dismissed":
        return format_html(_("Dismissed by {who}, {day}: {reason}."), **facts)
    return format_html(_("Shortlisted by {who}, {day}."), **facts)
