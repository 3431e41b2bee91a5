"""The worker's part: encode texts that are new or changed, then match them; the model is let go when idle."""

import time
from datetime import datetime, timedelta

from kakehashi.matching.actions import (
    encode_due,
    mail_found,
    mail_passed,
    match_due,
    reread_due,
    say_counts,
    write_waiting,
)
from kakehashi.matching.actions.keep import keep_snapshot
from kakehashi.matching.encoder import default
from kakehashi.matching.queries.due import encoder_id, progress, to_encode, to_reread
from kakehashi.matching.queries.glossary import glossary_version
from kakehashi.matching.queries.serving import serving
from kakehashi.work import memory
from kakehashi.work.loop import Job

IDLE = 60.0  # seconds without work after which the encoder's memory is given back


class Encoding:
    """Remembers when the encoder was last needed."""

    def __init__(self) -> None:
        self._last = 0.0

    def run(self, now: datetime) -> int:
        count = encode_due(now=now)
        if count:
            self._last = time.monotonic()
        elif self._last and time.monotonic() - self._last > IDLE:
            for encoder in (default(), serving()):
                encoder.release()
            memory.give_back()
            self._last = 0.0
        return count


def match(now: datetime) -> int:
    """Matching waits until all is encoded and read: each new text changes what the others are measured by."""
    waiting = to_encode(encoder_id(serving())).exists() or to_reread(glossary_version()).exists()
    return 0 if waiting else match_due(now=now)


def mail(now: datetime) -> int:
    """What colleagues passed on, and new answers to saved searches."""
    return mail_passed(now=now) + mail_found(now=now, encoder=encoder_id(serving()))


def count(now: datetime) -> int:
    """Counts of what partners do not see are said only once all is matched: half of the matches say less."""
    done = progress()
    return say_counts(now=now) if done.matched == done.readings else 0


def keep(now: datetime) -> int:
    """What a starting process maps into its memory, once all is encoded."""
    return 0 if to_encode(encoder_id(serving())).exists() else int(keep_snapshot(now=now))


def jobs() -> list[Job]:
    return [
        Job("matching.words", timedelta(seconds=20), lambda now: write_waiting()),
        Job("matching.encode", timedelta(seconds=20), Encoding().run),
        Job("matching.reread", timedelta(seconds=20), lambda now: reread_due(now=now)),
        Job("matching.mail", timedelta(seconds=30), mail),
        Job("matching.match", timedelta(seconds=20), match),
        Job("matching.keep", timedelta(minutes=5), keep, wakes=False),
        Job("matching.count", timedelta(minutes=10), count, wakes=False),
    ]
