"""Local rewards: reported R&D of the last year is paid where the city can afford it, in proportion beyond the line."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.reward_rd import Params, reward_rd
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import by_uid, next_quarter, params, received, small_world

LINE = "local_rd_reward"
PLAIN = {"affordable_share": 0.2, "discount": 0.9}
FIRM = {"has_rd": 1, "is_tech_sme": 1, "sales_1y": 100.0, "rd_reported_1y": 10.0, "rd_actual_q": 1.0,
        "rd_intended_q": 2.5}  # fmt: skip


def reward(world, budget=0, rate=0.1, cap=2.0, **changes):
    world.governments.reward_rate[0] = rate
    world.governments.reward_cap[0] = cap
    if budget:
        world.accounts.appropriate(LINE, budget)
    reward_rd(world, params(Params, **(PLAIN | changes)), Said())
    line = world.accounts.number(LINE)
    assert received(world, LINE) == world.accounts.disbursed_q[line]
    return world.firms.received_yuan[world.firms.rows(), line].tolist()


def test_a_part_of_reported_rd_is_paid_once_a_year_up_to_the_cap():
    world = few(2, **(FIRM | {"rd_reported_1y": [10.0, 50.0]}))
    assert reward(world, 9_000_000) == [1_000_000, 2_000_000]
    next_quarter(world)
    assert reward(world) == [0, 0]


def test_only_hosts_of_centres_and_registered_firms_in_cities_with_a_tax_base():
    world = few(4, **(FIRM | {"is_tech_sme": [1, 0, 0, 1], "centre_tier": [0, 1, 0, 0], "city": [0, 0, 0, 5],
                              "sales_1y": [100.0, 100.0, 100.0, 20.0]}))  # fmt: skip
    assert reward(world, 9_000_000) == [1_000_000, 1_000_000, 0, 0]
    assert first(world.firms, "cost_factor") == pytest.approx([0.91, 0.91, 1.0, 1.0])


def test_beyond_the_line_all_are_paid_in_proportion_and_expect_as_much():
    world = few(2, **FIRM)
    assert reward(world, 500_000) == [250_000, 250_000]
    assert first(world.firms, "cost_factor") == pytest.approx([1 - 0.1 * 0.25 * 0.9] * 2)
    assert first(world.firms, "reported_reward") == pytest.approx([0.1 * 0.25 * 0.9] * 2)


def test_more_money_than_claims_is_left():
    for budget in (2_000_000, 20_000_000):
        world = few(2, **FIRM)
        assert reward(world, budget) == [1_000_000, 1_000_000]
        assert world.accounts.left(LINE) == budget - 2_000_000
        assert first(world.firms, "cost_factor") == pytest.approx([0.91] * 2)


def test_a_capped_firm_counts_the_mean_and_one_without_rd_counts_nothing():
    world = few(2, **(FIRM | {"rd_intended_q": 25.0, "has_rd": [1, 0]}))
    reward(world, 9_000_000)
    assert first(world.firms, "cost_factor") == pytest.approx([1 - 2.0 * 0.9 / 100.0, 1.0])
    assert first(world.firms, "reported_reward") == [0.0, 0.0], "above the cap a further yuan pays nothing"


def test_without_a_rate_nothing_happens():
    world = few(2, **FIRM)
    assert reward(world, 9_000_000, rate=0.0) == [0, 0]
    assert first(world.firms, "cost_factor") == [1.0, 1.0]
    assert not world.notes


def test_rows_decide_nothing():
    found = []
    for order in (None, np.arange(200)[::-1]):
        world = small_world(order=order)
        world.firms.is_tech_sme[:] = 1
        world.firms.rd_intended_q[:] = world.firms.rd_reported_1y / 4.0
        world.governments.reward_rate[0], world.governments.reward_cap[0] = 0.05, 1.0
        world.accounts.appropriate(LINE, 1_000_000)
        reward_rd(world, params(Params), world.draws)
        found.append((by_uid(world.firms, "received_yuan").sum(axis=1), by_uid(world.firms, "cost_factor")))
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)
    assert np.count_nonzero(found[0][0]) > 10
