"""Naive forecasts, and the model against them: what came after the origin is never read, and a bias costs skill."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm
from scipy.stats import t as student

from experiments.compose import load_scenario
from experiments.draws.driver_paths import FORMS
from experiments.draws.variation import Variation
from experiments.fitted import width
from experiments.judgement.fit import AFTER_SLUMP, bars, fits_of
from experiments.judgement.forecasts import (
    CONDITIONAL,
    NAIVE,
    PLAN,
    TREND,
    UNCONDITIONAL,
    WALK,
    Later,
    later_of,
    model_verdicts,
    naive_verdicts,
    rows_of,
    skills_of,
)
from experiments.judgement.foresight import as_known_in
from experiments.judgement.naive import (
    QUANTILES,
    known_to,
    last_value,
    log_linear,
    plan_path,
    plan_target,
    random_walk,
    yearly_spread,
)
from experiments.judgement.observed import CONTRACTS, OTHER, STOCK, observed_series, outcomes
from experiments.judgement.scores import verdict
from experiments.judgement.tables import bars_text, fit_text, side_by_side
from experiments.judgement.worlds import INNER_FORECAST, WORLDS
from experiments.outcomes import PROVINCE, Results, indicator_places
from sim.catalogue.loader import catalogue
from sim.core.calendar import quarter_number

YEARS = list(range(2011, 2018))
GROWTH = {2010: 100.0, 2011: 120.0, 2012: 108.0, 2014: 130.0}


def ensemble(bias: float = 0.0, spread: float = 0.03, n: int = 60) -> Results:
    """Runs that follow what was observed with a relative bias and spread; 2010's value where nothing was observed."""
    values = np.full((n, len(YEARS), len(indicator_places())), np.nan)
    shifts = bias + spread * norm.ppf((np.arange(n) + 0.5) / n)
    for one in observed_series():
        years = sorted(one.values)
        path = np.interp(YEARS, years, np.log([one.values[year] for year in years]))
        values[:, :, indicator_places()[one.indicator]] = np.exp(path[None, :] + shifts[:, None])
    scenario = load_scenario("history", ["end=2017Q4"])
    return Results(scenario, tuple(range(n)), np.empty((n, 28, 0)), {PROVINCE: values}, [])


def test_a_random_walk_spreads_with_the_root_of_time():
    spread = math.sqrt((math.log(1.2) ** 2 + math.log(0.9) ** 2 + math.log(130 / 108) ** 2 / 2) / 3)
    assert yearly_spread(GROWTH) == pytest.approx(spread)
    found = random_walk(GROWTH, [2014, 2015, 2018])
    assert list(found) == [2015, 2018], "what is known is not forecast"
    for year, members in found.items():
        assert members.mean() == pytest.approx(math.log(130.0))
        assert members.std() == pytest.approx(spread * math.sqrt(year - 2014), rel=5e-3)
    assert random_walk({2013: 5.0, 2014: 6.0}, [2015]) == {}, "one change tells no spread"


def test_the_last_value_is_that_of_the_year_before_or_earlier():
    assert last_value(GROWTH, 2014) == pytest.approx([math.log(108.0)])
    assert last_value(GROWTH, 2010) is None


def test_a_trend_has_the_prediction_interval_of_its_regression():
    known = {2010: 3.0, 2011: 4.0, 2012: 4.5, 2013: 7.0, 2014: 8.0}
    x, y = np.arange(5.0), np.log(list(known.values()))
    slope, start = np.polyfit(x, y, 1)
    error = math.sqrt(np.sum((y - start - slope * x) ** 2) / 3 * (1 + 1 / 5 + (7 - 2) ** 2 / 10))
    members = log_linear(known, [2017])[2017]
    assert np.median(members) == pytest.approx(start + slope * 7)
    assert members == pytest.approx(start + slope * 7 + error * student.ppf(QUANTILES, 3))
    assert log_linear({2010: 1.0, 2011: 2.0, 2012: 3.0}, [2015]) == {}


def test_the_path_of_a_plan_is_a_line_from_its_base_to_its_target():
    path = plan_path("patents_valid_invention", {}, 2014, [2012, 2016, 2020, 2021])
    assert {year: math.exp(m[0]) for year, m in path.items()} == pytest.approx({2016: 7191.5, 2020: 10000.0})
    assert plan_target("patents_valid_invention", 2014).plan == "A", "plan C was not there yet"
    assert plan_target("patents_valid_invention", 2017).plan == "C"
    path = plan_path("hnte_stock", {2013: 371.0, 2014: 520.0}, 2014, [2015])
    assert math.exp(path[2015][0]) == pytest.approx(371 + (1000 - 371) * 2 / 7), "no base: the year before the plan"
    assert plan_path("rd_personnel_fte", {}, 2017, [2020])[2020] == pytest.approx([math.log(67200)]), "in its unit"
    assert plan_path("ind_rd_expenditure", {2013: 1.0}, 2014, [2015]) == {}


def test_naive_forecasts_do_not_read_what_came_after_the_origin():
    later = later_of(observed_series(), 2014, 2017)
    poisoned = [
        Later(
            type(one.series)(**{**vars(one.series), "values": {
                year: value if year <= 2014 else 1e9 for year, value in one.series.values.items()
            }}),
            one.values,
            one.errors,
        )
        for one in later
    ]  # fmt: skip
    assert naive_verdicts(later, 2014) == naive_verdicts(poisoned, 2014)
    assert naive_verdicts(later, 2014) != naive_verdicts(poisoned, 2016), "what was known before is read"
    assert max(known_to(GROWTH, 2012)) == 2012


def test_a_model_that_follows_the_observed_path_has_skill_and_a_biased_one_has_none():
    later = later_of(observed_series(), 2014, 2017)
    naive = naive_verdicts(later, 2014)
    forecasts = {CONDITIONAL: model_verdicts(later, ensemble()), UNCONDITIONAL: model_verdicts(later, ensemble(bias=1))}
    rows = {row.forecast: row for row in rows_of(later, forecasts | naive) if not row.indicator}
    assert set(rows) == {CONDITIONAL, UNCONDITIONAL, *NAIVE}
    good, biased = rows[CONDITIONAL], rows[UNCONDITIONAL]
    assert min(good.skills[name] for name in (WALK, TREND, PLAN)) > 0.5
    assert max(biased.skills[name] for name in (WALK, TREND, PLAN)) < 0.0
    assert good.coverage == 1.0
    assert biased.coverage == 0.0
    assert good.points == sum(len(one.values) for one in later)


def test_skill_is_taken_over_points_that_both_have():
    later = [one for one in later_of(observed_series(), 2014, 2017) if one.series.indicator == "tech_contracts_total"]
    forecasts = {CONDITIONAL: model_verdicts(later, ensemble())} | naive_verdicts(later, 2014)
    row = next(row for row in rows_of(later, forecasts) if row.forecast == CONDITIONAL)
    assert math.isnan(row.skills[TREND]), "three points tell no trend"
    assert row.skills[WALK] > 0.0


def test_the_summary_of_a_good_fit_passes_and_of_a_bad_one_fails():
    good = {bar.item: bar for bar in bars(fits_of(observed_series(), ensemble()), ensemble())}
    assert all(bar.passed is not False for bar in good.values())
    assert good["slump"].value == pytest.approx(1.0)
    assert good["width_stock_plain"].value == pytest.approx(math.exp(2 * 1.645 * 0.03), rel=0.02)
    assert {bar.item for bar in good.values() if bar.bar} == {"inside", "width_stock", "width_contracts", "better",
                                                              "slump"}  # fmt: skip
    for bias, spread, failed in ((0.8, 0.03, "inside"), (0.0, 0.4, "width_stock"), (1.5, 0.03, "better")):
        bad = {b.item: b for b in bars(fits_of(observed_series(), ensemble(bias, spread)), ensemble(bias, spread))}
        assert bad[failed].passed is False, failed


def test_a_slump_without_depth_fails():
    flat = ensemble()
    flat.yearly[:, :, indicator_places()["rd_expenditure"]] = 150.0
    found = {bar.item: bar for bar in bars(fits_of(observed_series(), flat), flat)}
    assert found["slump"].value == 0.0
    assert found["slump"].passed is False
    assert found["change_2014_2015"].value == 0.0
    assert {f"change_{a}_{b}" for a, b in AFTER_SLUMP} <= set(found)


def test_series_that_are_judged_are_outcomes_up_to_2017():
    found = observed_series()
    assert len(found) > 25
    assert not {one.indicator for one in found} & {"gdp_published", "population", "ind_revenue_above_scale"}
    assert {one.group for one in found} == {STOCK, CONTRACTS, OTHER}
    for one in found:
        assert max(one.values) <= 2017
        assert set(one.errors) == set(one.values)
        assert one.indicator in outcomes()
        assert one.unit == catalogue().indicators[one.indicator].unit
    assert sum(one.is_fitted for one in found) >= 15


def test_a_forecast_knows_no_later_law_and_no_later_lever():
    history = load_scenario("history", ["end=2019Q4"])
    known = as_known_in(history, 2014)
    assert known.known_to == 2014
    assert history.in_force("startup_support", 2016, 1)
    assert not known.in_force("startup_support", 2017, 4), "it began with a plan of 2016"
    assert known.in_force("innovation_voucher", 2017, 4), "it began in 2014"
    assert known.fingerprint() != history.fingerprint()
    assert history.dose_value("super_deduction", "rate", 2018, 1) == 0.75
    assert known.dose_value("super_deduction", "rate", 2018, 1) == 0.5
    planned = as_known_in(load_scenario("steady_2017"), 2017)
    assert all(phase.first <= quarter_number("2017Q4") for phase in planned.phases)
    assert planned.dose("super_deduction", "rate", 2019, 1) == "dated_law", "the phase from 2018 on was not known"


def test_entries_of_a_schedule_that_begin_later_are_not_known():
    scenario = load_scenario("history", ["lever.rd_grant.budget_y={2011:50,2014Q4:60,2015:70}"])
    known = as_known_in(scenario, 2014)
    assert scenario.dose("rd_grant", "budget_y", 2015, 1) == 70.0
    assert known.dose("rd_grant", "budget_y", 2015, 1) == 60.0


def test_every_driver_of_the_forecast_comes_from_the_ensemble():
    """No driver of the unconditional world after its origin is the observed one."""
    world = next(one for one in WORLDS if one.name == INNER_FORECAST)
    assert world.variation("posterior") == Variation("posterior_2014", "uncertain", 2014)
    assert world.variation("central") == Variation("central", "uncertain", 2014)
    drawn = world.variation("central").of(world.scenario([]), 3, 1)
    for driver in FORMS:
        for year in (2015, 2016, 2017):
            assert year in drawn.driver[driver], (driver, year)
            assert drawn.driver[driver][year] != catalogue().series(driver).get(year), (driver, year)
        assert not any(year <= 2014 for year in drawn.driver[driver] if year in catalogue().series(driver))


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_what_is_printed_fits_the_terminal(columns: int):
    later, runs = later_of(observed_series(), 2014, 2017), ensemble()
    fits = fits_of(observed_series(), runs)
    rows = rows_of(later, {CONDITIONAL: model_verdicts(later, runs)} | naive_verdicts(later, 2014))
    lines = [*fit_text(fits, columns), *bars_text(bars(fits, runs), columns), *side_by_side(rows, columns)]
    assert max(map(width, lines)) <= columns
    assert all(any(series.title_en.split()[0] in line for line in lines) for series in observed_series())


def test_years_that_only_one_of_two_forecasts_has_are_left_out_of_skill():
    ours = {"hnte_stock": {2020: verdict(np.array([0.1]), 1.0), 2021: verdict(np.array([9.0]), 1.0)}}
    plan = {"hnte_stock": {2020: verdict(np.array([0.2]), 1.0)}}
    assert skills_of(ours, {PLAN: plan})[PLAN] == pytest.approx(0.5), "the plan's path ends in 2020"
    assert math.isnan(skills_of(ours, {PLAN: {"rd_expenditure": plan["hnte_stock"]}})[PLAN])
