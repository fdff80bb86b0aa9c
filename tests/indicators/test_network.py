"""The network of a few alliances by hand: components, density, ties to universities of one's own city."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.core.links import Links
from sim.indicators import network
from sim.indicators.census import take_census
from sim.indicators.network import largest_component, pairs_met
from tests.mechanisms.few_firms import few


def world_of(*teams, n=8, universities=None):
    """A world of n firms with an alliance for each team of firm rows, and its university's row or -1."""
    ties = np.zeros(n, np.int8)
    for team in teams:
        ties[list(team)] += 1
    world = few(n, n_alliances=ties, city=np.arange(n) % 3)
    world.universities.city[:4] = [0, 1, 2, 0]
    for number, team in enumerate(teams):
        members, uids = np.full((2, 24), -1)
        members[: len(team)], uids[: len(team)] = team, world.firms.uid[list(team)]
        university = -1 if universities is None else universities[number]
        world.alliances.add(world.alliances.new_uids(1), members=members[None, :], member_uids=uids[None, :],
                            n_members=len(team), university=university)  # fmt: skip
    take_census(world)
    return world


def test_components_and_pairs_of_a_small_graph():
    links = Links.directed([0, 0, 1, 1, 2, 2, 2], [0, 1, 1, 2, 3, 4, 3], 3, 6)
    assert largest_component(links, 6) == 3  # 0-1-2; 3-4; 5 alone
    assert pairs_met(links, 6) == 3  # 0-1, 1-2, 3-4, each once
    assert largest_component(Links.directed([], [], 0, 0), 0) == 0


def test_alliances_that_share_a_member_hang_together():
    world = world_of([0, 1, 2], [2, 3], [5, 6])
    assert network.tied_firms(world) == 6
    assert network.firm_ties(world) == 7
    assert network.alliance_largest_component_share(world) == pytest.approx(100 * 4 / 6)
    assert network.alliance_density(world) == pytest.approx(100 * (3 + 1 + 1) / 15)


def test_who_left_and_who_came_in_its_place_are_no_members():
    world = world_of([0, 1, 2], [2, 3], [5, 6])
    world.firms.alive[2] = 0
    take_census(world)
    assert network.alliance_largest_component_share(world) == pytest.approx(100 * 2 / 5)
    world.firms.alive[2], world.firms.uid[2] = 1, 999
    take_census(world)
    assert network.alliance_largest_component_share(world) == pytest.approx(100 * 2 / 5)
    world.alliances.alive[:] = 0
    take_census(world)
    assert math.isnan(network.alliance_density(world))


def test_the_order_of_firms_does_not_matter():
    plain = world_of([0, 1, 2], [2, 3], [5, 6], universities=[0, 1, 2])
    turned = world_of([6, 5], [3, 2], [2, 1, 0], universities=[2, 1, 0])
    for name in ("alliance_largest_component_share", "alliance_density", "university_ties_same_city_share"):
        assert getattr(network, name)(plain) == getattr(network, name)(turned)


def test_ties_to_universities_of_ones_own_city():
    """Firms 0 to 4 are of cities 0, 1, 2, 0, 1; universities 0 to 3 of cities 0, 1, 2, 0."""
    world = world_of([0, 1, 2], [3, 4], universities=[0, -1])
    assert network.university_ties_same_city_share(world) == pytest.approx(100 / 3)
    world.firms.partner_university[[0, 3]] = [0, 3]  # the first is a tie that the alliance has made already
    assert network.university_ties_same_city_share(world) == pytest.approx(100 * 2 / 4)


def test_without_ties_there_are_no_shares():
    world = world_of()
    assert network.tied_firms(world) == network.firm_ties(world) == 0
    for name in ("alliance_largest_component_share", "alliance_density", "university_ties_same_city_share"):
        assert math.isnan(getattr(network, name)(world))
