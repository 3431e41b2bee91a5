"""Quality of matching: judged pairs, and translations found among the sentences of NTREX if they are at hand.

KAKEHASHI_NTREX names the folder of NTREX-128 (newstest2019-ref.deu.txt and so on); it is not ours to ship.
Where the second encoder is installed (`pip install kakehashi[e5]`) all is measured with the first alone and
with both.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.harness import ROOT, Figure, publish

JUDGED = ("judged", "requests")
USUAL = 10  # neighbours of CSLS in Conneau et al. 2018
NEIGHBOURS = (1, 2, 3, 4, 5, USUAL)  # that are tried on our own translations; margins usually take 4
FILES = {"de": "deu", "ja": "jpn", "en": "eng-GB"}
PAIRS = (("de", "ja"), ("ja", "de"), ("ja", "en"), ("de", "en"))
LABSE = 0.980  # published F1, German to Japanese
Matrix = NDArray[Any]
Texts = dict[str, list[str]]


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "kakehashi.settings"
    import django

    django.setup()
    from kakehashi.matching.encoder import default

    encoders = [*getattr(default(), "parts", ())[:1], default()]  # the first alone is what ships
    figures: list[Figure] = []
    for encoder in encoders:
        print(f"{encoder.id} …", file=sys.stderr, flush=True)
        figures += [*_judged(encoder), *_translations(encoder)]
    notes = [
        "means, spreads and CSLS come from the texts themselves; “raw” is without them",
        "neighbours of CSLS: as many as are best on our own translations, on which nothing else rests",
        "one to one, as phrases are aligned: published figures do not use that each sentence has one partner",
    ]
    if len(encoders) == 1:
        notes.append("with both encoders: not measured, the extra e5 is not installed")
    if not _ntrex():
        notes.append("NTREX: not measured, KAKEHASHI_NTREX names no folder that has it")
    publish("quality", figures, notes)


def _judged(encoder: Any) -> Iterator[Figure]:
    """Ours beside the others; the whole table is `kakehashi evaluate bench/judged`."""
    from kakehashi.matching import evaluating, judged
    from kakehashi.matching.evaluation import figures

    for folder in JUDGED:
        pairs = judged.read(ROOT / "bench" / folder)
        found = {name: figures(pairs, scores) for name, scores in evaluating.ways(pairs, encoder)}
        ours, said = found[evaluating.SHIPPED], f"{encoder.id}, bench/{folder}:"
        others = {name: f.all.ndcg.mean for name, f in found.items() if name[0] != " " and f is not ours}
        yield Figure(f"{said} nDCG@10", ours.all.ndcg.mean, "")
        for kind, goal in (("raw cosine", 0.15), ("centred", 0.05)):
            best = max((name for name in others if name.endswith(kind)), key=lambda name: others[name])
            more = ours.all.ndcg.mean - others[best]
            yield Figure(f"{said} above the best, {kind}", more, "", f"{goal} or more", None, best)
        yield Figure(
            f"{said} same less cross language", ours.same.ndcg.mean - ours.cross.ndcg.mean, "", "below 0.03"
        )
        yield Figure(
            f"{said} hits less relevant, same language", ours.hits - ours.relevant, "", "within 0.05"
        )


def _translations(encoder: Any) -> Iterator[Figure]:
    """What NTREX finds, with the neighbours that our own translations choose."""
    from kakehashi.matching.rankers import csls

    files = _ntrex()
    if not files:
        return
    own = [near for texts in _own() for _, _, near in _near(encoder, texts)]
    chances = {n: float(np.mean([_f1(csls(near, n).argmax(axis=1)) for near in own])) for n in NEIGHBOURS}
    for n, value in chances.items():
        yield Figure(f"{encoder.id}, our own translations F1, CSLS of {n}", value, "")
    chosen = max(chances, key=lambda n: chances[n])
    sentences = {lang: file.read_text("utf-8").splitlines() for lang, file in files.items()}
    for (one, other), raw, near in _near(encoder, sentences):
        goal = f"{LABSE}" if (one, other) == ("de", "ja") else ""
        for way, value in (
            ("raw", _f1(raw.argmax(axis=1))),
            ("centred", _f1(near.argmax(axis=1))),
            (f"centred, CSLS of {USUAL}", _f1(csls(near, USUAL).argmax(axis=1))),
            (f"centred, CSLS of {chosen}", _f1(csls(near, chosen).argmax(axis=1))),
            ("centred, one to one", _f1(_aligned(near))),
        ):
            ratio = value / LABSE if goal else None
            name = f"{encoder.id}, NTREX F1 {one} to {other}, {way}"
            yield Figure(name, value, "", goal, ratio, "LaBSE" if goal else "")


def _ntrex() -> dict[str, Path]:
    """The file of each language; empty if one is not at hand."""
    folder = Path(os.environ.get("KAKEHASHI_NTREX", ""))
    files = {lang: folder / f"newstest2019-ref.{code}.txt" for lang, code in FILES.items()}
    return files if all(file.is_file() for file in files.values()) else {}


def _own() -> Iterator[Texts]:
    """Titles of the demonstration, and every other concept of the glossary."""
    from kakehashi.importers import bridge_format, demonstration
    from kakehashi.matching.glossary import shipped

    titles = [
        titled
        for side in demonstration.SIDES
        for entry in bridge_format.read(demonstration.FOLDER / side)
        if all((titled := entry.line.get("title") or {}).get(lang) for lang in FILES)
    ]
    yield {lang: [title[lang] for title in titles] for lang in FILES}
    yield {lang: [each.names[lang] for each in [*shipped().concepts.values()][::2]] for lang in FILES}


def _near(encoder: Any, texts: Texts) -> Iterator[tuple[tuple[str, str], Matrix, Matrix]]:
    """For each pair of languages the cosines of texts with their translations: raw, and centred."""
    from kakehashi.matching.centre import centred, centres

    rows = {lang: encoder.encode(said) for lang, said in texts.items()}
    for one, other in PAIRS:
        count = len(rows[one])
        langs, both = [one] * count + [other] * count, np.concatenate([rows[one], rows[other]])
        clean = centred(both, langs, centres(both, langs))
        yield (one, other), both[:count] @ both[count:].T, clean[:count] @ clean[count:].T


def _f1(found: NDArray[np.int64]) -> float:
    """Weighted over sentences, as MTEB's bitext mining counts: 2 / (1 + how often it was chosen) if right."""
    times = np.bincount(found, minlength=len(found))
    right = found == np.arange(len(found))
    return float((right * 2 / (1 + times)).mean())


def _aligned(near: Matrix) -> NDArray[np.int64]:
    """As the reader's page links the phrases of two texts."""
    from kakehashi.matching.align import one_to_one

    return np.array([column for _, column in one_to_one(near)], np.int64)


if __name__ == "__main__":
    main()
