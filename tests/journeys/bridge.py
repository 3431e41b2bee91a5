"""Two real nodes in their own processes, started as a person starts them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

from kakehashi.node import find

PATIENCE = 600.0  # seconds; the machine of the tests may be busy
OPEN, READY = "Open after", "Stop with Ctrl-C"


class Bridge:
    """`kakehashi up --demo` in a home of its own; `munich` and `osaka` are the addresses of its pages.

    With `unsigned` the two nodes know each other, but people have to propose and sign.
    """

    def __init__(self, home: Path, *, unsigned: bool = False) -> None:
        self.home, self.out = home, home.with_suffix(".out")
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("KAKEHASHI") and name != "DJANGO_SETTINGS_MODULE"
        }
        command = [sys.executable, "-m", "kakehashi", "up", "--demo", "--home", str(home)]
        with self.out.open("wb") as out:
            self.process = subprocess.Popen(
                [*command, *(["--unsigned"] if unsigned else [])],
                stdout=out,
                stderr=out,
                env=environment,
                start_new_session=True,
            )

    def __enter__(self) -> "Bridge":
        self.until(OPEN)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)

    def until(self, words: str) -> None:
        """Wait until the terminal says so."""
        deadline = time.monotonic() + PATIENCE
        while words not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.2)

    def until_ready(self) -> "Bridge":
        """Wait until everything has been exchanged and matched."""
        self.until(READY)
        return self

    def said(self) -> str:
        return " ".join(self.out.read_text("utf-8", "replace").split())

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
