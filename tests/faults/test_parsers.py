"""F10 in its short form: hostile bytes for each parser. The long one, guided by atheris, is `make fuzz`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.faults import parsers


def altered(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    """An example with bytes put in, taken out, exchanged, or said twice."""
    for place, taken, put in changes:
        at = int(place * len(data))
        data = data[:at] + put + data[at + taken :]
    return data


PLACE = st.floats(0, 1)
CHANGE = st.tuples(PLACE, st.integers(0, 64), st.binary(max_size=16) | st.sampled_from(parsers.EXAMPLES))
CHANGES = st.lists(CHANGE, min_size=1, max_size=4)
HOSTILE = st.binary(max_size=200) | st.builds(altered, st.sampled_from(parsers.EXAMPLES), CHANGES)


@pytest.mark.parametrize("name", parsers.PARSERS)
@given(data=HOSTILE)
def test_a_parser_reads_or_refuses_and_never_breaks(name: str, data: bytes) -> None:
    assert parsers.outcome(parsers.PARSERS[name], data) in ("read", "refused")


def test_every_parser_reads_one_of_the_examples() -> None:
    """So that those above are not refused at the door alone."""
    for name, parse in parsers.PARSERS.items():
        assert "read" in {parsers.outcome(parse, data) for data in parsers.EXAMPLES}, name
