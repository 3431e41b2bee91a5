"""Lets atheris look for bytes that break a parser, guided by the lines of code that they reach (F10).

`python -m tests.faults.fuzz -max_total_time=600 FOLDER`; all options are those of libFuzzer, and FOLDER keeps
what it found, so that the next sitting goes on from there.
"""

import sys
from importlib import import_module
from pathlib import Path


def main() -> None:
    atheris = import_module("atheris")  # not among what the tests need: `make fuzz` installs it
    with atheris.instrument_imports(include=["kakehashi"]):
        parsers = import_module("tests.faults.parsers")
    if not sys.argv[-1].startswith("-"):
        parsers.seed(Path(sys.argv[-1]))
    atheris.Setup(sys.argv, parsers.one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
