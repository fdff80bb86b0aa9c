"""Programmes: places at their pace, hosts of the right kind, no firm twice for one kind, and platforms that rise."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.centre import HOST_FIRM, HOST_GOVERNMENT, HOST_UNIVERSITY, uids_of_call
from sim.agents.intermediary import INCUBATOR, INTERMEDIARY, PARK
from sim.agents.programme_hosts import has_room, may_host
from sim.catalogue.loader import catalogue
from sim.mechanisms.run_programmes import HOSTS, Params, rise, run_programmes
from tests.mechanisms.worlds import by_uid, next_quarter, params, received, small_world

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


def test_projects_of_other_programmes_are_neither_recognised_nor_raised():
    world = scored_world()
    code = KINDS.index("key_technology")
    world.centres.add([7], programme=code, tier=1, host_kind=HOST_FIRM, host=0, host_uid=1, age_q=40)
    run(world, 12, key_technology=20, renovation_benchmark=20)
    assert len(world.centres) == 1
    assert world.centres.tier[world.centres.rows()].tolist() == [1]


def test_counties_stand_in_cities_up_to_their_number_and_a_city_is_named_once():
    world = scored_world()
    run(world, 8, pilot_county=30, pilot_city=3)
    counties = catalogue().table("counties_by_city")
    held = np.bincount(world.centres.city[of(world, "pilot_county")], minlength=11)
    assert (held <= counties).all()
    assert (held == 8).any()
    assert (held == counties).any()
    assert sorted(world.centres.city[of(world, "pilot_city")].tolist()) == list(range(11))


def test_bodies_of_the_zone_stand_in_its_two_cities_and_ranks_go_to_incubators():
    world = scored_world()
    world.institutes.city[:] = np.arange(8) % 8
    world.intermediaries.role[:] = [INTERMEDIARY, INCUBATOR, PARK, INCUBATOR]
    run(world, 3, zone_institute=4, national_incubator=4)
    assert sorted(world.centres.city[of(world, "zone_institute")].tolist()) == [0, 6]
    hosts = world.centres.host[of(world, "national_incubator")]
    assert sorted(hosts.tolist()) == [1, 3], "neither brokers nor parks, each once"


def test_places_of_one_kind_leave_the_others_as_they_were():
    alone, together = scored_world(), scored_world()
    run(alone, 6, key_laboratory=3, innovation_team=5)
    run(together, 6, key_laboratory=3, innovation_team=5, smart_manufacturing=9, pilot_city=1)
    for kind in ("key_laboratory", "innovation_team"):
        for column in ("host_uid", "tier", "age_q"):
            pair = [w.centres[column][of(w, kind)][np.argsort(w.centres.uid[of(w, kind)])] for w in (alone, together)]
            assert np.array_equal(*pair)


def test_national_places_raise_the_best_of_a_year_ago():
    world = scored_world()
    run(world, 1, smart_manufacturing=6)
    mine = of(world, "smart_manufacturing")
    world.centres.age_q[mine[:4]], world.centres.age_q[mine[4:]] = 4, 3
    hosts = world.centres.host[mine]
    world.firms.centre_score[hosts] = [40.0, 80.0, 60.0, 50.0, 95.0, 90.0]
    for _ in range(4):
        next_quarter(world)
    world.governments.centre_places_y.fill(0.0)
    world.governments.smart_nation_places_y[0] = 2.0
    run_programmes(world, params(Params, national_y=0.0), world.draws)
    assert world.centres.tier[mine].tolist() == [2, 3, 3, 2, 2, 2]


def test_the_weakest_demonstration_firms_lose_the_title_in_even_years():
    world = scored_world()
    run(world, 1, demonstration_firm=20, ip_pilot_firm=5)
    world.governments.demonstration_elimination[0] = 0.1
    world.centres.age_q[:] = 8
    mine = of(world, "demonstration_firm")
    world.firms.centre_score[world.centres.host[mine]] = 10.0 + np.arange(20)
    eliminated = mine[:2]
    world.governments.centre_places_y.fill(0.0)
    run_programmes(world, params(Params), world.draws)
    assert set(mine) - set(of(world, "demonstration_firm")) == set(eliminated)
    assert len(of(world, "ip_pilot_firm")) == 5
    for _ in range(4):
        next_quarter(world)
    world.governments.centre_places_y.fill(0.0)
    world.governments.demonstration_elimination[0] = 0.1
    run_programmes(world, params(Params), world.draws)
    assert len(of(world, "demonstration_firm")) == 18, "not in odd years"
    for _ in range(4):
        next_quarter(world)
    world.governments.demonstration_elimination[0] = 0.1
    run_programmes(world, params(Params), world.draws)
    assert len(of(world, "demonstration_firm")) == 16


def test_only_what_the_lever_adds_shows_its_practice_and_is_paid():
    world = scored_world()
    world.accounts.appropriate("demonstration_firms", 1_000_000)
    world.governments.demonstration_places_y[0] = 3.0
    world.governments.demonstration_award[0] = 0.2
    run(world, 1, demonstration_firm=8, green_factory=4, hydrogen_pilot_city=1)
    shows = {
        kind: int(world.centres.spreads[of(world, kind)].sum()) for kind in ("demonstration_firm", "green_factory")
    }
    assert shows == {"demonstration_firm": 3, "green_factory": 4}
    assert world.centres.spreads[of(world, "hydrogen_pilot_city")].sum() == 0
    assert received(world, "demonstration_firms") == 1_000_000, "five awards, then the line is empty"
    paid = world.firms.received_yuan[:, world.accounts.number("demonstration_firms")]
    hosts = world.centres.host[np.flatnonzero(world.centres.spreads)]
    assert set(np.flatnonzero(paid)) <= set(hosts.tolist())


def test_rows_do_not_matter():
    worlds = [scored_world(), scored_world(order=np.random.default_rng(3).permutation(200))]
    for world in worlds:
        run(world, 3, demonstration_firm=8, innovation_team=6, key_laboratory=2)
    assert np.array_equal(by_uid(worlds[0].centres, "host_uid"), by_uid(worlds[1].centres, "host_uid"))


@pytest.mark.parametrize(
    ("eligible", "change"),
    [("any", "has_rd"), ("industrial", "is_above_scale"), ("large_or_medium", "is_above_scale"),
     ("large_or_medium", "size_class"), ("patent_holder", "inventions_in_force"), ("any", "centre_score")],
)  # fmt: skip
def test_what_a_kind_asks_of_its_firms(eligible, change):
    world = scored_world()
    firms = world.firms
    firms.centre_score[:], firms.has_rd[:], firms.is_above_scale[:] = 50.0, 1, 1
    firms.size_class[:], firms.inventions_in_force[:] = 2, 3
    rows, held = np.arange(200), np.zeros(200, np.int64)
    assert may_host(world, HOST_FIRM, eligible)[rows].all()
    assert has_room(HOST_FIRM, eligible, rows, held).all()
    firms[change][0], held[1], firms.alive[2] = 0, 1, 0
    assert np.flatnonzero(~may_host(world, HOST_FIRM, eligible)[rows]).tolist() == [0, 2]
    assert np.flatnonzero(~has_room(HOST_FIRM, eligible, rows, held)).tolist() == [1]


def test_a_platform_held_counts_against_another():
    world = scored_world()
    n = len(world.universities)
    for places in (n // 2, n - n // 2):
        world.governments.centre_places_y[0, KINDS.index("key_laboratory")] = places
        run_programmes(world, params(Params, repeat_penalty=1e6), world.draws)
    assert sorted(world.centres.host[of(world, "key_laboratory")]) == sorted(world.universities.rows())


def test_who_lost_the_title_may_win_it_again():
    world = scored_world()
    fit = np.flatnonzero((world.firms.centre_score > 0.0) & (world.firms.alive != 0))
    held = world.centres.add(
        world.centres.new_uids(len(fit)), programme=KINDS.index("demonstration_firm"), host_kind=HOST_FIRM, host=fit,
        host_uid=world.firms.uid[fit],
    )  # fmt: skip
    run(world, 1, demonstration_firm=4)
    assert len(of(world, "demonstration_firm")) == len(fit), "all hold one"
    world.centres.remove(held)
    for _ in range(4):
        next_quarter(world)
    run(world, 1, demonstration_firm=4)
    assert len(of(world, "demonstration_firm")) == 4


def test_bases_of_coalbed_methane_stand_at_coal_firms():
    world = scored_world()
    run(world, 1, demonstration_firm=20, coalbed_methane_base=3)
    hosts = world.centres.host[of(world, "coalbed_methane_base")]
    assert len(hosts) == 3
    assert (world.firms.sector[hosts] == 0).all()


def test_uids_of_a_call_do_not_meet_those_of_others():
    centres = scored_world().centres
    uids = [uids_of_call(centres, number, year, 999) for number in (16, 17, 47) for year in (2010, 2011, 2050)]
    assert len(set(np.concatenate(uids).tolist())) == 9 * 999
    assert max(map(max, uids)) < 1_540_000_001, "below the running numbers"
    assert centres.next_uid == 0
    with pytest.raises(ValueError, match="one call"):
        uids_of_call(centres, 16, 2011, 1001)
