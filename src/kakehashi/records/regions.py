"""Regions by ISO 3166-2 with their names; names from Unicode CLDR 41 (Unicode licence, LICENSES/)."""

from collections.abc import Sequence

REGIONS: dict[str, dict[str, str]] = {
    "DE-BY": {"de": "Bayern", "ja": "バイエルン州", "en": "Bavaria"},
    "JP-25": {"de": "Shiga", "ja": "滋賀県", "en": "Shiga"},
    "JP-26": {"de": "Kyōto", "ja": "京都府", "en": "Kyōto"},
    "JP-27": {"de": "Osaka", "ja": "大阪府", "en": "Ōsaka"},
    "JP-28": {"de": "Hyōgo", "ja": "兵庫県", "en": "Hyōgo"},
    "JP-29": {"de": "Nara", "ja": "奈良県", "en": "Nara"},
    "JP-30": {"de": "Wakayama", "ja": "和歌山県", "en": "Wakayama"},
}


def names_of(codes: Sequence[str]) -> dict[str, str]:
    """Several regions in a row, in each language; codes without names stay as they are."""
    rows = [REGIONS.get(code, {}) for code in codes]
    return {
        lang: ("、" if lang == "ja" else ", ").join(
            row.get(lang, code) for row, code in zip(rows, codes, strict=True)
        )
        for lang in ("de", "ja", "en")
    }
