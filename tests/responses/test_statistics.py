"""Statistics of the experiments on made-up numbers of which the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.responses.dynamics import hill, spread_by_size, subbotin
from experiments.responses.notch import OTHERS, STARTS, others_together, spike
from experiments.responses.race import drawn, entries, last_at_times, most_wins
from experiments.responses.tax import claimed_tax
from sim.catalogue.loader import catalogue

DRAWS = np.random.default_rng(1)


@pytest.mark.parametrize("exponent", [0.9, 1.4])
def test_the_tail_of_a_pareto_law(exponent):
    assert hill(DRAWS.pareto(exponent, 40_000) + 1.0) == pytest.approx(exponent, rel=0.06)


@pytest.mark.parametrize(("values", "shape"), [(DRAWS.laplace(size=30_000), 1.0), (DRAWS.normal(size=30_000), 2.0)])
def test_the_shape_of_laplace_and_normal_growth(values, shape):
    assert subbotin(0.3 * values) == pytest.approx(shape, rel=0.06)


def test_the_slope_of_the_spread_of_growth():
    sizes = DRAWS.normal(4.0, 1.5, 40_000)
    assert spread_by_size(DRAWS.normal(size=40_000) * np.exp(-0.17 * sizes), sizes) == pytest.approx(-0.17, abs=0.02)


def test_a_spike_is_found_where_firms_pile_up():
    free = DRAWS.uniform(-0.02, 0.03, 3_000)
    moved = np.where((free > -0.008) & (free < 0.004), 0.004 + 0.0005 * DRAWS.random(3_000), free)
    assert spike(moved, free) == pytest.approx(0.42, abs=0.25)
    assert np.isnan(spike(free[:0], free[:0]))


def test_the_spike_of_others_is_that_of_all_seeds_together():
    def seed(before, after, unreformed):
        one = {f"other_{when}_{window}": 0.0 for when in OTHERS for window in range(len(STARTS))}
        found = zip(OTHERS, (before, after, unreformed), strict=True)
        return one | {f"other_{when}_{w}": n for when, numbers in found for w, n in numbers.items()}

    seeds = [seed({40: 3.0, 10: 4.0}, {40: 5.0}, {60: 5.0}), seed({40: 3.0, 70: 4.0}, {42: 1.0}, {42: 1.0})]
    found = others_together(seeds)
    assert found["10_years"] == pytest.approx(0.0), "by itself either seed says otherwise"
    assert found["10_other"] == pytest.approx(-1.0)
    assert np.isnan(others_together([seed({40: 1.0}, {60: 3.0}, {})])["10_other"])
    assert others_together([seed({40: 3.0}, {60: 3.0}, {60: 1.0})]) == {
        "10_other": pytest.approx(0.0), "10_years": pytest.approx(1.0)
    }  # fmt: skip


def test_tax_saved_is_the_rate_times_what_profit_can_take():
    firms = {"uid": np.array([1, 2, 3, 9]), "hnte_stage": np.array([0, 2, 0, 0], np.int8),
             "deductible_year": np.full(4, 10.0), "profit_year": np.array([100.0, 4.0, -5.0, 20.0]),
             "tax_cut_year": np.full(4, 0.1), "losses_carried": np.zeros((4, 5)),
             "deductions_carried": np.zeros((4, 5))}  # fmt: skip
    before = {"uid": np.array([1, 2, 3]), "losses_carried": np.zeros((3, 5)), "deductions_carried": np.zeros((3, 5))}
    everybody = np.ones(4, bool)
    assert claimed_tax(before, firms, everybody) == pytest.approx(0.25 * 20.0 + 0.15 * 4.0)
    assert claimed_tax(before, firms, firms["uid"] == 2) == pytest.approx(0.15 * 4.0)
    before["losses_carried"][0, 1], before["deductions_carried"][0, 0] = 85.0, 20.0
    assert claimed_tax(before, firms, everybody) == pytest.approx(0.25 * (15.0 + 10.0) + 0.15 * 4.0)
    assert before["losses_carried"][0, 1] == 85.0, "what was seen stays as it was"


def test_draws_of_the_box_lie_inside_and_differ():
    rows, one = catalogue().parameters, drawn(3)
    assert all(rows[a].low <= v <= rows[a].high for a, v in one.items())
    assert drawn(3) == one != drawn(4)
    assert not [a for a in one if a.startswith(("population", "budget_key")) or rows[a].kind == "measured"]


def test_the_race_counts_wins_and_last_places():
    assert most_wins([{"a": 2.0, "b": 1.0}, {"a": 3.0, "b": 1.0}, {"a": 0.0, "b": 1.0}]) == {"66": pytest.approx(2 / 3)}
    assert last_at_times([{"below": 4.0}, {"below": 0.0}]) == {"8": 0.0}
    assert {"rd_grant", "super_deduction", "hnte_tax_rate"} <= set(entries())
    assert "soe_mandate" not in entries()
