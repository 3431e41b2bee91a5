"""A feature's tables are reached only by its own actions, queries and admin; others call those."""

import ast
from collections.abc import Iterator

from tests.house import plan

MAY = {"actions", "admin", "migrations", "models", "people", "queries"}
# Still reaching for tables where they should ask; each entry wants to be taken away, and none added.
DEBT = {
    "kakehashi.exchange.actions.channels",
    "kakehashi.exchange.api",
    "kakehashi.exchange.jobs",
    "kakehashi.exchange.pulling",
    "kakehashi.matching.actions.encode",
    "kakehashi.matching.actions.reindex",
    "kakehashi.matching.queries.due",
    "kakehashi.matching.queries.pairs",
}


def _managers(module: str) -> Iterator[tuple[str, int]]:
    """(feature whose table it is, line) of every use of `.objects` on a table that the module imports."""
    tables = {}
    for name in plan.imported(module):
        parts = name.split(".")
        if parts[0] == "kakehashi" and "models" in parts[:-1]:
            tables[parts[-1]] = parts[1]
    for node in ast.walk(plan.tree(module)):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in ("objects", "_base_manager", "_default_manager")
            and isinstance(node.value, ast.Name)
            and node.value.id in tables
        ):
            yield tables[node.value.id], node.lineno


def test_the_search_for_managers_finds_some() -> None:
    assert list(_managers("kakehashi.accounts.queries"))


def _reached(module: str) -> list[str]:
    """Where a module reaches for tables though it should ask."""
    parts = module.split(".")
    return [
        f"{module}: {feature}, line {line}"
        for feature, line in _managers(module)
        if parts[1] != feature or not (MAY & set(parts[2:]) or module in plan.READS)
    ]


def test_tables_are_reached_only_from_their_own_actions_and_queries() -> None:
    assert not [found for module in plan.modules() if module not in DEBT for found in _reached(module)]


def test_what_no_longer_reaches_for_tables_is_no_debt_any_more() -> None:
    assert not [module for module in DEBT if not _reached(module)]


def test_no_table_has_a_rule_a_signal_or_a_save_of_its_own() -> None:
    for module in plan.modules():
        names = set(plan.imported(module))
        assert not {name for name in names if name.startswith("django.db.models.signals")}, module
        if "models" not in module.split("."):
            continue
        methods = {name for name, lines in plan.functions(module)}
        assert not methods & {"save", "delete", "clean", "full_clean"}, module
