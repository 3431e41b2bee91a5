"""From a code of the Japan Standard Industrial Classification to the sector of the SME Basic Act.

The mapping is the one that Japanese authorities publish for the Act (JSIC, 13th revision of 2013). Everything
that it does not name is "manufacturing and other".
"""

import re
from enum import StrEnum


class Sector(StrEnum):
    """The four groups of Art. 2(1), widest limits first."""

    OTHER = "other"  # manufacturing, construction, transport and all else
    WHOLESALE = "wholesale"
    SERVICES = "services"
    RETAIL = "retail"


CODE = re.compile(r"(\d{2})(\d{1,2})?|[A-T]")
_WHOLESALE = range(50, 56)
_RETAIL = (*range(56, 62), 76, 77)  # with restaurants and take-away
_SERVICES = (38, 39, 70, *range(71, 76), *range(78, 97))
_SERVICE_GROUPS = ("411", "412", "415", "416", "693")
_NO_SERVICE_GROUPS = ("791",)  # travel agencies
_SERVICE_DIVISIONS = "LOPQR"
_SPLIT = "GIKMN"  # divisions whose groups fall into different sectors


def sector_of(code: str) -> Sector | None:
    """The sector of a JSIC code such as "L", "71", "411", "7114", or of a sector's own name.

    None if the code is none, or does not settle it.
    """
    if code in set(Sector):
        return Sector(code)
    match = CODE.fullmatch(code.strip().upper())
    if match is None:
        return None
    if match.group(1) is None:
        if match.group() in _SPLIT:
            return None
        return Sector.SERVICES if match.group() in _SERVICE_DIVISIONS else Sector.OTHER
    return _of_digits(match.group(1), match.group(2) or "")


def _of_digits(division: str, rest: str) -> Sector | None:
    group = division + rest[:1]
    split = [g for g in (*_SERVICE_GROUPS, *_NO_SERVICE_GROUPS) if g.startswith(division)]
    if split and not rest:
        return None
    if group in _SERVICE_GROUPS:
        return Sector.SERVICES
    if group in _NO_SERVICE_GROUPS:
        return Sector.OTHER
    number = int(division)
    for numbers, sector in (
        (_WHOLESALE, Sector.WHOLESALE),
        (_RETAIL, Sector.RETAIL),
        (_SERVICES, Sector.SERVICES),
    ):
        if number in numbers:
            return sector
    return Sector.OTHER if 1 <= number <= 99 else None
