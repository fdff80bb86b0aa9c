"""What the fit is held against and starts from: targets, priors, what a run has in their place, and the distance."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from experiments.calibration import priors, targets
from experiments.calibration.distance import Distance
from experiments.calibration.simulation import fit_scenario
from experiments.calibration.targets import COLUMNS, errors, predicted
from experiments.outcomes import categories, indicator_places
from sim.catalogue.loader import catalogue
from sim.scenario_values import ScenarioError

HEAD = ",".join(COLUMNS) + "\n"
PRIOR_HEAD = ",".join(priors.COLUMNS) + "\n"


def test_values_are_those_observed_and_none_is_later_than_2017():
    found = targets.load()
    cat = catalogue()
    assert len({one.group for one in found}) > 20
    for one in found:
        seen = cat.series(one.series)
        assert 2011 <= one.year <= 2017
        assert one.value == (seen[one.year] if one.since is None else seen[one.year] / seen[one.since])
        assert one.title_en
        assert one.title_zh
        assert one.kind in ("stock", "flow", "ratio")


def test_errors_follow_confidence_and_a_change_has_that_of_its_weaker_year():
    by = {(one.group, one.year): one for one in targets.load()}
    known = errors()
    assert known["high"] < known["medium"] < known["low"]
    assert by["hnte_stock", 2015].error == known["high"]
    assert by["hnte_stock", 2014].error == known["medium"]
    assert by["hnte_stock", 2017].error == known["low"]
    assert by["ind_rd_expenditure 2014-2015", 2015].error == known["low"]
    one = by["tech_contracts_total", 2017]
    assert one.scale == pytest.approx(np.hypot(one.error, known["volatile"]))


@pytest.mark.parametrize(("years", "weaker"), [("2014-2015", "medium"), ("2015-2016", "low"), ("2011-2015", "medium")])
def test_the_weaker_year_decides_in_either_order(tmp_path, years, weaker):
    path = tmp_path / "mine.csv"
    path.write_text(f"{HEAD}hnte_stock,change,{years},,,none,,\n", encoding="utf-8")
    assert targets.load(path)[0].error == errors()[weaker]


def test_a_fit_to_2014_sees_nothing_later():
    found = targets.load(until=2014)
    assert max(one.year for one in found) == 2014
    assert 0 < len(found) < len(targets.load())


def outcome_of(value_of):
    """A run of 28 quarters whose indicators are value_of(quarter, column), with the city groups of R&D."""
    columns = len(indicator_places())
    quarterly = np.array([[value_of(q, i) for i in range(columns)] for q in range(28)], np.float64)
    cities = np.full((7, len(categories("city"))), 1.0)
    cities[1, 0] = 5.0
    return SimpleNamespace(quarterly=quarterly, groups={("rd_expenditure", "city"): cities})


def test_a_flow_is_the_year_s_sum_a_stock_its_end_a_change_a_ratio_a_part_a_share():
    scenario, found = fit_scenario(40, 2017), targets.load()
    values = predicted(outcome_of(lambda q, i: 10.0 + q), scenario, found)
    by = {(one.group, one.year): value for one, value in zip(found, values, strict=True)}
    assert by["rd_expenditure", 2011] == 10 + 11 + 12 + 13
    assert by["hnte_stock", 2012] == 10 + 7
    assert by["ind_rd_expenditure 2014-2015", 2015] == pytest.approx((4 * 10 + 70) / (4 * 10 + 54))
    assert by["taiyuan_rd_share", 2012] == pytest.approx(100 * 5.0 / (4 * 10 + 22))


def test_a_target_outside_the_run_is_refused():
    with pytest.raises(ScenarioError, match="2013 is no full year of a run to 2012Q4"):
        predicted(outcome_of(lambda q, i: 1.0), fit_scenario(40, 2012), targets.load(until=2013))


ROWS = [
    ("nobody_knows,level,2012,,,none,,", "is no indicator and no observed series"),
    ("rd_expenditure,levels,2012,,,none,,", "is not level, change or part"),
    ("rd_expenditure,level,2018,,,none,,", "must be years of 2011 to 2017"),
    ("rd_expenditure,level,2014-2012,,,none,,", "must be years of 2011 to 2017"),
    ("rd_expenditure,change,2014,,,none,,", "its years must be two"),
    ("ind_firms_with_rd,level,2013,,,none,,", "was not observed in 2013"),
    ("rd_expenditure,level,2012,150,,none,,", "gives a value, so its confidence"),
    ("rd_expenditure,level,2011-2012,150,high,none,,", "so its years must be one year"),
    ("rd_expenditure,level,2012,-3,high,none,,", "must be above 0"),
    ("rd_expenditure,level,2012,1_000,high,none,,", "canonical"),
    ("rd_expenditure,level,2012,,certain,none,,", "confidence = certain is unknown"),
    ("rd_expenditure,level,2012,,,some,,", "discrepancy = some is unknown"),
    ("x,part:rd_expenditure:city:Paris,2012,53,high,none,,", "no indicator, dimension and category"),
    ("rd_expenditure,level,2012", "3 cells, expected 8"),
]


@pytest.mark.parametrize(("row", "said"), ROWS)
def test_a_bad_target_is_told_with_file_and_line(tmp_path, row, said):
    path = tmp_path / "mine.csv"
    path.write_text(f"{HEAD}hnte_stock,level,2011,,,none,,\n{row}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=said) as refused:
        targets.load(path)
    assert len(refused.value.faults) == 1
    assert "mine.csv:3: " in refused.value.faults[0]


def test_every_bad_row_is_told_at_once_and_a_point_that_stands_twice(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(HEAD + "\n".join(row for row, _ in ROWS[:5]) + "\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        targets.load(path)
    assert [fault.split(":")[1] for fault in refused.value.faults] == ["2", "3", "4", "5", "6"]
    path.write_text(f"{HEAD}hnte_stock,level,2011-2013,,,none,,\nhnte_stock,level,2012,,,none,,\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="stands on line 2 already"):
        targets.load(path)


def test_a_series_of_one_s_own_is_read(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(f"{HEAD}tied_firms,level,2013,120,medium,steady,Mine,我的\n", encoding="utf-8")
    (one,) = targets.load(path)
    assert (one.value, one.indicator, one.title_zh, one.kind) == (120.0, "tied_firms", "我的", "stock")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"a,b\n1,2\n", HEAD.encode(), HEAD.encode() + b'"x\n'])
def test_what_is_no_table_is_refused_in_one_line(tmp_path, content):
    path = tmp_path / "mine.csv"
    path.write_bytes(content)
    with pytest.raises(ScenarioError, match=r"mine\.csv"):
        targets.load(path)


def test_the_priors_that_ship_lie_inside_the_catalogue_and_are_few():
    found, known = priors.load(), catalogue().parameters
    assert 8 <= len(found) <= 14
    for one in found:
        assert known[one.address].low <= one.low < one.high <= known[one.address].high
        for place in (0.0, 0.3, 1.0):
            assert one.low <= one.value(place) <= one.high
            assert one.place(one.value(place)) == pytest.approx(place)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("population.rd_gapp,,,linear,", "is no parameter.*Did you mean population.rd_gap"),
        ("population.rd_gap,0,,linear,", "low = 0 is out of range"),
        ("population.rd_gap,0.2,0.1,linear,", "is not below high"),
        ("population.rd_gap,much,,linear,", "canonical"),
        ("population.rd_gap,,,cubic,", "scale = cubic is unknown; there are: linear, log"),
        ("price_talent.cost_growth_y,,,log,", "must be above 0 on a log scale"),
        ("finance_rd.slack,,,log,", "stands twice"),
    ],
)
def test_a_bad_prior_is_told_with_file_and_line(tmp_path, row, said):
    path = tmp_path / "mine.csv"
    path.write_text(f"{PRIOR_HEAD}finance_rd.slack,,,log,\n{row}\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=said) as refused:
        priors.load(path)
    assert "mine.csv:3: " in refused.value.faults[0]


def test_a_series_of_many_years_weighs_as_much_as_one_of_a_single_year():
    found = targets.load()
    distance, exact = Distance(found), np.array([one.value for one in found])
    assert distance(exact) == 0.0
    moved = []
    for group in ("patents_valid_invention", "taiyuan_rd_share"):
        factors = [np.exp(2.0 * one.scale) if one.group == group else 1.0 for one in found]
        moved.append(distance(exact * factors))
    assert moved[0] == pytest.approx(moved[1])
    assert moved[0] == pytest.approx(2.0 / np.sqrt(len(distance.groups)))


def test_no_number_is_infinitely_far_and_nothing_of_something_is_far_but_not_infinitely():
    found = targets.load()
    distance, points = Distance(found), np.array([one.value for one in found])
    none, broken = points.copy(), points.copy()
    none[0], broken[0] = 0.0, np.nan
    assert 0.0 < distance(none) < np.inf
    assert distance(broken) == np.inf
    assert np.isinf(distance.of_series(broken)).sum() == 1


def test_a_smaller_error_makes_the_same_difference_count_more():
    (one, *_) = targets.load()
    sure, unsure = replace(one, error=0.01, discrepancy=0.0), replace(one, error=0.1, discrepancy=0.0)
    off = np.array([one.value * 1.1])
    assert Distance([sure])(off) == pytest.approx(10.0 * Distance([unsure])(off))
