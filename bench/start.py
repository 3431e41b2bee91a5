"""From `kakehashi up --demo` in an empty home to the first page and to all matched; and the second start."""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.harness import Figure, publish


def run(home: Path) -> tuple[float, float, float]:
    """One `up --demo --once`: seconds to the first page, to the report, and of the whole command."""
    began = time.monotonic()
    command = [sys.executable, "-m", "kakehashi", "up", "--demo", "--once", "--home", str(home)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    whole = time.monotonic() - began
    first = re.search(r"Open after ([\d.]+) s", done.stdout)
    ready = re.search(r"Ready after (\d+) s", done.stdout)
    if done.returncode or not first or not ready:
        raise SystemExit(f"the demonstration did not come up:\n{done.stdout}\n{done.stderr}")
    return float(first[1]), float(ready[1]), whole


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        first = run(home)
        second = run(home)
    publish(
        "start",
        [
            Figure("first page, empty home", first[0], "s", "< 60"),
            Figure("all exchanged and matched", first[1], "s"),
            Figure(
                "first page, second start", second[0], "s", "seconds", first[0] / second[0], "first start"
            ),
            Figure("report, second start", second[1], "s", "", first[1] / max(second[1], 1), "first start"),
        ],
    )


if __name__ == "__main__":
    main()
