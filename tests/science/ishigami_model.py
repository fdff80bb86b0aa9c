"""A stand-in for the model whose R&D is Ishigami's function of three parameters, so that all its indices are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from experiments.outcomes import indicator_places
from sim.catalogue.loader import catalogue
from sim.scenario import Scenario
from tests.experiments.fake_model import FakeOutcome
from tests.experiments.fake_model import run as fake_run

ADDRESSES = ("desire_rd.adjustment_y", "start_rd.stop_base", "earn_profit.cash_pass")
SILENT = "certify_firms.renew"  # a parameter that the stand-in does not look at
KEYS = tuple(f"mechanism.{address}" for address in (*ADDRESSES, SILENT))
LEVEL = 100.0
# of the function with a = 7 and b = 0.1 (Ishigami and Homma 1990): variances over their sum
FIRST, TOTAL = (0.3139, 0.4424, 0.0, 0.0), (0.5576, 0.4424, 0.2437, 0.0)


def ishigami(angles: np.ndarray) -> np.ndarray:
    """sin x + 7 sin(y)^2 + 0.1 z^4 sin x. angles : (..., 3), from -pi to pi."""
    x, y, z = angles[..., 0], angles[..., 1], angles[..., 2]
    return np.sin(x) + 7.0 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)


def shares(scenario: Scenario) -> np.ndarray:
    """Where the three parameters stand in their ranges, evenly or in the logarithm as their spans are."""
    from experiments.sensitivity.inputs import named

    found = []
    for one in named(KEYS[:3]):
        low, high, value = one.span.low, one.span.high, scenario.number(one.address)
        found.append(np.log(value / low) / np.log(high / low) if one.span.log else (value - low) / (high - low))
    return np.array(found)


def run(scenario: Scenario, seed: int = 1, replicate: int = 0) -> FakeOutcome:
    """R&D of every quarter is LEVEL and the function; nothing else depends on the scenario."""
    outcome = fake_run(replace(scenario, mechanism={}), seed, replicate)
    quarterly = np.ones_like(outcome.quarterly)
    quarterly[:, [i for i, row in enumerate(catalogue().indicators.values()) if row.kind == "yearly"]] = np.nan
    value = float(ishigami(np.pi * (2.0 * shares(scenario) - 1.0)))
    quarterly[:, indicator_places()["rd_expenditure"]] = LEVEL + value
    return replace(outcome, quarterly=quarterly)


def fails_at_the_top(scenario: Scenario, seed: int = 1, replicate: int = 0) -> FakeOutcome:
    """As `run`, but the model does not bear the first parameter at the top of its range."""
    if shares(scenario)[0] > 0.99:
        raise ArithmeticError("adjustment is too fast")
    return run(scenario, seed, replicate)
