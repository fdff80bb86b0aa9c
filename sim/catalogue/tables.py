"""Reads one CSV table of the catalogue into frozen rows, and says what is wrong with it, where, and what is allowed."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

Row = TypeVar("Row")


class CatalogueError(ValueError):
    """A table of the catalogue is broken, or a key is not in it. The message says where, what and what is allowed."""


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _flag(text: str) -> bool:
    return {"0": False, "1": True}[text]


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(";") if word.strip())


CONVERTERS: dict[Any, tuple[Callable[[str], Any], str]] = {
    str: (str, "a text"),
    int: (int, "a whole number"),
    float: (_number, "a finite number"),
    bool: (_flag, "0 or 1"),
    tuple[str, ...]: (_words, "words separated by ;"),
    int | None: (lambda text: int(text) if text else None, "a whole number or nothing"),
    float | None: (lambda text: _number(text) if text else None, "a finite number or nothing"),
}


def _closed_set(wanted: Any) -> tuple[str, ...]:
    """The words that a Literal (or a tuple of one Literal) allows; nothing for open types."""
    inner = get_args(wanted)[0] if get_origin(wanted) is tuple else wanted
    return get_args(inner) if get_origin(inner) is Literal else ()


def _convert(where: str, column: str, text: str, wanted: Any) -> Any:
    """One cell as its type. Raises CatalogueError naming place, column, value and what is allowed."""
    allowed = _closed_set(wanted)
    if allowed:
        wanted = tuple[str, ...] if get_origin(wanted) is tuple else str
    convert, description = CONVERTERS[wanted]
    try:
        value = convert(text)
    except (ValueError, KeyError):
        raise CatalogueError(f"{where}: {column}: {text!r} is not {description}") from None
    for word in (value if isinstance(value, tuple) else (value,)) if allowed else ():
        if word not in allowed:
            listed = ", ".join(choice or "nothing" for choice in allowed)
            raise CatalogueError(f"{where}: {column}: {word!r} is not one of {listed}")
    return value


def read_table(path: Path, kind: type[Row]) -> tuple[Row, ...]:
    """All rows of a CSV table as instances of the dataclass `kind`, in file order.

    Raises CatalogueError with file and line when the header or a cell is wrong.
    """
    if not path.is_file():
        raise CatalogueError(f"{path.name}: the table is missing (looked in {path.parent})")
    types = get_type_hints(kind)
    header = [name.rstrip("_") for name in types]
    found = []
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.reader(handle, strict=True)
        first = next(reader, [])
        if first != header:
            raise CatalogueError(f"{path.name}:1: columns are {','.join(first)}, expected {','.join(header)}")
        for cells in reader:
            where = f"{path.name}:{reader.line_num}"
            if len(cells) != len(header):
                raise CatalogueError(f"{where}: {len(cells)} cells, expected {len(header)} ({','.join(header)})")
            values = {
                name: _convert(where, name.rstrip("_"), cell.strip(), wanted)
                for (name, wanted), cell in zip(types.items(), cells, strict=True)
            }
            found.append(kind(**values))
    return tuple(found)


def keyed(path: Path, found: Iterable[Row], key: str) -> Mapping[str, Row]:
    """Rows by the text in field `key`. Raises CatalogueError where a key stands twice."""
    result: dict[str, Row] = {}
    for row in found:
        name = getattr(row, key)
        if not name or name in result:
            raise CatalogueError(f"{path.name}: {key}: {name!r} stands twice or is empty; each row needs its own")
        result[name] = row
    return MappingProxyType(result)
