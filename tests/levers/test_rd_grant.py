"""The grant lever writes its three terms and its line, and nothing at zero."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue
from sim.levers.rd_grant import RdGrant
from tests.mechanisms.worlds import frozen, small_world

TERMS = tuple(name for name in catalogue().levers["rd_grant"].acts_on if not name.startswith("budget:"))


@pytest.mark.parametrize("doses", [(0.0, 0.3, 0.8, 1.0), (100.0, 0.0, 0.8, 1.0), (0.0, 0.0, 0.0, 0.0)])
def test_zero_writes_nothing(doses):
    world = small_world()
    before = frozen(world)
    RdGrant(*doses).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()
    assert not world.accounts.appropriated_year.any()


@pytest.mark.parametrize(("start", "part"), [("2014Q1", 4), ("2014Q2", 3), ("2014Q3", 2), ("2014Q4", 1)])
def test_it_writes_what_its_row_says_and_appropriates_once_pro_rata(start, part):
    world = small_world(start)
    before = frozen(world, but=TERMS)
    for _ in range(2):
        RdGrant(100.0, 0.3, 0.8, 0.5).apply(world)
    assert frozen(world, but=TERMS) == before
    assert (world.governments.grant_rate[0], world.governments.grant_firm_share[0]) == (0.3, 0.8)
    assert not world.governments.grant_rate[1:].any()
    assert world.governments.grant_joint_only[0] == 0.5
    assert world.accounts.left("rd_grant") == part * 25_000_000 == world.accounts.available.sum()


def test_a_scaled_run_has_its_part_of_the_money_and_the_same_terms():
    world = small_world()
    world.scale = 8
    RdGrant(100.0, 0.3, 0.8, 0.5).apply(world)
    assert world.accounts.left("rd_grant") == 12_500_000
    assert world.governments.grant_rate[0] == 0.3
