"""What the check before publication finds in offers and requests, and what it leaves alone."""

from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.importers import bridge_format
from kakehashi.quality.check import check
from kakehashi.quality.findings import Finding, Severity
from kakehashi.records.kinds import FIELDS, TRANSLATABLE
from kakehashi.text.fold import clean
from kakehashi.translation.texts import machine, original

TODAY = date(2026, 11, 22)
GOOD = (
    "Das Unternehmen aus Martinsried entwickelt Antikörper gegen solide Tumoren und sucht einen Lizenznehmer."
)


def offer(**changes: Any) -> dict[str, Any]:
    """An offer in which nothing is to be found, but for `changes`; None removes a field."""
    body = {
        "kind": "offer",
        "lang": "de",
        "een_type": "TO",
        "title": {"de": original("Bispezifische Antikörper gegen solide Tumoren")},
        "summary": {"de": original(GOOD)},
        "body": {"de": original(GOOD * 4)},
        "advantages": {"de": original("Bindet zehnmal so fest wie der Vergleich, gemessen in 3 Versuchen.")},
        "technical": {"de": original("Bindung im Oberflächenplasmon gemessen.")},
        "differentiation": {"de": original("Der Vergleich bindet nur an eines der 2 Antigene.")},
        "stage": "lab_tested",
        "trl": 4,
        "medical_stage": "preclinical",
        "ipr": "applied",
        "sought_partner": {"de": original("Pharmaunternehmen mit onkologischer Pipeline.")},
        "partner_types": ["company"],
        "partnership": ["licence"],
        "keywords": {"de": original("Antikörper")},
        "topics": ["antibodies"],
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def text(lang: str, words: str, field: str = "body") -> list[Finding]:
    """Findings in one text, those on length left out."""
    found = check(offer(lang=lang, **{field: {lang: original(words)}}), TODAY)
    return [f for f in found if f.field == field and f.code not in ("body-short", "summary-short")]


def codes(lang: str, words: str, field: str = "body") -> list[str]:
    return [f.code for f in text(lang, words, field)]


def test_a_good_offer_has_no_finding() -> None:
    assert check(offer(), TODAY) == []


def test_other_kinds_of_record_are_not_checked() -> None:
    assert check(offer(kind="development", body={"de": original("Wir sind weltweit führend!")}), TODAY) == []


@pytest.mark.parametrize(
    ("lang", "words", "meant"),
    [
        ("de", "Das Verfahren ist alt. Unser Labor misst neu.", "Unser"),
        ("de", "Es misst. Dann liefern wir das Ergebnis.", "wir"),
        ("en", "The method is old. We measure anew.", "We"),
        ("en", "It works for us, as shown.", "us"),
        ("en", "I have built it.", "I have"),
        ("ja", "新しい方法です。当社は測定します。", "当社"),
        ("ja", "弊社の製品です。", "弊社"),
        ("ja", "本学の技術です。", "本学"),
    ],
)
def test_the_first_person_is_found_with_its_sentence(lang: str, words: str, meant: str) -> None:
    (found,) = text(lang, words)
    assert (found.code, found.severity, found.words) == ("first-person", Severity.MAJOR, meant)
    assert meant in found.sentence
    assert words.endswith(found.sentence)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "A phase I trial in the US, with HLA class I molecules."),
        ("en", "The USA, the WE-43 alloy and MY-1 cells."),
        ("de", "Die Firma Wirtz liefert miR-21 an Unsöld."),
        ("ja", "日本学術振興会の支援を受け、担当社員が該当施設を訪ねた。自社で開発した。"),
    ],
)
def test_words_that_only_look_like_the_first_person_are_left_alone(lang: str, words: str) -> None:
    assert codes(lang, words) == []


@pytest.mark.parametrize(
    ("lang", "words", "code"),
    [
        ("de", "Ein einzigartiges Verfahren.", "marketing"),
        ("de", "Die Firma ist weltweit führend.", "marketing"),
        ("de", "Eine innovative Plattform.", "boasting"),
        ("en", "A world-leading, cutting edge platform.", "marketing"),
        ("en", "The leading supplier.", "boasting"),
        ("ja", "業界トップの画期的な技術。", "marketing"),
        ("ja", "革新的な技術。", "boasting"),
        ("de", "Jetzt anfragen!", "shouting"),
        ("ja", "ご期待ください！", "shouting"),
        ("de", "Bitte kontaktieren Sie das Büro.", "second-person"),
        ("en", "Let it measure your cells.", "second-person"),
        ("ja", "貴社の細胞を測定する。", "second-person"),
    ],
)
def test_marketing_is_found(lang: str, words: str, code: str) -> None:
    assert set(codes(lang, words)) == {code}


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "Mutations leading to loss of function; unique molecular identifiers; leading strand."),
        ("de", "Der zu Tumoren führende Weg endet in der Lizenz."),
        ("ja", "世界一般に使われる方法。"),
    ],
)
def test_the_language_of_the_field_is_no_marketing(lang: str, words: str) -> None:
    assert [c for c in codes(lang, words) if c == "marketing"] == []


def test_a_comparison_needs_a_figure_in_its_sentence() -> None:
    assert codes("de", "Es misst deutlich schneller. Es braucht 3 Tage.", "advantages") == [
        "claim-without-number"
    ]
    assert codes("de", "Es misst dreimal schneller, in 2 Stunden.", "advantages") == []
    assert codes("en", "Significantly cheaper; twice as fast.", "advantages") == []
    assert codes("ja", "感度が大幅に向上した。", "summary") == ["claim-without-number"]
    assert codes("ja", "感度が10倍に大幅に向上した。", "summary") == []
    assert codes("de", "Es misst deutlich schneller.", "body") == []
    assert codes("de", "Biologisch abbaubar.", "advantages") == ["advantages-without-number"]


@pytest.mark.parametrize(
    ("lang", "words", "code", "severity"),
    [
        ("de", "Fragen an erika@isar.de richten.", "contact-email", Severity.BLOCKER),
        ("ja", "電話 ０６－６１２３－４５６７ まで。", "contact-phone", Severity.BLOCKER),
        ("de", "Erfunden hat es Frau Dr. Erika Muster.", "person-named", Severity.MAJOR),
        ("en", "It was found by Prof. Jane Doe.", "person-named", Severity.MAJOR),
        ("ja", "京都大学の田中太郎教授が開発した。", "person-named", Severity.MAJOR),
        ("ja", "山田花子氏が率いる。", "person-named", Severity.MAJOR),
        ("ja", "担当：田中まで。", "person-named", Severity.MAJOR),
        ("en", "Filed as PCT/EP2026/012345.", "application-unpublished", Severity.BLOCKER),
        ("ja", "特願2025-123456として出願。", "application-unpublished", Severity.BLOCKER),
        ("de", "Angemeldet als DE 10 2025 123 456.7.", "application-unpublished", Severity.BLOCKER),
        ("de", "Angemeldet als EP 26 123 456.7.", "application-unpublished", Severity.BLOCKER),
        ("en", "Provisional US 63/123,456.", "application-unpublished", Severity.BLOCKER),
        ("en", "Filed as PCT/EP2019/012345.", "application-number", Severity.MINOR),
        ("de", "Die Daten sind streng vertraulich.", "secret-words", Severity.MAJOR),
        ("en", "Supported by unpublished data.", "secret-words", Severity.MAJOR),
        ("ja", "社外秘の工程である。", "secret-words", Severity.MAJOR),
    ],
)
def test_what_is_confidential_is_found(lang: str, words: str, code: str, severity: Severity) -> None:
    assert {(f.code, f.severity) for f in text(lang, words)} == {(code, severity)}


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "Published as WO 2025/123456 and EP 3 456 789 B1, US 10,123,456 B2."),
        (
            "ja",
            "特許第1234567号、特開2024-123456号。大学教授らと同様に特任教授が博士課程で。仕様と多様な方法。",
        ),
        ("en", "A non-confidential summary; a confidential disclosure agreement."),
        ("de", "Mit der Dr. Falk Pharma GmbH entwickelt."),
    ],
)
def test_what_is_public_is_left_alone(lang: str, words: str) -> None:
    assert codes(lang, words) == []


def test_style_is_not_asked_of_a_machine_but_confidentiality_is() -> None:
    source = "Das Verfahren ist neu."
    words = machine("We are world-leading, ask erika@isar.de.", of=source, engine="test")
    found = check(offer(technical={"de": original(source), "en": words}), TODAY)
    assert [(f.code, f.lang) for f in found] == [("contact-email", "en")]


@pytest.mark.parametrize(
    ("changes", "code", "severity"),
    [
        ({"een_type": "TR"}, "type-of-other-kind", Severity.BLOCKER),
        ({"stage": "on_the_market", "trl": 4}, "trl-contradicts", Severity.MAJOR),
        ({"stage": "concept", "trl": 3, "medical_stage": "phase_2"}, "trl-contradicts", Severity.MAJOR),
        (
            {"stage": "concept", "trl": None, "medical_stage": "phase_1"},
            "concept-in-the-clinic",
            Severity.MAJOR,
        ),
        ({"trl": None, "medical_stage": "approved"}, "approved-in-development", Severity.MINOR),
        ({"ipr": "none"}, "licence-of-nothing", Severity.MAJOR),
        ({"een_type": "RDR"}, "research-without-cooperation", Severity.MAJOR),
        ({"een_type": "BO"}, "business-that-is-technology", Severity.MINOR),
        ({"partnership": ["supplier"]}, "technology-that-is-business", Severity.MINOR),
        ({"partner_types": ["investor"]}, "investor-without-investment", Severity.MAJOR),
        ({"partnership": ["investment"]}, "investment-without-investor", Severity.MINOR),
        (
            {"partnership": ["rd_cooperation"], "licence_territory": "Japan"},
            "territory-without-licence",
            Severity.MINOR,
        ),
        ({"sought_partner": None}, "missing", Severity.MAJOR),
        ({"ipr": None}, "missing", Severity.MINOR),
    ],
)
def test_fields_that_contradict_each_other_are_found(
    changes: dict[str, Any], code: str, severity: Severity
) -> None:
    assert (code, severity) in {(f.code, f.severity) for f in check(offer(**changes), TODAY)}


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Partner gesucht", "title-says-nothing"),
        ("Antikörper", "title-short"),
        ("Antikörper " * 20, "title-long"),
        ("ANTIKÖRPER GEGEN SOLIDE TUMOREN", "title-capitals"),
        ("Bispezifische Antikörper gegen Tumoren.", "title-full-stop"),
    ],
)
def test_titles_that_do_not_help_are_found(title: str, code: str) -> None:
    assert [f.code for f in check(offer(title={"de": original(title)}), TODAY)] == [code]


def test_a_short_summary_and_one_that_repeats_the_title_are_found() -> None:
    assert {f.code for f in check(offer(summary={"de": original("Ein Antikörper.")}), TODAY)} == {
        "summary-short"
    }
    same = (
        "Bispezifische Antikörper gegen solide Tumoren, im Tiermodell an zwei Linien geprüft und nun zu haben"
    )
    found = check(offer(title={"de": original(same)}, summary={"de": original(same)}), TODAY)
    assert {f.code for f in found} == {"summary-repeats-title"}


def test_the_gravest_come_first() -> None:
    found = check(offer(een_type="TR", title={"de": original("Einzigartig! Von a@b.de")}), TODAY)
    ranks = [list(Severity).index(f.severity) for f in found]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == 3


# ── Properties ───────────────────────────────────────────────────────────

PIECES = (
    *("Wir sind weltweit führend! ", "unique ", "PCT/EP2026/012345 ", "当社は、", "画期的な", "田中太郎教授"),
    *("a@b.de ", "+49 89 1234567 ", "Dr. ", "Prof. Müller ", "０６－６１２３－４５６７", "\n\n", "。", ". "),
    *("が", "か\u3099", "é", "e\u0301", "😀", "\u202e", "\x00", "ﷺ", "①"),
)
anything = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=30).map("".join))


@settings(deadline=None)
@given(anything, st.sampled_from(["de", "ja", "en"]))
def test_findings_stand_inside_the_cleaned_text_and_inside_their_sentence(words: str, lang: str) -> None:
    fields = [field.name for field in FIELDS["offer"] if field.type in TRANSLATABLE]
    body = {"kind": "offer", "een_type": "TO"} | {name: {lang: original(words)} for name in fields}
    text = clean(words)
    for found in check(body, TODAY):
        if not found.words:
            continue
        assert 0 <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.words
        assert text[found.sentence_start :].startswith(found.sentence)
        assert found.sentence_start <= found.start
        assert found.end <= found.sentence_start + len(found.sentence)


keys = st.sampled_from(["de", "ja", "en", "text", "origin"])
json = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 12) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner),
    max_leaves=6,
)


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from([f.name for f in FIELDS["offer"]]), json),
    st.sampled_from(["offer", "request"]),
)
def test_no_body_however_wrong_makes_the_check_fail(body: dict[str, Any], kind: str) -> None:
    assert isinstance(check({**body, "kind": kind}, TODAY), list)


@pytest.mark.parametrize(
    "piece", ["a", "１", "Dr. ", "Prof. Dr. ", "田", "+1 ", "0 ", "a.", "@", "-", "特願 ", "。"]
)
def test_a_long_text_is_checked_in_linear_time(piece: str) -> None:
    import time

    body = offer(body={"de": original(piece * 20_000), "ja": original(piece * 5_000)})
    start = time.process_time()
    check(body, TODAY)
    assert time.process_time() - start < 10


def test_no_record_of_the_demonstration_set_is_blocked() -> None:
    folder = resources.files("kakehashi") / "data" / "demonstration"
    checked = 0
    for side in ("munich", "osaka"):
        for entry in bridge_format.read(Path(str(folder / side))):
            if entry.kind in ("offer", "request"):
                body = bridge_format.body(entry, side, lambda slug: None)
                blocked = [f for f in check(body, TODAY) if f.severity is Severity.BLOCKER]
                assert not blocked, entry.key
                checked += 1
    assert checked == 123
