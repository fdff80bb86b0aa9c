"""What came of a discovery: the table of states and mixes, and what was read from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from experiments.discovery.boxes import Box
from experiments.discovery.gaps import Gap
from experiments.discovery.request import Asked
from experiments.discovery.robustness import Robust, Table
from experiments.draws.variation import Variation


@dataclass(frozen=True)
class Found:
    """A whole result.

    Attributes
    ----------
    chosen : the place of the most robust mix; gaps are those of its targets.
    chance : share of the variance of single runs that is chance, by target; None with one run a state.
    failures : reason to the number of runs that failed with it.
    """

    asked: Asked
    table: Table
    robust: tuple[Robust, ...]
    chosen: int
    boxes: tuple[Box, ...]
    gaps: tuple[Gap, ...]
    chance: Mapping[str, float | None]
    variation: Variation
    failures: Mapping[str, int]
