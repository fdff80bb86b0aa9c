"""The search: NSGA-II over mixes in steps of their ranges, with cost and chance as aims and both as constraints.

Mixes are proposed generation by generation. What came of a mix is asked of the store, so Optuna's study lives in memory
and is a replay: a search that was killed proposes the same mixes again and finds them done.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from experiments.optimisation.attainment import Reached
from experiments.optimisation.doses import STEPS, Variable
from sim.scenario_values import ScenarioError

WORST = 1e6  # cost in place of infinity, where no run of a mix succeeded: far beyond any budget
FAILED_MARGIN = -10.0  # margin in place of minus infinity
Steps = Mapping[str, int]


@dataclass(frozen=True)
class Tried:
    """A mix that was tried: its steps by the name of the variable, the generation, and what it reached."""

    steps: Steps
    generation: int
    reached: Reached

    def values(self, variables: Sequence[Variable]) -> dict[str, float]:
        """The doses of the mix by the name of the variable."""
        return {one.name: one.value(self.steps[one.name]) for one in variables}


@dataclass(frozen=True)
class Wanted:
    """What a mix has to keep to: the chance of all targets, and million yuan a year beyond the base."""

    probability: float
    budget: float

    def violations(self, reached: Reached) -> tuple[float, float]:
        """How far cost and chance are off, each not above zero where it is kept to: shares of budget and of target."""
        cost = min(reached.mean_cost, WORST)
        margin = max(reached.margin_at(self.probability), FAILED_MARGIN)
        return (cost - self.budget) / max(self.budget, 1.0), -margin

    def is_met(self, reached: Reached) -> bool:
        """Whether a mix keeps to both."""
        return max(self.violations(reached)) <= 0.0


def library(name: str) -> Any:
    """Optuna or one of its modules. Raises ScenarioError where it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        raise ScenarioError(["optimise: needs pip install innopolicy[planning]"]) from None


def starts_of(variables: Sequence[Variable], most: int) -> list[Steps]:
    """Mixes to begin with: all at the bottom, all at the top, each dose alone at its top, all half way."""
    low, high = dict.fromkeys((one.name for one in variables), 0), dict.fromkeys((v.name for v in variables), STEPS)
    alone: list[Steps] = [{**low, one.name: STEPS} for one in variables] if len(variables) > 1 else []
    half: Steps = dict.fromkeys(low, STEPS // 2)
    return [low, high, half, *alone][:most]


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the library's remarks on what is new in it."""
    optuna = library("optuna")
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        optuna.logging.set_verbosity(before)


def search(
    variables: Sequence[Variable], wanted: Wanted, trials: int, size: int, seed: int,
    evaluate: Callable[[int, Sequence[Steps]], Sequence[Reached]],
) -> list[Tried]:  # fmt: skip
    """All mixes that were tried, in their order. evaluate : what the mixes of a generation reach.

    The same arguments and the same outcomes give the same mixes. Raises ScenarioError where Optuna is missing.
    """
    with _quiet():
        optuna, study = library("optuna"), _study(size, seed)
        for start in starts_of(variables, size):
            study.enqueue_trial(dict(start))
        space = {one.name: optuna.distributions.IntDistribution(0, STEPS) for one in variables}
        found: list[Tried] = []
        while len(found) < trials:
            asked = [study.ask(space) for _ in range(min(size, trials - len(found)))]
            mixes: list[Steps] = [{name: int(one.params[name]) for name in space} for one in asked]
            generation = len(found) // size
            for one, mix, reached in zip(asked, mixes, evaluate(generation, mixes), strict=True):
                for key, value in zip(("cost", "chance"), wanted.violations(reached), strict=True):
                    one.set_constraint(key, value)
                study.tell(one, (min(reached.mean_cost, WORST), reached.probability))
                found.append(Tried(mix, generation, reached))
    return found


def _study(size: int, seed: int) -> Any:
    """An empty study in memory: cost down, chance up."""
    optuna, genetic = library("optuna"), library("optuna.samplers.nsgaii")
    sampler = optuna.samplers.NSGAIISampler(population_size=size, crossover=genetic.SBXCrossover(), seed=seed)
    return optuna.create_study(sampler=sampler, directions=["minimize", "maximize"])


def is_hopeless(found: Sequence[Tried]) -> bool:
    """Whether no mix met the targets in any run: then mixes differ by how near they come."""
    return all(one.reached.met == 0 for one in found)


def front(found: Sequence[Tried], wanted: Wanted) -> list[Tried]:
    """Of all that was tried, the mixes that no other beats in cost and attainment at once, the cheapest first.

    Attainment is the chance of all targets, or where it is nought everywhere the margin at the wanted chance.
    """

    def attained(one: Tried) -> float:
        return one.reached.margin_at(wanted.probability) if is_hopeless(found) else one.reached.probability

    order = sorted(found, key=lambda one: (one.reached.mean_cost, -attained(one)))
    kept: list[Tried] = []
    for one in order:
        if not kept or attained(one) > attained(kept[-1]):
            kept.append(one)
    return kept
