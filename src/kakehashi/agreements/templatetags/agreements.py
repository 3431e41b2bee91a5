"""Template words of agreements: codes in the reader's language, fingerprints, addresses."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from kakehashi.agreements import labels
from kakehashi.agreements.page import Party
from kakehashi.agreements.queries import short
from kakehashi.signing.keys import fingerprint as fingerprint_of
from kakehashi.ui.languages import reader_language
from kakehashi.ui.words import listed, named_by

register = template.Library()
for name, words in {
    "level": labels.LEVELS,
    "passing_on": labels.ONWARD,
    "agreement_state": labels.STATES,
    "end_reason": labels.REASONS,
    "delivery": labels.DELIVERIES,
    "basis": labels.BASES,
}.items():
    register.filter(name, named_by(words))


@register.filter
def agreement_address(hash: str) -> str:
    """The page of one agreement."""
    return reverse("agreements:detail", args=[short(hash)])


@register.filter
def short_hash(hash: str) -> str:
    """The part of a hash that stands in addresses."""
    return short(hash)


@register.filter
def side_place(side: str, parties: list[Party]) -> str:
    """The place of the party on that side, as plain text."""
    return next((plain(party.place) for party in parties if party.side == side), side)


@register.filter
def way(party: Party) -> str:
    """From a party to those that it grants to, as plain text."""
    if len(party.others) == 1:
        return gettext("%(from)s to %(to)s") % {"from": plain(party.place), "to": plain(party.others[0])}
    return gettext("%(from)s to all others") % {"from": plain(party.place)}


@register.filter
def side_way(side: str, parties: list[Party]) -> str:
    """The same by the name of the side."""
    return next((way(party) for party in parties if party.side == side), side)


@register.filter
def kinds_in_words(kinds: Iterable[str]) -> str:
    return listed([str(labels.KINDS.get(kind, kind)) for kind in kinds])


@register.filter
def topics_in_words(codes: Iterable[str]) -> str:
    return listed(labels.topics(codes, reader_language()))


@register.filter
def regions_in_words(codes: Iterable[str]) -> str:
    return listed(labels.regions(codes, reader_language()))


@register.filter
def names_in_words(names: Iterable[dict[str, str]]) -> str:
    """Several names, as plain text."""
    return listed([plain(each) for each in names])


@register.filter
def fingerprint(public: str) -> str:
    """Ten groups of four digits, as compared by telephone."""
    return fingerprint_of(public)


@register.simple_tag
def evidence(side: str = "", clause: str = "") -> str:
    """The search page with the records behind a number; empty where there is no search."""
    chosen = {name: value for name, value in (("side", side), ("clause", clause)) if value}
    try:
        return f"{reverse('matching:search')}?{urlencode(chosen)}"
    except NoReverseMatch:
        return ""


def plain(names: dict[str, str]) -> str:
    """A plain text per language in the reader's language, else in any; for attributes and titles."""
    return names.get(reader_language()) or next(iter(names.values()), "")
