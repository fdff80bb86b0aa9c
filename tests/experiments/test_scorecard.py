"""The scorecard against numbers worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from experiments.compose import load_scenario
from experiments.outcomes import PROVINCE, Results, full_years, periods, yearly_values
from experiments.scorecard import observed_rows, score, scorecard, unit_factor, write_number
from sim.catalogue.loader import catalogue

CAT = catalogue()
NAMES = list(CAT.indicators)
YEARS = list(range(2011, 2022))


def results_with(**paths) -> Results:
    """Four runs; each named indicator has yearly values of shape (4, 11) or a number, the others are 1."""
    scenario = load_scenario("history")
    yearly = np.ones((4, len(YEARS), len(NAMES)))
    for name, values in paths.items():
        yearly[:, :, NAMES.index(name)] = values
    quarterly = np.ones((4, len(periods(scenario)), len(NAMES)))
    return Results(scenario, (0, 1, 2, 3), quarterly, {PROVINCE: yearly}, [])


def rising(*ends: float) -> np.ndarray:
    """Four straight paths from 0 at the end of 2010 to `ends` at the end of 2020 and beyond."""
    return np.array([[end * (year - 2010) / 10 for year in YEARS] for end in ends])


def test_level_target_by_hand():
    """1000 firms in 2020; the runs end at 800, 1000, 1200, 2000."""
    found = score(CAT.targets["a_hnte"], results_with(hnte_stock=rising(800, 1000, 1200, 2000)))
    assert found.probability == 0.75
    assert found.mean == pytest.approx(1250)
    assert found.p50 == pytest.approx(1100)
    assert found.p05 == pytest.approx(800 + 0.15 * 200)
    assert found.p95 == pytest.approx(1200 + 0.85 * 800)
    assert found.gap == pytest.approx(100)
    assert found.attained_p50 == 2019  # 2018: 640, 800, 960, 1600; 2019: 720, 900, 1080, 1800
    assert (found.gap_numerator, found.gap_denominator) == (None, None)


def test_each_year_asks_for_every_year_of_the_plan():
    """100 a year from 2014: one run always, one only from 2016 on, one fails in 2020, one falls short in 2013 alone."""
    paths = np.full((4, len(YEARS)), 120.0)
    paths[1, : YEARS.index(2016)] = 90.0
    paths[2, YEARS.index(2020)] = 99.0
    paths[3, YEARS.index(2013)] = 10.0
    row = CAT.targets["a_hnte_certified_py"]
    assert score(row, results_with(hnte_new_certificates=paths)).probability == 0.5
    assert score(replace(row, basis="level"), results_with(hnte_new_certificates=paths)).probability == 0.75


def test_at_most_looks_the_other_way():
    row = replace(CAT.targets["a_hnte"], direction="at_most")
    assert score(row, results_with(hnte_stock=rising(800, 1000, 1200, 2000))).probability == 0.5


def test_never_attained_is_empty():
    found = score(CAT.targets["a_hnte"], results_with(hnte_stock=rising(1, 2, 3, 4)))
    assert (found.probability, found.attained_p50) == (0.0, None)


def test_a_target_without_a_number_has_a_band_and_no_probability():
    found = score(CAT.targets["a_ht_va_gdp"], results_with(hightech_va_gdp_ratio=4.0))
    assert found.p50 == 4.0
    assert (found.target, found.probability, found.attained_p50, found.gap) == (None, None, None, None)


def test_what_is_not_simulated_is_listed_and_empty():
    row = next(t for t in CAT.targets.values() if t.status == "not_simulated")
    found = score(row, results_with())
    assert (found.status, found.mean, found.probability) == ("not_simulated", None, None)


def test_units_are_converted():
    """68,000 person-years against 6.72 ten thousand."""
    found = score(CAT.targets["c_fte"], results_with(rd_personnel_fte=68_000.0))
    assert found.p50 == pytest.approx(6.8)
    assert found.probability == 1.0
    with pytest.raises(ValueError, match="cannot be compared"):
        unit_factor("firm", "%")


def test_a_multiple_is_of_the_runs_own_base_year_and_counts_after_it():
    share = np.array([[4.0] * 7 + [5.0, 6.0, 8.0, 12.0], [2.0] * 7 + [2.0, 3.0, 4.0, 3.9]] * 2)
    found = score(CAT.targets["d_active_share_x2"], results_with(ind_share_with_rd=share))
    assert found.p50 == pytest.approx((12 / 5 + 3.9 / 2) / 2)
    assert found.probability == 0.5
    assert found.attained_p50 == 2020


def test_a_multiple_that_was_there_before_its_base_year_does_not_count():
    falling = np.array([[9.0] * 7 + [3.0] * 4] * 4)
    assert score(CAT.targets["d_active_share_x2"], results_with(ind_share_with_rd=falling)).attained_p50 is None


def test_a_national_average_is_the_dated_series():
    row = CAT.targets["a_st_contribution_yearly"]
    series = CAT.series("cn_st_contribution_rate")
    found = score(row, results_with(st_contribution_rate=series[2020]))
    assert found.target == series[2020]
    assert found.probability == 1.0
    assert score(row, results_with(st_contribution_rate=series[2020] - 0.01)).probability == 0.0


def test_a_national_average_can_be_asked_for_in_every_year_that_the_series_holds():
    """Level in 2020 but one run short in 2016, one in 2013 (before the plan), one in 2014 (no national value)."""
    row = CAT.targets["a_st_contribution_yearly"]
    paths = np.full((4, len(YEARS)), 90.0)
    for run, year in ((0, 2016), (1, 2013), (2, 2014)):
        paths[run, YEARS.index(year)] = 1.0
    assert 2014 not in CAT.series("cn_st_contribution_rate")
    assert score(row, results_with(st_contribution_rate=paths)).probability == 0.75
    only_last = replace(row, basis="national:cn_st_contribution_rate")
    assert score(only_last, results_with(st_contribution_rate=paths)).probability == 1.0


def test_the_gap_of_a_ratio_is_split_into_numerator_and_denominator():
    """R&D/GDP. Base 2012: 1.0 %. GDP doubles to 2020, R&D grows threefold: 1.5 %, target 2.5 %."""
    row = replace(CAT.targets["a_rd_gdp"], baseline_year=2012)
    gdp = np.full((4, 11), 100.0)
    gdp[:, YEARS.index(2020)] = 200.0
    found = score(row, results_with(rd_gdp_ratio=1.5, gdp_published=gdp))
    mean = (1.5 - 2.5) / math.log(1.5 / 2.5)
    assert found.gap == pytest.approx(-1.0)
    assert found.gap_denominator == pytest.approx(-mean * math.log(2.0))
    assert found.gap_numerator == pytest.approx(mean * (math.log(3.0) - math.log(2.5)))
    assert found.gap_numerator + found.gap_denominator == pytest.approx(found.gap)


def test_every_target_stands_in_every_scenario():
    card = scorecard([results_with(), results_with()])
    assert len(card) == 2 * len(CAT.targets)


def test_every_simulated_main_target_with_a_number_gets_a_probability():
    flat = results_with()
    for row in CAT.targets.values():
        if row.main and row.status == "simulated" and row.target is not None and row.direction:
            assert score(row, flat).probability is not None, row.target_id


def test_a_run_that_ends_before_the_target_year_leaves_it_empty():
    scenario = load_scenario("history", ["end=2013Q2"])
    assert full_years(scenario) == [2011, 2012]
    short = Results(scenario, (0,), np.ones((1, 10, len(NAMES))), {PROVINCE: np.ones((1, 2, len(NAMES)))}, [])
    assert score(CAT.targets["a_hnte"], short).probability is None


def test_yearly_values_add_flows_take_the_last_of_stocks_and_make_ratios_anew():
    quarterly = np.ones((9, len(NAMES)))
    quarterly[:, NAMES.index("rd_expenditure")] = range(1, 10)
    quarterly[:, NAMES.index("gdp_published")] = 100.0
    quarterly[:, NAMES.index("hnte_stock")] = range(1, 10)
    found = yearly_values(quarterly)
    assert found.shape[0] == 2
    assert found[:, NAMES.index("rd_expenditure")].tolist() == [10.0, 26.0]
    assert found[:, NAMES.index("hnte_stock")].tolist() == [4.0, 8.0]
    assert found[:, NAMES.index("rd_gdp_ratio")].tolist() == [2.5, 6.5]


def test_observed_years_stand_beside_the_median():
    rows = {
        name: both for name, _, both in observed_rows(results_with(rd_expenditure=rising(10, 20, 30, 40)), [2012, 2014])
    }
    assert rows["rd_expenditure"][2012] == (pytest.approx(5.0), CAT.series("rd_expenditure")[2012])


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (math.nan, ""), (0.1, "0.1"), (1 / 3, "0.3333333333"), (5, "5")]
)
def test_cells_are_short_and_empty_where_there_is_nothing(value: object, text: str):
    assert write_number(value) == text
