"""How many runs the same draws in both scenarios save: variance of unpaired over that of paired effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from benchmarks.timing import history
from experiments import load_scenario
from experiments.costs import OUTCOMES
from experiments.winners import HEADLINES
from sim.catalogue.loader import catalogue
from sim.model import run
from sim.scenario import Scenario

Floats = npt.NDArray[np.float64]
JUDGED = ("hnte_stock", "rd_expenditure", "firm_patent_applications")  # certificates, R&D, patents
RESAMPLES = 500


@dataclass(frozen=True)
class Gain:
    """Times fewer runs for the effect on an outcome, and 5 % and 95 % of it over resampled replicates."""

    outcome: str
    times: float
    low: float
    high: float


def headlines() -> tuple[str, ...]:
    """Every outcome that the reports put first: of costs and of winners; those with a bar first."""
    return tuple(dict.fromkeys((*JUDGED, *OUTCOMES, *HEADLINES)))


def gain_of(a: Floats, b: Floats) -> float:
    """Var(a) + Var(b) over Var(a - b), of one value a replicate, shape (n,); infinite where every pair agrees."""
    paired = float(np.var(a - b, ddof=1))
    return float((np.var(a, ddof=1) + np.var(b, ddof=1)) / paired) if paired > 0.0 else float("inf")


def values_of(scenario: Scenario, replicates: int, names: Sequence[str]) -> dict[str, Floats]:
    """One value a replicate: a flow is summed over the run, anything else is that of its end."""
    rows, columns = catalogue().indicators, list(catalogue().indicators)
    quarterly = np.array([run(scenario, 1, r).quarterly for r in range(replicates)])
    tables = {name: quarterly[:, :, columns.index(name)] for name in names}
    return {n: table.sum(axis=1) if rows[n].kind == "flow" else table[:, -1] for n, table in tables.items()}


def pairing(k: int, replicates: int, end: str) -> list[Gain]:
    """The gain for each headline outcome when the super-deduction is taken away from history."""
    names, rng = headlines(), np.random.default_rng(11)
    other = replace(load_scenario("history", [f"end={end}", "lever.super_deduction.rate=0"]), k=k)
    with_, without = (values_of(s, replicates, names) for s in (history(k, end), other))
    chosen = rng.integers(0, replicates, (RESAMPLES, replicates))
    found = []
    for name in names:
        a, b = with_[name], without[name]
        resampled = [gain_of(a[some], b[some]) for some in chosen]
        low, high = np.quantile(resampled, (0.05, 0.95), method="inverted_cdf")  # no mean of two: they may be infinite
        found.append(Gain(name, gain_of(a, b), float(low), float(high)))
    return found
