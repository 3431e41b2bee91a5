"""Whole sentences that say where a wording comes from, so that no language has to glue words together."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kakehashi.translation.texts import Shown

ORIGINAL: dict[str, Promise] = {
    "de": _("German original"),
    "ja": _("Japanese original"),
    "en": _("English original"),
}
UNTRANSLATED: dict[str, Promise] = {
    "de": _("German original, not yet translated"),
    "ja": _("Japanese original, not yet translated"),
    "en": _("English original, not yet translated"),
}
MACHINE: dict[str, Promise] = {
    "de": _("Machine translation from German, not yet checked"),
    "ja": _("Machine translation from Japanese, not yet checked"),
    "en": _("Machine translation from English, not yet checked"),
    "": _("Machine translation, not yet checked"),
}
REVIEWED: dict[str, Promise] = {
    "de": _("Translated from German, checked by %(by)s"),
    "ja": _("Translated from Japanese, checked by %(by)s"),
    "en": _("Translated from English, checked by %(by)s"),
    "": _("Translation, checked by %(by)s"),
}
STALE = _("The original has changed since this translation was made.")
READ_ORIGINAL: dict[str, Promise] = {
    "de": _("Read the German original"),
    "ja": _("Read the Japanese original"),
    "en": _("Read the English original"),
}


def origin(shown: Shown, reader: str) -> str:
    """Where the shown wording comes from, for a reader of the language `reader`."""
    if shown.origin == "original":
        return str((ORIGINAL if shown.lang == reader else UNTRANSLATED)[shown.lang])
    if shown.origin == "machine":
        return str(MACHINE[shown.original_lang])
    return str(REVIEWED[shown.original_lang]) % {"by": shown.by}
