"""Measures of rankings, and folders of judged pairs."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.errors import InvalidInput
from kakehashi.matching import judged
from kakehashi.matching.evaluation import figures
from kakehashi.matching.measures import interval, ndcg, recall, reciprocal
from kakehashi.matching.rankers import csls

BENCH = Path(__file__).parents[2] / "bench"
GRADES = st.dictionaries(st.sampled_from("abcdefghijklmno"), st.integers(0, 3), min_size=1)
SAID = {"id": "d1", "kind": "offer", "lang": "de", "title": "Antikörper", "topics": ["antibodies"]}


@given(GRADES, st.randoms(use_true_random=False))
def test_the_best_order_has_one_and_no_order_more(grades: dict[str, int], random: object) -> None:
    best = sorted(grades, key=lambda doc: -grades[doc])
    other = list(grades)
    random.shuffle(other)
    assert ndcg(best, grades) == pytest.approx(1.0 if any(grades.values()) else 0.0)
    assert 0 <= ndcg(other, grades) <= ndcg(best, grades) + 1e-12
    assert 0 <= recall(other, grades) <= recall(best, grades) <= 1


def test_a_gain_falls_with_the_place_as_the_paper_has_it() -> None:
    grades = {"a": 3, "b": 1}
    assert ndcg(["x", "a", "b"], grades) == pytest.approx((7 / math.log2(3) + 1 / 2) / (7 + 1 / math.log2(3)))
    assert reciprocal(["x", "b", "a"], grades) == 0.5
    assert reciprocal(["x"], grades) == 0.0


def test_csls_takes_the_place_of_what_is_near_to_everything() -> None:
    near = np.array([[0.65, 0.7, 0.1], [0.2, 0.8, 0.1], [0.1, 0.7, 0.65]])  # the second is near to all
    assert near.argmax(axis=1).tolist() == [1, 1, 1]
    assert csls(near, 1).argmax(axis=1).tolist() == [0, 1, 2]
    every = csls(near, 10)  # more than there are: all count
    assert every[0, 1] == pytest.approx(1.4 - near[0].mean() - near[:, 1].mean())


@pytest.mark.parametrize("folder", ["judged", "requests"])
def test_the_judged_pairs_can_be_read_and_have_all_three_languages(folder: str) -> None:
    pairs = judged.read(BENCH / folder)
    for texts in (pairs.queries, pairs.docs):
        assert {text.lang for text in texts} == {"de", "ja", "en"}
    assert all(any(pairs.grades[query.id].values()) for query in pairs.queries)


def test_the_interval_holds_the_mean_and_is_the_same_every_time() -> None:
    found = interval([0.1, 0.5, 0.9, 0.4])
    assert found.mean == pytest.approx(0.475)
    assert found.low <= found.mean <= found.high
    assert found == interval([0.1, 0.5, 0.9, 0.4])


def folder(path: Path, **files: str) -> Path:
    """A small right folder; named files are written otherwise."""
    right = {
        "queries": json.dumps({"id": "q1", "kind": "question", "lang": "ja", "title": "抗体"}),
        "docs": "\n".join(json.dumps(SAID | {"id": name}) for name in ("d1", "d2")),
        "qrels": "query\tdoc\tgrade\nq1\td1\t3\nq1\td2\t0\n",
    }
    for name, text in (right | files).items():
        (path / f"{name}.{'tsv' if name == 'qrels' else 'jsonl'}").write_text(text, "utf-8")
    return path


def test_a_right_folder_is_read(tmp_path: Path) -> None:
    found = judged.read(folder(tmp_path))
    assert [doc.id for doc in found.docs] == ["d1", "d2"]
    assert found.docs[0].topics == ("antibodies",)
    assert found.grades == {"q1": {"d1": 3, "d2": 0}}


@pytest.mark.parametrize(
    ("name", "text", "where", "what"),
    [
        ("docs", '{"id": "d1"', "docs.jsonl, line 1", "Expecting"),
        ("docs", "[1]", "docs.jsonl, line 1", "one object a line"),
        ("docs", json.dumps(SAID | {"lang": "fr"}), "docs.jsonl, line 1", "'lang' must be one of"),
        ("docs", json.dumps(SAID | {"title": 7}), "docs.jsonl, line 1", "'title' must be a text"),
        ("docs", json.dumps(SAID | {"title": ""}), "docs.jsonl, line 1", "fill in"),
        ("docs", json.dumps(SAID | {"topics": "x"}), "docs.jsonl, line 1", "'topics'"),
        ("docs", json.dumps(SAID | {"id": ""}), "docs.jsonl, line 1", "no 'id'"),
        ("docs", f"{json.dumps(SAID)}\n\n{json.dumps(SAID)}", "docs.jsonl, line 3", "there already"),
        ("docs", "\n", "docs.jsonl", "no lines"),
        ("docs", "[" * 100_000, "docs.jsonl, line 1", ""),
        ("qrels", "q1\td1\t4", "qrels.tsv, line 1", "a grade from 0 to 3"),
        ("qrels", "q1 d1 3", "qrels.tsv, line 1", "parted by tabs"),
        ("qrels", "q1\td1\tvery", "qrels.tsv, line 1", "a grade from 0 to 3"),
        ("qrels", "q1\td9\t3", "qrels.tsv, line 1", "'d9' is not in docs.jsonl"),
        ("qrels", "q1\td1\t3\nq1\td1\t2", "qrels.tsv, line 2", "two grades"),
    ],
)
def test_a_wrong_line_is_named_with_what_to_do(
    name: str, text: str, where: str, what: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput) as refused:
        judged.read(folder(tmp_path, **{name: text}))
    assert what in " ".join(refused.value.problems[where])


@pytest.mark.parametrize(
    "names", ["query-id\tcorpus-id\tscore", "q\td\tgrade", "\ufeffquery\tdoc\trelevance"]
)
def test_the_columns_of_grades_may_be_named(names: str, tmp_path: Path) -> None:
    found = judged.read(folder(tmp_path, qrels=f"{names}\r\nq1\td1\t3\r\n"))
    assert found.grades == {"q1": {"d1": 3}}


def test_a_folder_without_files_says_which(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        judged.read(tmp_path)
    assert {"queries.jsonl", "docs.jsonl", "qrels.tsv"} <= set(refused.value.problems)


def test_our_own_pairs_are_as_their_guideline_says() -> None:
    found = judged.read(Path(__file__).parents[2] / "bench" / "judged")
    langs = [query.lang for query in found.queries]
    assert (len(langs), len(found.docs)) == (99, 300)
    assert {lang: langs.count(lang) for lang in ("de", "ja", "en")} == {"de": 33, "ja": 33, "en": 33}
    assert all(any(found.grades[query.id].values()) for query in found.queries)
    assert sum(map(len, found.grades.values())) == 1_280 + 2_269


def test_a_perfect_ranking_has_perfect_figures(tmp_path: Path) -> None:
    pairs = judged.read(folder(tmp_path))
    best, worst = figures(pairs, np.array([[2.0, 1.0]])), figures(pairs, np.array([[1.0, 2.0]]))
    assert (best.all.ndcg.mean, best.all.reciprocal.mean, best.cross.ndcg.mean) == (1, 1, 1)
    assert best.same.ndcg.of == best.same.recall.of == 0
    assert best.by_language["ja"] == best.all
    assert worst.all.ndcg.mean < 1
    assert worst.by_language["ja"].reciprocal.mean == 0.5
