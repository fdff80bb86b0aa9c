"""What levers share: dates, doses of the quarter, and money for the year once."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.core.calendar import Calendar
from sim.core.money import to_yuan
from sim.levers.base import BY_LAW, Scheduled, active_levers, appropriate, lever_class, set_province
from sim.levers.rd_grant import RdGrant
from sim.scenario import build_scenario
from tests.mechanisms.worlds import frozen, next_quarter, small_world

YEARS = Calendar.of("2014Q1", "2017Q4")


class Plan:
    """A scenario of one lever: in force from a quarter on, its doses by name."""

    def __init__(self, first=(2014, 1), last=(2099, 4), **doses):
        self.first, self.last, self.doses = first, last, doses

    def course(self, lever, first, last):
        quarters = [divmod(number, 4) for number in range(first, last + 1)]
        return [self.at(lever, year, part + 1) for year, part in quarters]

    def at(self, lever, year, quarter):
        if not self.first <= (year, quarter) <= self.last:
            return None
        names = [row.dose for row in catalogue().doses.values() if row.lever == lever]
        found = {name: self.doses.get(name, 0.0) for name in names}
        return {name: value(year, quarter) if callable(value) else value for name, value in found.items()}


def test_every_lever_of_the_catalogue_has_its_class():
    assert lever_class("rd_grant") is RdGrant
    levers = active_levers(Plan(), YEARS)
    assert [s.name for s in levers] == list(catalogue().levers)
    assert {type(s.timeline[0]).__name__ for s in levers} >= {"SuperDeduction", "HnteTaxRate", "HntePool"}


def test_all_levers_at_zero_write_nothing_at_all():
    world = small_world()
    before = frozen(world)
    for lever in active_levers(Plan(), world.calendar):
        lever.apply(world)
    assert frozen(world) == before
    assert not world.accounts.appropriated_year.any()


def test_outside_its_dates_a_lever_is_not_applied():
    rate = []
    world = small_world()
    lever = Scheduled.of("rd_grant", RdGrant, Plan((2014, 3), (2015, 1), budget_y=10.0, rate=0.3), YEARS)
    for quarter in range(7):
        if quarter:
            next_quarter(world)
        world.governments.neutralise()
        lever.apply(world)
        rate.append(float(world.governments.grant_rate[0]))
    assert rate == [0.0, 0.0, 0.3, 0.3, 0.3, 0.0, 0.0]


def test_doses_are_those_of_the_quarter_and_words_become_numbers():
    world = small_world()
    raw = {"name": "mine", "lever": {"rd_grant": {"budget_y": "fiscal_key", "rate": {"2014": 0.1, "2014Q2": 0.2}}}}
    plan = build_scenario(raw)
    lever = Scheduled.of("rd_grant", RdGrant, plan, YEARS)
    lever.apply(world)
    assert world.governments.grant_rate[0] == pytest.approx(0.1)
    assert world.accounts.left("rd_grant") == to_yuan(plan.dose_value("rd_grant", "budget_y", 2014, 1)) > 0
    next_quarter(world)
    lever.apply(world)
    assert world.governments.grant_rate[0] == pytest.approx(0.2)


def test_a_lever_is_made_anew_only_when_its_doses_change():
    """Equal doses in equal mappings or in one: one lever; out of force and back again: another."""
    plan = Plan((2014, 2), (2016, 4), budget_y=10.0, rate=lambda year, quarter: 0.1 * (year == 2015))
    timeline = Scheduled.of("rd_grant", RdGrant, plan, YEARS).timeline
    assert [None if lever is None else lever.rate for lever in timeline] == [None, *[0.0] * 3, *[0.1] * 4, *[0.0] * 4,
                                                                             *[None] * 4]  # fmt: skip
    assert len({id(lever) for lever in timeline}) == 4


def test_the_word_of_the_law_is_handed_on():
    seen = []

    class Listener:
        __dataclass_fields__ = lever_class("super_deduction").__dataclass_fields__

        def __init__(self, rate, accelerated_depreciation):
            seen.append(rate)

        def apply(self, world):
            pass

    Scheduled.of("super_deduction", Listener, Plan(rate="dated_law"), YEARS).apply(small_world())
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
