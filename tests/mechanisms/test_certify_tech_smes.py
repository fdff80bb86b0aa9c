"""The campaign: who qualifies, places by quarter, paid and unpaid certification, the end of the pool."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.certify_tech_smes import Params, certify_tech_smes
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import by_uid, frozen, next_quarter, params, received, small_world

LINE = "tech_sme_certification"


def run(world, places_y, budget=0, quarters=1, **changes):
    for quarter in range(quarters):
        if quarter:
            next_quarter(world)
        if world.calendar.is_first_of_year and budget:
            world.accounts.appropriate(LINE, budget)
        world.governments.tech_sme_places_y[0] = places_y
        certify_tech_smes(world, params(Params, **changes), world.draws)


def test_without_places_nothing_changes():
    world = small_world()
    before = frozen(world)
    run(world, 0.0, quarters=1)
    assert frozen(world) == before


def test_only_firms_that_could_register_are_certified():
    world = few(5, is_high_tech_field=[1, 0, 0, 1, 1], has_rd=[0, 1, 0, 1, 1], sales_y=[5.0, 5.0, 5.0, 500.0, 5.0],
                is_tech_sme=[0, 0, 0, 0, 1])  # fmt: skip
    world.governments.tech_sme_places_y[0] = 400.0
    certify_tech_smes(world, params(Params, unpaid_take_up=1.0), Said(sme__campaign=0.5, sme__unpaid=0.5))
    assert first(world.firms, "is_tech_sme") == [1, 1, 0, 0, 1]


def test_not_before_registration_begins():
    world = few(1, start="2013Q4", is_high_tech_field=1, sales_y=5.0)
    world.governments.tech_sme_places_y[0] = 400.0
    certify_tech_smes(world, params(Params, unpaid_take_up=1.0), Said())
    assert first(world.firms, "is_tech_sme") == [0]


def test_the_best_first_and_the_unpaid_only_when_willing():
    world = few(4, is_high_tech_field=1, sales_y=5.0, quality=[0.0, 2.0, 1.0, -1.0])
    world.accounts.appropriate(LINE, 25_000)
    world.governments.tech_sme_places_y[0] = 12.0  # three a quarter
    kind = params(Params, cost=0.01, unpaid_take_up=0.4)
    certify_tech_smes(world, kind, Said(sme__unpaid=0.5))
    assert first(world.firms, "is_tech_sme") == [0, 1, 1, 0], "two are paid, the third does not go on unpaid"
    assert received(world, LINE) == 20_000
    certify_tech_smes(world, kind, Said(sme__unpaid=0.3))
    assert first(world.firms, "is_tech_sme") == [1, 1, 1, 1]
    assert received(world, LINE) == 20_000, "the line has no money for a third"


def test_the_places_of_a_year_add_up_over_its_quarters():
    world = small_world()
    run(world, 10.0, budget=10_000_000, quarters=4)
    assert world.firms.is_tech_sme.sum() == 10
    assert world.accounts.disbursed_year[world.accounts.number(LINE)] == 10 * 10_000


def test_it_ends_at_the_pool():
    few_places, many_places = small_world(), small_world()
    run(few_places, 400.0, budget=10_000_000)
    run(many_places, 4000.0, budget=100_000_000)
    firms = many_places.firms
    pool = (firms.alive != 0) & (firms.sales_y < 200.0) & ((firms.is_high_tech_field != 0) | (firms.has_rd != 0))
    assert np.array_equal(firms.is_tech_sme != 0, pool)
    assert 0 < few_places.firms.is_tech_sme.sum() < pool.sum()
    assert many_places.accounts.left(LINE) > 0, "money for nobody stays"


@pytest.mark.parametrize("budget", [0, 300_000])
def test_rows_do_not_matter(budget):
    worlds = [small_world(), small_world(order=np.random.default_rng(3).permutation(200))]
    for world in worlds:
        run(world, 200.0, budget=budget, quarters=2)
    assert np.array_equal(by_uid(worlds[0].firms, "is_tech_sme"), by_uid(worlds[1].firms, "is_tech_sme"))
