"""Reads folded kana in Latin letters, so that a Japanese reading meets its romaji (おおさか, Osaka)."""

import re

_SOUNDS = (
    "あa いi うu えe おo かka きki くku けke こko さsa しshi すsu せse そso たta ちchi つtsu てte とto "
    "なna にni ぬnu ねne のno はha ひhi ふfu へhe ほho まma みmi むmu めme もmo やya ゆyu よyo "
    "らra りri るru れre ろro わwa ゐi ゑe をo んn がga ぎgi ぐgu げge ごgo ざza じji ずzu ぜze ぞzo "
    "だda ぢji づzu でde どdo ばba びbi ぶbu べbe ぼbo ぱpa ぴpi ぷpu ぺpe ぽpo "
    "ぁa ぃi ぅu ぇe ぉo ゃya ゅyu ょyo ゎwa ゕka ゖke "
    "ふぁfa ふぃfi ふぇfe ふぉfo てぃti でぃdi うぃwi うぇwe うぉwo "
    "しぇshe ちぇche じぇje とぅtu どぅdu でゅdyu "
    "しゃsha しゅshu しょsho ちゃcha ちゅchu ちょcho じゃja じゅju じょjo"
)
_ROMAJI = {match[1]: match[2] for match in re.finditer(r"([ぁ-ゖ]+)([a-z]+)", _SOUNDS)}
_ROMAJI |= {
    kana + small: _ROMAJI[kana][:-1] + sound
    for kana in "きぎにひびぴみり"
    for small, sound in (("ゃ", "ya"), ("ゅ", "yu"), ("ょ", "yo"))
}
_KANA = re.compile("[ぁ-ゖ]")
_LONG_O = re.compile(r"o(?:h(?=[bcdfgjkmnpqrstvwxz])|o|u)")


def romaji(text: str) -> str:
    """Hiragana of a folded text in Hepburn without long vowels; other characters stay as they are."""
    if _KANA.search(text):
        text = _read(text)
    return _LONG_O.sub("o", text).replace("uu", "u") if text.isascii() else text


def _read(text: str) -> str:
    out, i, double = [], 0, False
    while i < len(text):
        if text[i] == "っ":
            double, i = True, i + 1
            continue
        size = 2 if text[i : i + 2] in _ROMAJI else 1
        sound = _ROMAJI.get(text[i : i + size], text[i : i + size])
        out.append((("t" if sound.startswith("ch") else sound[0]) if double else "") + sound)
        double, i = False, i + size
    return "".join(out)
