"""Files from anybody: each form and encoding is read as written, each hostile one refused with its reason."""

import contextlib
import io
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.errors import FileRefused
from kakehashi.importers import files, tables, workbook
from kakehashi.importers.tables import Finding, Table
from tests.importers import made

TABLE = [["title.de", "summary.ja"], ["Größe und Wärme für Zellen", "細胞のための大きさと温度"]]
GERMAN = [["Titel", "Ort"], ["Größe und Wärme", "Würzburg"], ["Straße – „neu“", "Köln"]]


def cells(data: bytes, name: str = "list.csv") -> list[list[str]]:
    return [list(row.cells) for row in files.read(name, data).rows]


def refusal(data: bytes, name: str = "list.csv") -> str:
    with pytest.raises(FileRefused) as caught:
        files.read(name, data)
    return caught.value.code


@contextlib.contextmanager
def most_memory() -> Iterator[Callable[[], int]]:
    """Gives what tells, afterwards, how many bytes were in use at once at most."""
    tracemalloc.start()
    most = 0
    try:
        yield lambda: most
    finally:
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize(
    ("encoding", "form"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("cp932", "Shift_JIS"), ("utf-16", "UTF-16")],
)
def test_japanese_text_is_read_in_each_encoding(delimiter: str, encoding: str, form: str) -> None:
    table = [["名称", "概要"], ["株式会社ステムリム", "再生誘導医薬の開発、臨床試験を実施。"]]
    data = made.as_csv(table, delimiter=delimiter, encoding=encoding)
    assert cells(data) == table
    assert files.read("list.csv", data).form == form


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize(("encoding", "form"), [("utf-8", "UTF-8"), ("cp1252", "Windows-1252")])
def test_german_text_is_read_in_each_encoding(delimiter: str, encoding: str, form: str) -> None:
    data = made.as_csv(GERMAN, delimiter=delimiter, encoding=encoding)
    assert cells(data) == GERMAN
    assert files.read("list.csv", data).form == form


def test_a_single_umlaut_is_enough_to_tell_windows_1252() -> None:
    assert cells("name,city\nMüller,Bonn\n".encode("cp1252")) == [["name", "city"], ["Müller", "Bonn"]]


@given(
    st.lists(
        st.sampled_from("がん細胞治療の抗体医薬品開発ァイウー、。・株式会社研究所"), min_size=2, max_size=60
    )
)
def test_any_japanese_text_in_shift_jis_comes_back_whole(letters: list[str]) -> None:
    text = "".join(letters)
    assert cells(f"名称,x\n{text},1\n".encode("cp932"))[1][0] == text


@given(
    st.lists(
        st.sampled_from(["Größe", "für", "Ärzte", "Übung", "Straße", "Café", "Zelle", "und"]), min_size=1
    )
)
def test_any_german_text_in_windows_1252_comes_back_whole(words: list[str]) -> None:
    text = " ".join(words)
    assert cells(f"Überschrift;x\n{text};1\n".encode("cp1252"))[1][0] == text


def test_mixed_encodings_are_refused_with_the_lines_that_differ() -> None:
    data = "Titel;Ort\nGröße;Köln\n".encode() + "Wärme;Würzburg\n".encode("cp1252") + "Höhe;Fürth\n".encode()
    with pytest.raises(FileRefused) as caught:
        files.read("list.csv", data)
    assert (caught.value.code, caught.value.facts["lines"]) == ("encoding-mixed", "3")
    assert refusal("名称\n細胞治療\n".encode() + "抗体医薬\n".encode("cp932")) == "encoding-mixed"


def test_a_file_that_claims_utf8_and_is_not_is_refused_with_the_line() -> None:
    with pytest.raises(FileRefused) as caught:
        files.read("list.csv", b"\xef\xbb\xbfTitel;Ort\nW\xe4rme;Bonn\n")
    assert (caught.value.code, caught.value.facts["line"]) == ("encoding-broken", 2)


@pytest.mark.parametrize(
    "data", ["名称,概要\n細胞治療の開発,抗体\n".encode("euc-jp"), b"a,b\n\xed\xa0\x80,1\n"]
)
def test_other_encodings_and_lone_surrogates_are_refused(data: bytes) -> None:
    assert refusal(data) == "encoding-unknown"


def test_commas_in_texts_do_not_pass_for_the_delimiter() -> None:
    prose = "eins, zwei, drei, vier, fünf, sechs, sieben"
    assert cells(f"Titel;Text\nA;{prose}\n".encode()) == [["Titel", "Text"], ["A", prose]]
    assert cells(b"title,list\nA,x; y; z\nB,u; v; w\n") == [
        ["title", "list"],
        ["A", "x; y; z"],
        ["B", "u; v; w"],
    ]


def test_line_breaks_quotes_and_the_sep_line_of_excel_are_understood() -> None:
    assert cells(b'sep=;\r\na;b\r\n"one\r\ntwo";"say ""yes"""\r\n') == [["a", "b"], ["one\ntwo", 'say "yes"']]


def test_empty_lines_keep_their_numbers() -> None:
    rows = files.read("list.csv", b"a,b\n\n,\n1,2\n").rows
    assert [row.line for row in rows] == [1, 4]


def test_letters_are_brought_to_nfc() -> None:
    assert cells("name,x\nMu\u0308ller,1\n".encode())[1][0] == "Müller"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b"a" * (10 * 2**20 + 1), "file-too-large"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512, "file-old-excel"),
        (b"%PDF-1.7\n", "file-not-a-sheet"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "file-not-a-sheet"),
        (b"\x89PNG\r\n\x1a\n", "file-not-a-sheet"),
        (bytes(1000), "file-not-a-sheet"),
        (b"PK\x03\x04 and no archive", "file-damaged"),
        (b"a,b\n" + b"1,2\n" * 5_012, "rows-too-many"),
        (b",".join([b"x"] * 201) + b"\n", "columns-too-many"),
        (b'a,b\n"never closed,' + b"x" * 140_000, "csv-broken"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_ten_megabytes_exactly_are_not_too_many() -> None:
    tables.check_size(10 * 2**20)
    with pytest.raises(FileRefused):
        tables.check_size(10 * 2**20 + 1)


def test_a_nul_reaches_the_checks_of_the_cell() -> None:
    assert cells(b"a,b\nx\x00y,1\n")[1][0] == "x\x00y"


def test_a_formula_in_a_text_file_is_found() -> None:
    found = files.read("list.csv", b'a,b\n"=HYPERLINK(""http://x"")",1\n').findings
    assert found == [Finding("formula-in-text", 2, 1)]


def test_a_workbook_is_read_as_it_looks() -> None:
    table = [
        ["text", "whole", "decimal", "big", "yes", "day", "empty"],
        [" Größe 細胞 ", 1997, 48.107, 6000000.0, True, date(2026, 11, 22), None],
    ]
    assert cells(made.as_xlsx(table), "list.xlsx")[1] == [
        "Größe 細胞",
        "1997",
        "48.107",
        "6000000",
        "TRUE",
        "2026-11-22",
    ]


def test_texts_that_excel_shares_between_cells_are_read() -> None:
    table = [["title.de", "title.ja"], ["Größe", "大きさ"], ["Größe", "温度"]]
    assert cells(made.as_excel(table), "list.xlsx") == table


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("mmm-yy", "2026-11"),
        ('yyyy"年"m"月"', "2026-11"),
        ("yyyy", "2026"),
        ("dd.mm.yyyy", "2026-11-01"),
        ('yyyy"年"m"月"d"日"', "2026-11-01"),
        ('[$-411]ggge"年"m"月"d"日"', "2026-11-01"),
    ],
)
def test_a_date_keeps_the_precision_at_which_it_is_shown(form: str, shown: str) -> None:
    data = made.as_xlsx([["date"], [datetime(2026, 11, 1)]], formats={"A2": form})  # noqa: DTZ001
    assert cells(data, "list.xlsx")[1] == [shown]


def test_formulas_with_a_value_are_noted_and_those_without_are_faults() -> None:
    data = made.as_xlsx([["a", "b"], ["=1+1", "x"], ["=2+2", "y"]])
    table = files.read("l.xlsx", made.with_sheet(data, (b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")))
    assert [row.cells[0] for row in table.rows] == ["a", "2", ""]
    assert [(f.code, f.line, f.column, f.severity) for f in table.findings] == [
        ("formula-value-used", 2, 1, "note"),
        ("formula-without-value", 3, 1, "error"),
    ]


def test_merged_cells_are_found_with_their_range() -> None:
    (found,) = files.read(
        "l.xlsx", made.as_xlsx([["a", "b"], ["1", "x"], ["2", "y"]], merge="B2:B3")
    ).findings
    assert (found.code, found.line, found.column, found.facts["range"]) == ("cells-merged", 2, 2, "B2:B3")


def test_error_cells_are_found() -> None:
    data = made.as_xlsx([["a"], ["x"]])
    broken = made.with_sheet(data, (b't="inlineStr"><is><t>x</t></is>', b't="e"><v>#N/A</v>'))
    found = files.read("l.xlsx", broken).findings
    assert [(f.code, f.facts["value"]) for f in found] == [("cell-error", "#N/A")]


def test_macros_are_refused_by_name_and_by_content() -> None:
    plain = made.as_xlsx([["a"], ["1"]])
    assert refusal(plain, "list.xlsm") == "file-macros"
    assert refusal(made.rewritten(plain, {"xl/vbaProject.bin": b"\x00macro"}), "list.xlsx") == "file-macros"


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refusal(out.getvalue(), "list.xlsx") == "file-not-a-sheet"


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = made.rewritten(made.as_xlsx([["a"], ["1"]]), {"xl/sharedStrings.xml": bytes(90 * 2**20)})
    assert len(bomb) < 2**20
    with most_memory() as used:
        assert refusal(bomb, "list.xlsx") == "zip-bomb"
    assert used() < 10 * 2**20


def test_an_archive_with_thousands_of_entries_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(2_001):
            archive.writestr(f"xl/{number}.xml", "")
    assert refusal(out.getvalue(), "list.xlsx") == "zip-bomb"


def test_a_sheet_that_unpacks_to_less_than_it_says_is_damaged() -> None:
    data = bytearray(made.as_xlsx([["a"], ["1"]]))
    place = data.rindex(b"xl/worksheets/sheet1.xml") - 46 + 24  # uncompressed size in the central directory
    data[place : place + 4] = (99).to_bytes(4, "little")
    assert refusal(bytes(data), "list.xlsx") == "file-damaged"


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("name", [made.SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_entities_are_never_expanded(name: str) -> None:
    data = made.as_xlsx([["a"], ["1"]])
    xml = made.part(data, name)
    start = xml.index(b"?>") + 2 if xml.startswith(b"<?xml") else 0
    assert (
        refusal(made.rewritten(data, {name: xml[:start] + LAUGHS + xml[start:]}), "l.xlsx") == "xml-entities"
    )


def test_entities_in_shared_strings_are_never_expanded() -> None:
    strings = LAUGHS + b'<sst xmlns="%s"><si><t>&b;</t></si></sst>' % made.MAIN
    assert refusal(made.as_excel([["a"]], strings), "l.xlsx") == "xml-entities"


def test_a_sheet_that_claims_a_million_lines_and_columns_takes_the_room_of_its_cells() -> None:
    data = made.with_sheet(
        made.as_xlsx([["a", "b"], ["1", "2"]]),
        (b'ref="A1:B2"', b'ref="A1:XFD1048576"'),
        (b"</sheetData>", b'<row r="1048576" spans="1:2"></row></sheetData>'),
    )
    with most_memory() as used:
        assert cells(data, "l.xlsx") == [["a", "b"], ["1", "2"]]
    assert used() < 10 * 2**20


def test_cells_without_coordinates_are_counted() -> None:
    references = ((b' r="%s"' % cell, b"") for cell in (b"A1", b"B1", b"A2", b"B2"))
    found = files.read(
        "l.xlsx", made.with_sheet(made.as_xlsx([["a", "b"], ["1", "=2"]]), *references)
    ).findings
    assert [(f.code, f.line, f.column) for f in found] == [("formula-without-value", 2, 2)]


def test_more_than_five_thousand_lines_of_a_workbook_are_refused() -> None:
    lines = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(3, 5_030))
    data = made.with_sheet(made.as_xlsx([["a"], ["1"]]), (b"</sheetData>", lines + b"</sheetData>"))
    assert refusal(data, "l.xlsx") == "rows-too-many"


def test_thousands_of_merged_cells_are_one_refusal() -> None:
    merged = b'<mergeCell ref="A1:B1" />'
    data = made.with_sheet(made.as_xlsx([["a"], ["1"]], merge="A1:B1"), (merged, merged * 1_001))
    assert refusal(data, "l.xlsx") == "faults-too-many"


@given(st.binary(max_size=400))
def test_no_bytes_make_it_raise_anything_but_a_refusal(data: bytes) -> None:
    for prefix in (b"", b"PK\x03\x04", b"\xff\xfe", b"a;b\n"):
        with contextlib.suppress(FileRefused):
            assert isinstance(files.read("list.xlsx", prefix + data), Table)


def test_the_guards_figures_are_those_of_the_promise() -> None:
    assert (tables.MAX_BYTES, tables.MAX_ROWS) == (10 * 2**20, 5_000)
    assert workbook.MAX_UNPACKED == 100 * 2**20
