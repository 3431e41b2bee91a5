"""`python -m kakehashi` and the console script: Ctrl-C ends them quietly from the first import on."""

import os
import signal
import sys

INTERRUPTED = 130


def main() -> None:
    """Entry point of the console script."""
    # While modules load there is nothing to lose, and callbacks of an import may swallow an exception:
    # until `run` has all that it needs, Ctrl-C ends the process without one.
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    try:
        from kakehashi.cli import run

        run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
