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
SUMS = {"Sum", "Count"}  # what declares an indicator


def _called(call: ast.Call) -> str:
    """The last part of what is called: `params` in scenario.params(...)."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _text(node: ast.AST | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _filled(path: Path) -> dict[str, str]:
    """Module name in the catalogue by class name, from calls params("module", Class) in a file."""
    calls = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call) and _called(node) == "params"]
    pairs = [(call.args[1], _text(call.args[0])) for call in calls if len(call.args) == 2]
    return {kind.id: module for kind, module in pairs if isinstance(kind, ast.Name) and module}


def _addresses(module: str, kind: ast.ClassDef) -> set[str]:
    """Addresses of the fields of a Params: its own rows, and those that it names in SHARED (core.steps.addresses)."""
    named = [line.value for line in kind.body if isinstance(line, ast.Assign) and _name(line.targets[0]) == "SHARED"]
    shared = {_text(node) for value in named for node in ast.walk(value)} - {""}
    homes = {address.split(".")[1]: address for address in shared}
    assert set(homes) <= fields_of(kind), f"{module}: SHARED names {set(homes) - fields_of(kind)}, which are no fields"
    return {homes.get(field, f"{module}.{field}") for field in fields_of(kind)}


@cache
def parameter_fields() -> dict[str, Path]:
    """The file that reads each address: mechanisms' Params, and classes filled by params("module", Class)."""
    found: dict[str, Path] = {}
    for name in stems("sim/mechanisms", ".py"):
        path = Path(f"sim/mechanisms/{name}.py")
        if "Params" in classes(path):
            found |= dict.fromkeys(_addresses(name, classes(path)["Params"]), path)
    everywhere = {name: definition for path in python_files("sim") for name, definition in classes(path).items()}
    for path in python_files("sim"):
        for kind, module in _filled(path).items():
            own = classes(path).get(kind) or everywhere[kind]
            found |= dict.fromkeys(_addresses(module, own), path)
    return found


def read_addresses() -> set[str]:
    """Texts in the code of sim that could be an address, module.parameter."""
    return {text for text in text_constants("sim") if text.count(".") == 1 and " " not in text}


def read_modules() -> set[str]:
    """Modules whose addresses are put together in a formatted text: budget_key in f"budget_key.{line}"."""
    starts = {_text(node.values[0]) for node in nodes("sim") if isinstance(node, ast.JoinedStr) and node.values}
    return {start.split(".")[0] for start in starts if "." in start and start.split(".")[0].isidentifier()}


def indicator_functions() -> dict[str, list[Path]]:
    """Files by the name of each public function of the world alone in sim/indicators (but those that count).

    A plain sum is a function that is declared: `name = Sum(...)` or `name = Count(...)`.
    """
    found: dict[str, list[Path]] = defaultdict(list)
    for path in files_under("sim/indicators", ".py"):
        for line in tree_of(path).body if path.stem not in ("measure", "census", "platform_counts") else ():
            public = isinstance(line, ast.FunctionDef) and not line.name.startswith("_")
            if public and [argument.arg for argument in line.args.args] == ["world"]:
                found[line.name].append(path)
            if isinstance(line, ast.Assign) and isinstance(line.value, ast.Call) and _called(line.value) in SUMS:
                found[ast.unparse(line.targets[0])].append(path)
    return dict(found)


def draw_names() -> tuple[set[str], set[str]]:
    """Streams named in calls of draws, and every text in sim (a stream may be named through a constant)."""
    calls = [node for node in nodes("sim") if isinstance(node, ast.Call) and _called(node) in DRAWS and node.args]
    return {_text(call.args[0]) for call in calls} - {""}, text_constants("sim")
