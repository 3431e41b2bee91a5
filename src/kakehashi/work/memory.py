"""What a process that works for long keeps in memory, and how often it looks for cyclic garbage."""

import ctypes
import gc
import sys

from django.db import connections

OFTEN = 20_000  # new objects; Python's own 700 cost a tenth of the time of applying a partner's pages

_ARENA_MAX = -8  # of <malloc.h>


def look_rarely() -> None:
    """Called once all modules are loaded: what is there now stays, and no later look need visit it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OFTEN, 20, 50)


def live_small() -> None:
    """Called first: before threads begin, connections open, and what the work needs is imported."""
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # its command line: 5 MiB
    _one_heap()
    map_nothing()


def _one_heap() -> None:
    """What one thread frees, the others use; glibc gives each a heap of its own else."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_ARENA_MAX, 1)


def map_nothing() -> None:
    """Connections opened from now on read SQLite's file piece by piece, each through its own small cache.

    A mapped file counts as memory of the process that writes it, as it grows; and each page that is
    written there first faults.
    """
    options = connections.settings["default"].get("OPTIONS", {})
    if "init_command" in options:
        options["init_command"] += " PRAGMA mmap_size=0;"


def give_back() -> None:
    """What was freed goes back to the system, cyclic garbage too."""
    gc.collect()
    trim()


def trim() -> None:
    """Linux's allocator keeps the rest of each page otherwise; some milliseconds."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
