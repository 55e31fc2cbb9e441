"""The sizes and names that the house keeps. A ratchet: a limit may go down, and does not go up.

The figures are those of Python code that people admire: the median function there has 4 to 8 lines, and about 2 % have over 50.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("actors", "benchmarks", "causerie", "domain", "gateway", "storage")
LONG_FUNCTION_LINES = 50
LONG_FUNCTIONS_SHARE = 0.03
MODULE_LINES = 500
#: A name that says nothing about what is inside; such a module takes in everything, and in the end holds it.
EMPTY_NAMES = {"common", "helper", "helpers", "misc", "util", "utils"}


def modules(folders: tuple[str, ...]) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def functions(source: str) -> Iterator[tuple[str, int]]:
    """Each function's name and its length in lines, docstring included, decorators not."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield node.name, node.end_lineno - node.lineno + 1


def empty_parts(path: Path) -> set[str]:
    """The parts of the path, from the checkout down, that say nothing."""
    return {part for name in path.with_suffix("").parts for part in name.split("_")} & EMPTY_NAMES


def test_few_functions_are_long() -> None:
    lengths = [(lines, path, name) for path in modules(PACKAGES) for name, lines in functions(path.read_text())]
    assert lengths, "the packages hold code"
    long = sorted((found for found in lengths if found[0] > LONG_FUNCTION_LINES), reverse=True)
    report = "\n".join(f"{lines:5} {path.relative_to(ROOT)}:{name}" for lines, path, name in long)
    assert len(long) <= LONG_FUNCTIONS_SHARE * len(lengths), f"{len(long)} of {len(lengths)} functions are long:\n{report}"


def test_no_module_is_long() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in modules(PACKAGES)}
    assert {} == {path: lines for path, lines in lengths.items() if lines > MODULE_LINES}


def test_names_say_what_is_inside() -> None:
    paths = [path.relative_to(ROOT) for path in modules((*PACKAGES, "tests"))]
    assert [] == [str(path) for path in paths if empty_parts(path)]


def test_a_long_function_is_seen() -> None:
    source = "class Host:\n    async def long(self):\n" + "        pass\n" * 50 + "def short():\n    pass\n"
    assert [("short", 2), ("long", 51)] == sorted(functions(source), key=lambda found: found[1])


@pytest.mark.parametrize("path", ["storage/utils.py", "gateway/http_helpers.py", "actors/common/journal.py"])
def test_an_empty_name_is_seen(path: str) -> None:
    assert empty_parts(Path(path))
