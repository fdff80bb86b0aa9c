"""Demonstrations: concave in number, near before far, fading, no sum for one host, nothing without those who show."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.centre import HOST_FIRM, HOST_GOVERNMENT
from sim.catalogue.loader import catalogue
from sim.mechanisms.demonstrate_practice import Params, demonstrate_practice, freshest, gain_table
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import frozen, params

CODE = {row.kind: row.order for row in catalogue().programmes}


def world_with(*kinds, spreads=1, host_kind=HOST_FIRM, age_q=0, **columns):
    """Four performers (one without R&D), a platform of each kind at the first firm (sector 5, city 0)."""
    world = few(4, sector=[5, 5, 5, 2], city=[0, 0, 3, 0], has_rd=[1, 0, 1, 1], **columns)
    n = len(kinds)
    world.centres.add(
        1 + np.arange(n), programme=[CODE[k] for k in kinds], spreads=spreads, host_kind=host_kind, host=0, sector=5,
        city=0, age_q=age_q,
    )  # fmt: skip
    return world


def run(world, **changes):
    demonstrate_practice(world, params(Params, **changes), Said())
    return world.firms


def test_performers_of_the_sector_learn_most_in_the_city():
    firms = run(world_with("demonstration_firm"), gain=0.1, half=1.0, elsewhere=0.25)
    assert first(firms, "learning_gain") == pytest.approx([0.05, 0.0, 0.1 * 0.25 / 1.25, 0.0])


@pytest.mark.parametrize("change", [{"spreads": 0}, {"host_kind": HOST_GOVERNMENT}])
def test_titles_alone_and_hydrogen_cities_teach_nobody(change):
    world = world_with("demonstration_firm", **change)
    before = frozen(world)
    run(world)
    assert frozen(world) == before


def test_more_platforms_teach_more_but_ever_less_and_never_beyond_the_largest_gain():
    gains = []
    for n in (0, 5, 10, 20, 1000):
        table = gain_table(
            np.full(n, 5, np.int8), np.zeros(n, np.int8), np.ones(n), 1, params(Params, gain=0.06, half=5.0)
        )  # fmt: skip
        gains.append(table[5, 0])
    steps = np.diff(gains[:4])
    assert gains[0] == 0.0
    assert (steps > 0).all()
    assert steps[1] < steps[0]
    assert steps[2] < 2 * steps[1]
    assert gains[1] == pytest.approx(0.03)
    assert gains[4] < 0.06


def test_a_scaled_world_counts_each_platform_k_times():
    one = gain_table(np.array([5], np.int8), np.array([0], np.int8), np.ones(1), 8, params(Params))
    eight = gain_table(np.full(8, 5, np.int8), np.zeros(8, np.int8), np.ones(8), 1, params(Params))
    assert np.array_equal(one, eight)


def test_it_fades_with_age():
    fresh, old = (run(world_with("demonstration_firm", age_q=age)).learning_gain[0] for age in (0, 32))
    assert 0.0 < old < 0.5 * fresh


def test_hosts_of_renewal_gain_and_pilots_of_one_host_do_not_add_up():
    changes = {"host_growth_y": 0.01, "host_products": 0.02, "host_filing": 0.1}
    firms = run(world_with("smart_manufacturing", "green_factory", "ip_pilot_firm"), **changes)
    assert first(firms, "growth_add") == [0.01, 0.0, 0.0, 0.0]
    assert first(firms, "product_gain") == [0.02, 0.0, 0.0, 0.0]
    assert first(firms, "filing_factor") == [1.1, 1.0, 1.0, 1.0]
    firms = run(world_with("demonstration_firm", "technology_promotion"), **changes)
    assert first(firms, "growth_add") == [0.0, 0.0, 0.0, 0.0]
    assert first(firms, "filing_factor") == [1.0, 1.0, 1.0, 1.0]


def test_the_freshest_pilot_of_a_host_counts():
    rows, strength = freshest(np.array([7, 3, 7], np.int32), np.array([0.2, 0.5, 0.9]))
    assert rows.tolist() == [3, 7]
    assert strength.tolist() == [0.5, 0.9]
