"""A step of the quarter: which columns it writes, and where the numbers of its Params stand in the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def step(*, writes: tuple[str, ...]) -> Callable[[F], F]:
    """Mark a function as a step that writes the named columns (kind.column), flows and lines."""

    def mark(function: F) -> F:
        function.writes = writes  # type: ignore[attr-defined]
        return function

    return mark


def writes_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """The columns that a step is marked to write."""
    return tuple(getattr(function, "writes", ()))


@cache
def addresses(module: str, kind: type[Any]) -> Mapping[str, str]:
    """Address in the catalogue of each field of Params: `<module>.<field>`, or its home in another mechanism.

    A number that two mechanisms read has one row. The reader that is not its home names it in the class attribute
    `SHARED`, a tuple of addresses whose last part is the field: a sweep of the row then moves both.
    """
    elsewhere = {address.rpartition(".")[2]: address for address in getattr(kind, "SHARED", ())}
    found = {field.name: elsewhere.get(field.name, f"{module}.{field.name}") for field in fields(kind)}
    return MappingProxyType(found)


@cache
def whole_numbers(kind: type[Any]) -> tuple[str, ...]:
    """The fields of Params that are whole numbers."""
    return tuple(field.name for field in fields(kind) if field.type in (int, "int"))
