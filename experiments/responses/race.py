"""Tests 8 and 66: all levers that cost money side by side, R&D really carried out for each yuan of public money.

Each lever has the same yearly sum on top of what it has, its other doses as when it is tried alone; the two national
tax levers are taken away instead. What counts is the R&D of eight years over all public money of them, so that a lever
which cannot spend its sum is judged by what it spent. Scaled populations do: levers are held against each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from experiments.responses.arms import FIRST, LONG, STEADY, T0, Arm, dose_of
from experiments.responses.experiment import Experiment, Measured
from experiments.responses.lab import Lab, Trace
from sim.catalogue.loader import catalogue
from sim.catalogue.trial_rows import LeverTrial
from sim.core.steps import addresses, whole_numbers
from sim.schedule import SCHEDULE

SUM = 100.0  # million yuan a year for each lever
SCALE = 8  # real agents for one simulated agent, at least
YEARS = range(FIRST, LONG[-1] + 1)
MILLION_IN_100M = 100.0
RD = ("rd_actual", "rd_expenditure")
LEAST_COST = 1.0  # million yuan: below it a lever cost nothing that could be compared
WEAK = {f"desire_rd.elasticity_{kind}": 0.2 for kind in ("small", "large")}
TAX = "super_deduction"
FIXED = ("population", "population_platforms", "budget_key")  # the world and its budgets are no matter of effects


def _doses(trial: LeverTrial) -> dict[str, float]:
    """Doses of a lever in the race; those it has in the steady base are not lowered."""
    doses = {f"{trial.lever}.{name}": float(value) for name, _, value in (pair.partition("=") for pair in trial.doses)}
    if trial.is_national:
        return doses
    return {
        name: dose_of(STEADY, name) + SUM if name.endswith(".budget_y") else max(value, dose_of(STEADY, name))
        for name, value in doses.items()
    }


@cache
def entries() -> Mapping[str, Arm]:
    """The arm of each lever that costs money."""
    costly = [
        t for t in catalogue().trials.values() if t.is_national or any(d.startswith("budget_y=") for d in t.doses)
    ]
    return {trial.lever: STEADY.since(T0, _doses(trial)) for trial in costly}


@cache
def aims_at_rd() -> tuple[str, ...]:
    """Levers of the race whose trial names R&D of the province as what they are to move."""
    trials = catalogue().trials
    return tuple(lever for lever in entries() if {name for name, _ in trials[lever].outcomes} & set(RD))


def _sums(trace: Trace) -> tuple[float, float]:
    """R&D carried out and public money over YEARS, million yuan."""
    spent = trace.spent(YEARS) + trace.forgone(YEARS)
    return MILLION_IN_100M * trace.of("rd_actual", YEARS) * len(YEARS), spent


def run_race(lab: Lab, parameters: Mapping[str, float], levers: Sequence[str]) -> dict[str, float]:
    """R&D for each yuan of public money, by lever; levers that cost nothing are left out."""
    field = Lab(lab.seed, max(lab.k, SCALE), {**lab.parameters, **parameters}, lab.around)
    base = _sums(field.run(STEADY))
    found = {}
    for lever in levers:
        brought, cost = np.subtract(_sums(field.run(entries()[lever])), base)
        if catalogue().trials[lever].is_national:
            brought, cost = -brought, -cost
        if cost > LEAST_COST:
            found[lever] = float(brought / cost)
    return found


def drawn(seed: int) -> dict[str, float]:
    """A draw of the parameter box: each parameter of behaviour somewhere in its range."""
    rows = [
        row for row in catalogue().parameters.values()
        if row.address.partition(".")[0] not in FIXED and row.kind != "measured" and row.low < row.high
    ]  # fmt: skip
    where = np.random.default_rng([66, seed]).random(len(rows))
    values = {row.address: row.low + (row.high - row.low) * float(u) for row, u in zip(rows, where, strict=True)}
    return {name: float(round(v)) if name in _whole() else v for name, v in values.items()}


@cache
def _whole() -> frozenset[str]:
    """Parameters that count: whole numbers only."""
    kinds: list[tuple[str, Any]] = [(step.name, step.params) for step in SCHEDULE]
    return frozenset(addresses(module, kind)[name] for module, kind in kinds for name in whole_numbers(kind))


def weak_response(lab: Lab) -> Measured:
    """Test 8: how many levers that aim at R&D bring less for a yuan than the deduction, at an elasticity of 0.2."""
    found = run_race(lab, WEAK, aims_at_rd())
    below = sum(value < found[TAX] for lever, value in found.items() if lever != TAX) if TAX in found else np.nan
    return {"below": float(below), **{f"of_{lever}": value for lever, value in found.items()}}


def last_at_times(measured: Sequence[Measured]) -> Measured:
    """The lowest place of the deduction among the seeds, counted from the end."""
    return {"8": float(np.nanmin([one["below"] for one in measured]))}


def equal_budget(lab: Lab) -> Measured:
    """Test 66: each seed another draw of the parameters."""
    return run_race(lab, drawn(lab.seed), tuple(entries()))


def most_wins(measured: Sequence[Measured]) -> Measured:
    """Share of the draws that the lever with most of them wins."""
    winners = Counter(max(one, key=lambda lever: one[lever]) for one in measured if one)
    return {"66": max(winners.values()) / len(measured)} if winners else {}


EXPERIMENTS = (Experiment(8, weak_response, last_at_times), Experiment(66, equal_budget, most_wins))
