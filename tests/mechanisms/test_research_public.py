"""Public research: the line is appropriated once, paid in four parts to the yuan, and adds to the own base."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.research_public import Params, research_public
from tests.mechanisms.few_firms import Said, few, tell
from tests.mechanisms.worlds import next_quarter, params, received

PLAIN = {"own_base_y": 800.0, "own_growth_y": 0.0, "fiscal_share": 0.1, "universities_share": 0.25}
LINE = "public_research"


def prepared(start="2014Q1", scale=1):
    world = few(1, start)
    world.scale = scale
    tell(world.universities, capacity_share=[0.5, 0.5, 0, 0, 0, 0])
    tell(world.institutes, capacity_share=[0.2, 0.8, 0, 0, 0, 0, 0, 0])
    return world


def research(world, **changes):
    research_public(world, params(Params, **(PLAIN | changes)), Said())
    assert received(world, LINE) == world.accounts.disbursed_q[world.accounts.number(LINE)]
    return world


def test_by_hand():
    world = research(prepared())
    # a tenth of 4,000 is appropriated, 100 paid this quarter: a quarter of it to universities
    assert world.accounts.appropriated_year[world.accounts.number(LINE)] == 400_000_000
    assert world.universities.received_yuan[:3, 5].tolist() == [12_500_000, 12_500_000, 0]
    assert world.institutes.received_yuan[:3, 5].tolist() == [15_000_000, 60_000_000, 0]
    assert world.universities.rd_q[:3] == pytest.approx([37.5, 37.5, 0.0])
    assert world.institutes.rd_q[:3] == pytest.approx([45.0, 180.0, 0.0])


def test_project_money_of_the_same_quarter_is_research_too():
    world = prepared()
    world.universities.received_yuan.record(np.array([0]), 0, 2_000_000)
    research(world)
    assert world.universities.rd_q[0] == pytest.approx(39.5)


def test_the_year_is_spent_in_four_parts_and_nothing_is_carried_over():
    world, paid = prepared(), []
    for quarter in range(5):
        if quarter:
            next_quarter(world)
        research(world)
        paid.append(received(world, LINE))
    assert paid == pytest.approx([100_000_000] * 5, abs=5)


def test_the_own_base_grows_continuously():
    world = prepared()
    world.calendar.quarter = 10
    research(world, own_growth_y=0.04, fiscal_share=0.0)
    assert world.universities.rd_q[0] == pytest.approx(0.5 * 0.25 * 200 * np.exp(0.04 * 10.5 / 4))


def test_no_fiscal_money_leaves_the_own_base_and_no_payment():
    world = research(prepared(), fiscal_share=0.0)
    assert received(world, LINE) == 0
    assert world.universities.rd_q.sum() + world.institutes.rd_q.sum() == pytest.approx(200.0)


def test_a_scaled_run_has_its_part():
    world = research(prepared(scale=8))
    assert world.universities.rd_q.sum() + world.institutes.rd_q.sum() == pytest.approx(300.0 / 8)
    assert received(world, LINE) == 12_500_000


def test_awkward_shares_never_overspend():
    world = prepared()
    tell(world.universities, capacity_share=np.full(6, 1 / 6))
    tell(world.institutes, capacity_share=np.full(8, 1 / 8))
    world.exogenous["fiscal_st_expenditure"] = 33.333333
    for quarter in range(4):
        if quarter:
            next_quarter(world)
        research(world, universities_share=1 / 3)
    assert 0 <= world.accounts.left(LINE) < 60
