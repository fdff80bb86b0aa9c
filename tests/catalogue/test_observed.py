"""The observed series hold what was observed, with its source, and no outcome that the model is judged on."""

from __future__ import annotations

import pytest

from sim.catalogue.loader import catalogue

GRANTS_AND_STOCK = range(2011, 2018)


@pytest.mark.parametrize(
    ("series", "year", "value", "unit"),
    [
        ("rd_expenditure", 2012, 132.3, "100m yuan"),
        ("rd_expenditure", 2015, 132.5, "100m yuan"),
        ("hnte_stock", 2010, 199, "firm"),
        ("patents_valid_invention", 2015, 8104, "item"),
        ("rd_personnel_fte", 2014, 48955, "person-year"),
        ("tech_contracts_total", 2012, 124.16, "100m yuan"),
        ("ind_newproduct_sales", 2012, 928.4, "100m yuan"),
        ("gdp_published", 2012, 12112.83, "100m yuan"),
        ("gdp_revised", 2012, 11683.1, "100m yuan"),
        ("patent_office_throughput", 2015, 0.425, "share"),
        ("cn_rd_gdp_ratio", 2014, 2.05, "%"),
    ],
)
def test_spot_values(series: str, year: int, value: float, unit: str) -> None:
    row = next(row for row in catalogue().series_rows(series) if row.year == year)
    assert (row.value, row.unit) == (value, unit)


def test_no_outcome_after_2017() -> None:
    cat = catalogue()
    assert max(row.year for row in cat.series_table("history")) == 2017
    observed = {row.observed for row in cat.indicators.values() if row.observed and row.good != "none"}
    assert max(max(cat.series(series)) for series in observed) <= 2017


def test_national_values_after_2017_say_what_they_are_for() -> None:
    late = [row for row in catalogue().series_table("national") if row.year > 2017]
    assert late
    assert all("no mechanism reads it" in row.definition for row in late)


def test_what_was_recalled_is_assumed_and_of_the_lowest_grade() -> None:
    rows = [row for rows in catalogue().observed.values() for row in rows if row.source == "not traced"]
    assert len(rows) > 50
    assert all((row.kind, row.grade, row.confidence) == ("assumed", "D", "low") for row in rows)
    assert {row.source for row in catalogue().series_rows("coal_price")} >= {"not traced", "sx_plan_report_2015"}


def test_the_published_ratio_is_on_the_gdp_of_its_day() -> None:
    cat = catalogue()
    ratio, rd, gdp = (cat.series(s) for s in ("rd_gdp_ratio", "rd_expenditure", "gdp_published"))
    for year in range(2010, 2018):
        assert ratio[year] == pytest.approx(100 * rd[year] / gdp[year], abs=0.011)


def test_the_total_of_contracts_is_not_below_what_was_bought() -> None:
    cat = catalogue()
    total, bought, sold = (cat.series(f"tech_contracts_{s}") for s in ("total", "absorbed_value", "output_value"))
    for year in total:
        assert bought[year] - 0.1 <= total[year] <= bought[year] + sold[year]


def test_both_readings_of_industrial_rd_stay_apart() -> None:
    cat = catalogue()
    assert cat.series("ind_rd_expenditure")[2012] == 107.0
    assert cat.series("ind_rd_expenditure_plan_b") == {2012: 116.2}


def test_lapse_read_off_the_stock_is_plausible() -> None:
    stock, granted = (catalogue().series(s) for s in ("patents_valid_invention", "patents_granted_invention"))
    lapse = [(stock[y - 1] + granted[y] - stock[y]) / stock[y - 1] for y in GRANTS_AND_STOCK]
    assert [round(100 * share, 1) for share in lapse] == [9.2, 8.1, 10.6, 10.0, 9.7, 7.6, 6.1]


def test_every_driver_says_how_it_goes_on() -> None:
    cat = catalogue()
    margin = cat.driver_rules["ind_profit_margin"]
    assert (margin.rule, margin.value, margin.low, margin.high) == ("level", 4, 1, 6)
    assert all(rule.kind == "assumed" and rule.note for rule in cat.driver_rules.values())
