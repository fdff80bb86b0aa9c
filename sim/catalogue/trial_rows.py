"""Rows of the trials: at which doses each lever is tried alone, and which outcomes it is expected to move."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LeverTrial:
    """One lever tried alone on top of national law; a national lever is taken away instead.

    doses : pairs `dose=value`. more : the dose that buys more of the outcomes. outcomes_ : indicators with the sign of
    their expected move as the last character, such as `rd_actual+`.
    """

    lever: str
    is_national: bool
    start: str
    doses: tuple[str, ...]
    more: str
    outcomes_: tuple[str, ...]
    test: str  # where a published band exists: its number and words
    note: str

    @property
    def outcomes(self) -> tuple[tuple[str, int], ...]:
        """Indicators and the sign of their expected move, +1 or -1."""
        return tuple((text[:-1], 1 if text[-1] == "+" else -1) for text in self.outcomes_)
