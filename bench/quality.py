"""Quality of matching: judged pairs, and translations found among the sentences of NTREX if they are at hand.

KAKEHASHI_NTREX names the folder of NTREX-128 (newstest2019-ref.deu.txt and so on); it is not ours to ship.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.harness import ROOT, Figure, publish

NEIGHBOURS = (10, 2)  # of CSLS: as in Conneau et al. 2018, and as best on English to Japanese (docs/adr/0008)
FILES = {"de": "deu", "ja": "jpn", "en": "eng-GB"}
PAIRS = (("de", "ja"), ("ja", "de"), ("ja", "en"), ("de", "en"))
LABSE = 0.980  # published F1, German to Japanese
Matrix = NDArray[np.float32]


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "kakehashi.settings"
    import django

    django.setup()
    from kakehashi.matching.encoder import default

    figures = [*_judged(), *_translations()]
    notes = [
        f"encoder: {default().id} {default().version}",
        "means, spreads and CSLS come from the texts themselves; “raw” is without them",
        "one to one: each sentence has exactly one partner, which published figures do not use",
    ]
    publish("quality", figures, notes)


def _judged() -> Iterator[Figure]:
    """Ours beside the best of the others; the whole table is `kakehashi evaluate bench/judged`."""
    from kakehashi.matching import evaluating, judged
    from kakehashi.matching.evaluation import figures

    pairs = judged.read(ROOT / "bench" / "judged")
    found = {name: figures(pairs, scores) for name, scores in evaluating.ways(pairs)}
    ours = found[evaluating.SHIPPED]
    others = {name: f.ndcg.mean for name, f in found.items() if name[0] != " " and f is not ours}
    best = max(others, key=lambda name: others[name])
    raw = max((name for name in others if "raw" in name and "RRF" not in name), key=lambda name: others[name])
    yield Figure("nDCG@10", ours.ndcg.mean, "", "0.15 above raw", ours.ndcg.mean / others[raw], raw)
    yield Figure("nDCG@10", ours.ndcg.mean, "", "0.05 above sum", ours.ndcg.mean / others[best], best)
    yield Figure("same less cross language", ours.same.mean - ours.cross.mean, "", "below 0.03")
    yield Figure("hits less relevant, same language", ours.hits - ours.relevant, "", "within 0.05")


def _translations() -> Iterator[Figure]:
    from kakehashi.matching.centre import centred, centres
    from kakehashi.matching.encoder import default

    folder = Path(os.environ.get("KAKEHASHI_NTREX", ""))
    files = {lang: folder / f"newstest2019-ref.{code}.txt" for lang, code in FILES.items()}
    if not all(file.is_file() for file in files.values()):
        return
    rows = {lang: default().encode(file.read_text("utf-8").splitlines()) for lang, file in files.items()}
    for one, other in PAIRS:
        langs = [one] * len(rows[one]) + [other] * len(rows[other])
        both = np.concatenate([rows[one], rows[other]])
        clean = centred(both, langs, centres(both, langs))
        raw, near = (part[: len(rows[one])] @ part[len(rows[one]) :].T for part in (both, clean))
        goal = f"{LABSE}" if (one, other) == ("de", "ja") else ""
        for way, value in (
            ("raw", _f1(raw.argmax(axis=1))),
            ("centred", _f1(near.argmax(axis=1))),
            *((f"centred, CSLS of {n}", _f1(_csls(near, n).argmax(axis=1))) for n in NEIGHBOURS),
            ("raw, one to one", _f1(_assigned(raw))),
            ("centred, one to one", _f1(_assigned(near))),
        ):
            ratio = value / LABSE if goal else None
            yield Figure(f"NTREX F1 {one} to {other}, {way}", value, "", goal, ratio, "LaBSE" if goal else "")


def _f1(found: NDArray[np.int64]) -> float:
    """Weighted over sentences, as MTEB's bitext mining counts: 2 / (1 + how often it was chosen) if right."""
    times = np.bincount(found, minlength=len(found))
    right = found == np.arange(len(found))
    return float((right * 2 / (1 + times)).mean())


def _csls(near: Matrix, neighbours: int) -> Matrix:
    rows = np.sort(near, axis=1)[:, -neighbours:].mean(axis=1, keepdims=True)
    columns = np.sort(near, axis=0)[-neighbours:].mean(axis=0, keepdims=True)
    return np.asarray(2 * near - rows - columns, np.float32)


def _assigned(near: Matrix) -> NDArray[np.int64]:
    from scipy.optimize import linear_sum_assignment

    return np.asarray(linear_sum_assignment(near, maximize=True)[1], np.int64)


if __name__ == "__main__":
    main()
