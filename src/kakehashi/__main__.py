"""`python -m kakehashi` and the console script: Ctrl-C ends them quietly from the first import on."""

import sys

INTERRUPTED = 130


def main() -> None:
    """Entry point of the console script."""
    try:
        from kakehashi.cli import run  # here, so that Ctrl-C while modules load is caught too

        run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
