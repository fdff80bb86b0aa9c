"""Drivers: quarters mean the year, nothing is known ahead, and the law changes on its date."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.drivers import SMOOTH, STEPPED, driver_paths, yearly
from sim.catalogue.loader import catalogue
from sim.core.calendar import Calendar

LAST = 2021


def paths(end="2021Q4", **changes):
    return driver_paths(catalogue(), Calendar.of("2011Q1", end), changes)


@pytest.mark.parametrize("name", sorted(set(SMOOTH + STEPPED)))
def test_the_mean_of_the_quarters_is_the_value_of_the_year(name):
    path, known = paths()[name], catalogue().series(name)
    for year in range(2011, LAST + 1):
        quarters = path[4 * (year - 2011) : 4 * (year - 2010)]
        if year in known:
            assert quarters.mean() == pytest.approx(known[year], rel=1e-12), year


def test_a_smooth_year_by_hand():
    path = paths(gdp_revised={2010: 100.0, 2011: 140.0, 2012: 120.0})["gdp_revised"]
    assert path[:8] == pytest.approx([125.0, 135.0, 145.0, 155.0, 127.5, 122.5, 117.5, 112.5])


@pytest.mark.parametrize("name", sorted(set(SMOOTH) - {"ind_profit_margin"}))
def test_a_collapse_leaves_every_quarter_positive_and_its_mean_the_year_s_value(name):
    value = 0.01 * catalogue().series(name)[2010]
    path = paths(**{name: {2015: value}})[name]
    assert path.min() > 0.0
    assert path[16:20].mean() == pytest.approx(value, rel=1e-12)


def test_a_margin_may_fall_below_zero():
    assert paths(ind_profit_margin={2014: 4.0, 2015: -8.0})["ind_profit_margin"][16:20] == pytest.approx(
        [-3.5, -6.5, -9.5, -12.5]
    )


def test_the_base_of_2010_goes_along():
    assert set(paths()["gdp_revised_2010"]) == {catalogue().series("gdp_revised")[2010]}


@pytest.mark.parametrize("name", sorted(set(SMOOTH + STEPPED)))
def test_another_value_of_a_year_leaves_earlier_quarters_alone(name):
    before, value = paths(), catalogue().series(name)[2015]
    after = paths(**{name: {2015: 1.3 * value}})
    for other, path in before.items():
        assert path[:16].tobytes() == after[other][:16].tobytes(), other
    assert not np.array_equal(before[name][16:20], after[name][16:20])


@pytest.mark.parametrize("end", ["2011Q4", "2013Q2", "2016Q4"])
def test_the_end_of_the_run_does_not_change_what_is_before_it(end):
    long, short = paths(), paths(end)
    for name, path in short.items():
        assert path.tobytes() == long[name][: len(path)].tobytes(), name


def test_beyond_observation_the_rule_of_the_series_holds():
    cat = catalogue()
    for name, row in cat.driver_rules.items():
        word, _, argument = row.rule.partition(":")
        if name not in cat.observed or name not in SMOOTH + STEPPED:
            continue
        last = max(cat.series(name))
        values = yearly(cat, name, last + 2)
        if word == "hold_last":
            assert values[last + 2] == cat.series(name)[last]
        elif word == "grow":
            assert values[last + 2] == pytest.approx(cat.series(name)[last] * (1 + row.value / 100) ** 2)
        elif word == "level":
            assert values[last + 1] == values[last + 2] == row.value
        elif word == "mean_last":
            observed = [cat.series(name)[last - i] for i in range(int(argument))]
            assert values[last + 1] == pytest.approx(np.mean(observed))
        else:
            other = yearly(cat, argument, last + 2)
            assert values[last + 2] / values[last] == pytest.approx(other[last + 2] / other[last])


def test_gaps_are_filled_on_a_line():
    known = catalogue().series("population_published")
    assert 2011 not in known
    assert yearly(catalogue(), "population_published", 2012)[2011] == pytest.approx((known[2010] + known[2012]) / 2)


def test_a_driver_that_a_scenario_sets_wins_over_observation():
    assert paths(fiscal_st_expenditure={2014: 77.0})["fiscal_st_expenditure"][12:16].tolist() == [77.0] * 4
    coal = paths(coal_price={2014: 900.0})
    assert coal["coal_price"][12:16].mean() == pytest.approx(900.0)
    assert coal["coal_price_observed"].tobytes() == paths()["coal_price"].tobytes()


def test_a_coal_price_that_is_drawn_with_the_margin_is_the_one_that_goes_with_it():
    """Else what the price does to the margin would be passed on twice; what a scenario sets itself is a change."""
    drawn = {2014: 900.0, 2015: 800.0}
    both = paths(coal_price=drawn, ind_profit_margin={2014: 4.0}, coal_price_expected=drawn)
    year = slice(12, 16)
    assert both["coal_price_observed"][year].tobytes() == both["coal_price"][year].tobytes()
    own = paths(coal_price=drawn, ind_profit_margin={2014: 4.0})
    assert own["coal_price_observed"].tobytes() == paths()["coal_price"].tobytes()


def test_the_law_by_date():
    law = paths()
    at = {year: slice(4 * (year - 2011), 4 * (year - 2010)) for year in range(2011, LAST + 1)}
    for year, small in ((2011, 0.06), (2015, 0.06), (2016, 0.05), (2021, 0.05)):
        assert set(law["threshold_small"][at[year]]) == {small}
        assert set(law["threshold_middle"][at[year]]) == {0.04}
        assert set(law["threshold_large"][at[year]]) == {0.03}
    for year, everybody, sme, makers in ((2016, 0.5, 0.5, 0.5), (2017, 0.5, 0.75, 0.5), (2018, 0.75, 0.75, 0.75),
                                         (2020, 0.75, 0.75, 0.75), (2021, 0.75, 0.75, 1.0)):  # fmt: skip
        assert set(law["deduction_all"][at[year]]) == {everybody}, year
        assert set(law["deduction_tech_sme"][at[year]]) == {sme}, year
        assert set(law["deduction_manufacturing"][at[year]]) == {makers}, year


def test_residents_are_counted_at_the_end_of_the_year_and_the_census_bends_no_year():
    """The last quarter of a year holds its published count; 2020 runs from 2019 to 2020 on the census's own series."""
    path = paths()["population"]
    published, revised = (catalogue().series(f"population_{name}") for name in ("published", "revised"))
    for year, known in (published | {y: v for y, v in revised.items() if 2020 <= y <= LAST}).items():
        if year > 2010:
            assert path[4 * (year - 2011) + 3] == pytest.approx(known, rel=1e-12), year
    middle = (revised[2019] + revised[2020]) / 2
    assert path[4 * (2020 - 2011) + 1] == pytest.approx(middle, rel=1e-12)


def test_a_scenario_may_replace_the_residents():
    value = 0.9 * catalogue().series("population_published")[2015]
    assert paths(population_published={2015: value})["population"][4 * (2015 - 2011) + 3] == pytest.approx(value)


def test_runs_share_their_drivers_and_cannot_write_them():
    calendar = Calendar.of("2011Q1", "2014Q4")
    one, two = (driver_paths(catalogue(), calendar, {}) for _ in range(2))
    one.pop("coal_price")
    assert "coal_price" in two
    with pytest.raises(ValueError, match="read-only"):
        two["coal_price"][0] = 1.0
    other = driver_paths(catalogue(), calendar, {"coal_price": {2012: 1.0}})["coal_price"]
    assert not np.array_equal(other, two["coal_price"])


def test_a_forecast_keeps_the_law_of_its_last_known_year():
    calendar = Calendar.of("2011Q1", "2022Q4")
    as_it_came = driver_paths(catalogue(), calendar, {})
    kept = driver_paths(catalogue(), calendar, {}, known_to=2014)
    for name, before, after in (("threshold_small", 0.06, 0.05), ("deduction_all", 0.5, 0.75)):
        assert set(kept[name]) == {before}
        assert as_it_came[name][-1] == after
        assert (kept[name][:16] == as_it_came[name][:16]).all()
    kept = driver_paths(catalogue(), calendar, {}, known_to=2017)
    assert kept["deduction_tech_sme"][-1] == 0.75, "classes of the last known year stay apart"
    assert kept["deduction_all"][-1] == 0.5
