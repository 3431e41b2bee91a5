"""`python -m bench [NAME …] [FOLDER]`: the named benchmarks, or all, each in a process of its own.

FOLDER holds data that others published, for the benchmarks that need it (`names`).
"""

import subprocess
import sys

ALL = (
    *("start", "exchange", "proving", "search", "pairs"),
    *("encoding", "quality", "spans", "pages", "missions", "introductions", "visible", "names"),
)


def main() -> int:
    """The number of benchmarks that failed."""
    names = [each for each in sys.argv[1:] if each in ALL] or ALL
    folder = [each for each in sys.argv[1:] if each not in ALL]
    return sum(
        subprocess.run([sys.executable, "-m", f"bench.{name}", *folder], check=False).returncode != 0
        for name in names
    )


if __name__ == "__main__":
    sys.exit(main())
