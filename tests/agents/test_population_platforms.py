"""The start state of platforms: stocks of programmes.csv at living hosts, each firm at one tier, whatever the rows."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.intermediary import INCUBATOR
from sim.agents.population_platforms import add_platforms
from sim.agents.traits import Origin
from sim.catalogue.loader import catalogue
from tests.mechanisms.worlds import by_uid, small_world

EMPTY = ("centres", "alliances", "intermediaries", "governments")


def start(scale=1, order=None, **own):
    world = small_world(n=2000, order=order)
    world.scale = scale
    for name in EMPTY:
        getattr(world, name).alive.fill(0)
    world.draws.open_quarter(-1)
    cat = catalogue()
    numbers = {f"population_platforms.{name}": value for name, value in own.items()}
    add_platforms(world, Origin(cat, lambda a: numbers.get(a, cat.parameter(a).value), world.draws, scale))
    return world


def test_stocks_are_those_of_the_catalogue():
    world = start()
    for number, row in enumerate(catalogue().programmes):
        found = np.count_nonzero((world.centres.alive != 0) & (world.centres.programme == number))
        assert found == pytest.approx(row.start_stock_2010, abs=0.51), row.kind
    assert len(world.alliances) == 0, "no alliance is known in 2010"
    assert len(world.governments) == 12
    assert world.governments.level[0] == 0
    assert {title[0] for title in world.notes["platform_totals"]} == {
        "key_laboratory",
        "engineering_technology_research_centre",
        "national_incubator",
    }


def test_stocks_shrink_with_the_scale():
    world = start(scale=4)
    assert abs(len(world.centres) * 4 - sum(row.start_stock_2010 for row in catalogue().programmes)) < 40
    assert len(world.intermediaries) == pytest.approx(60 / 4, abs=1.5)


def test_the_scenarios_numbers_are_used():
    world = start(n_incubators=29.0)
    assert np.count_nonzero(world.intermediaries.role[world.intermediaries.rows()] == INCUBATOR) == 29


def test_each_firm_has_one_technology_centre_and_the_higher_tier_more_rd():
    world = start()
    rows = np.flatnonzero((world.centres.alive != 0) & (world.centres.programme < 3))
    hosts = world.centres.host[rows]
    assert len(set(hosts.tolist())) == len(hosts)
    assert np.array_equal(world.firms.centre_tier[hosts], world.centres.tier[rows])
    rd = [world.firms.rd_reported_1y[world.firms.centre_tier == tier] for tier in (2, 3)]
    assert rd[1].min() >= rd[0].max() > 0.0


def test_hosts_live_and_carry_their_uid():
    world = start()
    kinds = (world.firms, world.universities, world.institutes, world.governments, world.intermediaries)
    for row in world.centres.rows():
        hosts = kinds[world.centres.host_kind[row]]
        assert hosts.alive[world.centres.host[row]]
        assert hosts.uid[world.centres.host[row]] == world.centres.host_uid[row]


def test_rows_do_not_matter():
    worlds = [start(), start(order=np.random.default_rng(3).permutation(2000))]
    assert np.array_equal(by_uid(worlds[0].firms, "centre_tier"), by_uid(worlds[1].firms, "centre_tier"))
    assert np.array_equal(by_uid(worlds[0].centres, "host_uid"), by_uid(worlds[1].centres, "host_uid"))
