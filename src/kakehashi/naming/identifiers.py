"""Identifiers of organisations with their check digits: ROR, the Japanese corporate number, LEI.

Sources: ror.readme.io (Crockford base 32, ISO 7064 MOD 97-10), the ordinance on corporate numbers of 2014
(Hōjin bangō, Art. 2), ISO 17442 with ISO 7064 MOD 97-10.
"""

import re
import unicodedata

_BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"
_ROR = re.compile(r"(?<![0-9a-z])0[0-9a-hj-km-np-tv-z]{6}[0-9]{2}(?![0-9a-z])")
_CORPORATE = re.compile(r"(?<!\d)[1-9]\d{12}(?!\d)")
_LEI = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}[0-9]{2}(?![0-9A-Z])")


def is_ror(text: str) -> bool:
    """True for the nine characters of a ROR id whose two check digits are right."""
    if not _ROR.fullmatch(text):
        return False
    number = 0
    for char in text[:7]:
        number = number * 32 + _BASE32.index(char)
    return 98 - number * 100 % 97 == int(text[7:])


def is_corporate_number(text: str) -> bool:
    """True for thirteen digits of which the first is the check digit over the twelve others."""
    if not _CORPORATE.fullmatch(text) or not text.isascii():
        return False
    weighed = sum(int(digit) * (1 + n % 2) for n, digit in enumerate(reversed(text[1:])))
    return 9 - weighed % 9 == int(text[0])


def is_lei(text: str) -> bool:
    """True for twenty characters whose last two are the check digits."""
    if not _LEI.fullmatch(text) or not any(char.isalpha() for char in text):
        return False
    return int("".join(str(int(char, 36)) for char in text)) % 97 == 1


def identifiers(written: str) -> list[str]:
    """All that stand in a writing, as "ror:…", "jcn:…", "lei:…"; those with wrong check digits are none."""
    text = unicodedata.normalize("NFKC", written)
    found = [f"ror:{one}" for one in _ROR.findall(text.lower()) if is_ror(one)]
    found += [f"jcn:{one}" for one in _CORPORATE.findall(text) if is_corporate_number(one)]
    return found + [f"lei:{one}" for one in _LEI.findall(text.upper()) if is_lei(one)]
