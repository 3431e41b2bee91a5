"""Where a process spends its processor time: samples of the stack, each counted for one piece of work.

Python looks at a signal between two of its own steps only: a sample is worth the time since the last one,
or long calls into C, such as all rows of a page, would count like the shortest.
"""

import signal
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

EVERY = 0.001  # seconds of processor time between two looks


@contextmanager
def sampled(pieces: Mapping[tuple[str, str], str], rest: str) -> Iterator[dict[str, float]]:
    """Seconds of the processor while the block runs. `pieces`: (end of the file's path, function) to a name.

    A sample counts for the innermost function that has a name, so that the pieces add up to the whole.
    """
    found: defaultdict[str, float] = defaultdict(float)
    last = time.process_time()

    def look(_: int, frame: FrameType | None) -> None:
        nonlocal last
        spent, last = time.process_time() - last, time.process_time()
        while frame is not None:
            code = frame.f_code
            key = ("/".join(code.co_filename.split("/")[-2:]), code.co_name)
            if key in pieces:
                found[pieces[key]] += spent
                return
            frame = frame.f_back
        found[rest] += spent

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    try:
        yield found
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
