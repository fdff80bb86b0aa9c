"""What levers share: dates, doses of the quarter, and money for the year once."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.base import BY_LAW, Scheduled, active_levers, appropriate, lever_class, set_province
from sim.levers.rd_grant import RdGrant
from tests.mechanisms.worlds import frozen, next_quarter, small_world


class Plan:
    """A scenario of one lever: in force from a quarter on, its doses by name."""

    def __init__(self, first=(2014, 1), last=(2099, 4), **doses):
        self.first, self.last, self.doses = first, last, doses

    def in_force(self, lever, year, quarter):
        return self.first <= (year, quarter) <= self.last

    def dose(self, lever, dose, year, quarter):
        found = self.doses.get(dose, 0.0)
        return found(year, quarter) if callable(found) else found

    def dose_value(self, lever, dose, year, quarter):
        found = self.dose(lever, dose, year, quarter)
        return 77.0 if found == "fiscal_key" else float(found)


def test_every_lever_of_the_catalogue_has_its_class():
    assert lever_class("rd_grant") is RdGrant
    assert [s.name for s in active_levers(Plan())] == list(catalogue().levers)
    assert {s.kind.__name__ for s in active_levers(Plan())} >= {"SuperDeduction", "HnteTaxRate", "HntePool"}


def test_all_levers_at_zero_write_nothing_at_all():
    world = small_world()
    before = frozen(world)
    for lever in active_levers(Plan()):
        lever.apply(world)
    assert frozen(world) == before
    assert not world.accounts.appropriated_year.any()


def test_outside_its_dates_a_lever_is_not_applied():
    rate = []
    world = small_world()
    lever = Scheduled("rd_grant", RdGrant, Plan((2014, 3), (2015, 1), budget_y=10.0, rate=0.3))
    for quarter in range(7):
        if quarter:
            next_quarter(world)
        world.governments.neutralise()
        lever.apply(world)
        rate.append(float(world.governments.grant_rate[0]))
    assert rate == [0.0, 0.0, 0.3, 0.3, 0.3, 0.0, 0.0]


def test_doses_are_those_of_the_quarter_and_words_become_numbers():
    world = small_world()
    plan = Plan(budget_y="fiscal_key", rate=lambda year, quarter: 0.1 * quarter)
    lever = Scheduled("rd_grant", RdGrant, plan)
    lever.apply(world)
    assert world.accounts.left("rd_grant") == 77_000_000
    next_quarter(world)
    lever.apply(world)
    assert world.governments.grant_rate[0] == pytest.approx(0.2)


def test_the_word_of_the_law_is_handed_on():
    seen = []

    class Listener:
        __dataclass_fields__ = lever_class("super_deduction").__dataclass_fields__

        def __init__(self, rate, accelerated_depreciation):
            seen.append(rate)

        def apply(self, world):
            pass

    Scheduled("super_deduction", Listener, Plan(rate="dated_law")).apply(small_world())
    assert seen == [BY_LAW]
    assert BY_LAW < 0.0, "no dose can be mistaken for it"


@pytest.mark.parametrize(
    ("start", "scale", "yuan"), [("2014Q1", 1, 10**7), ("2014Q4", 1, 2_500_000), ("2014Q3", 8, 625_000)]
)
def test_a_year_s_money_is_given_once_pro_rata_and_by_scale(start, scale, yuan):
    world = small_world(start)
    world.scale = scale
    for _ in range(3):
        appropriate(world, "rd_grant", 10.0)
    assert world.accounts.left("rd_grant") == yuan


def test_a_new_year_brings_the_whole_budget_and_zero_brings_none():
    world = small_world("2014Q4")
    appropriate(world, "rd_grant", 10.0)
    next_quarter(world)
    appropriate(world, "rd_grant", 10.0)
    assert world.accounts.left("rd_grant") == 10**7
    for budget in (0.0, -5.0):
        appropriate(world, "hnte_award", budget)
    assert world.accounts.left("hnte_award") == 0


def test_a_provincial_term_is_written_for_the_province_only():
    world = small_world()
    set_province(world, "grant_rate", 0.4)
    assert world.governments.grant_rate.tolist() == [0.4] + [0.0] * 11
