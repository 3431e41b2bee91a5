"""Aligned phrases against judgement: which share of the links that a reader is shown is right.

`python -m bench.spans` reads bench/judged/spans.tsv (its guideline: bench/judged/SPANS.md) and aligns those
texts as the page of a match does. `--sample` prints the links of the sample for judging, those known marked.
"""

import csv
import hashlib
import os
import sys
from collections.abc import Iterator

from bench.harness import ROOT, Figure, publish

FOLDER = ROOT / "bench" / "judged"
MOST = 200
GOAL = 0.90
Link = tuple[str, str, str, str]  # query, document, phrase of each


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "kakehashi.settings"
    import django

    django.setup()
    judged, shown = _judged(), list(_sample())
    if "--sample" in sys.argv:
        for link in shown:
            print("\t".join((*link, judged.get(link, "?"))))
        return
    known = [judged[link] == "1" for link in shown if link in judged]
    if not known:
        raise SystemExit("no link that is shown was judged: judge bench/judged/spans.tsv anew")
    share = sum(known) / len(known)
    figures = [
        Figure("links shown that are right", share, "", f"at least {GOAL}", share / GOAL, "goal"),
        Figure("links judged", len(known), ""),
        Figure("links shown that nobody has judged", len(shown) - len(known), ""),
    ]
    publish("spans", figures, ["judged by one reader: bench/judged/SPANS.md"])


def _judged() -> dict[Link, str]:
    if not (FOLDER / "spans.tsv").is_file():
        return {}
    with (FOLDER / "spans.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(row[0], row[1], row[2], row[3]): row[4] for row in rows if row[4] in "01"}


def _sample() -> Iterator[Link]:
    """Links of relevant pairs in two languages, in an order that says nothing of them."""
    from kakehashi.matching import judged
    from kakehashi.matching.actions.settle import terms_of
    from kakehashi.matching.align import align
    from kakehashi.matching.encoder import default
    from kakehashi.matching.glossary import shipped
    from kakehashi.matching.phrases import phrases
    from kakehashi.records.kinds import FIELDS

    pairs, glossary = judged.read(FOLDER), shipped()
    docs, terms, count = {doc.id: doc for doc in pairs.docs}, terms_of(default()), 0
    asked = [
        (query, docs[doc])
        for query in pairs.queries
        if query.kind in FIELDS
        for doc, grade in pairs.grades.get(query.id, {}).items()
        if grade >= 1 and docs[doc].lang != query.lang
    ]
    asked.sort(key=lambda pair: hashlib.sha256(f"{pair[0].id} {pair[1].id}".encode()).digest())
    for one, other in asked:
        both = [phrases(f"{text.title}. {text.summary}", text.lang, glossary) for text in (one, other)]
        for link in align(both[0], both[1], (one.lang, other.lang), default(), terms):
            yield one.id, other.id, both[0][link.one].text, both[1][link.other].text
            count += 1
            if count == MOST:
                return


if __name__ == "__main__":
    main()
