"""The glossary finds concepts in all three languages, whatever their spelling."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.matching.concepts import Concept
from kakehashi.matching.glossary import Glossary, shipped
from kakehashi.text.fold import clean

GLOSSARY = shipped()


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Antikörper-Wirkstoff-Konjugate gegen Tumoren", "antibody-drug-conjugate"),
        ("Antikörperwirkstoffkonjugate", "antibody-drug-conjugate"),
        ("抗体薬物複合体の開発", "antibody-drug-conjugate"),
        ("An ADC for solid tumors", "antibody-drug-conjugate"),
        ("Einwegbioreaktoren", "single-use-bioreactor"),
        ("Einweg-Bioreaktor", "single-use-bioreactor"),
        ("乳癌", "breast-cancer"),
        ("乳がん", "breast-cancer"),
        ("Brustkrebszellen", "breast-cancer"),
        ("ドラッグ・デリバリー・システム", "drug-delivery-system"),
        ("ﾄﾞﾗｯｸﾞﾃﾞﾘﾊﾞﾘｰｼｽﾃﾑ", "drug-delivery-system"),
        ("künstlicher Intelligenz", "artificial-intelligence"),
        ("シングルユース培養槽", "single-use-bioreactor"),
        ("シングルユース・バイオリアクタ", "single-use-bioreactor"),
        ("mRNAワクチンの開発", "mrna-vaccine"),
        ("CAR-T細胞", "car-t-cell-therapy"),
        ("抗体-薬物複合体", "antibody-drug-conjugate"),
        ("免疫チェックポイント阻害剤", "immune-checkpoint-inhibitor"),
        ("AIを用いた創薬", "artificial-intelligence"),
    ],
)
def test_a_concept_is_found_in_any_spelling(text: str, concept: str) -> None:
    assert concept in GLOSSARY.named(text)


def test_abbreviations_of_two_languages_and_the_term_mean_the_same() -> None:
    assert (
        GLOSSARY.named("KI")
        == GLOSSARY.named("AI")
        == GLOSSARY.named("人工知能")
        == ["artificial-intelligence"]
    )


def test_an_abbreviation_must_stand_in_capitals_unless_typed_into_a_search() -> None:
    assert GLOSSARY.named("Er will es as is, ai ai ai") == []
    assert GLOSSARY.named("ai", loose=True) == ["artificial-intelligence"]


def concept(slug: str, de: str, ja: str, en: str, *, topic: str = "oncology", alt: str = "") -> Concept:
    return Concept(slug, topic, {"de": de, "ja": ja, "en": en}, {"de": (alt,) if alt else ()})


def test_the_longest_term_wins() -> None:
    small = Glossary(
        [
            concept("cancer", "Krebs", "がん", "cancer"),
            concept("solid", "solider Krebs", "固形がん", "solid cancer"),
        ]
    )
    assert small.named("固形がん") == ["solid"]
    assert small.named("Ein solider Krebs und Krebs") == ["solid", "cancer"]


def test_an_ambiguous_abbreviation_follows_the_topic_of_its_text() -> None:
    small = Glossary(
        [
            concept(
                "ai",
                "künstliche Intelligenz",
                "人工知能",
                "artificial intelligence",
                topic="ai_data",
                alt="KI",
            ),
            concept(
                "ci",
                "Konfidenzintervall",
                "信頼区間",
                "confidence interval",
                topic="clinical_research",
                alt="KI",
            ),
            concept("trial", "Studie", "試験", "trial", topic="clinical_research"),
            concept("data", "Bilddaten", "画像データ", "image data", topic="ai_data"),
        ]
    )
    assert small.named("Bilddaten und KI") == ["data", "ai"]
    assert small.named("Studie mit KI") == ["trial", "ci"]


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Unsere KI findet Bindestellen.", "artificial-intelligence"),
        ("Hazard Ratio 0,7 (95-%-KI 0,5 bis 0,9)", "confidence-interval"),
        ("CRISPR in der Maus: Knock-out und KI", "gene-knock-in"),
        ("Ein ADC gegen solide Tumoren", "antibody-drug-conjugate"),
        ("ADC-Karten der MRT", "apparent-diffusion-coefficient"),
        ("ADC値は拡散強調MRIで得られる", "apparent-diffusion-coefficient"),
        ("Wirkstoffe gegen NASH", "metabolic-dysfunction-associated-steatohepatitis"),
        ("MS zur Analyse von Proteinen", "mass-spectrometry"),
        ("Myelin und MS", "multiple-sclerosis"),
    ],
)
def test_an_abbreviation_means_what_its_text_speaks_of(text: str, concept: str) -> None:
    meant = {"artificial-intelligence", "confidence-interval", "gene-knock-in"}
    meant |= {"antibody-drug-conjugate", "apparent-diffusion-coefficient"}
    meant |= {"mass-spectrometry", "multiple-sclerosis"}
    found = GLOSSARY.named(text)
    assert concept in found
    assert not meant & set(found) - {concept}


@pytest.mark.parametrize("text", ["Isar Werke AG", "RA Müller, München", "Der PD war dabei"])
def test_an_ambiguous_abbreviation_without_context_means_nothing(text: str) -> None:
    assert GLOSSARY.named(text) == []


def test_meanings_are_told_by_the_words_of_their_context() -> None:
    lines = [
        concept("one", "Erstes Ding", "第一", "first thing", alt="EDX"),
        replace(concept("two", "Zweites Ding", "第二", "second thing", alt="EDX"), context=("Röntgen", "光")),
    ]
    small = Glossary(lines)
    assert small.named("EDX") == ["one"]
    assert small.named("Röntgen mit EDX") == small.named("EDX の光") == ["two"]
    alone = Glossary(lines[1:])
    assert alone.named("EDX") == []
    assert alone.named("Zweites Ding (EDX)") == ["two"]
    assert alone.named("edx", loose=True) == ["two"]


def test_all_parts_of_a_compound_are_found_and_said_to_be_parts() -> None:
    small = Glossary([concept("cancer", "Krebs", "がん", "cancer"), concept("cell", "Zelle", "細胞", "cell")])
    found = small.mentions("Krebszellen und Krebs")
    assert [(m.concept, m.part > 0) for m in found] == [("cancer", True), ("cell", True), ("cancer", False)]


def test_japanese_terms_are_put_together_from_known_parts() -> None:
    lines = [
        concept("cancer", "Krebs", "がん", "cancer"),
        concept("cell", "Zelle", "細胞", "cell"),
        concept("cancer-cell", "Krebszelle", "がん細胞", "cancer cell"),
    ]
    lines[0] = replace(lines[0], others={"ja": ("癌", "悪性新生物")})
    small = Glossary(lines)
    for text in ("がん細胞", "癌細胞", "ガン細胞", "悪性新生物細胞", "悪性新生物・細胞"):
        assert small.named(text) == ["cancer-cell"]
    assert small.named("悪性新生物の細胞") == ["cancer", "cell"]


def test_two_lines_with_the_same_terms_are_one_concept() -> None:
    small = Glossary(
        [
            concept("one", "Krebsmittel", "抗がん剤", "agent"),
            concept("two", "Krebsmittel", "抗がん剤", "drug"),
        ]
    )
    assert small.named("drug") == small.named("agent") == ["one"]


@settings(max_examples=60)
@given(st.text(alphabet=st.characters(), max_size=120) | st.text("がんカー・ﾞｶﾞヴァ癌ADC Krebs-", max_size=60))
def test_mentions_lie_inside_the_text(text: str) -> None:
    cleaned = clean(text)
    for mention in GLOSSARY.mentions(text):
        assert 0 <= mention.start < mention.end <= len(cleaned)
        assert mention.concept in GLOSSARY.concepts


JAPANESE = ("癌", "癌細", "癌細胞株", "胞株培", "株", "培養")  # none is put together from others
CELLS = Glossary(concept(term, term, term, term) for term in JAPANESE)


@given(st.text("癌細胞株培養の", max_size=30))
def test_at_each_place_of_japanese_it_is_the_longest_term(text: str) -> None:
    expected, place = [], 0
    while place < len(text):
        term = max((term for term in JAPANESE if text.startswith(term, place)), key=len, default="")
        expected += [(place, term)] if term else []
        place += max(len(term), 1)
    assert [(mention.start, mention.concept) for mention in CELLS.mentions(text)] == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("大きなドラッグ・デリバリーｼｽﾃﾑを開発", "ドラッグ・デリバリーｼｽﾃﾑ"),
        ("ウィルスベクターの", "ウィルスベクター"),
    ],
)
def test_the_place_of_a_folded_japanese_term_is_exact(text: str, found: str) -> None:
    assert found in {clean(text)[m.start : m.end] for m in GLOSSARY.mentions(text)}


@pytest.mark.parametrize("text", ["癌" * 100_000, "カー" * 100_000, "Krebs" * 20_000, "a b " * 50_000])
def test_hostile_lengths_end_soon(text: str) -> None:
    began = time.process_time()
    GLOSSARY.mentions(text)
    assert time.process_time() - began < 30
