"""Performance funding: paid in four parts to the yuan by size and contracts, and contracts at stake open bodies."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.fund_universities import Params, fund_universities
from tests.mechanisms.few_firms import Said, few, tell
from tests.mechanisms.worlds import next_quarter, params, received

LINE = "university_funding"
PLAIN = {"universities_share": 0.5, "openness_gain": 0.4, "half_share": 0.05}


def prepared(income=(0.0, 3.0), institute_income=(1.0,)):
    """Two universities of equal size and one institute have all the capacity."""
    world = few(1)
    for kind, n in ((world.universities, 2), (world.institutes, 1)):
        kind.alive[n:] = 0
    tell(world.universities, capacity_share=[0.5, 0.5], contract_income_q=list(income), rd_q=10.0, openness=0.5)
    tell(world.institutes, capacity_share=[1.0], contract_income_q=list(institute_income), rd_q=10.0, openness=0.5)
    return world


def fund(world, budget=0, weight=0.5, **changes):
    world.governments.conversion_weight[0] = weight
    if budget:
        world.accounts.appropriate(LINE, budget)
    fund_universities(world, params(Params, **(PLAIN | changes)), Said())
    line = world.accounts.number(LINE)
    assert received(world, LINE) == world.accounts.disbursed_q[line]
    parts = [kind.received_yuan[kind.rows(), line].tolist() for kind in (world.universities, world.institutes)]
    return parts[0] + parts[1]


def test_by_size_alone_and_by_contracts_alone():
    assert fund(prepared(), 4_000_000, weight=0.0) == [250_000, 250_000, 500_000]
    assert fund(prepared(), 4_000_000, weight=1.0) == [0, 750_000, 250_000]
    assert fund(prepared(), 4_000_000, weight=0.5) == [125_000, 500_000, 375_000]


def test_four_instalments_spend_the_line():
    world = prepared()
    total = sum(fund(world, 4_000_000))
    for _ in range(3):
        next_quarter(world)
        total += sum(fund(world))
    assert total == 4_000_000
    assert world.accounts.left(LINE) == 0


def test_when_nobody_sells_all_goes_by_size():
    assert fund(prepared((0.0, 0.0), (0.0,)), 4_000_000, weight=0.8) == [250_000, 250_000, 500_000]


def test_openness_answers_to_what_is_at_stake_and_saturates():
    world = prepared()
    fund(world, 4_000_000, weight=0.5)
    stake = 0.5 * 0.5 / 10.0
    assert world.universities.openness_lift[1] == pytest.approx(0.4 * 0.5 * stake / (stake + 0.05))
    lifts = []
    for budget in (4 * 10**6, 4 * 10**7, 4 * 10**8):
        world = prepared()
        fund(world, budget, weight=0.5)
        lifts.append(float(world.universities.openness_lift[1]))
    assert lifts[0] < lifts[1] < lifts[2] < 0.4 * 0.5
    assert lifts[2] - lifts[1] < lifts[1] - lifts[0], "ten times the money wins less and less"


def test_nothing_without_money_and_no_answer_without_weight():
    world = prepared()
    assert sum(fund(world, weight=0.5)) == 0
    fund(world, 4_000_000, weight=0.0)
    assert not world.universities.openness_lift.any()


def test_the_dead_get_nothing():
    world = prepared()
    world.universities.alive[0] = 0
    assert np.isclose(sum(fund(world, 4_000_000, weight=0.0)), 750_000)
