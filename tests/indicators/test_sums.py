"""Declared sums: read at one stroke they are what each is when it is called, for the province and for groups."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from sim.catalogue.loader import catalogue
from sim.indicators.census import set_groups, take_census
from sim.indicators.sums import Count, Sum, Sums
from tests.indicators.three_firms import three_firms

FUNCTIONS = [
    getattr(import_module(f"sim.indicators.{row.family}"), row.indicator)
    for row in catalogue().indicators.values()
    if row.kind not in ("ratio", "index")
]
FIRST = catalogue().programmes[0].kind


def measured():
    world = three_firms()
    n = len(catalogue().programmes)
    world.centres.add(1 + np.arange(2 * n), programme=np.tile(np.arange(n), 2), tier=np.repeat([2, 3], n),
                      city=np.arange(2 * n) % 11)  # fmt: skip
    world.alliances.add([1, 2, 3], form=[0, 1, 1], tier=[2, 3, 2], city=[0, 3, 3])
    world.scale = 8
    return world, *take_census(world)


@pytest.mark.parametrize("by_group", [False, True])
def test_read_together_they_are_what_each_is_alone(by_group):
    world, amounts, numbers = measured()
    if by_group:
        set_groups(world, amounts, numbers)
    together = Sums(FUNCTIONS)
    for kind, places, values in ((Sum, together.places_of_sums, together.sums(world)),
                                 (Count, together.places_of_counts, together.counts(world))):  # fmt: skip
        assert places.tolist() == [i for i, function in enumerate(FUNCTIONS) if isinstance(function, kind)]
        assert len(places) > 20
        for place, value in zip(places, values.T, strict=True):
            assert value.tolist() == np.asarray(FUNCTIONS[place](world), float).tolist(), FUNCTIONS[place].__doc__
        assert np.count_nonzero(values.sum(axis=0) if by_group else values) > 20


def test_a_count_adds_its_parts_and_scales_up():
    world, _, _ = measured()
    both, national = Count("Both tiers.", FIRST), Count("The national tier, twice.", (FIRST, 3), (FIRST, 3))
    assert (both(world), national(world)) == (16, 16)
    assert Sums([both, national]).counts(world).tolist() == [16.0, 16.0]
    assert both.__doc__ == "Both tiers."


def test_a_sum_is_told_in_its_unit():
    world, _, _ = measured()
    assert Sum("R&D.", "rd_reported", 4.0)(world) == 8 * 6.0 / 4.0


def test_without_any_sum_nothing_is_read():
    world, _, _ = measured()
    none = Sums([lambda world: 1.0])
    assert (none.sums(world).shape, none.counts(world).shape) == ((0,), (0,))
