"""A stand-in model in which it is known what each lever does: what attribution has to find again."""

from __future__ import annotations

from experiments.outcomes import indicator_places, periods
from sim.catalogue.loader import catalogue
from sim.core.money import YUAN_PER_MILLION
from sim.scenario import Scenario
from tests.experiments import fake_model

FIRMS = {"rd_grant": 40.0, "hnte_tax_rate": 100.0}  # firms of the stock that each adds alone
TOGETHER = 30.0  # that the two add beyond it
NOISE = 7.0  # a replicate's own level, the same in all coalitions
COST = {"rd_grant": 200.0, "hnte_tax_rate": 400.0, "alliance_support": 100.0}  # million yuan in 2020
LAST = (2021, 4)


def acts(scenario: Scenario, lever: str) -> bool:
    """Whether one of the lever's main doses is not neutral at the end of the run."""
    rows = [row for row in catalogue().doses.values() if row.lever == lever and row.main]
    return any(scenario.dose(lever, row.dose, *LAST) != row.neutral for row in rows)


def run(scenario: Scenario, seed: int = 1, replicate: int = 0) -> fake_model.FakeOutcome:
    """Stock of certified firms and cost by what is in force; the grant does more in odd replicates."""
    found = fake_model.run(scenario, seed, replicate)
    has = {lever for lever in {*FIRMS, *COST} if acts(scenario, lever)}
    firms = 500.0 + NOISE * replicate + sum(worth for lever, worth in FIRMS.items() if lever in has)
    firms += TOGETHER * (set(FIRMS) <= has) + 8.0 * (replicate % 2) * ("rd_grant" in has)
    places = indicator_places()
    found.quarterly[:, places["hnte_stock"]] = firms
    found.quarterly[:, places["tech_contracts_total"]] = 2.0 + ("rd_grant" in has)
    assert found.quarterly.shape[0] == len(periods(scenario))
    spent = {lever: {"disbursed": int(million * YUAN_PER_MILLION / scenario.scale)} for lever, million in COST.items()}
    ledger = {2020: {lever: spent[lever] for lever in sorted(has & set(COST))}}
    return fake_model.FakeOutcome(found.quarterly, {}, ledger, {2021: {"hnte_tax_rate": 1.0}}, found.totals)
