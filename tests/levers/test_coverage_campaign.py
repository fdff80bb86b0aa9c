"""The campaign lever writes its terms in the row of Changzhi and its line; nothing at an intensity of zero."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.campaign import HOST
from sim.catalogue.loader import catalogue
from sim.levers.coverage_campaign import CoverageCampaign
from tests.mechanisms.worlds import frozen, small_world

TERMS = tuple(name for name in catalogue().levers["coverage_campaign"].acts_on if not name.startswith("budget:"))


def test_zero_intensity_writes_nothing():
    world = small_world()
    before = frozen(world)
    CoverageCampaign(0.0, 120.0, 20.0, 40.0, 1.0, 16.0).apply(world)
    assert frozen(world) == before
    assert not world.accounts.available.any()


@pytest.mark.parametrize(("start", "yuan"), [("2020Q1", 16_000_000), ("2020Q2", 12_000_000)])
def test_it_writes_what_its_row_says_and_appropriates_once_pro_rata(start, yuan):
    world = small_world(start, "2021Q4")
    before = frozen(world, but=TERMS)
    for _ in range(2):
        CoverageCampaign(0.5, 120.0, 20.0, 40.0, 0.8, 16.0).apply(world)
    assert frozen(world, but=TERMS) == before
    names = [name.split(".")[1] for name in TERMS]
    assert [world.governments[name][HOST] for name in names] == [0.5, 120.0, 20.0, 40.0, 0.8]
    assert all(np.count_nonzero(world.governments[name]) == 1 for name in names)
    assert world.accounts.left("coverage_campaign") == yuan == world.accounts.available.sum()


def test_a_scaled_run_has_its_part_of_the_money():
    world = small_world()
    world.scale = 8
    CoverageCampaign(0.5, 120.0, 20.0, 40.0, 0.8, 16.0).apply(world)
    assert world.accounts.left("coverage_campaign") == 2_000_000
