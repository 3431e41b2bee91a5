"""Says whether a text is German, Japanese or English, from its letters and small words."""

import re

from kakehashi.text.fold import clean
from kakehashi.text.tokens import CJK

_LOOK_AT = 4_000  # characters: more does not make it surer
_CJK = re.compile(f"[{CJK}]")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")

_GERMAN = (
    "der die das den dem des ein eine einer eines einem einen und oder nicht mit von vom zu zum zur im auf "
    "für bei nach aus über unter durch gegen ohne als auch ist sind war wird werden wurde hat haben "
    "kann können sich wir ihr sie es dass wie wer was sucht gesucht bietet neue neuer neues sowie bis seit "
    "zwischen"
)
_ENGLISH = (
    "the of and to for with from by on at as an is are was were be been has have had that this these those "
    "which it its their our we they or not but can may will into through between against without new seeks "
    "sought offers wanted using based than more"
)
_GERMAN_WORDS, _ENGLISH_WORDS = frozenset(_GERMAN.split()), frozenset(_ENGLISH.split())
# Endings and letter groups that one of the two languages has and the other hardly knows, with a weight each.
_GERMAN_SHAPES = re.compile(
    r"[äöüß]|(?:ung|ungen|keit|heit|schaft|lich|liche|lichen|isch|ische|ischen|ieren|iert|zelle|zellen|stoff|stoffe"
    r"|krebs|krankheit|verfahren|forschung|nahme|mittel|ität|ik|ie|ose|itis|om|ös|gie|tiv|nis)$"
    r"|sch|cht|tz|pf|z(?=[eiu])|^(?:ge|ver|ent|zu|auf|aus|an|ab|vor|nach|über|wirk|k[rltoauei])",
    re.IGNORECASE,
)
_ENGLISH_SHAPES = re.compile(
    r"th|wh|^c(?!h)|c(?=[aiouytrl])|ough|tion$|sion$|ity$|ment$|ness$|ing$|ed$|al$|ous$|ive$|ogy$|apy$|y$"
    r"|ance$|ence$|cer$|ly$|sh|ics?$|oma$|ase$|ease$|dis|ight|oo|ee|ea|ble$|or$",
    re.IGNORECASE,
)


def detect(text: str) -> str | None:
    """One of de, ja, en; None if nothing tells (no letters, or as much of the one as of the other)."""
    text = clean(text, _LOOK_AT)
    letters = len(_LETTER.findall(text))
    if not letters:
        return None
    if len(_CJK.findall(text)) * 5 >= letters:  # one Japanese character says as much as a few Latin letters
        return "ja"
    german, english = _scores(text)
    if german == english:
        return None
    return "de" if german > english else "en"


def _scores(text: str) -> tuple[float, float]:
    german = english = 0.0
    for number, match in enumerate(_WORD.finditer(text)):
        word = match.group()
        low = word.lower()
        german += 3 * (low in _GERMAN_WORDS)
        english += 3 * (low in _ENGLISH_WORDS)
        if len(low) > 3:
            german += len(_GERMAN_SHAPES.findall(low))
            english += len(_ENGLISH_SHAPES.findall(low))
            german += 0.25 * (number > 0 and word[0].isupper() and not word.isupper())
    return german, english
