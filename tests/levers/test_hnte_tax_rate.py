"""The tax lever writes every firm's cut in shares of profit, and nothing at zero."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.hnte_tax_rate import HnteTaxRate
from tests.mechanisms.worlds import frozen, small_world

TERMS = catalogue().levers["hnte_tax_rate"].acts_on


def test_zero_writes_nothing():
    world = small_world()
    before = frozen(world)
    HnteTaxRate(0.0).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


@pytest.mark.parametrize(("points", "cut"), [(10.0, 0.1), (25.0, 0.25), (0.5, 0.005)])
def test_points_become_a_share_and_nothing_else_changes(points, cut):
    world = small_world()
    before = frozen(world, but=TERMS)
    HnteTaxRate(points).apply(world)
    assert TERMS == ("firm.tax_cut",)
    assert world.firms.tax_cut == pytest.approx(cut)
    assert frozen(world, but=TERMS) == before
    assert not world.accounts.available.any()
