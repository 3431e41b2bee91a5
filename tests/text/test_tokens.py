"""The index tokens: stems, compound parts, pairs of Japanese characters."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.text.compounds import Compounds
from kakehashi.text.fold import clean, fold
from kakehashi.text.tokens import LONGEST_RUN, TOKEN_LIMIT, bigrams, runs, stem, tokens

WORDS = Compounds(
    ["antikoerper", "wirkstoff", "konjugat", "bioreaktor", "zelle", "zell", "therapie", "stamm"]
)


def test_japanese_becomes_pairs_and_a_last_character() -> None:
    assert tokens("抗体医薬") == ["抗体", "体医", "医薬", "薬"]
    assert tokens("癌") == ["癌"]


def test_mixed_scripts_are_parted() -> None:
    assert tokens("固形がんのADC") == [*bigrams("固形がんの"), "adc"]


def test_a_hyphenated_word_is_found_in_parts_and_joined() -> None:
    assert {"car", "t", "cart"} <= set(tokens("CAR-T"))
    apart = set(tokens("Antikörper Wirkstoff Konjugat"))
    assert set(tokens("Antikörper-Wirkstoff-Konjugate")) == apart | {"antikoerperwirkstoffkonjugat"}


def test_a_compound_is_found_by_its_parts() -> None:
    assert {"wirkstoff", "konjugat"} <= set(tokens("Antikörperwirkstoffkonjugate", WORDS))
    assert {"einweg", "bioreaktor"} <= set(tokens("Einwegbioreaktoren", Compounds(["bioreaktoren"]))) | {
        "bioreaktor"
    }
    assert WORDS.split("einwegbioreaktor") == ("einweg", "bioreaktor")
    assert WORDS.split("stammzelltherapie") == ("stamm", "zell", "therapie")


def test_a_prefix_is_no_part() -> None:
    assert Compounds(["anti", "koerper"]).split("antikoerper") == ()


def test_a_word_that_is_no_compound_stays_whole() -> None:
    assert WORDS.split("martinsried") == ()
    assert WORDS.split("wirkstoff") == ()


@pytest.mark.parametrize(
    "forms",
    [
        ("antikoerper", "antikoerpern"),
        ("zelle", "zellen"),
        ("therapie", "therapien", "therapies", "therapy"),
        ("antibody", "antibodies"),
        ("konjugat", "konjugate", "konjugaten", "konjugats"),
    ],
)
def test_inflected_forms_share_a_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


@given(st.text(alphabet=st.characters(), max_size=300))
def test_every_token_is_short_storable_and_without_space(text: str) -> None:
    for token in tokens(text, WORDS):
        token.encode("utf-8")
        assert 0 < len(token) <= TOKEN_LIMIT
        assert not token.isspace()
        assert " " not in token


@given(st.text(alphabet=st.characters(), max_size=300))
def test_runs_point_into_the_cleaned_text(text: str) -> None:
    text = clean(text)
    end = 0
    for run in runs(text):
        assert end <= run.start < run.end <= len(text)
        end = run.end


@given(st.text() | st.text("Aéö́ßЖς ɐ-ーヴァｶﾞが学學・ﷺ2", max_size=60))
def test_runs_that_are_folded_together_are_folded_as_each_alone(text: str) -> None:
    text = clean(text)
    for run in runs(text):
        limit = LONGEST_RUN if run.cjk else TOKEN_LIMIT
        assert run.text == fold(text[run.start : run.end]).replace(" ", "")[:limit]


@given(st.text("抗体医薬品細胞治療がん", min_size=2, max_size=12), st.text("抗体医薬品細胞", max_size=8))
def test_any_part_of_a_japanese_run_is_found_as_a_phrase(part: str, rest: str) -> None:
    have, want = tokens(rest + part + rest), bigrams(part)[:-1]
    assert any(have[i : i + len(want)] == want for i in range(len(have)))


@pytest.mark.parametrize(
    "text", ["\ufdfa" * 10_000, "a-" * 100_000, "癌" * 200_000, "カ-" * 100_000, "😀" * 100_000]
)
def test_hostile_lengths_end_soon(text: str) -> None:
    began = time.process_time()
    assert all(len(token) <= TOKEN_LIMIT for token in tokens(text, WORDS))
    assert time.process_time() - began < 20


def test_letters_that_link_the_parts_of_a_compound_belong_to_neither() -> None:
    known = Compounds(["arbeit", "forschung", "konjugat", "wirkstoff", "antikoerper"])
    assert known.split("arbeitsgruppe") == ("arbeit", "gruppe")
    assert known.split("forschungsstelle") == ("forschung", "stelle")
    assert known.split("antikoerperwirkstoffkonjugat") == ("antikoerper", "wirkstoff", "konjugat")
    assert known.split("arbeitsprache") == ("arbeit", "sprache")


@given(st.lists(st.text(alphabet="抗体医薬ガがｶﾞーヴァ學・‐々〆aé-ﾞ 。", max_size=12), min_size=1, max_size=5))
def test_what_was_seen_before_gives_the_same_tokens(texts: list[str]) -> None:
    whole = "。".join(texts)
    first = tokens(whole)
    assert tokens(whole) == first
    japanese = [run.text for run in runs(clean(whole)) if run.cjk]
    assert first[: sum(map(len, japanese))] == [pair for run in japanese for pair in bigrams(run)]
