"""A stand-in for sim.model: outcomes of the declared shape in milliseconds, and ways to fail.

Functions take (scenario, seed, replicate) as the model's door does; workers find them by name.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.outcomes import Results, categories, full_years, periods
from experiments.plan import Plan, Point, Run
from experiments.reading import gathered, runs_of
from experiments.shards import table_of
from sim.catalogue.loader import catalogue
from sim.scenario import Scenario


@dataclass(frozen=True)
class FakeOutcome:
    quarterly: np.ndarray
    groups: dict[tuple[str, str], np.ndarray]
    ledger: dict[int, dict[str, dict[str, int]]]
    tax_expenditure: dict[int, dict[str, float]]
    totals: list[dict[str, Any]]


def run(scenario: Scenario, seed: int = 1, replicate: int = 0) -> FakeOutcome:
    """Smooth paths that differ by scenario, seed and replicate, from 2011 levels near the observed ones."""
    rng = np.random.default_rng([seed, replicate])
    lift = int(scenario.fingerprint()[:4], 16) / 65536 * 0.03
    cat, n = catalogue(), len(periods(scenario))
    quarterly = np.full((n, len(cat.indicators)), np.nan)
    places = {name: i for i, name in enumerate(cat.indicators)}
    for name, row in cat.indicators.items():
        if row.kind in ("ratio", "index"):
            continue
        seen = cat.series(row.observed) if row.observed else {}
        level = next(iter(seen.values()), 40.0) / (4.0 if row.kind == "flow" else 1.0)
        growth = (0.05 + lift + 0.02 * rng.standard_normal()) * np.arange(1, n + 1) / 4
        quarterly[:, places[name]] = level * np.exp(growth)
        if row.kind == "yearly":
            quarterly[np.arange(n) % 4 != 3, places[name]] = np.nan
    for row in cat.indicators.values():
        if row.kind == "ratio":
            below = quarterly[:, places[row.denominator]]
            quarterly[:, places[row.indicator]] = row.factor * quarterly[:, places[row.numerator]] / below
    years = full_years(scenario)
    shares = {d: rng.dirichlet(np.ones(len(categories(d)))) for d in ("city", "sector")}
    groups = {("rd_expenditure", d): np.outer(np.arange(1.0, len(years) + 1), s) for d, s in shares.items()}
    amounts = {"appropriated": 10_000_000, "disbursed": 9_000_000, "unspent": 1_000_000, "additional": 4_000_000}
    totals = [
        {"total": "firms", "known": 4000.0, "simulated": 4010.0, "deviation": 0.0025, "source": "nbs_st_yearbook"}
    ]
    ledger = {year: {"rd_grant": dict(amounts), "hnte_award": dict(amounts)} for year in years}
    return FakeOutcome(quarterly, groups, ledger, {year: {"super_deduction": 12.5} for year in years}, totals)


def tells_its_modules(scenario: Scenario, seed: int, replicate: int) -> FakeOutcome:
    """Run the model itself and fail with the names of all modules that the worker has loaded since it started."""
    import sim.model

    plan = plan_of(scenario)
    table_of(plan, [(Run(0, replicate), sim.model.run(scenario, seed, replicate))])
    raise RuntimeError(" ".join(sorted(sys.modules)))


def plan_of(*scenarios: Scenario, replicates: int = 2, function: str = "run", **changes: Any) -> Plan:
    """A plan of these scenarios as they stand, on a function of this module."""
    points = tuple(Point(scenario.name, scenario, scenario.name) for scenario in scenarios)
    return Plan("study", points, 1, replicates, function=f"{__name__}:{function}", **changes)


def results(scenario: Scenario, replicates: int = 2) -> Results:
    """Results of a few runs of a scenario, to a shard's table and back."""
    plan = plan_of(scenario, replicates=replicates)
    outcomes = [(Run(0, r), run(scenario, plan.seed, r)) for r in range(replicates)]
    return gathered(plan, dict(runs_of(table_of(plan, outcomes))))[0]


def fails_once(scenario: Scenario, seed: int, replicate: int) -> FakeOutcome:
    """Replicate 1 leaves its domain."""
    if replicate == 1:
        raise ValueError("2014Q3: rd_expenditure is not finite")
    return run(scenario, seed, replicate)


def kills_its_worker(scenario: Scenario, seed: int, replicate: int) -> FakeOutcome:
    """Replicate 4 (the second shard) kills its process, always; each attempt leaves a line in the file TRIES."""
    if replicate == 4:
        with Path(os.environ["TRIES"]).open("a") as handle:
            handle.write("tried\n")
        os.kill(os.getpid(), signal.SIGKILL)
    return run(scenario, seed, replicate)


def killed_once(scenario: Scenario, seed: int, replicate: int) -> FakeOutcome:
    """Replicate 4 kills its process the first time only."""
    mark = Path(os.environ["TRIES"])
    if replicate == 4 and not mark.exists():
        mark.write_text("killed")
        os.kill(os.getpid(), signal.SIGKILL)
    return run(scenario, seed, replicate)


def never_ends(scenario: Scenario, seed: int, replicate: int) -> FakeOutcome:
    """Replicate 2 sleeps on."""
    while replicate == 2:
        time.sleep(0.1)
    return run(scenario, seed, replicate)


def run_slowly(scenario: Scenario, seed: int, replicate: int) -> FakeOutcome:
    """A run that takes a moment."""
    time.sleep(0.03)
    return run(scenario, seed, replicate)
