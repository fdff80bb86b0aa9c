"""Rows of the trials: at which doses each lever is tried alone, and which outcomes it is expected to move."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LeverTrial:
    """One lever tried alone on top of national law; a national lever is taken away instead.

    doses : pairs `dose=value`. more : the dose that buys more of the outcomes. outcomes_ : indicators with the sign of
    their expected move as the last character, such as `rd_actual+`. test, measure, band : number of the published
    response test, what of the trial is held against it (`per_yuan:INDICATOR` or `percent:INDICATOR`) and its band; it
    is printed and judged after the fit, never asserted. beside : doses `lever.dose=value` of other levers that are in
    force with and without it.
    """

    lever: str
    is_national: bool
    start: str
    doses: tuple[str, ...]
    more: str
    outcomes_: tuple[str, ...]
    test: str
    measure: str
    band_low: float | None
    band_high: float | None
    beside: tuple[str, ...]
    note: str

    @property
    def outcomes(self) -> tuple[tuple[str, int], ...]:
        """Indicators and the sign of their expected move, +1 or -1."""
        return tuple((text[:-1], 1 if text[-1] == "+" else -1) for text in self.outcomes_)
