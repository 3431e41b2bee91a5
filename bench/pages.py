"""Time of each page over HTTP from a running demonstration node, and the memory of a node at rest."""

import re
import time
from urllib.parse import urljoin

import httpx
import psutil

from bench.demonstration import Running, running
from bench.harness import Figure, publish, quantile

ROUNDS = 40
REST = 100.0  # seconds until the worker has let go what it worked with (matching.jobs.IDLE, and a look)
PAGES = {
    "home": "/de/",
    "search": "/de/search/?q=Antik%C3%B6rper",
    "record": "",  # the first record that the home page links to
    "matches": "/de/matches/",
    "organisations": "/ja/organisations/",
    "offers": "/en/records/offers/",
    "agreement": "/en/agreements/",
    "report": "/de/reports/",
    "sign-in": "/de/account/login/",
}


def times(client: httpx.Client, address: str) -> list[float]:
    """Milliseconds of each of ROUNDS requests, one after the other, after two that are not counted."""
    page = client.get(address).url  # where it leads to
    found = []
    for turn in range(ROUNDS + 1):
        began = time.perf_counter()
        answer = client.get(page)
        if turn >= 1:
            found.append((time.perf_counter() - began) * 1000)
        answer.raise_for_status()
    return found


def memory(run: Running) -> float:
    """PSS in MiB of the processes of one node, the mean of both nodes; the supervisor is not counted."""
    children = psutil.Process(run.pid).children(recursive=True)
    return sum(child.memory_full_info().pss for child in children) / 2**20 / len(run.addresses)


def main() -> None:
    figures = []
    with (
        running() as run,
        httpx.Client(base_url=run.addresses[0], follow_redirects=True, timeout=30) as client,
    ):
        just_matched = memory(run)
        time.sleep(REST)
        at_rest = memory(run)
        record = re.search(r'href="(/de/records/[^"]+/[0-9a-f-]{36}/)"', client.get("/de/").text)
        if record is None:
            raise SystemExit("the home page links to no record")
        everything = []
        for name, path in PAGES.items():
            taken = times(client, urljoin(run.addresses[0], path or record[1]))
            everything += taken
            figures.append(Figure(f"{name} p50", quantile(taken, 0.5), "ms"))
            figures.append(Figure(f"{name} p95", quantile(taken, 0.95), "ms", "< 60"))
        figures.append(Figure("all pages p95", quantile(everything, 0.95), "ms", "< 60"))
        figures.append(Figure("memory of a node when all is matched (PSS)", just_matched, "MiB"))
        figures.append(Figure("memory of a node at rest (PSS)", at_rest, "MiB", "350 is the mark"))
        figures.append(Figure("memory of a node after these pages (PSS)", memory(run), "MiB"))
    publish("pages", figures)


if __name__ == "__main__":
    main()
