"""What came of a request: all mixes that were tried, the choice among them, and the scenario without a mix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from experiments.draws.variation import Variation
from experiments.optimisation.attainment import Reached
from experiments.optimisation.choice import Choice
from experiments.optimisation.request import Asked
from experiments.optimisation.search import Tried, Wanted


@dataclass(frozen=True)
class Found:
    """A whole result.

    Attributes
    ----------
    base, base_fresh : the scenario without a mix, on the replicates of the search and on fresh ones.
    full : the winner at full size on fresh replicates, where that was asked.
    failures : reason to the number of runs that failed with it.
    """

    asked: Asked
    wanted: Wanted
    tried: Sequence[Tried]
    choice: Choice
    base: Reached
    base_fresh: Reached
    full: Reached | None
    variation: Variation
    failures: dict[str, int]
