"""Designs of studies: which values of which keys are tried together. One file a kind, with one function `rows`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

KINDS = ("grid", "one_at_a_time", "latin_hypercube", "sobol", "listed")
DIGITS = 6  # significant digits of a drawn value: no lever is known better, and texts stay short


@dataclass(frozen=True)
class Range:
    """Values between two numbers, evenly spread, or evenly in their logarithm."""

    low: float
    high: float
    log: bool = False

    def at(self, share: float) -> str:
        """The text of the value at a share of the range, 0 to 1."""
        if self.log:
            return f"{self.low * (self.high / self.low) ** share:.{DIGITS}g}"
        return f"{self.low + (self.high - self.low) * share:.{DIGITS}g}"


@dataclass(frozen=True)
class Design:
    """A design as a study file or the command line gives it.

    Attributes
    ----------
    keys : key to its values (grid, one_at_a_time) or to its Range (latin_hypercube, sobol).
    size : number of points of a drawn design; seed : its seed.
    listed : rows of key and text (kind `listed`).
    """

    kind: str
    keys: Mapping[str, Any] = field(default_factory=dict)
    size: int = 0
    seed: int = 1
    listed: Sequence[Mapping[str, str]] = ()


Row = dict[str, str]
