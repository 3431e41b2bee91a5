"""A browser that notices what must not happen: requests to other hosts, script errors, policy violations."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from kakehashi.accounts.demonstration import PASSWORD

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
HERE = {"localhost", "127.0.0.1"}
PATIENCE = 180_000  # milliseconds; the machine of the tests may be busy
TRIES = 1_200  # of looking again for what another node or the worker has to say, half a second each
WIDE, NARROW = (1440, 1000), (390, 844)
expect.set_options(timeout=PATIENCE)


def missing() -> str:
    """Why there can be no browser here; empty if there can."""
    return "" if shutil.which("chromium") else "no chromium on this machine"


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        try:
            yield chromium
        finally:
            chromium.close()


class Visitor:
    """One person at a browser. `faults` is all that should not have happened; `checked` looks at the end."""

    def __init__(
        self, chromium: Browser, *, size: tuple[int, int] = WIDE, dark: bool = False, **options: Any
    ) -> None:
        self.faults: list[str] = []
        self.context: BrowserContext = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            **options,
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.on("request", lambda request: self._request(request.url))
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        self.page: Page = self.context.new_page()

    def _request(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("data", "blob") and parts.hostname not in HERE:
            self.faults.append(f"request to another host: {address}")

    def _console(self, message: ConsoleMessage) -> None:
        status = "Failed to load resource" in message.text  # an error page that the test asked for
        if message.type in ("error", "warning") and not status:
            self.faults.append(f"console: {message.text}")

    def sign_in(self, base: str, role: str, side: str, language: str = "en") -> None:
        """Sign in as one of the demonstration's people."""
        self.page.goto(f"{base}/{language}/account/login/")
        self.page.fill("input[name=login]", f"{role}@{side}.example")
        self.page.fill("input[name=password]", PASSWORD)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda address: "/account/login" not in address)

    def checked(self) -> None:
        """Nothing that should not have happened has."""
        assert not self.faults, "\n".join(self.faults)
