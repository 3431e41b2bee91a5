"""A child's leash: when the supervisor is gone, however it went, the child's standard input ends and it stops."""

import os
import signal
import sys
import threading


def hold() -> None:
    """Stop this process by SIGTERM when standard input ends; without KAKEHASHI_LEASH nothing is watched."""
    if os.environ.get("KAKEHASHI_LEASH") != "1":
        return

    def watch() -> None:
        while sys.stdin.buffer.read(4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="leash", daemon=True).start()
