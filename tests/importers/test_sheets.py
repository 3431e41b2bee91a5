"""From lines to bodies: what is written comes back, what has two readings is a fault at its cell."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.errors import FileRefused
from kakehashi.importers import cells, examples, files, sheets, template, words
from kakehashi.importers.cells import Fault
from kakehashi.importers.columns import KEY, columns, normal
from kakehashi.importers.sheets import Givens, Sheet
from kakehashi.importers.tables import Row, Table
from kakehashi.records import schema
from kakehashi.records.kinds import FIELDS, KINDS, TRANSLATABLE, Field
from kakehashi.records.kinds import field as field_of
from kakehashi.translation.texts import LANGUAGES, machine, original, reviewed
from tests.importers import made

BY = "Clusterbüro"
OWN = {
    "origin": "munich.example",
    "id": "00000000-0000-4000-8000-000000000001",
    "name": "Isar Biologics GmbH",
}


def refer(text: str) -> dict[str, str] | Fault:
    return OWN if text == OWN["name"] else Fault("reference")


def givens(owner: dict[str, str] | None = None) -> Givens:
    return Givens(words=words.words(), refer=refer, by=BY, owner=owner)


def understand(kind: str, *lines: dict[str, Any], owner: dict[str, str] | None = None) -> Sheet:
    data = made.as_csv(made.rows(*lines))
    return sheets.understand(files.read("list.csv", data), kind, givens(owner))


def codes(sheet: Sheet) -> list[tuple[int, str, str]]:
    places = {place: code for code, place in sheet.header.places.items()}
    return [(p.line, places.get(p.column, ""), p.code) for draft in sheet.drafts for p in draft.problems]


def test_a_line_becomes_a_body_that_may_be_stored() -> None:
    sheet = understand("offer", made.OFFER)
    (draft,) = sheet.good
    assert draft.body == {
        "kind": "offer",
        "lang": "de",
        "organisation": OWN,
        "title": {
            "de": original("Antikörper gegen solide Tumoren"),
            "ja": machine("固形がんに対する抗体", of="Antikörper gegen solide Tumoren", engine="not stated"),
        },
        "summary": {"de": original("Bispezifische Antikörper, im Tiermodell geprüft.")},
        "een_type": "TO",
        "partnership": ["licence", "rd_cooperation"],
        "topics": ["antibodies", "oncology"],
    }
    assert draft.key == f"{OWN['id']}:7"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_template_comes_back_in_every_language(kind: str, lang: str) -> None:
    body = {**examples.example(kind)}
    if "organisation" in body:
        body["organisation"] = OWN
    with override(lang):
        for data in (template.as_xlsx(kind, ["Isar Biologics GmbH"]), template.as_csv(kind, ";")):
            (header, line) = files.read("template", data).rows
            said = ["44" if cell == str(words.EXAMPLE) else cell for cell in line.cells]
            organisation = words.header_of(kind, "organisation")
            said = [
                OWN["name"] if normal(h) == normal(organisation) else c
                for h, c in zip(header.cells, said, strict=False)
            ]
            table = Table([header, Row(2, tuple(said))], "CSV")
            sheet = sheets.understand(table, kind, Givens(words.words(), refer, "example"))
            assert (sheet.problems, sheet.notes, codes(sheet)) == ([], [], [])
            assert sheet.drafts[0].body == body


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_example_line_of_a_template_is_never_imported(lang: str) -> None:
    with override(lang):
        data = template.as_xlsx("offer", [])
    with pytest.raises(FileRefused) as caught:
        sheets.understand(files.read("t.xlsx", data), "offer", givens())
    assert caught.value.code == "rows-missing"


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_columns_of_a_kind_bear_one_name_in_any_language(kind: str) -> None:
    for lang in LANGUAGES:
        with override(lang):
            names = [normal(words.header(column)) for column in columns(kind)]
        assert len(set(names)) == len(names)


def test_every_name_of_a_column_leads_to_that_column_in_every_language() -> None:
    for lang in LANGUAGES:
        with override(lang):
            for kind in KINDS:
                for column in columns(kind):
                    assert words.words().headers[normal(words.header(column))] == column.code


def test_an_organisation_name_that_looks_like_a_formula_stays_text_in_the_template() -> None:
    data = template.as_xlsx("offer", ['=HYPERLINK("http://x")'])
    assert files.read("t.xlsx", data).findings == []
    assert b"<f>" not in made.part(data, "xl/worksheets/sheet3.xml")


# Texts as people write them: no control characters, no blanks around, one line where one is asked for.
LETTERS = st.characters(categories=["L", "N", "P", "S"], exclude_characters="\u2028\u2029") | st.sampled_from(
    " "
)


def texts(most: int) -> st.SearchStrategy[str]:
    clean = st.text(LETTERS, min_size=1, max_size=min(most, 40)).map(files.tables.clean)
    return clean.filter(
        lambda t: t.strip() == t and t and not t.startswith("=") and not schema.HOSTILE.search(t)
    )


def items(most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(texts(60), min_size=1, max_size=min(most, 5))


def translatable(field: Field, lang: str, checked: bool) -> st.SearchStrategy[Any]:
    plain = items(5).map("\n".join) if field.type == "terms" else texts(field.limit)

    def build(said: dict[str, str]) -> dict[str, Any]:
        source = next(c for c in (lang, *LANGUAGES) if c in said)
        made_by = (
            (lambda text: reviewed(text, of=said[source], by=BY))
            if checked
            else (lambda text: machine(text, of=said[source], engine=sheets.UNSTATED))
        )
        return {c: original(text) if c == source else made_by(text) for c, text in said.items()}

    others = st.dictionaries(st.sampled_from(LANGUAGES), plain, max_size=3)
    return st.builds(lambda own, rest: build({**rest, lang: own}), plain, others)


DATES = st.sampled_from(["2026", "2026-11", "2026-11-22", "1998-02-28"])
VALUES: dict[str, Callable[[Field], st.SearchStrategy[Any]]] = {
    "names": lambda f: st.dictionaries(st.sampled_from(LANGUAGES), texts(200), min_size=1),
    "string": lambda f: texts(f.limit),
    "choice": lambda f: st.sampled_from(f.choices),
    "choices": lambda f: st.lists(
        st.sampled_from(f.choices), min_size=1, max_size=min(f.limit, 3), unique=True
    ),
    "integer": lambda f: st.integers(f.least, f.most),
    "decimal": lambda f: st.decimals(-90, 90, places=4).map(lambda d: f"{d:f}"),
    "date": lambda f: DATES,
    "flag": lambda f: st.booleans(),
    "url": lambda f: st.sampled_from(["https://www.example.org/a;b?c=1", "http://例え.jp/"]),
    "money": lambda f: st.sampled_from(
        [{"value": "6000000", "currency": "EUR"}, {"value": "12.5", "currency": "JPY"}]
    ),
    "reference": lambda f: st.just(OWN),
    "references": lambda f: st.just([OWN]),
    "sources": lambda f: st.lists(
        st.fixed_dictionaries(
            {
                "url": st.just("https://example.org/x;y"),
                "title": st.sampled_from(["Ein Bericht", "報告 第2版"]),
            },
            optional={"date": DATES},
        ),
        min_size=1,
        max_size=3,
    ),
    "strings": lambda f: items(f.limit),
}


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """Bodies of all kinds as a sheet can hold them: all translations checked by one office, or none."""
    kind, lang, checked = draw(st.sampled_from(KINDS)), draw(st.sampled_from(LANGUAGES)), draw(st.booleans())
    body: dict[str, Any] = {"kind": kind, "lang": lang}
    for field in FIELDS[kind]:
        if field.required or draw(st.booleans()):
            strategy = (
                translatable(field, lang, checked)
                if field.type in TRANSLATABLE
                else VALUES[field.type](field)
            )
            body[field.name] = draw(strategy)
    return body


@settings(max_examples=150, deadline=None)
@given(bodies(), st.sampled_from(LANGUAGES), st.sampled_from(["csv", "xlsx"]))
def test_what_is_written_into_a_sheet_comes_back(body: dict[str, Any], lang: str, form: str) -> None:
    if schema.problems({**body, "revision": 1}):
        return
    kind = body["kind"]
    with override(lang):
        said = {KEY: "1", **sheets.cells_of(kind, body, words.choice)}
        table = [
            [words.header(column) for column in columns(kind)],
            [said.get(c.code, "") for c in columns(kind)],
        ]
        data = made.as_csv(table) if form == "csv" else made.as_xlsx(table)
        sheet = sheets.understand(files.read(f"list.{form}", data, words.words().knows), kind, givens())
    assert (sheet.problems, codes(sheet)) == ([], [])
    assert sheet.drafts[0].body == body


def test_names_of_columns_may_be_mixed_and_written_with_other_widths_and_case() -> None:
    table = [
        [
            "ＴＩＴＥＬ (Deutsch)*",
            "概要（ドイツ語）",
            "een_type",
            "Organisation",
            "Type of partnership",
            "TOPICS",
        ],
        ["Titel", "Text", "Technologieangebot", OWN["name"], "ライセンス", "がん"],
    ]
    table[0][0] = words_in("de", "offer", "title.de").upper()
    table[0][1] = words_in("ja", "offer", "summary.de")
    sheet = sheets.understand(files.read("l.csv", made.as_csv(table)), "offer", givens())
    assert set(sheet.header.places) == {
        "title.de",
        "summary.de",
        "een_type",
        "organisation",
        "partnership",
        "topics",
    }


def words_in(lang: str, kind: str, code: str) -> str:
    with override(lang):
        return words.header_of(kind, code)


def test_an_unknown_column_is_left_out_with_a_hint() -> None:
    sheet = understand("offer", {**made.OFFER, "titel.d": "x", "Umsatz": "9"})
    assert [(n.code, n.facts["name"], n.facts["meant"]) for n in sheet.notes] == [
        ("column-unknown", "titel.d", "title.de"),
        ("column-unknown", "Umsatz", ""),
    ]
    assert sheet.good


def test_a_missing_column_that_is_needed_stops_the_whole_sheet() -> None:
    sheet = understand("offer", {k: v for k, v in made.OFFER.items() if k != "topics"})
    assert [(p.code, p.facts["field"]) for p in sheet.problems] == [("column-missing", "topics")]
    assert sheet.good == []


def test_the_sheet_of_another_kind_is_recognised() -> None:
    sheet = understand("organisation", made.OFFER)
    assert (sheet.problems[0].code, sheet.problems[0].facts["kind"]) == ("kind-other", "offer")


def test_wrong_columns_altogether_are_refused() -> None:
    with pytest.raises(FileRefused) as caught:
        understand("offer", {"Artikel": "1", "Preis": "2"})
    assert caught.value.code == "header-missing"


def test_lines_above_the_header_do_not_matter() -> None:
    table = [["Unsere Angebote 2026"], [], *made.rows(made.OFFER)]
    sheet = sheets.understand(files.read("l.csv", made.as_csv(table)), "offer", givens())
    assert (sheet.header.line, sheet.good[0].line) == (3, 4)


def test_a_column_that_stands_there_twice_stops_the_whole_sheet() -> None:
    table = [[*line, line[2]] for line in made.rows(made.OFFER)]
    sheet = sheets.understand(files.read("l.csv", made.as_csv(table)), "offer", givens())
    assert [p.code for p in sheet.problems] == ["column-repeated"]


@pytest.mark.parametrize(
    ("code", "value", "problem"),
    [
        ("topics", "antibodies; Onkologi", "choice-unknown"),
        ("een_type", "XX", "choice-unknown"),
        ("trl", "10", "integer-range"),
        ("trl", "vier", "integer"),
        ("source_date", "3/4/2026", "date"),
        ("source_date", "2026-02-30", "date"),
        ("organisation", "Unbekannt AG", "reference"),
        ("sources", "kein Link", "sources"),
        ("sources", "https://example.org", "sources"),
        ("open_for_interest", "vielleicht", "flag"),
        ("title.de", "x" * 201, "texts-length de"),
        ("title.de", "", "original-missing"),
        ("title.de", "zwei\nZeilen", "line-break"),
        ("summary.de", "x" * 501, "texts-length de"),
        ("summary.de", "vor\x00nach", "hostile-characters"),
        ("summary.de", "gut \u202etxet\u202c", "hostile-characters"),
        ("partnership", "licence; investment; supplier; commercial", "too-many"),
        ("translations", "vielleicht", "choice-unknown"),
        ("lang", "fr", "choice-unknown"),
        ("lang", "", "lang-needed"),
    ],
)
def test_what_is_wrong_is_said_at_its_cell(code: str, value: str, problem: str) -> None:
    sheet = understand("offer", {**made.OFFER, code: value})
    found = codes(sheet)
    assert [(line, c) for line, _where, c in found] == [(2, problem)]
    assert found[0][1] == code
    assert sheet.good == []


def test_script_is_kept_as_the_text_it_is() -> None:
    sheet = understand("offer", {**made.OFFER, "summary.de": "<script>alert(1)</script>"})
    assert sheet.good[0].body["summary"]["de"]["text"] == "<script>alert(1)</script>"


def test_a_text_of_ten_megabytes_is_refused_as_a_cell() -> None:
    with pytest.raises(FileRefused) as caught:
        understand("offer", {**made.OFFER, "body.de": "x" * (10 * 2**20)})
    assert caught.value.code == "file-too-large"
    with pytest.raises(FileRefused) as caught:
        understand("offer", {**made.OFFER, "body.de": "x" * (9 * 2**20)})
    assert caught.value.code == "csv-broken"
    sheet = understand("offer", {**made.OFFER, "body.de": "x" * 30_000})
    assert codes(sheet) == [(2, "body.de", "texts-length de")]


def test_exactly_five_thousand_lines_are_understood_and_one_more_is_not() -> None:
    lines = [{**made.OFFER, "key": str(n)} for n in range(5_001)]
    assert len(understand("offer", *lines[:5_000]).good) == 5_000
    with pytest.raises(FileRefused) as caught:
        understand("offer", *lines)
    assert caught.value.code == "rows-too-many"


def test_two_lines_of_the_same_record_are_found() -> None:
    sheet = understand("offer", made.OFFER, {**made.OFFER, "title.de": "Anderes"})
    assert codes(sheet) == [(3, "key", "key-repeated")]
    assert sheet.drafts[1].problems[0].facts == {"line": 2}


def test_without_own_numbers_the_title_tells_lines_apart() -> None:
    plain = {k: v for k, v in made.OFFER.items() if k != "key"}
    sheet = understand("offer", plain, {**plain, "title.de": "Anderes"}, {**plain, "stage": "concept"})
    assert codes(sheet) == [(4, "", "key-repeated")]


def test_merged_cells_spoil_the_lines_they_cover_and_formulas_their_own() -> None:
    table = made.rows(*({**made.OFFER, "key": str(n)} for n in range(4)))
    table[4][3] = "=A1"
    data = made.as_xlsx(table, merge="C2:C3")
    sheet = sheets.understand(files.read("l.xlsx", data), "offer", givens())
    found = {(line, code) for line, _where, code in codes(sheet)}
    assert {(2, "cells-merged"), (3, "cells-merged"), (5, "formula-without-value")} <= found
    assert [draft.line for draft in sheet.good] == [4]


def test_what_stands_in_an_unknown_column_spoils_nothing() -> None:
    table = [[*line, extra] for line, extra in zip(made.rows(made.OFFER), ["Notiz", "=1+1"], strict=True)]
    sheet = sheets.understand(files.read("l.xlsx", made.as_xlsx(table)), "offer", givens())
    assert len(sheet.good) == 1


def test_a_merged_header_stops_the_whole_sheet() -> None:
    sheet = sheets.understand(
        files.read("l.xlsx", made.as_xlsx(made.rows(made.OFFER), merge="A1:A2")), "offer", givens()
    )
    assert "cells-merged" in [p.code for p in sheet.problems]


def test_the_members_own_organisation_need_not_be_named() -> None:
    line = {k: v for k, v in made.OFFER.items() if k != "organisation"}
    assert understand("offer", line, owner=OWN).good[0].body["organisation"] == OWN
    assert [p.facts["field"] for p in understand("offer", line).problems] == ["organisation"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2026-11-22", "2026-11-22"),
        ("2026/11/2", "2026-11-02"),
        ("22.11.2026", "2026-11-22"),
        ("11.2026", "2026-11"),
        ("2026年11月22日", "2026-11-22"),
        ("２０２６年１１月", "2026-11"),
        ("2026", "2026"),
        ("4.5.26", Fault("date")),
        ("heute", Fault("date")),
    ],
)
def test_dates_are_read_as_the_three_languages_write_them(written: str, value: object) -> None:
    assert cells.read(field_of("development", "date"), written, {}, refer) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("6000000 EUR", {"value": "6000000", "currency": "EUR"}),
        ("EUR 6000000.50", {"value": "6000000.50", "currency": "EUR"}),
        ("６００ ＪＰＹ", {"value": "600", "currency": "JPY"}),
        ("6.000 EUR", Fault("money")),
        ("6.000.000 EUR", Fault("money")),
        ("6,5 Mio. EUR", Fault("money")),
        ("6000000", Fault("money")),
        ("6000000 €", Fault("money")),
    ],
)
def test_amounts_with_two_readings_are_faults(written: str, value: object) -> None:
    assert cells.read(field_of("development", "amount"), written, {}, refer) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [("48.107", "48.107"), ("48,107", "48.107"), ("4.8,1", Fault("decimal")), ("x", Fault("decimal"))],
)
def test_coordinates_keep_their_digits(written: str, value: object) -> None:
    assert cells.read(field_of("organisation", "latitude"), written, {}, refer) == value


def test_a_doi_with_a_semicolon_is_one_work() -> None:
    doi = "10.1002/(SICI)1096-8644(199601)99:1<1::AID-AJPA1>3.0.CO;2-1"
    assert cells.read(field_of("academic", "key_works"), doi, {}, refer) == [doi]


def test_a_new_wording_keeps_what_the_sheet_does_not_speak_of() -> None:
    present = {
        "kind": "offer",
        "lang": "de",
        "revision": 3,
        "title": {"de": original("Alt"), "en": reviewed("Old", of="Alt", by=BY)},
        "stage": "concept",
        "trl": 3,
    }
    body = {"kind": "offer", "lang": "de", "title": {"de": original("Neu")}}
    made_of = sheets.merge(present, body, {"title", "stage"})
    assert made_of["title"] == {"de": original("Neu"), "en": reviewed("Old", of="Alt", by=BY)}
    assert made_of["trl"] == 3
    assert "stage" not in made_of
    assert "revision" not in made_of
