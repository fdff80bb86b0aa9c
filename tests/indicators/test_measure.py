"""Measurement in a run: groups sum to the province exactly, ratios are made of their parts, years of their quarters."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from experiments import load_scenario
from sim.catalogue.loader import catalogue
from sim.indicators.measure import Record
from sim.model import InnovationModel
from tests.mechanisms.worlds import frozen

ROWS = catalogue().indicators
POSITION = {name: i for i, name in enumerate(ROWS)}


@cache
def model():
    made = InnovationModel(load_scenario("history", ["end=2012Q4", "population=scaled"]))
    made.run()
    return made


def quarterly(name):
    return model().record.quarterly[:, POSITION[name]]


def yearly(name):
    by_year = quarterly(name).reshape(2, 4)
    return by_year.sum(axis=1) if ROWS[name].kind == "flow" else by_year[:, -1]


def test_every_quarter_is_measured_and_only_ratios_may_be_undefined():
    record = model().record
    assert record.quarterly.shape == (8, len(ROWS))
    assert record.last.tolist() == record.quarterly[7].tolist() or np.isnan(record.last).any()
    assert np.isfinite(record.quarterly[:, record.must_be_finite]).all()


GROUPED = [(name, dimension) for name, row in ROWS.items() for dimension in row.by]


@pytest.mark.parametrize(("name", "dimension"), GROUPED)
def test_groups_sum_to_the_province(name, dimension):
    found = model().record.groups()[name, dimension]
    assert found.shape[0] == 2
    assert found.sum(axis=1) == pytest.approx(yearly(name), rel=1e-12, abs=1e-9)


def test_groups_are_those_of_the_catalogue():
    assert set(model().record.groups()) == set(GROUPED)


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.kind == "ratio"])
def test_ratios_are_made_of_their_parts(name):
    row = ROWS[name]
    above, below = quarterly(row.numerator), quarterly(row.denominator)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = np.where(below != 0, row.factor * above / below, np.nan)
    assert quarterly(name) == pytest.approx(expected, nan_ok=True)


def test_measuring_does_not_change_the_world_but_for_its_notes():
    world = model().world
    before = frozen(world)
    amounts = dict(world.indices)
    record = Record(catalogue(), 4)
    for _ in range(4):
        record.take(world)
    assert frozen(world) == before
    assert all(np.array_equal(amounts[name], value) for name, value in world.indices.items())
