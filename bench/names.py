"""Organisation names found: affiliation lines of papers beside six published systems, and Japanese names.

`python -m bench names FOLDER`: FOLDER holds `benchmarks/ror_affiliation_train` and `data/ror`, which are not
part of the project. The matcher was looked at on SAMPLE rows drawn at random; `rest` are all the others.
"""

import csv
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.harness import Figure, publish
from kakehashi.naming.matcher import Answer, Decision, Matcher
from kakehashi.naming.names import Organisation

SAMPLE, SEED = 1_000, 1
BEST_PUBLISHED = 0.894
ROWS = Path("benchmarks/ror_affiliation_train/crossref_train.csv")
PUBLISHED = Path("benchmarks/ror_affiliation_train/published_predictions")
NAMES = Path("data/ror/ror_all_names.tsv")
SYSTEMS = {
    "valid_affiliation-fasttext_ensemble_results.csv": "ensemble of the ROR API and fastText",
    "train_S2AFF_results.csv": "S2AFF",
    "valid_fasttext-ror_ensemble_results.csv": "ensemble of fastText and the ROR API",
    "train_ner_fallback_results.csv": "NER with fallback",
    "valid_fasttext_results.csv": "fastText",
    "ror-affiliation_results.csv": "ROR affiliation API",
}


class Scores(NamedTuple):
    """Precision, recall and their harmonic mean; a wrong answer costs precision, none costs recall."""

    precision: float
    recall: float
    f1: float


def main() -> int:
    """0 if measured, or if no folder was named; 1 if the one named lacks something."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("KAKEHASHI_BENCH_DATA", "."))
    lacking = [path for path in (ROWS, PUBLISHED, NAMES) if not (folder / path).exists()]
    if lacking:
        print(f"names: nothing measured, {folder} has no {', '.join(map(str, lacking))}", file=sys.stderr)
        return int(len(sys.argv) > 1)
    csv.field_size_limit(10**8)
    known, japanese = _organisations(folder / NAMES)
    ids = {each.id for each in known}
    rows = [(row["affiliation"], row["ror_id"]) for row in _read(folder / ROWS) if row["ror_id"] in ids]
    began = time.process_time()
    matcher = Matcher(known)
    built = time.process_time() - began
    figures = [
        *_affiliations(matcher, rows),
        *_published(folder / PUBLISHED, ids),
        *_japanese(matcher, japanese),
        Figure(f"{len(known):,} organisations made ready", built, "s of processor time"),
    ]
    publish("names", figures, [
        f"{len(rows):,} rows whose answer is among {len(known):,} organisations",
        f"the matcher was looked at on {SAMPLE:,} rows (seed {SEED}); no weight was fitted to any",
        "a system answers with its best candidate; wrong: against precision, none: against recall",
    ])  # fmt: skip
    return 0


def _read(path: Path, delimiter: str = ",") -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file, delimiter=delimiter)


def _organisations(path: Path) -> tuple[list[Organisation], list[tuple[str, str]]]:
    """All organisations, and (name in Japanese script, id) of every label."""
    known, japanese = [], []
    for row in _read(path, "\t"):
        said = [
            (value, lang, set(types))
            for value, lang, types in json.loads(row["names(json: value,lang,types)"])
        ]
        labels = [value for value, _lang, types in said if "ror_display" in types]
        labels += [value for value, _lang, types in said if "label" in types and value not in labels]
        known.append(
            Organisation(
                id=row["id"],
                names=tuple(labels),
                aliases=tuple(value for value, _lang, types in said if "alias" in types),
                acronyms=tuple(value for value, _lang, types in said if "acronym" in types),
                cities=(row["city"],),
                regions=(row["subdivision"],),
                country=row["country"],
                kinds=frozenset(row["types"].split("|")),
                active=row["status"] == "active",
                identifiers=(row["id"],),
            )
        )
        japanese += [(value, row["id"]) for value, lang, types in said if lang == "ja" and "label" in types]
    return known, japanese


def _affiliations(matcher: Matcher, rows: Sequence[tuple[str, str]]) -> Iterator[Figure]:
    began = time.process_time()
    answers = [matcher.affiliation(text) for text, _id in rows]
    speed = len(rows) / (time.process_time() - began)
    said = [answer.candidates[0].organisation.id if answer.candidates else "" for answer in answers]
    right = [id for _text, id in rows]
    order = list(range(len(rows)))
    random.Random(SEED).shuffle(order)
    chosen = set(order[:SAMPLE])
    looked_at = [n in chosen for n in range(len(rows))]
    for name, wanted in (("all", None), ("sample", True), ("rest", False)):
        part = [(s, r) for s, r, at in zip(said, right, looked_at, strict=True) if wanted in (None, at)]
        yield from _figures(f"Kakehashi, {name} {len(part):,}", score(part), "0.90" if not wanted else "")
    sure = [
        s == r for s, r, answer in zip(said, right, answers, strict=True) if answer.decision == Decision.MATCH
    ]
    yield Figure("taken for sure: share of all", len(sure) / len(rows), "")
    yield Figure("taken for sure: right", sum(sure) / len(sure), "")
    yield Figure("affiliations matched", speed, "a second of processor time", "2,000")


def _published(folder: Path, ids: set[str]) -> Iterator[Figure]:
    for name, system in SYSTEMS.items():
        rows = [row for row in _read(folder / name) if row["ror_id"] in ids]
        yield from _figures(system, score([(row["predicted_ror_id"] or "", row["ror_id"]) for row in rows]))


def _japanese(matcher: Matcher, labels: Sequence[tuple[str, str]]) -> Iterator[Figure]:
    began = time.process_time()
    plain = [matcher.match(text) for text, _id in labels]
    speed = len(labels) / (time.process_time() - began)
    yield Figure(f"Japanese names, {len(labels):,}: first is right", _first(plain, labels), "", "0.97")
    for name, changed in VARIED.items():
        answers = [matcher.match(changed(text)) for text, _id in labels]
        yield Figure(f"the same {name}", _first(answers, labels), "", "0.97")
    sure = [
        a.candidates[0].organisation.id == id
        for a, (_t, id) in zip(plain, labels, strict=True)
        if a.decision == Decision.MATCH
    ]
    yield Figure("Japanese names taken for sure: right", sum(sure) / len(sure), "")
    yield Figure("Japanese names matched", speed, "a second of processor time", "2,000")


WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
VARIED: dict[str, Callable[[str], str]] = {
    "with a legal form": lambda text: f"{text}(株)",
    "in full width, with a blank": lambda text: f"{text[:2]}\u3000{text[2:]}".translate(WIDE),
    "with place and country": lambda text: f"{text}、日本",
}


def _first(answers: Sequence[Answer], labels: Sequence[tuple[str, str]]) -> float:
    right = sum(
        bool(answer.candidates) and answer.candidates[0].organisation.id == id
        for answer, (_text, id) in zip(answers, labels, strict=True)
    )
    return float(right / len(labels))


def score(pairs: Sequence[tuple[str, str]]) -> Scores:
    """Of (said, right), "" for no answer."""
    said = sum(bool(one) for one, _right in pairs)
    hits = sum(one == right for one, right in pairs)
    precision, recall = hits / max(1, said), hits / max(1, hits + len(pairs) - said)
    return Scores(precision, recall, 2 * precision * recall / max(1e-9, precision + recall))


def _figures(name: str, scores: Scores, goal: str = "") -> Iterator[Figure]:
    yield Figure(f"{name}: precision", scores.precision, "")
    yield Figure(f"{name}: recall", scores.recall, "")
    ratio, against = (scores.f1 / BEST_PUBLISHED, "best published") if goal else (None, "")
    yield Figure(f"{name}: F1", scores.f1, "", goal, ratio, against)


if __name__ == "__main__":
    sys.exit(main())
