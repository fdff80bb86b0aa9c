"""What the code itself declares: fields of Params, addresses read, streams drawn, functions of indicators."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

from tests.architecture.sources import (
    classes,
    fields_of,
    files_under,
    nodes,
    python_files,
    stems,
    text_constants,
    tree_of,
)

DRAWS = {"uniform", "uniform53", "province"}


def _called(call: ast.Call) -> str:
    """The last part of what is called: `params` in scenario.params(...)."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _text(node: ast.AST | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _filled(path: Path) -> dict[str, str]:
    """Module name in the catalogue by class name, from calls params("module", Class) in a file."""
    calls = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call) and _called(node) == "params"]
    pairs = [(call.args[1], _text(call.args[0])) for call in calls if len(call.args) == 2]
    return {kind.id: module for kind, module in pairs if isinstance(kind, ast.Name) and module}


@cache
def parameter_fields() -> dict[str, Path]:
    """The file that reads each address: mechanisms' Params, and classes filled by params("module", Class)."""
    found: dict[str, Path] = {}
    for name in stems("sim/mechanisms", ".py"):
        path = Path(f"sim/mechanisms/{name}.py")
        if "Params" in classes(path):
            found |= {f"{name}.{field}": path for field in fields_of(classes(path)["Params"])}
    everywhere = {name: definition for path in python_files("sim") for name, definition in classes(path).items()}
    for path in python_files("sim"):
        for kind, module in _filled(path).items():
            own = classes(path).get(kind) or everywhere[kind]
            found |= {f"{module}.{field}": path for field in fields_of(own)}
    return found


def read_addresses() -> set[str]:
    """Texts in the code of sim that could be an address, module.parameter."""
    return {text for text in text_constants("sim") if text.count(".") == 1 and " " not in text}


def read_modules() -> set[str]:
    """Modules whose addresses are put together in a formatted text: budget_key in f"budget_key.{line}"."""
    starts = {_text(node.values[0]) for node in nodes("sim") if isinstance(node, ast.JoinedStr) and node.values}
    return {start.split(".")[0] for start in starts if "." in start and start.split(".")[0].isidentifier()}


def indicator_functions() -> dict[str, list[Path]]:
    """Files by the name of each public function of the world alone in sim/indicators (but measure.py, census.py)."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in files_under("sim/indicators", ".py"):
        for line in tree_of(path).body if path.stem not in ("measure", "census") else ():
            public = isinstance(line, ast.FunctionDef) and not line.name.startswith("_")
            if public and [argument.arg for argument in line.args.args] == ["world"]:
                found[line.name].append(path)
    return dict(found)


def draw_names() -> tuple[set[str], set[str]]:
    """Streams named in calls of draws, and every text in sim (a stream may be named through a constant)."""
    calls = [node for node in nodes("sim") if isinstance(node, ast.Call) and _called(node) in DRAWS and node.args]
    return {_text(call.args[0]) for call in calls} - {""}, text_constants("sim")
