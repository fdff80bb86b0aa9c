"""Paths of drivers: the same for the same key, blind to what came after the origin, moving together, and wide."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pytest

from experiments.compose import load_scenario
from experiments.draws import driver_paths
from experiments.draws.driver_paths import FORMS, LAST_YEAR, fitted, forecast, number, numbers, observed
from experiments.draws.variation import with_draws
from sim.agents import drivers
from sim.catalogue.loader import catalogue
from sim.core.calendar import Calendar
from sim.scenario_values import ScenarioError

CHECKED = ("coal_price", "ind_revenue", "ind_profit_margin")
MANY = 400


def forget() -> None:
    """Empty all memories of what the catalogue says."""
    for remembered in (fitted, driver_paths._forecast, drivers._path, drivers._paths):
        remembered.cache_clear()


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch):
    """A catalogue in which every series after 2014 is nonsense, for as long as the test lasts."""
    known = catalogue().observed

    def bad(row):
        return row if row.year <= 2014 else type(row)(**{**vars(row), "value": 1e3 * row.value})

    def begin() -> None:
        changed = {name: tuple(map(bad, rows)) for name, rows in known.items()}
        monkeypatch.setitem(catalogue().__dict__, "observed", MappingProxyType(changed))
        forget()

    yield begin
    monkeypatch.undo()
    forget()


def test_the_same_key_gives_the_same_paths_and_another_gives_others():
    first = forecast(2014, 2017, 3, 5)
    driver_paths._draws.cache_clear()
    forget()
    assert forecast(2014, 2017, 3, 5) == first
    assert forecast(2014, 2017, 4, 5) != first
    assert forecast(2014, 2017, 3, 6) != first


def test_a_longer_path_begins_as_a_shorter_one():
    long, short = forecast(2014, 2021, 0), forecast(2014, 2016, 0)
    assert all(list(long[name].items())[: len(path)] == list(path.items()) for name, path in short.items())


def test_nothing_after_the_origin_is_read(poisoned):
    clean = [forecast(2014, 2017, r) for r in range(3)]
    poisoned()
    assert [forecast(2014, 2017, r) for r in range(3)] == clean
    assert forecast(2015, 2017, 0) != clean[0], "the poison works"


def test_a_run_from_an_origin_reads_no_driver_after_it(poisoned):
    """What the model makes of the paths, quarter by quarter, but for the dated law."""
    calendar, history = Calendar.of("2011Q1", "2017Q4"), load_scenario("history", ["end=2017Q4"])
    clean = drivers.driver_paths(catalogue(), calendar, with_draws(history, {}, forecast(2014, 2017, 0)).driver)
    poisoned()
    drawn = with_draws(history, {}, forecast(2014, 2017, 0)).driver
    found = drivers.driver_paths(catalogue(), calendar, drawn)
    assert all(found[name].tobytes() == clean[name].tobytes() for name in clean)
    assert drivers.driver_paths(catalogue(), calendar, {})["coal_price"].max() > 1e4, "the poison works"


def test_every_driver_of_the_model_has_a_path_from_the_year_after_the_last_known_one():
    read = {*drivers.SMOOTH, *drivers.STEPPED, "population_published", "population_revised"}
    assert set(FORMS) == read
    for origin in (2014, 2017, None):
        for name, path in forecast(origin, LAST_YEAR, 1).items():
            last = max(year for year in catalogue().series(name) if origin is None or year <= origin)
            assert list(path) == list(range(last + 1, LAST_YEAR + 1))
            assert np.isfinite(list(path.values())).all()
            assert name == "ind_profit_margin" or min(path.values()) > 0.0


def test_what_is_returned_can_be_changed_without_harm():
    forecast(2014, 2016, 0)["coal_price"][2015] = 0.0
    assert forecast(2014, 2016, 0)["coal_price"][2015] > 0.0


def test_too_few_years_are_refused_in_one_line():
    with pytest.raises(ScenarioError, match="known changes up to 2012"):
        forecast(2012, 2017, 0)


def test_drivers_move_together_as_they_did():
    """The departures of 2015 are a weighted sum of the observed ones: their correlations are those of the data."""
    data = [fitted(name, 2014).departures for name in ("coal_price", "ind_revenue")]
    wanted = np.corrcoef(*[[d[y] for y in range(2011, 2015)] for d in data])[0, 1]
    paths = [forecast(2014, 2015, r) for r in range(MANY)]
    logs = [[np.log(path[name][2015]) for path in paths] for name in ("coal_price", "ind_revenue")]
    ranks = [np.argsort(np.argsort(values)) for values in logs]  # heavy tails: by rank
    assert wanted > 0.5
    assert np.corrcoef(*ranks)[0, 1] > 0.5 * wanted


def test_series_of_one_thing_move_alike():
    path = forecast(2014, 2017, 2)
    growth = [path[name][2017] / path[name][2015] for name in ("gdp_revised", "gdp_published")]
    assert growth[0] == pytest.approx(growth[1])


def test_a_driver_follows_one_that_was_observed():
    """Coal after 2017 moves around what the Bohai-Rim price did to 2021; without that price it spreads wider."""
    bohai = catalogue().series("bohai_rim_coal_price")
    ends = np.log([forecast(None, 2021, r)["coal_price"][2021] for r in range(MANY)])
    centre = np.log(catalogue().series("coal_price")[2017] * bohai[2021] / bohai[2017])
    assert np.median(ends) == pytest.approx(centre, abs=0.1)
    blind = np.log([forecast(2017, 2021, r)["coal_price"][2021] for r in range(MANY)])
    assert np.std(blind) > 1.2 * np.std(ends)


def test_the_spread_covers_what_came(record_property):
    """Paths from 2014, 2015 and 2016 against the years to 2017: nine in ten years of a driver lie inside 5-95 %."""
    inside = total = 0
    for origin in (2014, 2015, 2016):
        paths = [forecast(origin, 2017, r) for r in range(MANY)]
        for name in CHECKED:
            for year in range(origin + 1, 2018):
                low, high = np.quantile([path[name][year] for path in paths], [0.05, 0.95])
                came = catalogue().series(name)[year]
                inside, total = inside + int(low <= came <= high), total + 1
                if origin == 2014:
                    assert low <= came <= high, f"{name} {year}: {came} is not in {low:.4g}..{high:.4g}"
    record_property("coverage", inside / total)
    assert total == 18
    assert inside >= 15, "less often than chance allows one time in ten"


def test_bounds_hold_and_numbers_stand_in_their_range():
    margins = [v for r in range(MANY) for v in forecast(2014, 2021, r)["ind_profit_margin"].values()]
    assert number("ind_profit_margin.lowest") <= min(margins) <= max(margins) <= number("ind_profit_margin.highest")
    coal = [forecast(2014, 2021, r)["coal_price"] for r in range(MANY)]
    steps = np.diff(np.log([[*path.values()] for path in coal]), axis=1)
    assert np.abs(steps).max() <= number("ensemble.largest_change") + 1e-12
    for row in numbers().values():
        assert row.low <= row.value <= row.high
        assert row.unit in catalogue().units
        assert (row.kind, row.grade, row.source) == ("assumed", "D", "assumption")


def test_gaps_of_a_series_are_filled_from_years_before_the_origin_alone():
    assert observed("population_revised", 2014) == {2011: 3562.0}
    assert 2013 in observed("population_published", 2014)
    assert 2013 not in observed("population_published", 2013)
