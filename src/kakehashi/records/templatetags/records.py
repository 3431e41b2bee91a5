"""Template words of the record pages: names in all scripts, age, labels of codes."""

import re
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kakehashi.records import labels, lifecycle, naming
from kakehashi.records.cities import city_names
from kakehashi.records.models import Reading
from kakehashi.records.regions import REGIONS
from kakehashi.text.detect import detect
from kakehashi.text.fold import fold
from kakehashi.text.tokens import CJK
from kakehashi.ui.languages import reader_language
from kakehashi.ui.templatetags.kakehashi import in_language
from kakehashi.ui.words import named_by

register = template.Library()
JAPANESE = re.compile(f"[{CJK}]")
for name, words in {
    "kind_name": labels.KIND,
    "state_name": labels.STATES,
    "audience_name": labels.AUDIENCES,
    "tlp_name": labels.TLP,
    "onward_name": labels.RECEIVED,  # how far a received record may be shown here
    "provenance_name": labels.PROVENANCES,
}.items():
    register.filter(name, named_by(words))


@register.inclusion_tag("records/_names.html")
def other_names(reading: Reading) -> dict[str, Any]:
    """The forms of an organisation's name beside the one that its title shows, with the reading in kana."""
    shown = next((c for c in (reader_language(), reading.lang, "en", "de", "ja") if c in reading.title), "")
    seen = {reading.title.get(shown)}
    others = []
    for lang in ("ja", "de", "en"):
        name = reading.title.get(lang)
        if name and name not in seen:
            seen.add(name)
            others.append((lang, name))
    kana = reading.body.get("reading", "")
    return {"others": others, "reading": kana, "shows_japanese": shown == "ja"}


@register.filter
def age(source_date: str, now: Any) -> str:
    """How long ago a source's date is, in months up to two years, then in years; empty if it lies ahead."""
    months = lifecycle.months_old(source_date or "", now)
    if months is None:
        return ""
    if months == 0:
        return _("this month") if source_date.count("-") else _("this year")
    if months < 24:
        return ngettext("%(count)s month ago", "%(count)s months ago", months) % {"count": months}
    years = months // 12
    return ngettext("%(count)s year ago", "%(count)s years ago", years) % {"count": years}


@register.filter
def region_name(region: str) -> str:
    return REGIONS[region][reader_language()] if region in REGIONS else region


@register.filter
def city_name(city: str | None) -> dict[str, str]:
    """A city's names for `|in_language`; one that is not known keeps its own form and language."""
    if not city:
        return {}
    return city_names(city) or {"ja" if JAPANESE.search(city) else reader_language(): city}


@register.filter
def written_in(text: str) -> str:
    """The language of a text that nobody told, for its `lang`; empty if it is the page's own or unclear."""
    found = detect(text) or ""
    return "" if found == reader_language() else found


@register.filter
def place(body: dict[str, Any]) -> SafeString:
    """City and region of an organisation; one word where both have the same name."""
    region = REGIONS.get(body.get("region", ""), {})
    city = city_name(body.get("city"))
    lang = reader_language()
    if not city or fold(city.get(lang, "")) == fold(region.get(lang, "-")):
        return format_html("{}", in_language(region))
    return format_html(_("{city}, {region}"), city=in_language(city), region=in_language(region))


@register.simple_tag
def from_place(what: Any, side: naming.Side) -> str:
    """ "Technology offer from Osaka" in the reader's language."""
    said = str(labels.named(what, side.called(reader_language())))
    return said[:1].upper() + said[1:]
