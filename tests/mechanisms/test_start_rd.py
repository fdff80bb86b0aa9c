"""Starting and stopping: by hand at given draws, in the first quarter only, never by those who cannot."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.firm import CERTIFIED, POOL
from sim.mechanisms.start_rd import Params, peer_shares, start_rd
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import params

PLAIN = {"hazard_above_scale": 0.2, "hazard_small": 0.1, "imitation": 0.0, "voucher_lift": 0.3, "stop_base": 0.4,
         "stop_knowledge": 0.5, "stop_certified": 0.25, "certificate_hazard": 0.8, "pool_lift": 2.0,
         "start_size": 0.7, "stop_large": 0.2, "stop_centre": 0.5, "cell_shrink": 30.0}  # fmt: skip


def start(world, push=1.0, **said):
    world.indices["push"] = np.array([push])
    changes = {k: v for k, v in said.items() if k in PLAIN}
    draws = {k: v for k, v in said.items() if k not in PLAIN}
    start_rd(world, params(Params, **(PLAIN | changes)), Said(**draws))
    return world.firms


def chance(hazard):
    return 1.0 - np.exp(-hazard)


def test_nothing_happens_after_the_first_quarter():
    world = few(2, can_innovate=1, has_rd=[1, 0])
    world.calendar.quarter = 1
    assert first(start(world, start__participate=[0.999999, 1e-9]), "has_rd") == [1, 0]


@pytest.mark.parametrize(("above", "hazard"), [(0, 0.1), (1, 0.2)])
def test_the_start_hazard_by_size(above, hazard):
    near = [chance(hazard) - 1e-6, chance(hazard) + 1e-6]
    world = few(2, can_innovate=1, is_above_scale=above, rd_intensity=0.05, sales_y=80.0)
    firms = start(world, start__participate=near)
    assert first(firms, "has_rd") == [1, 0]
    assert first(firms, "rd_intended_q") == pytest.approx([0.7 * 0.05 * 80 / 4, 0.0])
    assert first(firms, "induced_by_certificate") == [0, 0]
    assert first(firms, "covered") == [1, 0]


def test_who_cannot_innovate_never_starts():
    world = few(2, can_innovate=0, is_high_tech_field=1, certificate_gain=9.0)
    assert first(start(world, start__participate=1e-9, start__certificate=1e-9), "has_rd") == [0, 0]


def test_a_voucher_lifts_the_hazard():
    world = few(3, can_innovate=1, voucher_effect=[0.0, 0.5, 1.0])
    assert first(start(world, start__participate=chance(0.24)), "has_rd") == [0, 1, 1]


def test_peers_lift_the_hazard():
    world = few(4, can_innovate=1, has_rd=[1, 1, 0, 0], sector=[0, 0, 0, 1], knowledge=1e6)
    # sector 0: two of three, and the city's own share is shrunk towards the same number; sector 1 has none
    firms = start(world, imitation=0.9, start__participate=chance(0.1 + 0.9 * 2 / 3) - 1e-6)
    assert first(firms, "has_rd") == [1, 1, 1, 0]
    world = few(4, can_innovate=1, has_rd=[1, 1, 0, 0], sector=[0, 0, 0, 1], knowledge=1e6)
    firms = start(world, imitation=0.9, start__participate=chance(0.1 + 0.9 * 2 / 3) + 1e-6)
    assert first(firms, "has_rd") == [1, 1, 0, 0]


def test_shares_of_peers_by_hand():
    alive, active = np.array([1, 1, 1, 1, 0], np.uint8), np.array([1, 0, 0, 1, 1], np.uint8)
    sector, city = np.array([0, 0, 0, 1, 0], np.int8), np.array([0, 0, 1, 0, 1], np.int8)
    shrink = PLAIN["cell_shrink"]
    share = peer_shares(alive, active, sector, city, 3, 2, shrink)
    assert share[0] == pytest.approx(
        [
            (1 + shrink / 3) / (2 + shrink),
            (shrink / 3) / (1 + shrink),
        ]
    )
    assert share[1] == pytest.approx([1.0, 1.0])
    assert share[2].tolist() == [0.0, 0.0]


def test_the_stop_hazard_falls_with_knowledge_and_with_a_certificate():
    stop = np.array([0.4, 0.4 / np.sqrt(10.0), 0.1])
    columns = {"has_rd": 1, "knowledge": [0.0, 9.0, 0.0], "hnte_stage": [0, 0, CERTIFIED], "rd_intended_q": 2.0}
    firms = start(few(3, **columns), start__participate=1.0 - stop + 1e-6)
    assert first(firms, "has_rd") == [0, 0, 0]
    assert first(firms, "rd_intended_q") == [0.0, 0.0, 0.0]
    firms = start(few(3, **columns), start__participate=1.0 - stop - 1e-6)
    assert first(firms, "has_rd") == [1, 1, 1]


def test_the_certificate_draws_in_firms_of_the_field_for_which_it_pays():
    columns = {"can_innovate": 1, "is_high_tech_field": [1, 0, 1, 1], "certificate_gain": [1.0, 1.0, 0.0, 1.0],
               "certificate_readiness": [0.5, 0.5, 0.5, 0.7], "certificate_threshold": 0.06, "rd_intensity": 0.02,
               "sales_y": 40.0}  # fmt: skip
    firms = start(few(4, **columns), push=0.6, start__participate=0.999, start__certificate=chance(0.48) - 1e-6)
    assert first(firms, "has_rd") == [1, 0, 0, 0]
    assert first(firms, "induced_by_certificate") == [1, 0, 0, 0]
    assert firms.rd_intensity[0] == 0.06
    assert firms.rd_intended_q[0] == pytest.approx(0.7 * 0.06 * 40 / 4)
    firms = start(few(4, **columns), push=0.6, start__participate=0.999, start__certificate=chance(0.48) + 1e-6)
    assert first(firms, "has_rd") == [0, 0, 0, 0]


def test_the_pool_lifts_the_start_for_the_certificate():
    columns = {"can_innovate": 1, "is_high_tech_field": 1, "certificate_gain": 1.0, "hnte_stage": [0, POOL]}
    firms = start(few(2, **columns), start__participate=0.999, start__certificate=chance(1.2))
    assert first(firms, "has_rd") == [0, 1]


def test_who_starts_of_its_own_accord_is_not_induced():
    columns = {"can_innovate": 1, "is_high_tech_field": 1, "certificate_gain": 1.0, "certificate_threshold": 0.06}
    firms = start(few(1, **columns), start__participate=0.0001, start__certificate=0.0001)
    assert (firms.has_rd[0], firms.induced_by_certificate[0], firms.rd_intensity[0]) == (1, 0, 0.0)


@pytest.mark.parametrize(("columns", "factor"), [({"size_class": 3}, 0.2), ({"size_class": 2}, 1.0),
                                                 ({"centre_tier": 2}, 0.5), ({"centre_tier": 1}, 1.0),
                                                 ({"size_class": 3, "centre_tier": 3}, 0.1)])  # fmt: skip
def test_large_firms_and_hosts_of_centres_rarely_stop(columns, factor):
    near = [1.0 - 0.4 * factor - 1e-6, 1.0 - 0.4 * factor + 1e-6]
    world = few(2, has_rd=1, can_innovate=1, knowledge=0.0, **columns)
    assert first(start(world, start__participate=near), "has_rd") == [1, 0]
