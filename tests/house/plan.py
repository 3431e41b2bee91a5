"""The plan of the house as tests read it: which module stands on which floor, and what each one says."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"

# File and folder names of the Django floors (ARCHITECTURE.md, "Floors"); every other name is a rule.
# `ports` are sockets for folders above; `people` answers for a person (accounts.ports) from its own tables.
DJANGO = {
    "actions", "adapter", "admin", "api", "apps", "commands", "context", "forms", "jobs", "middleware",
    "migrations", "models", "people", "ports", "queries", "templatetags", "urls", "urls_kx", "views",
}  # fmt: skip
# Words that people read: nothing but lazily translated text. They know gettext, and no table.
WORDS = {"labels", "sentences", "words", "languages", "lazy", "messages", "moments", "navigation"}
DOORS = {"__main__", "bridge", "cli", "commands", "serve", "settings", "this", "urls", "worker", "wsgi"}

# Modules of the Django floors under a name of their own, each with its reason; a new one is argued here.
# Those in READS stand beside their feature's queries and reach its tables as these do.
EDGE = {
    "kakehashi.agreements.reminding": "mails in the reader's language; queries and actions together",
    "kakehashi.accounts.request": "types of what views get",
    "kakehashi.exchange.callers": "who signed a request, asked of tables",
    "kakehashi.exchange.problems": "answers of the exchange's views",
    "kakehashi.exchange.pulling": "pulls: client, actions and clock together; called by the job",
    "kakehashi.importers.demonstration": "an importer: reads files, calls actions",
    "kakehashi.importers.template": "a spreadsheet in the reader's language",
    "kakehashi.importers.shown": "a preview in the reader's language",
    "kakehashi.sme.demonstration": "invented figures of invented organisations, entered through actions",
    "kakehashi.missions.demonstration": "an invented mission, said through actions",
    "kakehashi.missions.shown": "what pages say of a mission, in the reader's language",
    "kakehashi.introductions.demonstration": "plays invented introductions; queries and actions together",
    "kakehashi.introductions.meetings": "a meeting from what was said, named in the reader's language",
    "kakehashi.introductions.shown": "the page of one introduction, in the reader's language",
    "kakehashi.introductions.telling": "mails in the reader's language; queries and actions together",
    "kakehashi.matching.evaluating": "a command with a file of its own",
    "kakehashi.matching.fulltext": "one table in two databases' own SQL, which no model can say",
    "kakehashi.recovery.asking": "asks partners: client, actions and clock together",
    "kakehashi.recovery.backup": "files of the node, packed and put in place",
    "kakehashi.recovery.checking": "asks the database whether it is sound",
    "kakehashi.recovery.starting": "what the web process does at its start",
    "kakehashi.reports.shown": "what a page says of a number, in the reader's language",
    "kakehashi.reports.paper": "a page in the reader's language, set by another process",
    "kakehashi.reports.workbook": "a spreadsheet in the reader's language",
    "kakehashi.records.telling": "mails about records to their owners, in the reader's language",
    "kakehashi.records.facts": "what a page says of a record, in the reader's language",
    "kakehashi.records.naming": "sockets for names that pages ask for",
    "kakehashi.records.slugs": "addresses of pages",
    "kakehashi.work.memory": "tells how connections to the database are opened",
    "kakehashi.work.rows": "writes rows of the tables that actions hand it",
    "kakehashi.work.wake": "asks the database whether somebody committed",
}
READS = {
    "kakehashi.agreements.naming": "tells folders below what partners are called (records.naming)",
    "kakehashi.reports.outcomes": "what came of it, from introductions, missions and practices",
    "kakehashi.records.showing": "what published readings are filtered by, for search",
    "kakehashi.exchange.given": "what was ever given, by the logs, for the report",
    "kakehashi.exchange.history": "the logs as they were written, for those who prove",
    "kakehashi.exchange.condition": "how every log stands, in figures",
    "kakehashi.exchange.evidence": "what crossed by the logs, for agreements that are over",
    "kakehashi.exchange.overview": "how the exchange stands, for its page",
    "kakehashi.exchange.recalls": "what was taken back and who has confirmed it, for its page",
    "kakehashi.exchange.trusting": "what a page is judged by",
}
OWN_NAME = EDGE | READS
FRAMEWORK = {"allauth", "csp", "django", "django_htmx"}


@cache
def modules() -> dict[str, Path]:
    """{dotted name: file} of all that the package has."""
    return {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted((SOURCE / "kakehashi").rglob("*.py"))
    }


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(modules()[module].read_text("utf-8"))


def floor(module: str) -> str:
    """door, django, words or rules."""
    parts = module.split(".")[1:]
    if not parts or parts[0] in DOORS:
        return "door"
    if module in OWN_NAME or DJANGO & set(parts[1:]):
        return "django"
    if parts[0] in {"locale"} or not modules()[module].read_text("utf-8").strip():
        return "words"
    return "words" if WORDS & set(parts[1:]) else "rules"


def rules() -> list[str]:
    """All modules of the rules floor."""
    return [module for module in modules() if floor(module) == "rules"]


def imported(module: str) -> Iterator[str]:
    """Every name that a module imports, wherever it does: "kakehashi.records.models.Reading"."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def functions(module: str) -> Iterator[tuple[str, int]]:
    """(name, lines) of every function, docstring included."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1
