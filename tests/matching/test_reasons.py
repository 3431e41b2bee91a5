"""No reason is shown that the score did not use, unless it is said to explain only."""

from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.matching import reasons, sentences
from kakehashi.matching.fields import Facts, conditions
from kakehashi.matching.glossary import shipped
from kakehashi.matching.rank import NAMES, Evidence, Weights, score

GLOSSARY = shipped()
CONCEPTS = st.sampled_from([*sorted(GLOSSARY.concepts)[:9], "", "no-concept"])
SOME = st.sets(st.sampled_from(sorted(GLOSSARY.concepts)[:9]))
SHARE = st.floats(0, 1)


@given(st.lists(CONCEPTS, max_size=8), SOME, st.booleans())
def test_a_link_counts_only_if_the_score_rests_on_its_concept(
    linked: list[str], counted: set[str], turned: bool
) -> None:
    content = {
        "links": [
            {"number": n, "one": f"eins {n}", "other": f"二 {n}", "closeness": 0.8, "concept": concept}
            for n, concept in enumerate(linked, 1)
        ]
    }
    shown = reasons.links(content, sorted(counted), ("de", "ja"), GLOSSARY, turned=turned)
    assert [link.counts for link in shown] == [concept in counted for concept in linked]


@given(SOME, SHARE, SHARE, st.floats(-4, 8), st.sets(st.sampled_from(["ADC", "iPS"])))
def test_the_rows_shown_are_what_the_score_was_added_up_from(
    concepts: set[str], alike: float, topics: float, near: float, words: set[str]
) -> None:
    one = Facts("offer", "munich", partnership=("licence",), trl=4)
    other = Facts("request", "osaka", partnership=("licence", "investment"), trl=9)
    judged = conditions(one, other)
    evidence = Evidence(near, near, concepts, words, ("oncology",), alike if concepts else 0.0, topics)
    made = score(evidence, Weights(100, {}), judged)
    stored = [{**vars(part), "because": list(part.because)} for part in made.components]
    rows, total = reasons.rows(stored, [vars(condition) for condition in judged])
    used = {part.name: part for part in made.components}
    said = {condition.name: condition.value for condition in judged}
    for row in rows:
        assert row.name in NAMES or said[row.name]
        assert row.name not in used or set(row.because) == set(used[row.name].because)
        assert row.name in sentences.COMPONENTS or row.name in sentences.CONDITIONS
    assert sum(row.hundredths for row in rows) == total == round(made.total * 100)


def part(name: str, value: float, *because: str) -> dict[str, Any]:
    return {"name": name, "value": value, "because": list(because)}


@pytest.mark.parametrize(
    ("lang", "topics", "words", "text"),
    [
        (
            "en",
            "Shared topics: Oncology, Imaging",
            "Same names and abbreviations: ADC, BNCT",
            "resemble each",
        ),
        (
            "de",
            "Gemeinsame Themen: Onkologie, Bildgebung",
            "Gleiche Namen und Abkürzungen: ADC, BNCT",
            "ähneln",
        ),
        ("ja", "共通する分野（がん、イメージング）", "同じ名称・略語（ADC、BNCT）", "文章全体が似て"),
    ],
)
def test_without_a_shared_concept_a_match_says_what_it_rests_on_most(
    lang: str, topics: str, words: str, text: str
) -> None:
    near, nothing = part("text", 0.06), part("concepts", 0.0)
    filed, named = part("topics", 0.21, "oncology", "imaging"), part("words", 0.3, "ADC", "BNCT")
    conditions_met = part("conditions", 0.9, "partnership")
    with translation.override(lang):
        assert sentences.without_concepts([near, nothing, filed, conditions_met]) == topics
        assert sentences.without_concepts([near, nothing, named, filed]) == words
        assert text in sentences.without_concepts([near, nothing, part("topics", 0.0)])
        assert text in sentences.without_concepts([])
