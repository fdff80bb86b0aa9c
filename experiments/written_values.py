"""Writes the values of overrides into copies of a composed tree, as they stand: so a fault names what was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

NAMED: Mapping[str, object] = {
    "null": None, "true": True, "false": False, "inf": float("inf"), "nan": float("nan"),
}  # fmt: skip
Tree = Mapping[str, Any]


def value_of(text: str) -> object:
    """What a checked text says: a schedule as a block, nothing, or a number or word as it is written."""
    if text.startswith("{"):
        pairs = [part.split(":", 1) for part in text.strip("{}").split(",") if part.strip()]
        return {value_of(key.strip()): value_of(value.strip()) for key, value in pairs}
    return NAMED.get(text.lower(), text)


def with_values(tree: Tree, values: Mapping[str, str]) -> dict[str, Any]:
    """A copy of a tree in which keys such as lever.rd_grant.rate have what their texts say; the rest is shared.

    A schedule takes the place of another, as any value does: nothing of the one before is left.
    """
    changed = dict(tree)
    for key, text in values.items():
        changed = _set(changed, key.split("."), value_of(text))
    return changed


def _set(block: Tree, path: Sequence[str], value: object) -> dict[str, Any]:
    """A copy of a block with one key set."""
    first, *rest = path
    inner = block.get(first)
    return {**block, first: _set(inner if isinstance(inner, Mapping) else {}, rest, value) if rest else value}
