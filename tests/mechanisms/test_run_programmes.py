"""Programmes: places at their pace, hosts of the right kind, no firm twice for one kind, and platforms that rise."""

from __future__ import annotations

import numpy as np

from sim.agents.centre import HOST_FIRM, HOST_GOVERNMENT, HOST_UNIVERSITY
from sim.catalogue.loader import catalogue
from sim.mechanisms.run_programmes import HOSTS, Params, rise, run_programmes
from tests.mechanisms.worlds import by_uid, next_quarter, params, small_world

KINDS = [row.kind for row in catalogue().programmes]


def run(world, years, **places):
    for year in range(years):
        for _ in range(4 if year else 0):
            next_quarter(world)
        for kind, number in places.items():
            world.governments.centre_places_y[0, KINDS.index(kind)] = number
        run_programmes(world, params(Params), world.draws)


def scored_world(order=None):
    world = small_world("2014Q4", "2021Q4", order=order)
    world.firms.centre_score[:] = 50.0 * world.firms.has_rd
    return world


def of(world, kind):
    return np.flatnonzero((world.centres.alive != 0) & (world.centres.programme == KINDS.index(kind)))


def test_a_fraction_of_a_place_a_year_adds_up():
    world = scored_world()
    run(world, 5, key_laboratory=1.6, talent_team=0.2)
    assert len(of(world, "key_laboratory")) == 8
    assert len(of(world, "talent_team")) == 1


def test_each_kind_has_its_hosts_and_nothing_is_added_without_places():
    world = scored_world()
    run(world, 3, key_laboratory=2, demonstration_firm=5, cooperation_base=1)
    centres = world.centres
    assert set(centres.host_kind[of(world, "key_laboratory")]) == {HOST_UNIVERSITY}
    assert set(centres.host_kind[of(world, "demonstration_firm")]) == {HOST_FIRM}
    bases = of(world, "cooperation_base")
    assert set(centres.host_kind[bases]) == {HOST_GOVERNMENT}
    assert (centres.host[bases] > 0).all(), "a city, never the province"
    assert len(centres) == 6 + 15 + 3
    for row in centres.rows():
        hosts = (world.firms, world.universities, world.institutes, world.governments)[centres.host_kind[row]]
        assert hosts.uid[centres.host[row]] == centres.host_uid[row]
    assert set(HOSTS) == {"firm", "university", "institute", "government", "intermediary"}


def test_a_firm_has_one_platform_of_a_kind_but_may_have_several_kinds():
    world = scored_world()
    run(world, 4, demonstration_firm=20, graduate_centre=20)
    for kind in ("demonstration_firm", "graduate_centre"):
        hosts = world.centres.host[of(world, kind)].tolist()
        assert len(set(hosts)) == len(hosts) > 40
        assert world.firms.has_rd[hosts].all()


def test_the_tiers_of_technology_centres_are_left_to_their_own_call():
    world = scored_world()
    run(world, 2, etc_city=50, etc_province=50, etc_nation=50)
    assert len(world.centres) == 0


def test_platforms_rise_to_the_last_tier_of_their_kind_once_a_year():
    tier = np.array([2, 3, 2, 1, 2], np.int8)
    age = np.array([8, 8, 8, 8, 1], np.int32)
    programme = np.array([4, 4, 5, 8, 4], np.int8)
    last = np.array([1, 2, 3, 2, 3, 2, 3, 2, 4], np.int64)
    hazard = np.array([0.0, 0.0, 0.0, 0.1, 0.1, 0.1, 0.1, 0.1, 0.01])
    rise(np.ones(5, np.uint8), programme, tier, age, np.full(5, 0.05), last, hazard)
    assert tier.tolist() == [3, 3, 2, 1, 2], "not beyond the last tier, not without luck, not too young"
    assert age.tolist() == [0, 8, 8, 8, 1]


def test_rows_do_not_matter():
    worlds = [scored_world(), scored_world(order=np.random.default_rng(3).permutation(200))]
    for world in worlds:
        run(world, 3, demonstration_firm=8, innovation_team=6, key_laboratory=2)
    assert np.array_equal(by_uid(worlds[0].centres, "host_uid"), by_uid(worlds[1].centres, "host_uid"))
