"""A stand-in for the model in which the cheapest mix is known: certificates follow two budgets, money is the budgets.

A million yuan of grants a year makes GRANT_FIRMS firms up to SATURATED and none beyond, one of vouchers one firm; a
replicate has more or fewer by chance. So grants are bought first, up to SATURATED, and vouchers for the rest.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from experiments.outcomes import full_years, indicator_places
from sim.catalogue.loader import catalogue
from sim.scenario import Scenario
from tests.experiments.fake_model import FakeOutcome
from tests.experiments.fake_model import run as fake_run

START, GRANT_FIRMS, SATURATED = 600.0, 2.0, 100.0
CHANCES = 5  # replicates of one round of chances
NOISE = 10.0  # firms from one chance to the next
LEVERS = ("rd_grant", "innovation_voucher")
RUNS: list[tuple[str, int]] = []  # fingerprint and replicate of each run that was made in this process


def chance(replicate: int) -> float:
    """Firms that a replicate has more or fewer: -20, -10 ... 20, and anew."""
    return NOISE * (replicate % CHANCES) - NOISE * (CHANCES - 1) / 2.0


def firms(scenario: Scenario, year: int) -> float:
    """Certified firms of a year without chance."""
    grants, vouchers = (scenario.dose_value(lever, "budget_y", year, 4) for lever in LEVERS)
    return START + GRANT_FIRMS * min(grants, SATURATED) + vouchers


def run(scenario: Scenario, seed: int = 1, replicate: int = 0) -> FakeOutcome:
    """Certified firms as planted, a ledger with both budgets spent in full, no tax forgone; all else as it was."""
    RUNS.append((scenario.fingerprint(), replicate))
    outcome = fake_run(replace(scenario, mechanism={}, driver={}), seed, replicate)
    years = full_years(scenario)
    quarterly = np.ones_like(outcome.quarterly)
    quarterly[:, [i for i, row in enumerate(catalogue().indicators.values()) if row.kind == "yearly"]] = np.nan
    stock = [firms(scenario, year) + chance(replicate) for year in years for _ in range(4)]
    quarterly[: len(stock), indicator_places()["hnte_stock"]] = stock
    ledger = {year: {lever: _books(scenario, lever, year) for lever in LEVERS} for year in years}
    return replace(outcome, quarterly=quarterly, ledger=ledger, tax_expenditure={year: {} for year in years})


def _books(scenario: Scenario, lever: str, year: int) -> dict[str, int]:
    spent = int(scenario.dose_value(lever, "budget_y", year, 4) * 1e6 / scenario.scale)
    return {"appropriated": spent, "disbursed": spent, "unspent": 0, "additional": 0}


KILLED_AT = 70


def killed(scenario: Scenario, seed: int = 1, replicate: int = 0) -> FakeOutcome:
    """As `run`, but the process is told to stop at a run in the middle."""
    outcome = run(scenario, seed, replicate)
    if len(RUNS) == KILLED_AT:
        raise KeyboardInterrupt
    return outcome
