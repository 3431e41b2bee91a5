"""A running demonstration for benchmarks: two real nodes in a home of their own, stopped at the end."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Running:
    """Addresses of the nodes and the supervisor's process id."""

    addresses: list[str]
    pid: int
    home: Path


@contextmanager
def running() -> Iterator[Running]:
    """Start `kakehashi up --demo`, wait for its report, hand over, stop."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "kakehashi", "up", "--demo", "--home", folder]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "200"}
        )
        assert process.stdout is not None
        try:
            addresses: list[str] = []
            for line in process.stdout:
                if line.startswith("Open after"):
                    addresses = re.findall(r"http://\S+", line)
                if line.startswith("Ready after"):
                    break
            else:
                raise SystemExit("the demonstration did not come up")
            yield Running(addresses, process.pid, Path(folder))
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
