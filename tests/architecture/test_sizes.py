"""Sizes: a file, a class or a function that has grown too long is cut before it is committed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.sources import python_files, text_of, tree_of

FILE, CLASS, FUNCTION = 300, 150, 40
CODE = ("sim", "experiments", "tests", "benchmarks")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def too_long(tree: ast.Module) -> Iterator[str]:
    """Classes and functions over their size, as name, line and length."""
    for node in ast.walk(tree):
        limit = CLASS if isinstance(node, ast.ClassDef) else FUNCTION if isinstance(node, Function) else None
        if limit is not None and (node.end_lineno - node.lineno + 1) > limit:
            yield f"{node.lineno}: {node.name} has {node.end_lineno - node.lineno + 1} lines, at most {limit}"


def test_there_is_code_to_measure():
    for folder in CODE:
        assert python_files(folder), f"no Python file under {folder}/"


def test_no_file_is_too_long():
    lengths = {path: len(text_of(path).splitlines()) for path in python_files(*CODE)}
    assert not {str(path): length for path, length in lengths.items() if length > FILE}, f"at most {FILE} lines a file"


def test_no_class_or_function_is_too_long():
    faults = [f"{path}:{fault}" for path in python_files(*CODE) for fault in too_long(tree_of(path))]
    assert not faults, "\n".join(faults)


def test_the_measure_sees_a_long_function_and_a_long_class():
    line = "    x = 1\n"
    assert list(too_long(ast.parse("def f():\n" + line * FUNCTION))) == ["1: f has 41 lines, at most 40"]
    assert list(too_long(ast.parse("class C:\n" + line * CLASS))) == ["1: C has 151 lines, at most 150"]
    assert not list(too_long(ast.parse("def f():\n" + line * (FUNCTION - 1))))
