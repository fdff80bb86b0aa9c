"""A stand-in for the model that fails in a known region: two parameters decide, a third only adds a little.

Certified firms are HIGH, less DROP where the first parameter lies above LIMITS[0] of its range and the second below
LIMITS[1] of its own; the third moves them by SLOPE from end to end. Grants add a firm a million yuan.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from experiments.outcomes import full_years, indicator_places
from experiments.sensitivity.inputs import named
from sim.catalogue.loader import catalogue
from sim.scenario import Scenario
from tests.experiments.fake_model import FakeOutcome
from tests.experiments.fake_model import run as fake_run

ADDRESSES = ("start_rd.stop_certified", "finance_rd.slack", "certify_firms.renew")
HIGH, DROP, SLOPE = 1200.0, 400.0, 60.0
LIMITS = (0.6, 0.5)


def places(scenario: Scenario) -> list[float]:
    """Where the parameters stand in their ranges, 0 to 1."""
    found = []
    for one in named([f"mechanism.{address}" for address in ADDRESSES]):
        low, high, value = one.span.low, one.span.high, scenario.number(one.address)
        share = np.log(value / low) / np.log(high / low) if one.span.log else (value - low) / (high - low)
        found.append(float(share))
    return found


def run(scenario: Scenario, seed: int = 1, replicate: int = 0) -> FakeOutcome:
    """Certified firms as planted; grants are spent in full."""
    outcome = fake_run(replace(scenario, mechanism={}, driver={}), seed, replicate)
    first, second, third = places(scenario)
    fails = first > LIMITS[0] and second < LIMITS[1]
    quarterly = np.ones_like(outcome.quarterly)
    quarterly[:, [i for i, row in enumerate(catalogue().indicators.values()) if row.kind == "yearly"]] = np.nan
    grants = [scenario.dose_value("rd_grant", "budget_y", year, 4) for year in full_years(scenario)]
    stock = HIGH - DROP * fails + SLOPE * (third - 0.5) + np.repeat(grants, 4)
    quarterly[:, indicator_places()["hnte_stock"]] = stock
    ledger = {
        year: {"rd_grant": {"disbursed": int(million * 1e6 / scenario.scale)}}
        for year, million in zip(full_years(scenario), grants, strict=True)
    }
    return replace(outcome, quarterly=quarterly, ledger=ledger, tax_expenditure={})
