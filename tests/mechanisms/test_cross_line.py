"""The above-scale line: up at the line, down below the band, industry only, once a year."""

from __future__ import annotations

import pytest

from sim.mechanisms.cross_line import Params, cross_line
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import params

SALES = [19.999, 20.0, 17.0, 16.999, 20.0, 5.0]
BEFORE = [0, 0, 1, 1, 0, 1]
INDUSTRY = [1, 1, 1, 1, 0, 0]


def cross(quarter, **changes):
    world = few(6, sales_y=SALES, is_above_scale=BEFORE, is_industrial=INDUSTRY)
    world.calendar.quarter = quarter
    cross_line(world, params(Params, above_scale_line=20.0, band=0.15, **changes), Said())
    return world


def test_in_the_last_quarter_by_hand():
    world = cross(3)
    assert first(world.firms, "is_above_scale") == [0, 1, 1, 0, 0, 1]
    assert (world.flows["risen"], world.flows["fallen"]) == (1, 1)


def test_careful_reporting_helps_up_and_does_not_hold_up():
    world = few(3, sales_y=[19.1, 19.0, 16.9], is_above_scale=[0, 0, 1], is_industrial=1, line_help=0.05)
    world.calendar.quarter = 3
    cross_line(world, params(Params, above_scale_line=20.0, band=0.15), Said())
    assert first(world.firms, "is_above_scale") == [1, 0, 0]


@pytest.mark.parametrize("quarter", [0, 1, 2, 4])
def test_not_in_another(quarter):
    world = cross(quarter)
    assert first(world.firms, "is_above_scale") == BEFORE
    assert "risen" not in world.flows


def test_a_second_review_changes_nothing_and_the_dead_do_not_cross():
    world = cross(3)
    world.firms.alive[1] = 0
    world.firms.sales_y[1] = 1.0
    cross_line(world, params(Params, above_scale_line=20.0, band=0.15), Said())
    assert (world.flows["risen"], world.flows["fallen"]) == (0, 0)
    assert world.firms.is_above_scale[1] == 1
