"""What a person's edit makes of a translatable text: who wrote which wording, and what becomes stale."""

from collections.abc import Collection, Mapping

from kakehashi.translation.texts import LANGUAGES, Texts, original, original_language, reviewed


def edited(
    stored: Texts | None,
    typed: Mapping[str, str],
    *,
    lang: str,
    lang_before: str,
    checked: Collection[str] = (),
    by: str,
) -> Texts | None:
    """The text after an edit; None if nothing is left of it.

    `typed` is what now stands in each language, `lang` the record's language, `checked` the languages whose
    translation the editor vouches for, `by` the editor's office. A typed or checked translation becomes
    reviewed; an untouched one keeps its words and its `of`, and so is stale once the original has changed.
    """
    stored = stored or {}
    left = {code: text for code, text in typed.items() if text.strip()}
    before = {code: wording["text"] for code, wording in stored.items()}
    if lang == lang_before and not checked and left == before:
        return stored or None
    source = _source(stored, left, lang, lang_before)
    if source is None:
        return None
    made: Texts = {source: original(left[source])}
    for code in LANGUAGES:
        if code == source or code not in left:
            continue
        untouched = left[code] == before.get(code) and stored[code]["origin"] != "original"
        keep = untouched and code not in checked
        made[code] = stored[code] if keep else reviewed(left[code], of=left[source], by=by)
    return made


def _source(stored: Texts, left: Mapping[str, str], lang: str, lang_before: str) -> str | None:
    """Which wording is the original now."""
    was = original_language(stored)
    if was in left and lang == lang_before:
        return was
    candidates = (lang, was, *LANGUAGES)
    return next((code for code in candidates if code in left), None)
