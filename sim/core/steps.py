"""The mark of a step of the quarter: which columns it writes, for the process table and for the tests."""

from __future__ import annotations

from collections.abc import Callable
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
