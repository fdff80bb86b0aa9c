"""Measurement in a run: groups sum to the province exactly, ratios are made of their parts, years of their quarters."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from experiments import load_scenario
from sim.catalogue.loader import catalogue
from sim.indicators import measure, rd
from sim.indicators.census import AMOUNTS, CITIES, NUMBERS
from sim.indicators.firm_counts import DIMENSIONS
from sim.indicators.measure import Record
from sim.model import InnovationModel
from tests.mechanisms.worlds import frozen

ROWS = catalogue().indicators
POSITION = {name: i for i, name in enumerate(ROWS)}


CITY_ONLY = ("rd_universities", "rd_institutes", "staff_public", "inventions_public", "filings_public", "grants_public")


@cache
def model():
    made = InnovationModel(load_scenario("history", ["end=2012Q4", "population=scaled"]))
    made.run()
    return made


@cache
def with_all_policy():
    """A run with every lever of all plans on, and the integer sums of each of its quarters."""
    quarters, real = [], measure.take_census

    def kept(world):
        quarters.append(real(world))
        return quarters[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measure, "take_census", kept)
        made = InnovationModel(load_scenario("all_plans", ["end=2014Q4", "population=scaled"]))
        made.run()
    return made, quarters


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


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_integer_sums_of_groups_are_those_of_the_province_exactly(dimension):
    first, n = DIMENSIONS[dimension]
    _, quarters = with_all_policy()
    for sums in quarters:
        for names, table in zip((AMOUNTS, NUMBERS), sums, strict=True):
            for k, name in enumerate(names):
                if name in CITY_ONLY and dimension != "city":
                    assert not table[first : first + n, k].any(), name
                else:
                    assert table[first : first + n, k].sum() == table[CITIES, k].sum(), name
    assert all(np.any([sums[k][CITIES] for sums in quarters], axis=(0, 1)).sum() > 10 for k in (0, 1))


@pytest.mark.parametrize(("name", "dimension"), GROUPED)
def test_groups_of_every_indicator_sum_to_the_province(name, dimension):
    """With all policy on; the last bits are those of the division that turns integers into a unit."""
    record = with_all_policy()[0].record
    found, quarters = record.groups()[name, dimension], record.quarterly[:, POSITION[name]].reshape(-1, 4)
    assert len(found) == len(quarters) == 4
    province = quarters.sum(axis=1) if ROWS[name].kind == "flow" else quarters[:, -1]
    assert found.sum(axis=1) == pytest.approx(province, rel=1e-13, abs=1e-12)


def test_what_is_a_sum_over_firms_has_groups_by_all_that_firms_have():
    four = set(DIMENSIONS)
    sums = {"firm_support", "firm_patent_applications", "hnte_new_certificates", "ind_rd_projects", "tied_firms"}
    assert all(set(ROWS[name].by) == four for name in sums | {"covered_firms_changzhi"})
    assert not ROWS["patent_applications_invention"].by  # individuals have no city


def test_yearly_indicators_are_measured_at_the_end_of_a_year_only():
    names = [name for name, row in ROWS.items() if row.kind == "yearly"]
    assert len(names) > 5
    quarters = with_all_policy()[0].record.quarterly[:, [POSITION[name] for name in names]].reshape(4, 4, -1)
    assert np.isnan(quarters[:, :3]).all()
    assert np.isfinite(quarters[-1, 3]).all()


def test_support_kept_by_firm_is_that_of_the_census_and_of_the_budget():
    made, quarters = with_all_policy()
    kept = [int(yuan.sum()) for _, yuan in made.world.notes["support_year"].values()]
    counted = [int(amounts[CITIES, AMOUNTS.index("support")].sum()) for amounts, _ in quarters[-4:]]
    assert counted == pytest.approx([yuan / 1e6 * 2**20 for yuan in kept], abs=100)  # rounded once a payment
    lines = made.world.accounts.years[2014]
    to_firms = sum(lines[line]["disbursed"] for line in ("hnte_award", "innovation_voucher"))
    all_lines = sum(amounts["disbursed"] for line, amounts in lines.items() if line != "public_research")
    assert to_firms < sum(kept) < all_lines  # universities have their part of project grants


def test_groups_are_those_of_the_catalogue():
    assert set(model().record.groups()) == set(GROUPED)


def test_what_is_no_sum_of_the_census_has_no_groups(monkeypatch):
    monkeypatch.setattr(rd, "firm_rd_actual", lambda world: 1.0)
    record, world = Record(catalogue(), 4), model().world
    for _ in range(4):
        record.take(world)
    with pytest.raises(ValueError, match="firm_rd_actual has no groups by city"):
        record.groups()


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
