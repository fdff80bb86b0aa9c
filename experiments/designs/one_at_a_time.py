"""The scenario as it stands, and each value of each key alone."""

from __future__ import annotations

from experiments.designs import Design, Row


def count(design: Design) -> int:
    """Number of rows, known before any is made."""
    return 1 + sum(len(values) for values in design.keys.values())


def rows(design: Design) -> list[Row]:
    """All rows, the one without any value first."""
    return [{}, *({key: text} for key, texts in design.keys.items() for text in texts)]
