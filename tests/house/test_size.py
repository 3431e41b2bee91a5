"""Small files, small functions, one sentence at the top of each."""

import ast
import statistics

from tests.house import plan

FILE, FUNCTION = 400, 60


def test_no_file_and_no_function_is_too_long() -> None:
    lengths = {module: len(path.read_text("utf-8").splitlines()) for module, path in plan.modules().items()}
    assert not {module: lines for module, lines in lengths.items() if lines > FILE}
    assert not [
        (module, name, lines)
        for module in plan.modules()
        for name, lines in plan.functions(module)
        if lines > FUNCTION
    ]


def test_functions_above_forty_lines_are_rare_and_files_are_mostly_short() -> None:
    lengths = [lines for module in plan.modules() for _, lines in plan.functions(module)]
    assert sum(length > 40 for length in lengths) / len(lengths) < 0.05
    assert statistics.median(lengths) < 15
    files = [len(path.read_text("utf-8").splitlines()) for path in plan.modules().values()]
    assert statistics.median(files) < 150


def test_every_module_says_in_one_sentence_what_it_is_for() -> None:
    silent = [
        module
        for module, path in plan.modules().items()
        if path.read_text("utf-8").strip()
        and "migrations" not in module
        and not ast.get_docstring(plan.tree(module))
    ]
    assert not silent
