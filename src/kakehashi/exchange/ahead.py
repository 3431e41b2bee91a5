"""The next page of a channel is fetched while the one before it is applied."""

import logging
from collections.abc import Callable
from threading import Thread

from kakehashi.errors import LogError, PeerError
from kakehashi.exchange.page import Page

log = logging.getLogger(__name__)


class Ahead:
    """At most one page of one channel: read, its signatures verified; it is judged when its turn comes."""

    def __init__(self) -> None:
        self._start = -1
        self._thread: Thread | None = None
        self._page: Page | None = None

    def ask(self, start: int, get: Callable[[], Page]) -> None:
        """Begin to fetch the page at `start`; `get` must not touch the database."""
        self._start, self._page = start, None
        self._thread = Thread(target=self._fetch, args=(get,), name=f"ahead {start}", daemon=True)
        self._thread.start()

    def take(self, start: int) -> Page | None:
        """The page at `start`, if it was asked for and has entries; failures show when it is asked again."""
        if self._thread is None:
            return None
        self._thread.join()
        self._thread, page, self._page = None, self._page, None
        return page if page is not None and page.lines and self._start == start else None

    def _fetch(self, get: Callable[[], Page]) -> None:
        try:
            self._page = get()
        except (LogError, PeerError) as e:
            log.info("ahead: %s", e)
