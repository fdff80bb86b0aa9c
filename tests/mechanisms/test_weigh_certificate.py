"""What a certificate is worth: by hand, by size, in the pool, and with the award that firms may expect."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.drivers import driver_paths
from sim.agents.firm import CERTIFIED, POOL
from sim.catalogue.loader import catalogue
from sim.core.calendar import Calendar
from sim.mechanisms.weigh_certificate import Params, weigh_certificate
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import params

PLAIN = {"cost": 0.2, "cost_spread": 0.0, "pool_cost_cut": 0.5, "other_benefit": 0.1, "push_start": 0.4,
         "push_midpoint": 3.0, "push_width": 0.5}  # fmt: skip
SIZES = [49.999, 50.0, 200.0, 200.001]


def weigh(world, award=0.0, budget=0, new_last_year=0, **changes):
    world.governments.certificate_award[0] = award
    if budget:
        world.accounts.appropriate("hnte_award", budget)
    world.notes["hnte_new_last_year"] = new_last_year
    weigh_certificate(world, params(Params, **(PLAIN | changes)), Said())
    return world.firms


@pytest.mark.parametrize(("start", "small"), [("2014Q1", 0.06), ("2015Q4", 0.06), ("2016Q1", 0.05), ("2019Q1", 0.05)])
def test_thresholds_by_size_and_date(start, small):
    world = few(4, start, sales_y=SIZES)
    law = driver_paths(catalogue(), Calendar.of(start, "2021Q4"), {})
    world.exogenous = {name: float(path[0]) for name, path in law.items()}
    assert first(weigh(world), "certificate_threshold") == [small, 0.04, 0.04, 0.03]


def test_the_gain_by_hand():
    firms = weigh(few(3, sales_y=100.0, margin=[0.05, 0.0, -0.2], tax_cut=0.1))
    # three years x ten points x five million of profit, other benefit 0.1, cost 0.2; a loss-maker has no tax to save
    assert first(firms, "certificate_gain") == pytest.approx([1.4, -0.1, -0.1])


def test_without_a_lower_tax_rate_there_is_no_benefit_but_the_award():
    firms = weigh(few(1, sales_y=100.0, margin=0.05))
    assert firms.certificate_gain[0] == pytest.approx(-0.2)
    firms = weigh(few(1, sales_y=100.0, margin=0.05), award=0.5, budget=10_000_000)
    assert firms.certificate_gain[0] == pytest.approx(0.3)


def test_the_pool_cuts_the_cost_for_its_members():
    firms = weigh(few(3, hnte_stage=[0, POOL, CERTIFIED]))
    assert first(firms, "certificate_gain") == pytest.approx([-0.2, -0.1, -0.2])


def test_those_late_in_line_pay_more_and_the_mean_stays():
    firms = weigh(few(3, certificate_readiness=[0.0, 0.5, 1.0]), cost_spread=0.8)
    assert first(firms, "certificate_gain") == pytest.approx([-0.04, -0.2, -0.36])


@pytest.mark.parametrize(
    ("budget", "new", "expected"),
    [(10_000_000, 4, 0.5), (10_000_000, 40, 0.25), (0, 10, 0.0), (400_000, 0, 0.0), (500_000, 0, 0.5)],
)
def test_firms_expect_the_award_as_often_as_the_line_can_pay_it(budget, new, expected):
    firms = weigh(few(1), award=0.5, budget=budget, new_last_year=new)
    assert firms.certificate_gain[0] == pytest.approx(expected - 0.2)


def test_the_gain_rises_with_the_cut_and_with_profit():
    gains = [weigh(few(1, sales_y=50.0, margin=0.06, tax_cut=c)).certificate_gain[0] for c in (0.0, 0.05, 0.1, 0.25)]
    assert gains == sorted(gains)
    firms = weigh(few(4, sales_y=50.0, margin=[-0.1, 0.0, 0.05, 0.2], tax_cut=0.1))
    assert first(firms, "certificate_gain") == sorted(first(firms, "certificate_gain"))


def test_the_push_is_half_way_at_its_middle_and_stays_within_its_ends():
    push = []
    for quarter in range(32):
        world = few(1, "2014Q1")
        world.calendar.quarter = quarter
        weigh(world)
        push.append(float(world.indices["push"][0]))
    assert push == sorted(push)
    assert push[0] > 0.4
    assert push[31] == pytest.approx(1.0, abs=1e-3)
    middle = np.mean(push[11:13])
    assert middle == pytest.approx(0.7, abs=1e-9), "the middle lies between the quarters 2.875 and 3.125 years"
