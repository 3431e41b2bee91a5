"""What every benchmark shares: medians, a table on the terminal, and a file in bench/results/."""

import json
import os
import platform
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results"


@dataclass(frozen=True)
class Figure:
    """One measured number. `ratio` compares with `against` in the same run; above 1: we are better."""

    name: str
    value: float
    unit: str
    goal: str = ""
    ratio: float | None = None
    against: str = ""


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]


def machine() -> str:
    """Processor count, architecture and Python; enough to compare runs, nothing that names the machine."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def commit() -> str:
    """The commit that was measured, marked if the tree had changes."""
    try:
        sha = _git("rev-parse", "--short", "HEAD")
        return sha + ("+" if _git("status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def publish(name: str, figures: Sequence[Figure], notes: Sequence[str] = ()) -> None:
    """Print one table and write bench/results/NAME.json."""
    table = Table(
        "figure", "value", "unit", "goal", "ratio", "against", title=f"bench {name}", title_justify="left"
    )
    for f in figures:
        ratio = "" if f.ratio is None else f"{f.ratio:.2f} ×"
        table.add_row(
            f.name,
            f"{f.value:,.3g}" if f.value < 1000 else f"{f.value:,.0f}",
            f.unit,
            f.goal,
            ratio,
            f.against,
        )
    console = Console(width=130)
    console.print(table)
    for note in notes:
        console.print(note, style="dim", highlight=False)
    RESULTS.mkdir(exist_ok=True)
    facts = {
        "name": name,
        "date": f"{datetime.now(UTC):%Y-%m-%dT%H:%MZ}",
        "commit": commit(),
        "machine": machine(),
        "figures": [asdict(f) for f in figures],
        "notes": list(notes),
    }
    (RESULTS / f"{name}.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", "utf-8")
