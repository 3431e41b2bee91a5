"""Which organisation somebody means when they type one."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from kakehashi.accounts.organisations import Organisation, meant

ISAR = Organisation(UUID("11111111-1111-4111-8111-111111111111"), {"de": "Isar Biologics GmbH"})
NANIWA = Organisation(UUID("22222222-2222-4222-8222-222222222222"), {"ja": "ﾅﾆﾜ製薬", "en": "Naniwa Pharma"})
TWIN = Organisation(UUID("33333333-3333-4333-8333-333333333333"), {"en": "Naniwa  pharma"})


def test_a_name_means_its_organisation_in_any_language_case_and_width() -> None:
    for words in ("Naniwa Pharma", " naniwa pharma ", "ナニワ製薬", "ＮＡＮＩＷＡ ＰＨＡＲＭＡ"):
        assert meant(words, [ISAR, NANIWA]) == [NANIWA]


def test_an_id_or_the_address_of_a_page_means_its_organisation() -> None:
    for words in (
        str(ISAR.id),
        str(ISAR.id).upper(),
        f"https://munich.example/de/records/munich.example/{ISAR.id}/",
    ):
        assert meant(words, [ISAR, NANIWA]) == [ISAR]


def test_a_name_that_two_have_means_both() -> None:
    assert meant("Naniwa Pharma", [ISAR, NANIWA, TWIN]) == [NANIWA, TWIN]


@given(st.text(max_size=40))
def test_other_words_mean_nobody(words: str) -> None:
    assert meant(f"{words} ?", [ISAR, NANIWA]) == []


def test_a_name_is_shown_in_the_readers_language_or_in_any() -> None:
    assert (NANIWA.name("en"), NANIWA.name("de")) == ("Naniwa Pharma", "ﾅﾆﾜ製薬")
