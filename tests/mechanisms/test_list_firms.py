"""Listing: who is fit, who lists because of the award, what equity does, and the end of the money."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.firm import CERTIFIED, LARGE
from sim.mechanisms.list_firms import Params, draw_on_equity, list_firms
from tests.mechanisms.few_firms import Said, few
from tests.mechanisms.worlds import by_uid, frozen, next_quarter, params, received, small_world

LINE = "listing_support"
FIRM = {"hnte_stage": CERTIFIED, "sales_y": 100.0, "sales_1y": 100.0, "sales_2y": 90.0, "margin": 0.05, "age_q": 20}
PLAIN = {"least_sales": 50.0, "largest_sales": 2000.0, "least_age": 8.0, "anyway_y": 0.05, "induced_y": 0.2,
         "half_award": 1.0, "equity_to_sales": 0.1, "spent_over": 3.0, "stop_factor": 0.7}  # fmt: skip


def quarter(world, award=1.0, yuan=10_000_000, u=0.02, **changes):
    world.governments.listing_award[0] = award
    if world.calendar.is_first_of_year and yuan:
        world.accounts.appropriate(LINE, yuan)
    list_firms(world, params(Params, **(PLAIN | changes)), Said(listing__list=u))
    assert received(world, LINE) == world.accounts.disbursed_q[world.accounts.number(LINE)]
    return world


def test_only_fit_firms_list():
    columns = {name: np.full(8, value, float) for name, value in FIRM.items()}
    columns["sales_y"][0], columns["sales_y"][1], columns["margin"][2] = 49.0, 2000.0, 0.0
    columns["age_q"][3], columns["sales_2y"][4] = 7, 101.0
    columns["hnte_stage"][5:7] = 0
    columns["size_class"] = np.array([0, 0, 0, 0, 0, 0, LARGE, 0])
    world = quarter(few(8, **columns))
    assert world.firms.is_listed[:8].tolist() == [0, 0, 0, 0, 0, 0, 1, 1]
    assert received(world, LINE) == 2_000_000


def test_who_would_list_anyway_takes_the_award_and_changes_nothing_else():
    # a yearly hazard of 0.05 is 0.0127 a quarter, one of 0.05 + 0.2 / 2 is 0.0398
    world = quarter(few(3, **FIRM), u=[0.012, 0.03, 0.05])
    firms = world.firms
    assert firms.is_listed[:3].tolist() == [1, 1, 0]
    assert firms.is_listed_by_award[:3].tolist() == [0, 1, 0]
    assert (firms.stop_factor[:3] == 0.7).tolist() == [False, True, False]
    assert (firms.credit_q[:3] > 0.0).tolist() == [False, True, False]


def test_a_larger_award_lists_more_with_falling_returns():
    u = np.linspace(0.0005, 0.0995, 100)
    found = [int(quarter(few(100, **FIRM), a, 10**9, u).firms.is_listed.sum()) for a in (0.5, 1.0, 2.0, 4.0)]
    assert found == sorted(set(found))
    assert found[3] - found[2] < found[1] - found[0] + (found[2] - found[1])


def test_the_line_pays_the_best_and_no_more_than_it_has():
    world = quarter(few(4, **(FIRM | {"quality": [0.0, 3.0, 1.0, 2.0]})), yuan=2_500_000)
    assert world.firms.is_listed[:4].tolist() == [0, 1, 0, 1]
    assert world.accounts.left(LINE) == 500_000


def test_equity_comes_within_reach_bit_by_bit_and_runs_out():
    one, equity, credit, stop = np.zeros(1, np.int64), np.array([10.0]), np.zeros(1), np.ones(1)
    draw_on_equity(one, equity, 0.2, 0.7, credit, stop)
    assert (credit[0], equity[0], stop[0]) == (2.0, 8.0, 0.7)
    total = credit[0]
    for _ in range(60):
        credit[0] = 0.0
        draw_on_equity(one, equity, 0.2, 0.7, credit, stop)
        total += credit[0]
    assert total == pytest.approx(10.0, rel=1e-4)


def test_nobody_lists_twice_and_the_listed_keep_what_they_have_after_the_programme():
    world = quarter(few(1, **FIRM))
    for _ in range(4):
        next_quarter(world)
        quarter(world, award=0.0, yuan=0)
    assert world.accounts.disbursed_q.sum() == 0
    assert world.firms.stop_factor[0] == 0.7
    assert world.firms.credit_q[0] > 0.0


def test_without_award_or_money_nothing_changes_bit_for_bit():
    for award, yuan in ((0.0, 10**7), (1.0, 0)):
        world = few(2, **FIRM)
        world.governments.listing_award[0] = award
        before = frozen(world)
        quarter(world, award, yuan)
        assert frozen(world) == before


def test_rows_do_not_matter():
    order = np.random.default_rng(3).permutation(200)
    worlds = [small_world(), small_world(order=order)]
    for world in worlds:
        world.firms.margin[:], world.firms.age_q[:], world.firms.hnte_stage[:] = 0.05, 20, CERTIFIED
        world.governments.listing_award[0] = 1.0
        world.accounts.appropriate(LINE, 3_000_000)
        list_firms(world, params(Params, **(PLAIN | {"anyway_y": 0.3, "induced_y": 0.6})), world.draws)
    assert worlds[0].firms.is_listed.sum() == 3
    for name in ("is_listed", "is_listed_by_award", "listing_equity", "credit_q", "received_yuan"):
        assert np.array_equal(by_uid(worlds[0].firms, name), by_uid(worlds[1].firms, name)), name
