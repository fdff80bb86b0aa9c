"""The duties of state firms are written each for itself, and no budget."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.soe_mandate import SoeMandate
from tests.mechanisms.worlds import frozen, small_world

TERMS = tuple(name for name in catalogue().levers["soe_mandate"].acts_on if not name.startswith("budget:"))


@pytest.mark.parametrize("doses", [(0.0, 0.0, 0.0, 0.0)])
def test_zero_main_doses_write_nothing(doses):
    world = small_world()
    before = frozen(world)
    SoeMandate(*doses).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


def test_it_writes_what_its_row_says_and_costs_no_budget():
    world = small_world()
    before = frozen(world, but=TERMS)
    SoeMandate(*(0.015, 0.7, 0.6, 0.3)).apply(world)
    assert frozen(world, but=TERMS) == before
    assert [
        float(world.governments[name][0])
        for name in ("duty_ratio", "duty_active", "duty_cooperation", "duty_institution")
    ] == [0.015, 0.7, 0.6, 0.3]
    assert not world.accounts.available.any()


@pytest.mark.parametrize("dose", range(4))
def test_each_dose_stands_alone(dose):
    world = small_world()
    doses = [0.0] * 4
    doses[dose] = 0.5
    SoeMandate(*doses).apply(world)
    assert [
        float(world.governments[name][0])
        for name in ("duty_ratio", "duty_active", "duty_cooperation", "duty_institution")
    ] == doses
