"""The command `kakehashi evaluate`: how good search and matching are on judged pairs, beside other ways."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import orjson
import typer
from rich.console import Console
from rich.table import Table

from kakehashi.matching import judged, rankers
from kakehashi.matching.actions.settle import terms_of
from kakehashi.matching.concepts import LANGUAGES
from kakehashi.matching.encoder import Encoder, default
from kakehashi.matching.evaluation import Figures, Measures, figures
from kakehashi.matching.fields import PARTNERS
from kakehashi.matching.glossary import shipped
from kakehashi.matching.index import Exact
from kakehashi.matching.judged import Judged
from kakehashi.matching.measures import Interval
from kakehashi.matching.queries import trial
from kakehashi.matching.queries.trial import MEETING, Trial
from kakehashi.matching.rank import Score
from kakehashi.options import AsJson

SHIPPED = "kakehashi"
FIRST = 1e6  # more than any score
NEIGHBOURS = 10  # of CSLS, as in Conneau et al. 2018: many documents may answer one query
PARTS = ("text", "concepts", "words", "topics")
NOTE = (
    "Means and spreads come from the documents themselves, as in a node. The filters of language and side"
    " are off. For every way to rank, an offer or a request has first what it may meet."
)


def evaluate(
    folder: Annotated[Path, typer.Argument(help="Holds queries.jsonl, docs.jsonl and qrels.tsv.")],
    as_json: AsJson = False,
) -> None:
    """Rank judged documents as search and matching do, and say how good that is; no node is needed.

    Example: kakehashi evaluate bench/judged
    """
    pairs = judged.read(folder)
    if not any(any(grades.values()) for grades in pairs.grades.values()):
        raise typer.BadParameter("no document in qrels.tsv has a grade above 0", param_hint="FOLDER")
    found = {name: figures(pairs, scores) for name, scores in ways(pairs)}
    if as_json:
        said = {"encoder": _encoder(), "note": NOTE, "ways": found}
        typer.echo(orjson.dumps(said).decode())  # what no query has is null, not NaN
        return
    console = Console(width=130)
    console.print(_table(found))
    console.print(_parted(found[SHIPPED]))
    console.print(_languages(found[SHIPPED]))
    console.print(f"Encoder: {_encoder()}. {NOTE}", style="dim", highlight=False)


def _encoder() -> str:
    return f"{default().id} {default().version}"


def ways(pairs: Judged, encoder: Encoder | None = None) -> Iterator[tuple[str, Exact]]:
    """Every way to rank with its scores: ours, ours without each part, and others; by the default encoder."""
    glossary, encoder = shipped(), encoder or default()
    made = trial.prepare(pairs, encoder, glossary, terms_of(encoder))
    yield SHIPPED, trial.ranked(made)
    yield from _without(made)
    meets = FIRST * _meets(pairs)
    raw, centred = rankers.cosines(pairs, encoder)
    words = rankers.bm25(pairs, glossary, translated=False)
    yield "BM25", words + meets
    yield "BM25, translated by the glossary", rankers.bm25(pairs, glossary, translated=True) + meets
    parts = getattr(encoder, "parts", ())
    alone = [rankers.cosines(pairs, part) for part in parts]
    for part, (its_raw, its_centred) in zip(parts, alone, strict=True):
        yield f"{part.id}, raw cosine", its_raw + meets
        yield f"{part.id}, centred", its_centred + meets
    if parts:
        yield "sum of both encoders, centred", np.sum([near for _, near in alone], axis=0) + meets
    yield f"{encoder.id}, raw cosine", raw + meets
    yield f"{encoder.id}, centred", centred + meets
    yield f"{encoder.id}, centred, CSLS", rankers.csls(centred, NEIGHBOURS) + meets
    yield "RRF of raw cosine and BM25", rankers.fused(raw, words) + meets
    yield "RRF of centred and BM25", rankers.fused(centred, words) + meets


def _without(made: Trial) -> Iterator[tuple[str, Exact]]:
    for part in PARTS:
        yield f"  without {part}", trial.ranked(made, weigh=partial(_less, part))
    yield "  without spreads per language", trial.ranked(made, by=trial.without_standards(made.basis))
    yield "  without centring and spreads", trial.ranked(made, by=trial.without_centring(made.basis))


def _less(part: str, score: Score) -> float:
    return score.total - sum(component.value for component in score.components if component.name == part)


def _meets(pairs: Judged) -> Exact:
    return np.array(
        [[q.kind in MEETING and {q.kind, d.kind} in PARTNERS for d in pairs.docs] for q in pairs.queries],
        np.float64,
    )


def _table(found: dict[str, Figures]) -> Table:
    table = Table(
        "ranked by", "nDCG@10", "95 %", "recall@10", "MRR", *LANGUAGES, "same", "cross", "hits in q.’s",
        box=None,
    )  # fmt: skip
    for name, f in found.items():
        table.add_row(
            name, *_first(f.all), *(_mean(f.by_language[lang].ndcg) for lang in LANGUAGES),
            _mean(f.same.ndcg), _mean(f.cross.ndcg), f"{f.hits:.0%} of {f.relevant:.0%}",
        )  # fmt: skip
    return table


def _parted(of: Figures) -> Table:
    """Ours by the query's language, and by whether the documents are in it."""
    table = Table("kakehashi", "nDCG@10", "95 %", "recall@10", "MRR", box=None)
    parts = {**of.by_language, "same language": of.same, "across languages": of.cross}
    for name, measures in parts.items():
        table.add_row(name, *_first(measures))
    return table


def _first(of: Measures) -> tuple[str, ...]:
    return _mean(of.ndcg), f"{of.ndcg.low:.3f}–{of.ndcg.high:.3f}", _mean(of.recall), _mean(of.reciprocal)


def _languages(of: Figures) -> Table:
    """Pairs of languages, the query's first."""
    table = Table("nDCG@10, query’s language", *LANGUAGES, box=None)
    for one in LANGUAGES:
        table.add_row(one, *(_with_bounds(of.pairs[f"{one}-{other}"].ndcg) for other in LANGUAGES))
    return table


def _mean(value: Interval) -> str:
    return f"{value.mean:.3f}" if value.of else "–"


def _with_bounds(value: Interval) -> str:
    return f"{value.mean:.3f} ({value.low:.3f}–{value.high:.3f}, {value.of})" if value.of else "–"
