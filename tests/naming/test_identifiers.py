"""Identifiers count only with right check digits, in whatever writing they stand."""

import pytest

from kakehashi.naming.identifiers import identifiers, is_corporate_number, is_lei, is_ror


@pytest.mark.parametrize("right", ["035t8zc32", "02kkvpp62", "03vek6s52"])
def test_a_ror_id_holds_its_check_digits(right: str) -> None:
    assert is_ror(right)
    assert not any(is_ror(right[:7] + f"{n:02}") for n in range(100) if f"{n:02}" != right[7:])


@pytest.mark.parametrize("right", ["7000012050002", "4120905002554"])  # the tax agency, a university
def test_a_corporate_number_holds_its_check_digit(right: str) -> None:
    assert is_corporate_number(right)
    assert not any(is_corporate_number(f"{n}{right[1:]}") for n in range(1, 10) if str(n) != right[0])


@pytest.mark.parametrize("right", ["549300MLUDYVRQOOXS22", "529900T8BM49AURSDO55"])
def test_a_lei_holds_its_check_digits(right: str) -> None:
    assert is_lei(right)
    assert not is_lei(right[::-1])
    assert not any(is_lei(right[:18] + f"{n:02}") for n in range(100) if f"{n:02}" != right[18:])


def test_they_are_found_in_addresses_and_in_full_width() -> None:
    assert identifiers("https://ror.org/035t8zc32") == ["ror:035t8zc32"]
    assert identifiers("法人番号：４１２０９０５００２５５４") == ["jcn:4120905002554"]
    assert identifiers("LEI 549300mludyvrqooxs22.") == ["lei:549300MLUDYVRQOOXS22"]


def test_a_telephone_number_is_none() -> None:
    assert identifiers("Tel. 0120905002554, 4120905002555") == []
