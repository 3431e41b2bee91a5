"""Brings spellings that mean the same to one form: width, case, umlauts, accents, kana, old kanji.

`clean` keeps a text readable; `fold` makes keys for comparison that nobody reads.
"""

import re
import unicodedata
from collections.abc import Iterable

LIMIT = 200_000  # characters of one text that are looked at; a record's whole body may not be longer

# Controls, lone surrogates, zero-width and bidirectional marks: none of them is part of a word.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff0-\uffff]"
)
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"}
)
_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)} | {0x30FD: 0x309D, 0x30FE: 0x309E}
_OLD_KANJI = str.maketrans(
    "學國會醫藥體臟膽腦蟲應德眞惠榮實數發廣龍櫻齊齋邊邉髙﨑澤濱瘦嚢頸關經營續團圓獨氣鐵樂變劑檢驗濟總產",
    "学国会医薬体臓胆脳虫応徳真恵栄実数発広竜桜斉斎辺辺高崎沢浜痩囊頚関経営続団円独気鉄楽変剤検験済総産",
)
_V_SOUNDS = (("ゔぁ", "ば"), ("ゔぃ", "び"), ("ゔぇ", "べ"), ("ゔぉ", "ぼ"), ("ゔ", "ぶ"))
_MARKS = dict.fromkeys(range(0x300, 0x370), "")
# é to e and ō to o, but が stays が: kana voicing marks are letters of their own.
_ACCENTED = {
    code: "".join(part for part in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(part))
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
}
_TO_ONE: dict[int, int | str] = {**_KATAKANA, **_OLD_KANJI, **_MARKS, **_ACCENTED, **_UMLAUTS}
# The last long-vowel mark of a long katakana word, and dots and dashes between kana or kanji, are written
# or left out at will (コンピュータ/コンピューター, ドラッグ・デリバリー); inside a word it tells words apart.
# Both begin with what is sought and look back afterwards: a search that looks back first does so everywhere.
_LAST_LONG_VOWEL = re.compile("ー(?<=[ァ-ヺー]{3}ー)(?![ァ-ヺーヽヾ])")
_BETWEEN = re.compile(
    "[・·‧•‐‑‒–—―−-](?:(?<=[ぁ-ゖァ-ヺー一-鿿][・·‧•])(?=[ぁ-ゖァ-ヺ一-鿿])"
    "|(?<=[ァ-ヺー][‐‑‒–—―−-])(?=[ァ-ヺ]))"
)


def clean(text: str, limit: int = LIMIT) -> str:
    """The text in NFC without anything invisible, at most `limit` characters; offsets count in this form."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub(" ", text[:limit]))


def fold(text: str, limit: int = LIMIT) -> str:
    """A key under which spellings of one word meet; at most `limit` characters, idempotent."""
    return " ".join(_fold_characters(text[:limit], limit).split())


def fold_all(words: Iterable[str]) -> list[str]:
    """The same of words or runs without line breaks, all at once and without any space: much faster."""
    every = list(words)
    plain = [word.isascii() and word.isalnum() for word in every]  # nothing but their case is to be folded
    rest = "\n".join(word for word, is_plain in zip(every, plain, strict=True) if not is_plain)
    folded = iter(_fold_characters(rest).replace(" ", "").split("\n"))
    return [word.lower() if is_plain else next(folded) for word, is_plain in zip(every, plain, strict=True)]


def _fold_characters(text: str, limit: int | None = None) -> str:
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub(" ", text))[:limit].casefold()
    return text if text.isascii() else _fold_letters(text)


def _fold_letters(text: str) -> str:
    text = _LAST_LONG_VOWEL.sub("", _BETWEEN.sub("", text))
    text = text.translate(_TO_ONE)
    if "ゔ" in text:
        for old, new in _V_SOUNDS:
            text = text.replace(old, new)
    return text
