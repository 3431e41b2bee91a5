"""C4: the golden files are what this code writes, byte for byte, in this version and in every later one."""

import pytest

from tests.exchange import golden

FILES = golden.files()
pytestmark = pytest.mark.vectors


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_golden_file_is_what_this_code_writes(name: str) -> None:
    assert (golden.FOLDER / name).read_bytes() == FILES[name]


def test_there_is_no_golden_file_that_nothing_writes() -> None:
    assert {path.name for path in golden.FOLDER.iterdir()} == set(FILES)
