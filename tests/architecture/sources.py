"""The project's own files, and what can be read from their text without running them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WINGS = ("sim", "experiments")
FOLDERS = (*WINGS, "configs", "tests", "benchmarks")


@cache
def project_files() -> tuple[Path, ...]:
    """Files that are, or would be, committed: paths relative to the root. Without git, what the folders hold."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0 and listed.stdout:
        found = [Path(name) for name in listed.stdout.split("\0") if name]
    else:
        below = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts]
        found = [path.relative_to(ROOT) for path in [*below, *ROOT.glob("*")]]
    return tuple(sorted(path for path in found if (ROOT / path).is_file()))


def files_under(folder: str, suffix: str) -> list[Path]:
    """The project's files with this suffix at any depth of a folder, relative to the root."""
    return [path for path in project_files() if path.is_relative_to(folder) and path.suffix == suffix]


def python_files(*folders: str) -> list[Path]:
    """The project's Python files in these folders, relative to the root."""
    return [path for folder in folders for path in files_under(folder, ".py")]


def stems(folder: str, suffix: str, *, without: tuple[str, ...] = ("__init__",)) -> set[str]:
    """Names of the files directly in a folder, without suffix."""
    return {path.stem for path in files_under(folder, suffix) if path.parent == Path(folder)} - set(without)


@cache
def text_of(path: Path) -> str:
    """The text of a project file."""
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a Python file of the project."""
    return ast.parse(text_of(path), filename=str(path))


def nodes(folder: str) -> Iterator[ast.AST]:
    """Every node of every Python file under a folder."""
    for path in python_files(folder):
        yield from ast.walk(tree_of(path))


def fields_of(definition: ast.ClassDef) -> set[str]:
    """Annotated names in a class body: the fields of a dataclass."""
    return {
        line.target.id
        for line in definition.body
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
    }


def classes(path: Path) -> dict[str, ast.ClassDef]:
    """Classes at the top level of a file, by name."""
    return {line.name: line for line in tree_of(path).body if isinstance(line, ast.ClassDef)}


def text_constants(folder: str) -> set[str]:
    """Every piece of text written in the code under a folder (docstrings and the constant parts of f-strings too)."""
    return {node.value for node in nodes(folder) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
