"""Venture capital: deals, private money and knowledge by hand; deals end with the firms; other entry falls."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.firm import LARGE, PRIVATE, SMALL, STATE
from sim.core.arithmetic import exp
from sim.core.fixed_point import unfixed
from sim.mechanisms.invest_venture import Params, invest_venture, spend
from tests.mechanisms.few_firms import Said, few
from tests.mechanisms.worlds import by_uid, frozen, next_quarter, params, received, small_world

LINE = "guidance_fund"
FIRM = {"has_rd": 1, "ownership": PRIVATE, "size_class": SMALL, "sales_y": 8.0, "knowledge": 5.0, "age_q": 10,
        "is_high_tech_field": 1, "quality": 1.0}  # fmt: skip
PLAIN = {"realised": 0.5, "crowd_in": 1.0, "credit_elasticity": 1.0, "pitch_y": 0.5, "oldest": 40.0, "bar": 0.0,
         "rest": 12, "ticket_to_sales": 0.5, "least_ticket": 1.0, "largest_ticket": 10.0, "lag_years": 3.0,
         "potency": 3.0, "entry_effect": -0.03, "half_entry": 4.0}  # fmt: skip


def quarter(world, yuan=40_000_000, credit=0.0, said=None, **changes):
    world.governments.fund_tax_credit[0] = credit
    if world.calendar.is_first_of_year and yuan:
        world.accounts.appropriate(LINE, yuan)
    seeks = {"venture__pitch": 0.0} if said is None else said
    invest_venture(world, params(Params, **(PLAIN | changes)), Said(**seeks))
    assert received(world, LINE) == world.accounts.disbursed_q[world.accounts.number(LINE)]
    return world


def deals(world):
    return unfixed(world.flows["venture_deals"])


def test_a_ticket_is_paid_half_by_the_fund_and_half_by_private_money():
    world = quarter(few(1, **FIRM))
    assert received(world, LINE) == 2_000_000
    assert (world.firms.venture_stock[0], world.firms.venture_cash[0]) == (4.0, 2.0)
    assert (deals(world), unfixed(world.flows["venture_private"])) == (1.0, 2.0)
    assert world.notes == {}


def test_a_tax_credit_draws_in_more_private_money_at_the_treasury_s_cost():
    world = quarter(few(1, **FIRM), credit=0.2)
    assert unfixed(world.flows["venture_private"]) == pytest.approx(4 * 1.25 / 2.25, abs=1e-5)
    assert unfixed(world.notes["tax_credits"]["guidance_fund"]) == pytest.approx(0.2 * 4 * 1.25 / 2.25, abs=1e-5)


def test_only_young_small_private_performers_of_high_tech_fields_above_the_bar_are_funded():
    columns = FIRM | {"has_rd": [0, 1, 1, 1, 1, 1, 1], "ownership": [2, STATE, 2, 2, 2, 2, 2],
                      "size_class": [1, 1, LARGE, 1, 1, 1, 1], "is_high_tech_field": [1, 1, 1, 0, 1, 1, 1],
                      "age_q": [9, 9, 9, 9, 40, 9, 9], "quality": [1, 1, 1, 1, 1, -0.1, 1.0]}  # fmt: skip
    firms = quarter(few(7, **columns)).firms
    assert (firms.venture_stock[:7] > 0).tolist() == [False] * 6 + [True]


def test_no_more_is_paid_than_the_fund_has_raised():
    world = quarter(few(6, **(FIRM | {"quality": [1, 6, 5, 4, 3, 2]})), yuan=9_000_000)
    assert received(world, LINE) == 4_000_000, "half of the target, in tickets of two"
    assert (world.firms.venture_stock[:6] > 0).tolist() == [False, True, True, False, False, False]


def test_deals_end_with_the_firms_worth_funding():
    found = [deals(quarter(few(6, **FIRM), yuan=y)) for y in (8_000_000, 16_000_000, 32_000_000, 64_000_000)]
    assert found == [2.0, 4.0, 6.0, 6.0]


def test_a_funded_firm_is_not_looked_at_for_years():
    world = quarter(few(1, **FIRM))
    made = []
    for _ in range(13):
        next_quarter(world)
        made.append(deals(quarter(world)))
    assert made == [0.0] * 11 + [1.0, 0.0]


def test_capital_becomes_knowledge_and_pays_for_rd_over_the_lag():
    stock, cash, quarters = np.array([8.0]), np.array([2.0]), np.array([3], np.int8)
    knowledge, credit = np.zeros(1), np.zeros(1)
    spend(np.zeros(1, np.int64), stock, cash, quarters, 0.25, 2.0, knowledge, credit)
    assert (stock[0], cash[0], quarters[0], knowledge[0], credit[0]) == (6.0, 1.5, 2, 4.0, 0.5)
    part = 1.0 - exp(-0.25 / 3.0)
    left = np.array([1.0])
    for _ in range(12):
        spend(np.zeros(1, np.int64), left, np.zeros(1), quarters, part, 0.0, knowledge, credit)
    assert left[0] == pytest.approx(np.exp(-1.0)), "after the mean lag 1/e is left"


def test_money_at_work_lets_a_few_fewer_firms_enter():
    world = quarter(few(1, **FIRM))
    assert world.governments.entry_factor[0] == pytest.approx(np.exp(-0.03 * 0.5)), "4 at work are half of the effect"


def test_without_money_nothing_changes_bit_for_bit():
    world = few(2, **FIRM)
    before = frozen(world)
    quarter(world, yuan=0)
    assert frozen(world) == before
    assert deals(world) == 0.0


def test_rows_do_not_matter():
    order = np.random.default_rng(3).permutation(200)
    worlds = [small_world(), small_world(order=order)]
    for world in worlds:
        world.indices |= {"price": np.ones(1), "deflator": np.ones(1)}
        world.firms.quality[:] = np.sin(world.firms.uid * 1.7)
        for k in range(6):
            if k:
                next_quarter(world)
            if world.calendar.is_first_of_year:
                world.accounts.appropriate(LINE, 60_000_000)
            invest_venture(world, params(Params, pitch_y=0.5), world.draws)
    assert worlds[0].firms.venture_stock.any()
    for name in ("venture_stock", "venture_quarters", "knowledge_add", "credit_q", "received_yuan"):
        assert np.array_equal(by_uid(worlds[0].firms, name), by_uid(worlds[1].firms, name)), name
    assert worlds[0].flows == worlds[1].flows
