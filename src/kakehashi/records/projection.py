"""From degrees to a small map: outlines as SVG paths, cities as dots sized by how many stand there."""

import itertools
import math
from dataclasses import dataclass

Point = tuple[float, float]  # longitude, latitude in degrees
Ring = list[Point]

WIDTH = 1000.0  # units of the viewBox across the larger extent
MARGIN = 30.0
METRES = 111_320.0  # one degree of latitude


@dataclass(frozen=True)
class Frame:
    """An equirectangular projection, true at the middle latitude of what it shows."""

    west: float
    north: float
    scale: float  # units a degree of latitude
    shrink: float  # cosine of the middle latitude
    width: int
    height: int

    def place(self, point: Point) -> Point:
        """Units from the upper left corner."""
        longitude, latitude = point
        x = MARGIN + (longitude - self.west) * self.shrink * self.scale
        y = MARGIN + (self.north - latitude) * self.scale
        return round(x, 1), round(y, 1)


def frame(rings: list[Ring]) -> Frame:
    """The frame in which all rings fit, `WIDTH` units across its larger side and `MARGIN` around."""
    longitudes = [x for ring in rings for x, _ in ring]
    latitudes = [y for ring in rings for _, y in ring]
    west, east, south, north = min(longitudes), max(longitudes), min(latitudes), max(latitudes)
    shrink = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * shrink, north - south)
    width = math.ceil((east - west) * shrink * scale + 2 * MARGIN)
    return Frame(west, north, scale, shrink, width, math.ceil((north - south) * scale + 2 * MARGIN))


def path(rings: list[Ring], at: Frame) -> str:
    """The `d` of an SVG path: whole units, each step relative to the one before."""
    return "".join(_ring(ring, at) for ring in rings)


def _ring(ring: Ring, at: Frame) -> str:
    placed = [tuple(round(u) for u in at.place(point)) for point in ring]
    (x, y), steps = placed[0], []
    for next_x, next_y in placed[1:]:
        if (next_x, next_y) != (x, y):
            steps.append(f"{next_x - x} {next_y - y}")
        x, y = next_x, next_y
    return f"M{placed[0][0]} {placed[0][1]}l{' '.join(steps)}z"


def radius(count: int) -> float:
    """Dots whose area grows with the count, never too small to hit."""
    return round(9 + 5.5 * math.sqrt(count), 1)


def inside(point: Point, rings: list[Ring]) -> bool:
    """True if a ray to the east crosses the rings an odd number of times."""
    x, y = point
    crossings = 0
    for ring in rings:
        for (x0, y0), (x1, y1) in itertools.pairwise(ring):
            if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
                crossings += 1
    return crossings % 2 == 1


def metres_to(point: Point, rings: list[Ring]) -> float:
    """How far the nearest outline is, in metres; good to a percent over some tens of kilometres."""
    shrink = math.cos(math.radians(point[1]))
    flat = [[((x - point[0]) * shrink * METRES, (y - point[1]) * METRES) for x, y in ring] for ring in rings]
    return min(_to_origin(a, b) for ring in flat for a, b in itertools.pairwise(ring))


def _to_origin(a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    along = max(0.0, min(1.0, -(a[0] * dx + a[1] * dy) / length)) if length else 0.0
    return math.hypot(a[0] + along * dx, a[1] + along * dy)
