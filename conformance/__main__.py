"""`python -m conformance ADDRESS --as NODE --keys FOLDER --agreement HASH`: run the cases against one node.

Exit code 0 if every case is met, 1 if one is not, 2 if the kit could not run at all.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from conformance import documents, feed, requests
from conformance.kit import CASES, Case, Party, Result, Run, run
from kakehashi.errors import KakehashiError

MODULES = (requests, feed, documents)  # importing them numbers their cases
COLOURS = {"ok": "green", "failed": "red", "left out": "yellow"}


def _arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m conformance", description=__doc__)
    parser.add_argument("address", help="where the node answers, such as https://munich.example")
    parser.add_argument("--as", dest="node", required=True, help="the party that you are: its node's name")
    parser.add_argument("--keys", type=Path, required=True, help="folder with http.key, and log.key to write")
    parser.add_argument("--agreement", required=True, help="hash of the first version of the agreement")
    parser.add_argument("--only", default="", help="cases to run, such as A2,E9; a letter for a group")
    parser.add_argument("--write", action="store_true", help="also give a receipt, which the node will keep")
    parser.add_argument("--plan", action="store_true", help="print the cases and end")
    return parser.parse_args(words)


def chosen(only: str) -> list[Case]:
    """The cases named, or all."""
    wanted = {name.strip() for name in only.split(",") if name.strip()}
    return [each for each in CASES if not wanted or each.number in wanted or each.number[0] in wanted]


def show(results: Sequence[Result], console: Console) -> None:
    """A table of results, and a line that sums them up."""
    table = Table("case", "result", "what is asked", "what came", box=None)
    for result in results:
        colour = COLOURS[result.outcome]
        title, why = result.case.title, result.why.replace("[", r"\[")
        table.add_row(result.case.number, f"[{colour}]{result.outcome}[/]", title, why)
    console.print(table)
    counts = {outcome: sum(result.outcome == outcome for result in results) for outcome in COLOURS}
    console.print(", ".join(f"{count} {outcome}" for outcome, count in counts.items()), highlight=False)


def main(words: Sequence[str], http: httpx.Client | None = None) -> int:
    """Plan, run, table."""
    given = _arguments(words)
    console = Console(width=140)
    cases = chosen(given.only)
    console.print(f"{len(cases)} cases against {given.address}, asked as {given.node}.", highlight=False)
    for each in cases:
        console.print(f"{each.number:>4}  {each.title}", highlight=False)
    if given.plan:
        return 0
    me = Party.of_folder(given.node, given.keys)
    how = Run(given.address.rstrip("/"), me, given.agreement, given.write, **({"http": http} if http else {}))
    try:
        if "http" not in me.keys:
            raise FileNotFoundError(given.keys / "http.key")
        how.target_node = how.keys.node
    except (KakehashiError, httpx.HTTPError, OSError, ValueError, KeyError, TypeError) as e:
        console.print(f"The kit cannot run: {type(e).__name__}: {e}", highlight=False, markup=False)
        return 2
    results = run(cases, how)
    show(results, console)
    return int(any(result.outcome == "failed" for result in results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
