"""Names are found however they are typed, and cities stand legibly on the map."""

from typing import Any

import pytest

from kakehashi.records.cities import CITIES, city_names, forms
from kakehashi.records.directory import dots, matches, sort_key
from kakehashi.records.projection import frame

NANIWA = {
    "names": {"ja": "なにわ製薬株式会社", "en": "Naniwa Pharma Co., Ltd."},
    "reading": "なにわせいやく",
    "city": "大阪市",
    "sector": "small molecules",
}
FRAME = frame([[(134.0, 34.0), (136.5, 36.0)]])


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "なにわ",
        "ナニワ",
        "naniwa",
        "NANIWA pharma",
        "製薬",
        "なにわせいやく",
        "osaka",
        "大阪",
        "Ōsaka",
        "molecules",
    ],
)
def test_an_organisation_is_found_by(typed: str) -> None:
    assert matches(typed, NANIWA)


@pytest.mark.parametrize("typed", ["kobe", "naniwa kobe", "xyz", "神戸"])
def test_an_organisation_is_not_found_by(typed: str) -> None:
    assert not matches(typed, NANIWA)


@pytest.mark.parametrize("typed", ["München", "muenchen", "ミュンヘン", "Munich"])
def test_a_city_is_found_in_all_languages(typed: str) -> None:
    assert matches(typed, {"names": {"de": "Isar GmbH"}, "city": "Munich"})


def test_japanese_readers_find_names_by_their_reading() -> None:
    kanji = {"names": {"ja": "武田"}, "reading": "たけだ"}
    kana = {"names": {"ja": "あすか"}}
    assert sorted([kanji, kana], key=lambda body: sort_key(body, "ja")) == [kana, kanji]


def test_every_form_of_a_city_leads_to_all_its_names() -> None:
    for names in CITIES:
        assert set(names) == {"de", "ja", "en"}
        assert all(city_names(form) == names for form in names.values())
    assert forms("Atlantis") == {"Atlantis"}


def organisation(city: str, longitude: str, latitude: str) -> dict[str, Any]:
    return {"names": {"en": "x"}, "city": city, "longitude": longitude, "latitude": latitude}


def test_a_city_is_one_dot_and_the_largest_lies_lowest() -> None:
    bodies = [organisation("Osaka", "135.5", "34.7")] * 3 + [organisation("Kobe", "135.2", "34.7")]
    made = dots([*bodies, {"names": {"en": "nowhere"}}], FRAME, str)
    assert [(dot.city, dot.count) for dot in made] == [("Osaka", 3), ("Kobe", 1)]
    assert made[0].radius > made[1].radius
    assert made[0].x > made[1].x


def test_names_cover_neither_each_other_nor_a_dot() -> None:
    crowd = [organisation(f"City {n}", f"135.{n:02d}", f"34.{n:02d}") for n in range(0, 60, 3)]
    made = dots(crowd, FRAME, str)
    named = [dot for dot in made if dot.side]
    assert 0 < len(named) < len(made)
    for dot in named:
        left, top, right, bottom = dot.box(dot.side)
        assert left >= 0
        assert right <= FRAME.width
        for other in made:
            apart = other.x + other.radius <= left or other.x - other.radius >= right
            apart = apart or other.y + other.radius <= top or other.y - other.radius >= bottom
            assert apart or other is dot
