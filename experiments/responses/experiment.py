"""What an experiment is: a test's number, and what it measures with one seed, by row of the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from experiments.responses.lab import Lab

Measured = Mapping[str, float]


@dataclass(frozen=True)
class Experiment:
    """One test as an experiment inside the model.

    measure : the statistic of each of its rows with one seed (not a number where the seed cannot tell); names that are
    no rows are notes, kept with the seed. pool : statistics that need all seeds, made of what each measured.
    """

    number: int
    measure: Callable[[Lab], Measured]
    pool: Callable[[Sequence[Measured]], Measured] | None = None
