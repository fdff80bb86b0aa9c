"""How far levers add up: Shapley values over all subsets of a handful of levers, against each lever alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from math import factorial

import numpy as np

from experiments.facts.panel import Change, built
from sim.catalogue.loader import catalogue
from sim.scenario import Scenario

OUTCOME = "rd_actual"
TAKEN_OUT = {  # what takes a lever out of history
    "super_deduction": ("rate=0",),
    "hnte_tax_rate": ("cut_points=0",),
    "rd_grant": ("budget_y=0",),
    "interest_subsidy": ("budget_y=0",),
    "talent_programme": ("budget_y=0", "package=0"),
}
Mix = frozenset[str]


def subsets(levers: Sequence[str]) -> list[Mix]:
    """All mixes of the levers, the empty one first."""
    return [frozenset(chosen) for n in range(len(levers) + 1) for chosen in combinations(levers, n)]


def shapley(worth: Mapping[Mix, float], levers: Sequence[str]) -> dict[str, float]:
    """What each lever adds on average over all orders in which they might come; `worth` of every mix."""
    n, found = len(levers), dict.fromkeys(levers, 0.0)
    for mix in worth:
        for lever in mix:
            others = len(mix) - 1
            weight = factorial(others) * factorial(n - others - 1) / factorial(n)
            found[lever] += weight * (worth[mix] - worth[mix - {lever}])
    return found


def interaction_share(worth: Mapping[Mix, float], levers: Sequence[str]) -> float:
    """Part of the Shapley values that is not each lever by itself, percent: sum of |Shapley - alone| over |Shapley|."""
    nothing = worth[frozenset()]
    values = shapley(worth, levers)
    total = sum(abs(value) for value in values.values())
    apart = sum(abs(values[one] - (worth[frozenset({one})] - nothing)) for one in levers)
    return 100.0 * apart / total if total > 0.0 else float("nan")


def texts_of(mix: Mix) -> list[str]:
    """Overrides of history: the levers of the mix at the doses of their trials, the others taken out."""
    trials = {trial.lever: trial for trial in catalogue().trials.values()}
    found = []
    for lever, out in TAKEN_OUT.items():
        trial = trials[lever]
        doses = out if lever not in mix else () if trial.is_national else trial.doses
        found += [f"lever.{lever}.{dose}" for dose in doses]
    return found


def worths(
    scenario_of: Callable[[Sequence[str]], Scenario], seed: int, replicate: int = 0, change: Change | None = None
) -> tuple[dict[Mix, float], dict[Mix, float]]:
    """What history leaves with each mix of the levers: knowledge of firms at its end, and R&D summed over the run.

    R&D is nominal and does not see that talent lowers its price; knowledge is made of R&D at constant price.
    scenario_of : history with further overrides.
    """
    place = list(catalogue().indicators).index(OUTCOME)
    knowledge, spending = {}, {}
    for mix in subsets(tuple(TAKEN_OUT)):
        model = built(scenario_of(texts_of(mix)), seed, replicate, change)
        spending[mix] = float(np.sum(model.run().quarterly[:, place]))
        firms = model.world.firms
        knowledge[mix] = float(firms.knowledge[firms.rows()].sum())
    return knowledge, spending
