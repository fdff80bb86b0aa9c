"""The slump of industrial R&D in 2015: most of the observed depth, and it is arrears that make half of it.

How deep it is at the posterior, against a bar of three quarters, is told by `innopolicy validate` (docs/validity.md).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim.catalogue.loader import catalogue
from tests.behaviour.runs import by_year, outcome

REPLICATES = 12  # some twenty firms carry most of it, so one run says little
FIRST = 2011
OFF = ("mechanism.finance_rd.overhang_caution=0",)
AT_ONCE = ("mechanism.desire_rd.rebuild=0",)
NO_ARREARS = ("mechanism.earn_profit.arrears_share=0",)


@cache
def path(*changes: str) -> tuple[float, ...]:
    """R&D of above-scale industry by year from 2011, mean of the replicates of the whole population."""
    runs = [outcome("history", "end=2017Q4", *changes, replicate=r) for r in range(REPLICATES)]
    return tuple(np.mean([by_year(found, "ind_rd_expenditure") for found in runs], axis=0).tolist())


def change(year: int, *changes: str) -> float:
    """Relative change from the year before."""
    values = path(*changes)
    return values[year - FIRST] / values[year - FIRST - 1] - 1.0


def observed(year: int) -> float:
    series = catalogue().series("ind_rd_expenditure")
    return series[year] / series[year - 1] - 1.0


def test_industrial_rd_falls_in_2015_by_two_thirds_of_what_was_observed_or_more():
    assert 1.25 * observed(2015) <= change(2015) <= 2.0 / 3.0 * observed(2015)


def test_the_rebound_of_2017_is_as_mild_as_observed_and_would_be_stronger_if_nothing_had_to_be_rebuilt():
    assert 0.5 * observed(2017) <= change(2017) <= 1.5 * observed(2017)
    assert change(2017, *AT_ONCE) > change(2017) + 0.01


@pytest.mark.parametrize("off", [OFF, NO_ARREARS])
def test_without_arrears_the_slump_is_shallower(off):
    """Lenders' caution while arrears stand makes a third of the fall or more, and nothing before there are arrears."""
    assert change(2015, *off) > change(2015) + 0.05
    assert path(*off)[0] == pytest.approx(path()[0], rel=1e-3)
    assert path(*off)[-1] > 1.05 * path()[-1], "who owes arrears comes back late"
