"""Registration: who may, from when, and who loses it."""

from __future__ import annotations

import numpy as np

from sim.mechanisms.register_tech_smes import Params, register, register_tech_smes
from tests.mechanisms.worlds import by_uid, next_quarter, params, small_world


def test_the_eligible_register_and_those_who_outgrow_the_line_or_lapse_drop_out():
    registered = np.array([0, 0, 0, 1, 1, 1], np.uint8)
    register(
        np.ones(6, np.uint8), np.array([1, 0, 1, 1, 1, 1], np.uint8), np.zeros(6, np.uint8),
        np.array([10.0, 10.0, 300.0, 10.0, 300.0, 10.0]), np.array([0.1, 0.1, 0.1, 0.5, 0.5, 0.99]), 200.0, 0.2, 0.1,
        registered,
    )  # fmt: skip
    assert registered.tolist() == [1, 0, 0, 1, 0, 0]


def test_registration_begins_in_its_year_and_is_yearly():
    world = small_world("2013Q1")
    for _ in range(4):
        register_tech_smes(world, params(Params, register_y=0.5), world.draws)
        next_quarter(world)
    assert not world.firms.is_tech_sme.any()
    register_tech_smes(world, params(Params, register_y=0.5), world.draws)
    first = world.firms.is_tech_sme.copy()
    assert first.any()
    next_quarter(world)
    register_tech_smes(world, params(Params, register_y=0.5), world.draws)
    assert np.array_equal(world.firms.is_tech_sme, first)


def test_rows_do_not_matter():
    worlds = [small_world(), small_world(order=np.random.default_rng(3).permutation(200))]
    for world in worlds:
        register_tech_smes(world, params(Params, register_y=0.5), world.draws)
    assert np.array_equal(by_uid(worlds[0].firms, "is_tech_sme"), by_uid(worlds[1].firms, "is_tech_sme"))
