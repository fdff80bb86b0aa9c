"""Tenants: who enters, space and money as limits, shelter and its loss, ties, graduates, survival over both periods."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.firm import LARGE, MEDIUM, SMALL
from sim.agents.intermediary import INCUBATOR, INTERMEDIARY, PARK
from sim.catalogue.loader import catalogue
from sim.mechanisms.house_tenants import Params, fill_houses, house_tenants
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import by_uid, frozen, next_quarter, params, small_world

LINE = "incubators_and_parks"
PRICE = 10_000  # yuan a tenant and quarter with KIND and no rent cut
KIND = {"service_cost_y": 0.04, "rent_y": 0.04, "ask_y": 100.0, "tie_y": 0.0}


def world_of(n=4, places=(0, 2, 2, 0), budget=40_000_000, start="2014Q1", **columns):
    """Young small private firms of city 0; a broker, two houses in city 0 and one without places in city 3."""
    world = few(n, start=start, **({"size_class": SMALL, "age_q": 2, "city": 0} | columns))
    houses = world.intermediaries
    houses.role[:], houses.city[:] = [INTERMEDIARY, INCUBATOR, PARK, INCUBATOR], [0, 0, 0, 3]
    houses.places[:] = places
    if budget:
        world.accounts.appropriate(LINE, budget)
    return world


def run(world, quarters=1, draws=None, **changes):
    for quarter in range(quarters):
        if quarter:
            next_quarter(world)
            world.firms.neutralise()
        house_tenants(world, params(Params, **(KIND | changes)), draws or Said())
    return world


def test_without_money_and_tenants_nothing_changes():
    world = world_of(budget=0)
    before = frozen(world)
    run(world)
    assert frozen(world) == before
    assert not world.notes.get("incubator_instalments")


def test_the_best_enter_while_the_city_has_space():
    world = run(world_of(n=6, quality=[0, 1, 2, 3, 4, -1]))
    assert (np.array(first(world.firms, "incubator")) >= 0).tolist() == [False, True, True, True, True, False]
    assert world.intermediaries.tenants.tolist() == [0, 2, 2, 0]
    assert world.firms.exit_factor[:6].tolist() == [1.0, 0.7, 0.7, 0.7, 0.7, 1.0]
    assert world.accounts.disbursed_q[world.accounts.number(LINE)] == 4 * PRICE
    assert world.intermediaries.received_yuan[:, world.accounts.number(LINE)].tolist() == [0, 2 * PRICE, 2 * PRICE, 0]


@pytest.mark.parametrize(
    "change",
    [{"age_q": 13}, {"size_class": MEDIUM}, {"ownership": 1}, {"city": 3}, {"city": 5}, {"incubator_quarters": 1}],
)
def test_who_does_not_qualify_or_finds_no_place_in_its_city_stays_outside(change):
    world = run(world_of(**change))
    assert first(world.firms, "incubator") == [-1] * 4
    assert world.accounts.disbursed_q.sum() == 0


def test_money_limits_the_tenants_evenly_over_the_year_and_more_than_the_space_buys_nothing():
    tenants = []
    for budget in (0, 4, 8, 12, 16, 160):
        world = run(world_of(n=9, budget=budget * PRICE), quarters=4)
        tenants.append(int(world.intermediaries.tenants.sum()))
        assert world.accounts.disbursed_year.sum() == 4 * PRICE * tenants[-1]
    assert tenants == [0, 1, 2, 3, 4, 4]


def test_a_rent_cut_costs_more_and_brings_more_candidates():
    asked = []
    for cut in (0.0, 0.5):
        world = world_of(n=4)
        world.governments.incubator_rent_cut[0] = cut
        draws = Said(incubator__apply=0.1)
        run(world, draws=draws, ask_y=0.3, rent_pull=1.5)
        asked.append((int(world.intermediaries.tenants.sum()), int(world.accounts.disbursed_q.sum())))
    assert asked == [(0, 0), (4, 4 * 15_000)]


def test_growth_is_higher_for_the_better_but_never_a_loss():
    world = run(world_of(quality=[0.0, 1.0, -9.0, 9.0]), growth_y=0.03, quality_slope=0.3)
    assert first(world.firms, "growth_add") == pytest.approx([0.03, 0.039, 0.0, 0.06])


def test_tenants_leave_after_their_time_and_feel_it_for_as_long():
    world = world_of(n=1)
    firms, factors, inside = world.firms, [], []
    for quarter in range(7):
        if quarter:
            next_quarter(world)
            firms.neutralise()
        if world.calendar.is_first_of_year and quarter:
            world.accounts.appropriate(LINE, 40_000_000)
        run(world, stay=3.0, inside_exit=0.7, after_exit=1.35)
        factors.append(float(firms.exit_factor[0]))
        inside.append(int(firms.incubator[0]) >= 0)
    assert factors == [0.7] * 3 + [1.35] * 3 + [1.0]
    assert inside == [True] * 3 + [False] * 4, "and it does not come back"
    assert world.intermediaries.graduates.sum() == 1


def test_grown_tenants_leave_and_count_as_graduates():
    world = run(world_of())
    world.firms.size_class[0] = LARGE
    next_quarter(world)
    run(world)
    assert first(world.firms, "incubator")[0] == -1
    assert world.intermediaries.graduates.sum() == 1


def test_without_money_the_newest_leave_and_are_no_graduates():
    world = run(world_of())
    world.accounts.open_year()
    next_quarter(world)
    world.firms.neutralise()
    run(world)
    assert first(world.firms, "incubator") == [-1] * 4
    assert world.intermediaries.graduates.sum() == 0
    assert first(world.firms, "exit_factor") == [1.35] * 4
    assert first(world.firms, "graduate_quarters") == [0] * 4


def test_over_stay_and_as_long_after_it_about_as_many_close_as_elsewhere():
    """Sum of hazards of a tenant over that of a twin, by the law of small firms' exit and the catalogue's numbers."""
    number = catalogue().parameter
    slope, stay = number("exit_and_enter.exit_size_slope").value, int(number("house_tenants.stay").value)
    inside, after = number("house_tenants.inside_exit").value, number("house_tenants.after_exit").value
    for entry in (1, 4, 8, 12):
        base = np.arange(entry, entry + 2 * stay) ** slope
        tenant = base * np.repeat([inside, after], stay)
        assert 0.9 < tenant.sum() / base.sum() < 1.1


def test_some_tenants_meet_a_university_of_their_city():
    world = world_of(partner_university=[-1, 2, -1, -1])
    world.universities.alive[:] = 1
    world.universities.city[:] = [3, 0, 0, 5, 5, 5]
    run(world, draws=Said(incubator__tie=0.0, incubator__partner=0.9), tie_y=0.1)
    assert first(world.firms, "partner_university") == [2, 2, 2, 2]
    step = catalogue().parameter("redeem_vouchers.tie_step").value
    assert first(world.firms, "tie_strength") == [step, 0.0, step, step]


def test_new_places_go_to_the_fullest_incubators_once_a_year():
    world = world_of(places=(0, 2, 2, 4))
    world.intermediaries.tenants[:] = [0, 2, 2, 1]
    world.governments.incubator_places_y[0] = 3.0
    run(world, quarters=2)
    assert world.intermediaries.places.tolist() == [0, 4, 2, 5], "the park does not grow; one in turn"


def test_houses_fill_in_order():
    place, free = np.full(4, -1, np.int64), np.array([1, 0, 2])
    fill_houses(np.array([0, 0, 1, 0], np.int8), np.array([0, 1, 0], np.int8), free, 9, place)
    assert place.tolist() == [0, 2, -1, 2]
    assert free.tolist() == [0, 0, 0]


def test_rows_do_not_matter():
    worlds = [small_world(), small_world(order=np.random.default_rng(3).permutation(200))]
    for world in worlds:
        world.intermediaries.role[:], world.intermediaries.city[:] = INCUBATOR, [0, 1, 2, 3]
        world.firms.age_q[:] = 4
        world.accounts.appropriate(LINE, 1_000_000)
        house_tenants(world, params(Params, ask_y=2.0), world.draws)
    assert np.array_equal(by_uid(worlds[0].firms, "incubator"), by_uid(worlds[1].firms, "incubator"))
    assert (worlds[0].firms.incubator >= 0).sum() > 5
