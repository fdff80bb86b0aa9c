"""Data gaps: which unknown number, were it known, would narrow the answer most.

First-order share: the part of the variance of an outcome that its mean over a number explains, from the sample itself
(equal groups along the number, less what such groups explain by chance). Known exactly, the number takes this
share of the variance away in the mean, so the band becomes narrower by 1 - sqrt(1 - share). The score of extremely
random trees (EMA Workbench) stands beside it: it sees what acts together with others.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from experiments.discovery.boxes import library
from experiments.discovery.robustness import Table
from experiments.discovery.unknowns import Unknown
from experiments.outcomes import Array
from experiments.pairs import QUANTILES

STATES_A_GROUP = 12
MOST_GROUPS, FEWEST_GROUPS = 12, 3
RESAMPLES = 200
FLAT = 1e-12  # a spread this much smaller than the values is none
SURE = 0.99  # of what shuffled outcomes give: among forty numbers without effect hardly one stands beyond it


@dataclass(frozen=True)
class Gap:
    """One unknown number and one outcome (a target of a mix, or of the difference of two mixes).

    first : share of the variance of the state means, with 5 and 95 % of estimates from halves of the states.
    by_chance : 99 % of what a number without any effect would seem to explain; score : of the trees, out of one.
    """

    outcome: str
    unknown: Unknown
    low: float
    high: float
    first: float
    first_p05: float
    first_p95: float
    by_chance: float
    score: float

    @property
    def narrowing(self) -> float:
        """By which share the band becomes narrower in the mean, were the number known."""
        return narrowing_of(self.first)

    @property
    def is_sure(self) -> bool:
        """Whether the share is more than the sample could give by chance."""
        return self.first > self.by_chance


def narrowing_of(share: float) -> float:
    """By which part a band becomes narrower that loses a share of its variance."""
    return 1.0 - float(np.sqrt(max(1.0 - min(max(share, 0.0), 1.0), 0.0)))


def first_order(column: Array, outcome: Array) -> float:
    """Share of the variance of an outcome that a number explains by itself. column, outcome : (n_states,)."""
    n = len(column)
    groups = max(min(n // STATES_A_GROUP, MOST_GROUPS), FEWEST_GROUPS)
    total = float(((outcome - outcome.mean()) ** 2).sum())
    if n < 2 * groups or total <= FLAT * max(float(np.abs(outcome).max()) ** 2, 1e-300) * n:
        return 0.0
    order = np.argsort(column, kind="stable")
    parts = np.array_split(outcome[order], groups)
    between = float(sum(len(part) * (part.mean() - outcome.mean()) ** 2 for part in parts))
    by_chance = (total - between) / (n - groups) * (groups - 1)
    return max((between - by_chance) / total, 0.0)


def shares_with_bands(values: Array, outcome: Array, seed: int) -> list[tuple[float, float, float, float]]:
    """First-order share of each number, 5 and 95 % of halves, and what chance gives. values : (n_states, n_unknowns).

    Estimates from random halves spread as those of new samples of all states would (delete-half jackknife); a bootstrap
    would take states twice, which looks like an effect.
    """
    rng, n = np.random.default_rng(seed), len(outcome)
    orders = [rng.permutation(n) for _ in range(RESAMPLES)]
    found = []
    for column in values.T:
        if np.ptp(column) <= 0.0:
            found.append((0.0, 0.0, 0.0, 0.0))
            continue
        halves = [first_order(column[order[: n // 2]], outcome[order[: n // 2]]) for order in orders]
        low, high = (float(q) for q in np.quantile(halves, QUANTILES))
        by_chance = np.quantile([first_order(column, outcome[order]) for order in orders], SURE)
        found.append((first_order(column, outcome), low, high, float(by_chance)))
    return found


def scores(values: Array, outcome: Array, seed: int) -> Array:
    """EMA Workbench's score of each number from extremely random trees, (n_unknowns,), one in all."""
    import pandas as pd

    if np.ptp(outcome) <= 0.0:
        return np.zeros(values.shape[1])
    frame = pd.DataFrame(values, columns=[str(i) for i in range(values.shape[1])])
    scoring = library("analysis.feature_scoring")
    mode = library("analysis.scenario_discovery_util").RuleInductionType.REGRESSION
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found, _ = scoring.get_ex_feature_scores(
            frame, outcome, mode=mode, max_features=max(values.shape[1] // 3, 1), random_state=seed
        )
    return np.array([float(found.loc[str(i)].iloc[0]) for i in range(values.shape[1])])


def outcomes_of(table: Table, chosen: int) -> dict[str, Array]:
    """What the answer hangs on, by name: each target of the chosen mix, and its difference from the next best mix.

    (n_states,) each, the mean over replicates; nan where no run of the state succeeded.
    """
    means = np.nanmean(np.where(np.isfinite(table.values), table.values, np.nan), axis=2)
    found = {row.target_id: means[chosen, :, t] for t, row in enumerate(table.targets)}
    if len(table.mixes) > 1:
        worst = table.worst.mean(axis=2)
        others = [m for m in range(len(table.mixes)) if m != chosen]
        second = max(others, key=lambda m: float(np.nanmean(worst[m])))
        found[f"{table.mixes[chosen]} - {table.mixes[second]}"] = worst[chosen] - worst[second]
    return found


def chance_share(table: Table, chosen: int, place: int) -> float | None:
    """Share of the variance of single runs that is chance alone; None with one run a state."""
    values = table.values[chosen, :, :, place]
    kept = values[np.isfinite(values).all(axis=1)]
    if values.shape[1] < 2 or len(kept) < 2 or float(kept.var()) == 0.0:
        return None
    return min(float(kept.var(axis=1, ddof=1).mean() / kept.var(ddof=1)), 1.0)


def gaps_of(table: Table, chosen: int, seed: int) -> list[Gap]:
    """All numbers and outcomes, by outcome the most narrowing first."""
    found: list[Gap] = []
    states = table.states
    for name, outcome in outcomes_of(table, chosen).items():
        kept = np.isfinite(outcome)
        if kept.sum() < 2 * FEWEST_GROUPS or not len(states.unknowns):
            continue
        values = states.values[kept]
        bands, score = shares_with_bands(values, outcome[kept], seed), scores(values, outcome[kept], seed)
        mine = [
            Gap(name, one, float(values[:, i].min()), float(values[:, i].max()), *bands[i], float(score[i]))
            for i, one in enumerate(states.unknowns)
        ]
        found += sorted(mine, key=lambda gap: (-gap.first, -gap.score))
    return found
