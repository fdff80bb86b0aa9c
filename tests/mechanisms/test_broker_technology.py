"""Intermediaries open within money and close again; listing opens bodies; pressure moves the register, not trade."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.technology_supply import brokers
from sim.core.fixed_point import unfixed
from sim.mechanisms.broker_technology import Params, broker_technology, lift_openness
from sim.mechanisms.trade_technology import Params as TradeParams
from sim.mechanisms.trade_technology import registration, trade_technology
from tests.mechanisms.worlds import frozen, next_quarter, params, small_world

LINE = "technology_market"
PRICE = 125_000  # yuan a quarter and body


def quarter(world, places_y=8.0, yuan=10**9, years=0.0, push=0.0, relief=0.0, **changes):
    """One quarter of brokers and trade; returns the flows of trade in million yuan."""
    terms = {"broker_places_y": places_y, "listing_years": years, "registration_push": push, "contract_relief": relief}
    for name, value in terms.items():
        world.governments[name][0] = value
    for kind in (world.universities, world.institutes):
        kind.openness_lift.fill(0.0)
        kind.contract_income_q.fill(0.0)
    if yuan and world.calendar.is_first_of_year:
        world.accounts.appropriate(LINE, yuan)
    broker_technology(world, params(Params, **changes), world.draws)
    number = world.accounts.number(LINE)
    assert world.intermediaries.received_yuan[:, number].sum() == world.accounts.disbursed_q[number]
    trade_technology(world, params(TradeParams), world.draws)
    return {name: unfixed(value) for name, value in world.flows.items()}


def opened(world):
    bodies = world.intermediaries
    return int(np.count_nonzero((bodies.alive != 0) & (bodies.was_supported != 0) & (bodies.places > 0)))


def test_without_terms_nothing_changes():
    world = small_world()
    world.accounts.appropriate(LINE, 10**9)
    before = frozen(world)
    broker_technology(world, params(Params), world.draws)
    assert frozen(world) == before


def test_the_market_of_2010_is_measured_before_the_first_body_opens():
    world = small_world()
    quarter(world)
    assert opened(world) == 0
    assert world.indices["trade_start"][2] == pytest.approx(brokers(world.intermediaries))
    next_quarter(world)
    quarter(world)
    assert opened(world) == 2
    assert brokers(world.intermediaries) > world.indices["trade_start"][2]


def test_supported_bodies_are_paid_each_quarter_and_close_without_support():
    world = small_world("2014Q1", "2029Q4")
    for q in range(24):
        if q:
            next_quarter(world)
        quarter(world, places_y=8.0 if q < 5 else 0.0, body_close_y=0.5)
        if q == 4:
            assert opened(world) == 8
            assert world.accounts.disbursed_q.sum() == 8 * PRICE
    assert opened(world) < 4
    assert len(world.intermediaries) < 4 + 8, "those that closed have left"
    assert len(world.intermediaries) >= 4, "those of 2010 stay"


def test_a_body_that_was_paid_for_something_else_this_quarter_stays_in_the_books_until_the_next():
    world = small_world("2014Q1", "2029Q4")
    for q in range(3):
        if q:
            next_quarter(world)
        quarter(world)
    next_quarter(world)
    world.accounts.available.fill(0)  # support ends, and the same quarter the body is paid by another line
    mine = np.flatnonzero((world.intermediaries.alive != 0) & (world.intermediaries.was_supported != 0))
    world.accounts.appropriate("policy_training", 1_000)
    world.pay("policy_training", world.intermediaries, mine[:1], 1_000)
    quarter(world, places_y=0.0, yuan=0, body_close_y=1.0)
    assert opened(world) == 0
    assert world.intermediaries.alive[mine].all()
    next_quarter(world)
    quarter(world, places_y=0.0, yuan=0, body_close_y=1.0)
    assert not world.intermediaries.alive[mine].any()


@pytest.mark.parametrize(("yuan", "bodies"), [(0, 0), (PRICE * 3, 1), (PRICE * 6, 2), (10**9, 4)])
def test_no_body_opens_that_the_line_cannot_pay_to_the_years_end(yuan, bodies):
    world = small_world()
    quarter(world, yuan=yuan)
    next_quarter(world)
    quarter(world, places_y=16.0)
    assert opened(world) == bodies


def test_money_that_runs_out_ends_support():
    world = small_world()
    for q in range(5):
        if q:
            next_quarter(world)
        quarter(world, yuan=10**9 if q == 0 else 0, body_close_y=0.0)
    assert opened(world) == 6
    assert not world.intermediaries.support_quarters.any()


def test_doubling_intermediaries_raises_trade_by_their_elasticity_and_more_brings_less():
    traded = []
    for n in (1, 2, 3):
        world = small_world()
        quarter(world, places_y=0.0)
        next_quarter(world)
        world.intermediaries.places *= n
        traded.append(quarter(world, places_y=0.0)["contracts_output"])
    assert 1.04 <= traded[1] / traded[0] <= 1.32
    assert traded[2] - traded[1] < traded[1] - traded[0]


def test_listing_lifts_the_closed_part_behind_patents_and_sooner_lists_more():
    lift = np.zeros(3)
    lift_openness(np.array([1, 1, 0], np.uint8), np.array([0.4, 0.4, 0.4]), np.array([100.0, 10.0, 100.0]),
                  np.array([10, 10, 10], np.int32), 0.1, 3.0, lift)  # fmt: skip
    assert lift == pytest.approx([0.6 * 0.3 * 0.1, 0.6 * 0.1, 0.0])
    used = []
    for years in (0.0, 8.0, 2.0, 0.5):
        world = small_world()
        found = quarter(world, years=years)
        used.append((found["public_patents_used"], found["contracts_traded"]))
        assert ((world.universities.openness + world.universities.openness_lift) <= 1.0).all()
    assert used == sorted(used)
    assert len(set(used)) == 4


def test_pressure_raises_what_is_registered_and_neither_trade_nor_use():
    plain, pressed = (quarter(small_world(), push=push) for push in (0.0, 1.0))
    assert pressed["contracts_output"] > 1.1 * plain["contracts_output"]
    for same in ("contracts_traded", "public_patents_used", "major_results_landed"):
        assert pressed[same] == plain[same]
    bought = [found["contracts_absorbed"] - found["contracts_inside"] for found in (plain, pressed)]
    assert bought[0] == pytest.approx(bought[1]), "what is bought outside is registered by its sellers"


def test_registration_has_an_end():
    world = small_world()
    p = params(TradeParams)
    found = []
    for push in (0.0, 0.5, 1.0, 1e6):
        world.governments.registration_push[0] = push
        found.append(registration(world, p)[0])
    assert found == sorted(found)
    assert found[-1] == pytest.approx((1.0 + p.paper_share) / p.registration_start)


def test_relief_costs_tax_and_moves_the_register_more_than_the_trade():
    world = small_world()
    world.scale = 2
    plain = quarter(small_world())
    found = quarter(world, relief=0.06)
    forgone = world.notes["tax_expenditure"][2014]["technology_market"]
    assert forgone == pytest.approx(0.06 * 2 * found["contracts_output"])
    next_quarter(world)
    quarter(world, relief=0.06)
    assert world.notes["tax_expenditure"][2014]["technology_market"] > forgone
    one = small_world()
    found = quarter(one, relief=0.06)
    rise = {name: found[name] / plain[name] - 1.0 for name in ("contracts_output", "contracts_traded")}
    assert rise["contracts_output"] > 5.0 * rise["contracts_traded"] > 0.0


def test_support_that_was_promised_is_not_spent_on_new_bodies():
    world = small_world()
    for q in range(4):
        if q:
            next_quarter(world)
        quarter(world, yuan=6 * PRICE)
    assert opened(world) == 2
    assert np.count_nonzero(world.intermediaries.support_quarters) == 2, "both are paid to the end of the year"
