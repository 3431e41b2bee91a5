"""Two floors in each folder: rules below, which know no Django, no table, no socket and no clock."""

import ast
import subprocess
import sys

from tests.house import plan

CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "localtime", "gmtime"}
CLOCKED = {"datetime", "date", "time", "timezone", "clock"}
MAY_TELL_TIME = {
    "kakehashi.clock",
    "kakehashi.exchange.client",
    "kakehashi.work.loop",
}  # they wait or measure


def test_there_are_rules_in_every_folder_that_decides_something() -> None:
    folders = {module.split(".")[1] for module in plan.rules()}
    assert {"signing", "text", "translation", "records", "agreements", "exchange", "matching"} <= folders


def test_a_rules_module_imports_neither_framework_nor_django_floor() -> None:
    assert not [
        f"{module}: {name}"
        for module in plan.rules()
        for name in plan.imported(module)
        if name.split(".")[0] in plan.FRAMEWORK or _floor_of(name) in ("django", "door")
    ]


def _floor_of(name: str) -> str:
    """The floor of an imported name: the module itself, or the one that it comes from."""
    known = plan.modules()
    for candidate in (name, name.rpartition(".")[0]):
        if candidate in known:
            return plan.floor(candidate)
    return ""


def test_loading_the_rules_loads_no_django() -> None:
    code = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    importlib.import_module(name)\n"
        "    if 'django' in sys.modules:\n"
        "        sys.exit('Django came with ' + name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *plan.rules()],
        capture_output=True,
        text=True,
        check=False,
        cwd=plan.ROOT,
    )
    assert done.returncode == 0, done.stderr


def test_a_rules_module_is_told_the_time() -> None:
    assert not [
        f"{module}: line {node.lineno}"
        for module in plan.rules()
        if module not in MAY_TELL_TIME
        for node in ast.walk(plan.tree(module))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in CLOCKED
    ]


def test_words_know_no_table() -> None:
    for module in plan.modules():
        if plan.floor(module) == "words":
            assert not [name for name in plan.imported(module) if _floor_of(name) == "django"], module


def test_every_module_with_a_name_of_its_own_still_exists() -> None:
    assert set(plan.OWN_NAME) <= set(plan.modules())
