"""`python -m bench [NAME …]`: run the named benchmarks, or all, each in a process of its own."""

import subprocess
import sys

ALL = ("start", "exchange", "proving", "search", "pages", "missions")


def main() -> int:
    """The number of benchmarks that failed."""
    names = sys.argv[1:] or ALL
    return sum(
        subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode != 0 for name in names
    )


if __name__ == "__main__":
    sys.exit(main())
