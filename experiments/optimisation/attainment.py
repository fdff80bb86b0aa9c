"""What a mix reaches and what it costs, run by run, and the chance of its targets with the uncertainty of few runs.

Margin of a run: how far it lies on the good side of a target, as a share of the target; a target of several years
counts with its worst. A run that failed met nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.costs import public_cost
from experiments.outcomes import Array, Results
from experiments.scorecard import path, tested_years, wanted
from sim.catalogue.loader import catalogue
from sim.catalogue.rows import TargetRow
from sim.scenario_values import ScenarioError, nearest, number, shown

NORMAL_95 = 1.6448536269514722  # the 95 % point of the standard normal: an interval from 5 to 95 %
GOAL = re.compile(r"([a-z0-9_]+)(>=|<=)([^@]+)@([12][0-9]{3})")


@dataclass(frozen=True)
class Reached:
    """What the runs of one mix left; rows are replicates, nan where a run failed.

    Attributes
    ----------
    cost : public cost beyond the base, million yuan a year, (n_runs,).
    values : value in the target year in the target's unit, (n_runs, n_targets); margins : of the same shape.
    """

    cost: Array
    values: Array
    margins: Array

    @property
    def worst(self) -> Array:
        """The margin of the hardest target of each run, (n_runs,); minus infinity where a run failed."""
        found: Array = np.where(np.isnan(self.margins), -np.inf, self.margins).min(axis=1)
        return found

    @property
    def met(self) -> int:
        """How many runs met all targets."""
        return int((self.worst >= 0.0).sum())

    @property
    def probability(self) -> float:
        """The share of the runs that met all targets."""
        return self.met / len(self.cost)

    def of_target(self, place: int) -> float:
        """The share of the runs that met one target."""
        return float((np.nan_to_num(self.margins[:, place], nan=-np.inf) >= 0.0).mean())

    @property
    def mean_cost(self) -> float:
        """Mean public cost beyond the base; infinite where no run succeeded."""
        return float(np.nanmean(self.cost)) if np.isfinite(self.cost).any() else math.inf

    def margin_at(self, probability: float) -> float:
        """The margin that so large a share of the runs reaches: not below zero where the targets are met so often."""
        needed = min(max(math.ceil(probability * len(self.cost) - 1e-9), 1), len(self.cost))
        return float(np.sort(self.worst)[::-1][needed - 1])

    def part(self, first: int) -> Reached:
        """The runs from one replicate on."""
        return Reached(self.cost[first:], self.values[first:], self.margins[first:])


def interval(met: int, runs: int) -> tuple[float, float]:
    """Wilson's 5 and 95 % of a chance that showed so often in so many runs."""
    share, z2 = met / runs, NORMAL_95**2
    middle = (share + z2 / (2 * runs)) / (1 + z2 / runs)
    half = NORMAL_95 * math.sqrt(share * (1 - share) / runs + z2 / (4 * runs**2)) / (1 + z2 / runs)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def margins_of(row: TargetRow, results: Results) -> tuple[Array, Array]:
    """Value in the target year and margin of each run, (n_runs,) each.

    Raises ScenarioError where a target cannot be tested in these runs.
    """
    values = path(row, results)
    if values is None or row.target_year not in results.years:
        raise ScenarioError([f"target {row.target_id}: the runs do not hold the year {row.target_year}"])
    limits = wanted(row, results.years)
    places = [i for i in tested_years(row, results.years) if math.isfinite(limits[i])]
    sign = -1.0 if row.direction == "at_most" else 1.0
    scale = np.where(limits[places] == 0.0, 1.0, np.abs(limits[places]))
    margin = sign * (values[:, places] - limits[np.newaxis, places]) / scale
    return values[:, results.years.index(row.target_year)], margin.min(axis=1)


def reached(results: Results | None, base: Results, targets: Sequence[TargetRow], runs: int, years: float) -> Reached:
    """What a mix reached against the base under the same seeds. runs : replicates wanted; years : of the mix."""
    cost, values, margins = np.full(runs, np.nan), np.full((runs, len(targets)), np.nan), None
    margins = values.copy()
    if results is not None:
        here = list(results.replicates)
        spent = {r: public_cost(book) for r, book in zip(base.replicates, base.books, strict=True)}
        for replicate, book in zip(here, results.books, strict=True):
            if replicate in spent:
                cost[replicate] = (public_cost(book) - spent[replicate]) / years
        for i, row in enumerate(targets):
            values[here, i], margins[here, i] = margins_of(row, results)
    return Reached(cost, values, margins)


def limit_of(row: TargetRow) -> float:
    """The number to reach in the target year."""
    return float(wanted(row, [row.target_year or 0])[0])


def target_of(name: str) -> TargetRow:
    """A target of the plans that a run can be tested against. Raises ScenarioError."""
    known = catalogue().targets
    if name not in known:
        raise ScenarioError([f"override: targets = {shown(name)} does not exist.{nearest(name, known)}"])
    row = known[name]
    if row.status != "simulated" or row.target_year is None or not row.direction:
        raise ScenarioError([f"override: targets = {name} is no outcome of the model with a year ({row.status})"])
    if not math.isfinite(limit_of(row)):
        raise ScenarioError([f"override: targets = {name} has no number for {row.target_year}"])
    return row


def goal_of(text: str) -> TargetRow:
    """A target of the asker's own: INDICATOR>=VALUE@YEAR, in the indicator's unit. Raises ScenarioError."""
    found = GOAL.fullmatch(text)
    if found is None:
        raise ScenarioError([f"override: goal = {shown(text)} is not of the form INDICATOR>=VALUE@YEAR"])
    name, sign, value, year = found.groups()
    known = catalogue().indicators
    if name not in known:
        raise ScenarioError([f"override: goal = {shown(name)} is no indicator.{nearest(name, known)}"])
    try:
        limit = number(value)
    except ValueError as wrong:
        raise ScenarioError([f"override: goal = {shown(value)} {wrong} ({known[name].unit})"]) from None
    row = known[name]
    direction = "at_least" if sign == ">=" else "at_most"
    pattern = next(iter(catalogue().targets.values()))
    return TargetRow(
        **{**vars(pattern), "target_id": f"goal_{name}_{year}", "title_en": row.title_en, "title_zh": row.title_zh,
           "unit": row.unit, "direction": direction, "baseline_year": None, "baseline": None, "target_year": int(year),
           "target": limit, "target_text": value, "target_text_zh": "", "status": "simulated", "indicator": name,
           "basis": "level", "note": "", "note_zh": "", "main": None}
    )  # fmt: skip
