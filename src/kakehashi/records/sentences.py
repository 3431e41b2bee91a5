"""One sentence for each problem code of records and texts: what is wrong and what to do.

Codes come from `records.schema`, `translation.texts` and `records.audience`; some carry a language after a
space ("texts-length ja"). Forms, imports and pages all say them through `say`.
"""

from collections.abc import Mapping

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kakehashi.records.kinds import Field
from kakehashi.translation.lazy import Promise

_PLAIN: dict[str, Promise] = {
    "required": _("This is needed; please fill it in."),
    "kind-unknown": _("This is none of the six kinds of record; choose one from the list."),
    "field-unknown": _("This kind of record has no such field; remove it or correct its name."),
    "choice-unknown": _("This value is not in the list; choose one from it."),
    "choice-repeated": _("A value stands here twice; name each only once."),
    "hostile-characters": _(
        "The text holds invisible control characters."
        " Paste it as plain text, or delete and type the passage again."
    ),
    "line-break": _("This must stand on one line; please remove the line breaks."),
    "too-deep": _("The data are nested too deeply to be a record."),
    "too-long": _("This is too long; please shorten it."),
    "too-many": _("These are too many entries; please leave some out."),
    "integer": _("Write a whole number, without separators or units."),
    "integer-range": _("This number is outside what is possible here; please check it."),
    "decimal": _("Write a number with a point, such as 48.107."),
    "date": _("Write the date as 2026, 2026-11 or 2026-11-22; the day must exist."),
    "flag": _("Answer yes or no."),
    "url": _("Write a whole address that begins with https:// or http://."),
    "money": _("Write a number and the currency’s three letters, such as 6000000 EUR."),
    "reference": _("This does not name an organisation of the directory; choose one from the list."),
    "sources": _("Write one source per line: its address, then a space, then its title."),
    "names-languages": _("Give the name in at least one of German, Japanese or English."),
    "texts-not-object": _("Write the text in at least one language."),
    "texts-two-originals": _("Only one language can be the original; the others are translations of it."),
    "contact-email": _("This text holds an e-mail address, which would be public. Take it out if you can."),
    "contact-phone": _("This text holds a telephone number, which would be public. Take it out if you can."),
    "public-needs-clear": _(
        "What everyone may see needs the label TLP:CLEAR; change the label or the audience."
    ),
    "red-stays-private": _("TLP:RED stays with the people named; choose another label or show it to nobody."),
    "onward-public-needs-clear": _("Only what is TLP:CLEAR may be passed on to everyone."),
    "named-needed": _("Choose at least one agreement, or another audience."),
}
_LEARNT: dict[str, Promise] = {}  # of codes that folders above give
_BY_LANGUAGE: dict[str, Promise] = {
    "texts-language": _("“{lang}” is not a language of this node; use German, Japanese or English."),
    "texts-wording": _("{lang}: the text is not in the form of a translation; please enter it again."),
    "texts-members": _(
        "{lang}: it is not said whether this is original, machine-made or checked; enter it again."
    ),
    "texts-length": _("{lang}: the text is empty or too long; please shorten it."),
}
_LANGUAGES: dict[str, Promise] = {"de": _("German"), "ja": _("Japanese"), "en": _("English")}
UNKNOWN = _("This value cannot be used; please check it.")


def learn(sentences: Mapping[str, Promise]) -> None:
    """Say these too: what is wrong and what to do, by code (`records.ports.on_publication`)."""
    _LEARNT.update(sentences)


def say(code: str, field: Field | None = None) -> Promise:
    """The sentence for one problem code; with the field's description it also names the limit."""
    plain, _space, lang = code.partition(" ")
    limited = _limited(plain, field) if field else None
    if plain in _BY_LANGUAGE:
        sentence = limited or _BY_LANGUAGE[plain]
        return format_lazy(sentence, lang=_LANGUAGES.get(lang, lang), **_figures(field))
    return (
        format_lazy(limited, **_figures(field))
        if limited
        else _PLAIN.get(plain) or _LEARNT.get(plain, UNKNOWN)
    )


def _limited(code: str, field: Field) -> Promise | None:
    if code == "texts-length":
        return _("{lang}: at most {limit} characters fit here; please shorten the text.")
    if code == "too-long":
        return _("At most {limit} characters fit here; please shorten the text.")
    if code == "too-many":
        return _("At most {limit} entries fit here; please leave some out.")
    if code == "integer-range" and field.least is not None and field.most is not None:
        return _("Write a whole number from {least} to {most}.")
    return None


def _figures(field: Field | None) -> dict[str, object]:
    return {"limit": field.limit, "least": field.least, "most": field.most} if field else {}
