"""One organisation is found however its name is written; who is only alike is left to a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.naming.matcher import Decision, Matcher, Reason
from kakehashi.naming.names import Organisation
from tests.naming.made import MATCHER, ORGANISATIONS

NAMES = [
    (each.id, name) for each in ORGANISATIONS for name in (*each.names, *each.aliases) if name != "Bayer"
]


def _found(written: str, **given: object) -> tuple[str, Decision]:
    answer = MATCHER.match(written, **given)  # type: ignore[arg-type]
    return (answer.candidates[0].organisation.id if answer.candidates else ""), answer.decision


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("TUBULIS", "tubulis"),
        ("Tubulis Gmbh, Am Klopferspitz 19a, 82152 Planegg, Germany", "tubulis"),
        ("(株)島津製作所", "shimadzu"),
        ("島津製作所㈱", "shimadzu"),
        ("SHIMADZU CORP.", "shimadzu"),
        ("国立大学法人大阪大学", "osaka"),
        ("大阪大學", "osaka"),
        ("オオサカダイガク", "osaka"),
        ("ｵｵｻｶﾀﾞｲｶﾞｸ", "osaka"),
        ("Ōsaka Daigaku", "osaka"),
        ("Ｏｓａｋａ　Ｕｎｉｖｅｒｓｉｔｙ", "osaka"),
        ("Technische Universitaet Muenchen", "tum"),
        ("Technical University of Munich (TUM), Munich, Germany", "tum"),
        ("ペプチスター(株)", "peptistar"),
        ("PeptiStar K.K.", "peptistar"),
        ("バイエル薬品", "bayer-jp"),
        ("Osaka Univ.", "osaka"),
        ("Universität München", "lmu"),
    ],
)
def test_spellings_of_one_name_find_its_organisation(written: str, meant: str) -> None:
    assert _found(written) == (meant, Decision.MATCH)


@pytest.mark.parametrize(
    ("written", "likely"),
    [
        ("Tubullis GmbH", "tubulis"),  # a letter too many
        ("Technical Univercity of Munich", "tum"),
        ("Technische Universität München Campus Straubing", "tum"),  # says more than the name
        ("大阪大学産業科学研究所", "osaka"),
        ("TUM", "tum"),  # letters that stand for a name
    ],
)
def test_what_is_only_alike_is_left_to_a_person(written: str, likely: str) -> None:
    assert _found(written) == (likely, Decision.DOUBTFUL)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "GmbH",
        "株式会社",
        "University",
        "Beispiel GmbH",
        "東京大学",
        "Universität Bayreuth",
        "Bayern Kapital GmbH",
        "島津テクノリサーチ",
        "\x00",
        "🧬" * 400,
    ],
)
def test_who_is_not_there_is_not_found(written: str) -> None:
    assert _found(written)[1] == Decision.NONE


def test_two_of_the_same_name_are_a_doubt_and_both_are_named() -> None:
    twins = [Organisation(id, ("Alpha Biotech GmbH",), country="DE") for id in "ab"]
    answer = Matcher(twins).match("Alpha Biotech")
    assert answer.decision == Decision.DOUBTFUL
    assert {each.organisation.id for each in answer.candidates} == {"a", "b"}


def test_an_identifier_decides_against_every_name() -> None:
    answer = MATCHER.match("Tubulis GmbH", given=["https://ror.org/035t8zc32"])
    assert (answer.decision, answer.candidates[0].organisation.id) == (Decision.MATCH, "osaka")
    assert answer.candidates[0].reasons == (Reason.IDENTIFIER,)
    assert _found("法人番号 4120905002554") == ("osaka", Decision.MATCH)


def test_another_identifier_or_country_makes_a_name_doubtful() -> None:
    answer = MATCHER.match("大阪大学", given=["https://ror.org/02kkvpp62"])
    assert answer.decision != Decision.MATCH
    assert Reason.OTHER_IDENTIFIER in answer.candidates[0].reasons
    answer = MATCHER.match("Tubulis GmbH", country="JP")
    assert answer.decision != Decision.MATCH
    assert Reason.ELSEWHERE in answer.candidates[0].reasons


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("Department of Chemistry, Graduate School of Science, Osaka University, Japan", "osaka"),
        ("大阪大学大学院医学系研究科", "osaka"),
        ("Dept. of Surgery, Osaka University Hospital", "osaka-hospital"),
        ("Chair of Bioseparation, Technical University of Munich, 85748 Garching, Germany", "tum"),
    ],
)
def test_an_affiliation_names_its_institution_and_not_the_department(line: str, meant: str) -> None:
    best = MATCHER.affiliation(line).best
    assert best is not None
    assert best.id == meant


def test_shares_of_the_certainty_never_exceed_one_and_come_in_order() -> None:
    for _id, name in NAMES:
        shares = [each.score for each in MATCHER.match(name).candidates]
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) <= 1


_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
WRITTEN = {
    "as it is": lambda name: name,
    "upper case": str.upper,
    "lower case": str.lower,
    "full width": lambda name: name.translate(_WIDE),
    "umlauts spelled out": lambda name: name.translate(_UMLAUTS),
    "katakana": lambda name: "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in name),
    "hiragana": lambda name: "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in name),
    "blanks": lambda name: f"  {name}\u3000",
}
FORMS = (
    "{}",
    "{} GmbH",
    "{} AG",
    "{} e.V.",
    "{}, Inc.",
    "{} Co., Ltd.",
    "{} K.K.",
    "株式会社{}",
    "{}(株)",
    "㈱{}",
    "国立大学法人{}",
)


@given(st.sampled_from(NAMES), st.sampled_from(sorted(WRITTEN)), st.sampled_from(FORMS))
def test_legal_form_width_case_umlauts_and_kana_never_change_who_is_found(
    entry: tuple[str, str], how: str, form: str
) -> None:
    meant, name = entry
    assert _found(form.format(WRITTEN[how](name)))[0] == meant


@given(st.sampled_from(NAMES), st.data())
def test_the_order_of_the_parts_of_an_address_never_changes_who_is_found(
    entry: tuple[str, str], data: st.DataObject
) -> None:
    meant, name = entry
    organisation = next(each for each in ORGANISATIONS if each.id == meant)
    country = {"DE": "Germany", "JP": "Japan"}[organisation.country]
    parts = data.draw(st.permutations([name, *organisation.cities[:1], country]))
    assert _found("; ".join(parts))[0] == meant


@given(st.text(max_size=200))
def test_whatever_is_written_there_is_an_answer(written: str) -> None:
    assert MATCHER.match(written).decision in set(Decision)
    assert MATCHER.affiliation(written).decision in set(Decision)


def test_a_very_long_writing_costs_no_more_than_its_beginning() -> None:
    assert _found("Tubulis GmbH, " + "x " * 500_000)[0] == "tubulis"
