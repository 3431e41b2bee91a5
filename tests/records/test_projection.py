"""The maps: real outlines, and each city of the demonstration set inside its own."""

import itertools
import json
from collections.abc import Iterator
from importlib import resources

import pytest

from kakehashi.records import outlines, projection

TOLERANCE = 1000  # metres: the outlines are drawn at 1:10 million


def cities() -> Iterator[tuple[str, str, tuple[float, float]]]:
    for side in ("munich", "osaka"):
        folder = resources.files("kakehashi") / "data" / "demonstration" / side
        seen = set()
        for line in (folder / "organisations.jsonl").read_text("utf-8").splitlines():
            facts = json.loads(line)
            if facts["city"] not in seen and facts["lat"] is not None:
                seen.add(facts["city"])
                yield facts["city"], facts["region"], (facts["lon"], facts["lat"])


@pytest.mark.parametrize(("city", "region", "place"), list(cities()), ids=str)
def test_each_city_lies_in_its_region_s_outline(city: str, region: str, place: tuple[float, float]) -> None:
    rings = outlines.outlines()[region]
    assert projection.inside(place, rings) or projection.metres_to(place, rings) < TOLERANCE, city


def test_no_city_of_one_region_lies_in_the_outline_of_a_far_one() -> None:
    bavaria = outlines.outlines()["DE-BY"]
    far = [
        city for city, region, place in cities() if region != "DE-BY" and projection.inside(place, bavaria)
    ]
    assert far == []


@pytest.mark.parametrize(
    ("code", "square_kilometres"),
    [("DE-BY", 70_550), ("JP-25", 4017), ("JP-26", 4612), ("JP-27", 1905), ("JP-28", 8401), ("JP-30", 4725)],
)
def test_an_outline_has_the_area_that_the_region_really_has(code: str, square_kilometres: int) -> None:
    rings = outlines.outlines()[code]
    at = projection.frame(rings)
    unit = projection.METRES / 1000 / at.scale
    total = 0.0
    for ring in rings:
        placed = [at.place(point) for point in ring]
        total += abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in itertools.pairwise(placed))) / 2
    assert total * unit * unit == pytest.approx(square_kilometres, rel=0.08)


def test_a_path_stays_in_its_frame_and_ends_where_it_began() -> None:
    at, paths = outlines.drawn(("JP-27", "JP-28"))
    for d in paths.values():
        for part in d.split("M")[1:]:
            start, _, steps = part.rstrip("z").partition("l")
            x, y = map(int, start.split())
            first = (x, y)
            numbers = list(map(int, steps.split()))
            for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
                x, y = x + dx, y + dy
                assert 0 <= x <= at.width
                assert 0 <= y <= at.height
            assert (x, y) == first


def test_north_is_up_and_east_is_right() -> None:
    at = projection.frame([[(10.0, 48.0), (12.0, 50.0)]])
    west_south, east_north = at.place((10.0, 48.0)), at.place((12.0, 50.0))
    assert west_south[0] < east_north[0]
    assert west_south[1] > east_north[1]


def test_four_times_as_many_make_a_clearly_larger_dot() -> None:
    assert projection.radius(1) < projection.radius(4) < projection.radius(16)
