"""Time zones of a meeting: where the other side probably is, and what an hour there is here."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@lru_cache(maxsize=1)
def _by_country() -> dict[str, tuple[str, ...]]:
    """ISO 3166-1 code to time zones, as the tz database lists them (zone.tab)."""
    found: dict[str, list[str]] = {}
    for line in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _place, zone = line.split("\t")[:3]
            found.setdefault(country, []).append(zone)
    return {country: tuple(zones) for country, zones in found.items()}


def of_countries(countries: Iterable[str]) -> list[str]:
    """The time zones of these countries, in the order of the tz database."""
    return [zone for country in countries for zone in _by_country().get(country, ())]


def zone(name: str) -> tzinfo | None:
    """The zone of that IANA name; None if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def local(moment: datetime, name: str) -> datetime:
    """The moment by the clocks of a zone; as it is if nobody knows the zone."""
    found = zone(name)
    return moment.astimezone(found) if found else moment
