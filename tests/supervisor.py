"""Two real nodes in their own processes, started and stopped as a person does it: `kakehashi up --demo`."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import psutil

from kakehashi.node import find

PATIENCE = 1_800.0  # seconds; the machine of the tests may be busy
OPEN, READY = "Open after", "Stop with Ctrl-C"


class Bridge:
    """The supervisor of one home; `munich` and `osaka` are the addresses of its pages.

    With `unsigned` the two nodes know each other, but people have to propose and sign.
    """

    def __init__(self, home: Path, *, unsigned: bool = False) -> None:
        self.home, self.unsigned = home, unsigned
        self.start()

    def start(self) -> "Bridge":
        """Start it, or start it again; what it says is read from here on."""
        self.out = self.home.with_suffix(".out")
        extra = ["--unsigned"] if self.unsigned else []
        with self.out.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kakehashi", "up", "--demo", "--home", str(self.home), *extra],
                stdin=subprocess.PIPE,  # the leash: if the tests are killed, the nodes stop too
                stdout=out,
                stderr=out,
                env={**bare_environment(), "KAKEHASHI_LEASH": "1"},
                start_new_session=True,
            )
        return self

    def stop(self, by: int = signal.SIGINT) -> str:
        """Press Ctrl-C, or send another signal, and wait; gives all that was said."""
        if self.process.poll() is None:
            self.process.send_signal(by)
        self.process.wait(PATIENCE)
        if self.process.stdin is not None:
            self.process.stdin.close()
        return self.said()

    def __enter__(self) -> "Bridge":
        return self.until(OPEN)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def until(self, words: str) -> "Bridge":
        """Wait until the terminal says so."""
        deadline = time.monotonic() + PATIENCE
        while words not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)
        return self

    def until_ready(self) -> "Bridge":
        """Wait until everything has been exchanged and matched."""
        return self.until(READY)

    def said(self) -> str:
        return " ".join(self.out.read_text("utf-8", "replace").split())

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    @property
    def munich(self) -> str:
        return f"http://localhost:{find(self.home, 'munich').port}"

    @property
    def osaka(self) -> str:
        return f"http://localhost:{find(self.home, 'osaka').port}"

    def run(self, side: str, *arguments: str) -> str:
        """The output of `kakehashi … --node SIDE` in this home."""
        done = subprocess.run(
            [sys.executable, "-m", "kakehashi", *arguments, "--node", side],
            env={**os.environ, "KAKEHASHI_HOME": str(self.home)},
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE,
        )
        return done.stdout


def bare_environment() -> dict[str, str]:
    """The environment without what points at the node of the tests."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("KAKEHASHI") and name != "DJANGO_SETTINGS_MODULE"
    }
