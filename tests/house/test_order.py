"""Folders import downward only, and nobody in a circle; kept by import-linter and grimp."""

import ast
import subprocess
import sys
from pathlib import Path

import grimp

from tests.house import plan

NETWORK = {"urllib.request", "http.client", "http.server", "socketserver", "telnetlib", "xmlrpc"}
MAY_CONNECT = (
    "kakehashi.exchange.client",
    "kakehashi.importers",
    "kakehashi.translation.engines",
    "kakehashi.mail",
)
LOCAL = {"kakehashi.bridge.processes"}  # asks its own children on loopback whether they are up


def test_the_contracts_of_import_linter_are_kept() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command, "--no-cache"], cwd=plan.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_module_imports_itself_through_others() -> None:
    graph = grimp.build_graph("kakehashi", cache_dir=None)
    for module in sorted(graph.modules):
        for other in graph.find_modules_directly_imported_by(module):
            if module.startswith(f"{other}.") or other.startswith(f"{module}."):
                continue  # a package names its own parts
            assert not graph.chain_exists(importer=other, imported=module), f"{module} and {other}"


def test_nothing_else_opens_a_connection() -> None:
    others = [each for each in plan.modules() if not each.startswith(MAY_CONNECT) and each not in LOCAL]
    assert not [
        f"{module}: {name}"
        for module in others
        for name in plan.imported(module)
        for bad in NETWORK
        if name == bad or name.startswith(f"{bad}.")
    ]


def test_settings_are_read_only_at_the_edge() -> None:
    readers = [
        module
        for module in plan.modules()
        if "django.conf.settings" in plan.imported(module) and plan.floor(module) == "rules"
    ]
    assert not readers


def test_imports_inside_functions_say_why() -> None:
    for module, path in plan.modules().items():
        lines = path.read_text("utf-8").splitlines()
        for node in ast.walk(plan.tree(module)):
            if not isinstance(node, ast.FunctionDef):
                continue
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import | ast.ImportFrom):
                    around = lines[max(0, inner.lineno - 4) : inner.lineno]
                    assert any("#" in line for line in around), f"{module} line {inner.lineno}"
