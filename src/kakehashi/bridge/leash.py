"""A child's leash: when the supervisor is gone, its standard input ends and it stops."""

import os
import signal
import threading

STANDARD_INPUT = 0


def hold() -> None:
    """Stop this process by SIGTERM when standard input ends; without KAKEHASHI_LEASH nothing is watched."""
    if os.environ.get("KAKEHASHI_LEASH") == "1":
        threading.Thread(target=_watch, name="leash", daemon=True).start()


def _watch() -> None:
    # Not sys.stdin: its lock, held by this thread, would make the interpreter's end a fatal error.
    while os.read(STANDARD_INPUT, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
