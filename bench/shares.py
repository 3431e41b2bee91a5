"""Where a process spends its processor time: samples of the stack, each counted for one piece of work."""

import signal
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

EVERY = 0.001  # seconds of processor time between two looks


@contextmanager
def sampled(pieces: Mapping[tuple[str, str], str], rest: str) -> Iterator[Counter[str]]:
    """Count samples while the block runs. `pieces`: (end of the file's path, function) to a name.

    A sample counts for the innermost function that has a name, so that the shares add up to one.
    """
    found: Counter[str] = Counter()

    def look(_: int, frame: FrameType | None) -> None:
        while frame is not None:
            code = frame.f_code
            key = ("/".join(code.co_filename.split("/")[-2:]), code.co_name)
            if key in pieces:
                found[pieces[key]] += 1
                return
            frame = frame.f_back
        found[rest] += 1

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    try:
        yield found
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
