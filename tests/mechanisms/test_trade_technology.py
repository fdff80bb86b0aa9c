"""Trade: identities of the three measures, matching, very large contracts, and who is paid."""

from __future__ import annotations

import numpy as np
import pytest

from sim.core.arithmetic import poisson_inverse
from sim.core.fixed_point import fixed, unfixed
from sim.mechanisms.trade_technology import (
    Params,
    big_contracts,
    big_least,
    level,
    match,
    may_buy,
    may_contract,
    pareto_inverse,
    trade_technology,
    wanted_by_firms,
)
from tests.mechanisms.worlds import next_quarter, params, small_world

FLOWS = ("contracts_output", "contracts_absorbed", "contracts_inside")


def run(world, quarters=1, **changes):
    """Yearly rate of output, absorbed and inside over the quarters, million yuan."""
    totals = np.zeros(3)
    for quarter in range(quarters):
        if quarter:
            next_quarter(world)
        for kind in (world.universities, world.institutes):
            kind.contract_income_q.fill(0.0)
        trade_technology(world, params(Params, **changes), world.draws)
        totals += [unfixed(world.flows[name]) for name in FLOWS]
    return totals * 4.0 / quarters


def test_matches_are_one_at_the_start_need_both_sides_and_have_constant_returns():
    assert match(1.0, 1.0, 0.5, 1.0) == pytest.approx(1.0)
    assert match(2.0, 2.0, 0.5, 1.0) == pytest.approx(2.0)
    assert match(0.0, 5.0, 0.5, 1.0) == 0.0
    assert 1.0 < match(4.0, 1.0, 0.5, 1.0) < 2.0, "supply alone runs into congestion"


def test_demand_is_a_share_of_rd_and_of_modernised_sales():
    alive, above_scale = np.array([1, 1, 0, 1], np.uint8), np.array([1, 0, 1, 0], np.uint8)
    rd, upgrade = np.array([2.0, 2.0, 2.0, 0.0]), np.array([0.0, 3.0, 3.0, 0.0])
    rows = np.flatnonzero(may_buy(alive, above_scale, rd, upgrade))
    assert rows.tolist() == [0, 1], "who closed, or has neither, wants nothing"
    wanted, total = wanted_by_firms(rows, above_scale, rd, np.full(4, 100.0), 4.0, 0.5, 0.01, upgrade)
    assert wanted == pytest.approx([5.0, 7.0])
    assert unfixed(total) == pytest.approx(12.0)


def test_no_buyer_with_a_very_large_contract_is_passed_over():
    u = (np.arange(100_000) + 0.5) / 100_000
    for mean in (1e-6, 0.01, 0.7, 3.0, 600.0):
        have = np.array([poisson_inverse(x, mean) > 0 for x in u[::10]])
        may = may_contract(u[::10], np.full(len(have), 2.0), mean / 2.0)
        assert may[have].all()
        assert may.mean() <= min(1.0, mean + 1e-3)


def test_sizes_of_very_large_contracts_have_their_mean_and_their_bounds():
    u = (np.arange(200_000) + 0.5) / 200_000
    sizes = np.array([pareto_inverse(x, 2.0, 1.5, 100.0) for x in u[::20]])
    assert sizes.min() >= 2.0
    assert sizes.max() <= 200.0
    assert sizes.mean() == pytest.approx(2.0 * 3.0 * (1 - 100**-0.5) / (1 - 100**-1.5), rel=0.01)
    p = params(Params)
    assert p.big_number_y * big_least(p) < p.big_share * p.absorbed_start, "the tail lifts the mean above the least"


def test_very_large_contracts_go_in_or_out_and_land_above_the_threshold():
    u = np.full(3, 0.5)
    found = big_contracts(np.array([1, 0, 1], np.uint8), np.ones(3), np.full(3, 0.7), u,
                          np.array([0.05, 0.5, 0.5]), np.array([0.5, 0.5, 0.5]), 1.0, 10.0, 1.1, 1000.0, 0.1, 15.0, 0.6,
                          0.3, 2.0)  # fmt: skip
    size = pareto_inverse(0.5, 10.0, 1.1, 1000.0)
    assert unfixed(found[0]) == pytest.approx(2.0 * size, rel=1e-5)
    assert unfixed(found[1]) == pytest.approx(2.0 * 2.0 * size, rel=1e-5)
    assert found[2] == 2, "the firm without R&D does not put its contract to use"


def test_the_first_year_meets_the_values_of_2010_but_for_growth_and_chance():
    p = params(Params, big_share=0.0)
    world = small_world("2010Q1")
    output, absorbed, inside = run(world, 4, big_share=0.0)
    assert output == pytest.approx(p.output_start, rel=0.03)
    assert absorbed == pytest.approx(p.absorbed_start, rel=0.03)
    assert inside == pytest.approx(p.inside_start, rel=0.03)
    assert level(world, 0.2, 0.0) > 1.0


def test_inside_is_part_of_output_and_of_absorbed():
    output, absorbed, inside = run(small_world(), 8)
    assert 0.0 < inside < min(output, absorbed)


def test_vouchers_raise_all_three_measures_alike():
    plain, with_vouchers = small_world(), small_world()
    with_vouchers.flows["voucher_contracts"] = fixed(3.0)
    for world in (plain, with_vouchers):
        trade_technology(world, params(Params), world.draws)
    for name in FLOWS:
        assert with_vouchers.flows[name] - plain.flows[name] == fixed(3.0)


def test_traded_is_what_was_registered_over_its_share():
    world = small_world()
    world.flows["voucher_contracts"] = fixed(3.0)
    trade_technology(world, params(Params, registration_growth=0.0), world.draws)
    output, absorbed, inside = (unfixed(world.flows[name]) - 3.0 for name in FLOWS)
    share = params(Params).registration_start
    total = output + absorbed - inside
    assert unfixed(world.flows["contracts_traded"]) - 3.0 == pytest.approx(total / share, rel=1e-6)


def test_more_registered_is_not_more_traded():
    plain, keen = small_world(), small_world()
    for world, growth in ((plain, 0.0), (keen, 0.1)):
        trade_technology(world, params(Params, registration_growth=growth), world.draws)
    assert keen.flows["contracts_output"] > plain.flows["contracts_output"]
    assert keen.flows["contracts_traded"] == plain.flows["contracts_traded"]


def test_twice_the_intermediaries_give_more_contracts_with_falling_returns():
    found = []
    for factor in (1, 2, 4):
        world = small_world()
        run(world)
        world.intermediaries.places[:] *= factor
        found.append(run(world, 8, big_share=0.0)[1])
    assert 1.04 <= found[1] / found[0] <= 1.32
    assert found[2] / found[1] <= found[1] / found[0] + 1e-3


def test_the_start_is_measured_from_the_accounts_of_the_last_year_so_policy_cannot_move_it():
    worlds = [small_world(), small_world()]
    worlds[1].firms.rd_reported_q[:] *= 1.5
    found = [run(world, big_share=0.0) for world in worlds]
    assert np.array_equal(worlds[0].indices["trade_start"], worlds[1].indices["trade_start"])
    assert found[1][1] > found[0][1], "demand of the quarter counts"


def test_help_in_the_first_quarter_counts_as_help_not_as_the_start():
    worlds = [small_world(), small_world()]
    worlds[1].universities.openness_lift[:] = 0.2
    found = [run(world, big_share=0.0) for world in worlds]
    assert np.array_equal(worlds[0].indices["trade_start"], worlds[1].indices["trade_start"])
    assert found[1][0] > found[0][0]


def test_openness_of_universities_brings_them_income():
    worlds = [small_world(), small_world()]
    worlds[1].universities.openness[:] *= 1.2
    for world in worlds:
        run(world)
    income = [world.universities.contract_income_q.sum() for world in worlds]
    assert 0.0 < income[0] < income[1]


def test_absorbed_value_is_volatile_from_year_to_year():
    world = small_world("2011Q1", "2060Q4")
    years = np.array([run(world, 4, market_growth=0.0, registration_growth=0.0)[1] for _ in range(40)])
    spread = np.log(years).std()
    assert 0.05 < spread < 0.8


def test_rows_do_not_matter():
    worlds = [small_world(), small_world(order=np.random.default_rng(3).permutation(200))]
    for world in worlds:
        run(world, 4)
    assert worlds[0].flows == worlds[1].flows
    assert np.array_equal(worlds[0].universities.contract_income_q, worlds[1].universities.contract_income_q)
