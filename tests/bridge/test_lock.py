"""One supervisor per home."""

from pathlib import Path

import pytest

from kakehashi.bridge import lock
from kakehashi.errors import HomeBusy


def test_a_second_holder_is_told_where_the_first_one_serves(tmp_path: Path) -> None:
    with lock.held(tmp_path):
        lock.announce(tmp_path, ["http://localhost:8001", "http://localhost:8002"])
        with (
            pytest.raises(HomeBusy, match="http://localhost:8001 http://localhost:8002"),
            lock.held(tmp_path),
        ):
            pass


def test_a_home_is_free_again_afterwards(tmp_path: Path) -> None:
    with lock.held(tmp_path):
        lock.announce(tmp_path, ["http://localhost:8001"])
    assert lock.addresses(tmp_path) == []
    with lock.held(tmp_path):
        pass


def test_half_a_file_of_addresses_is_no_addresses(tmp_path: Path) -> None:
    (tmp_path / "running.json").write_text('["http')
    assert lock.addresses(tmp_path) == []
