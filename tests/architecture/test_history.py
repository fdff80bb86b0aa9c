"""The wall in time: the model is fitted to what was known for 2017, so no later outcome stands in its tables."""

from __future__ import annotations

import csv

from sim.catalogue.loader import catalogue
from tests.architecture.sources import ROOT

LAST_YEAR = 2017
HISTORY = ROOT / "sim" / "catalogue" / "observed" / "history.csv"


def test_no_observed_outcome_is_later_than_2017():
    with HISTORY.open(encoding="utf-8", newline="") as handle:
        years = {(row["series"], int(row["year"])) for row in csv.DictReader(handle)}
    assert years
    assert not {(series, year) for series, year in years if year > LAST_YEAR}


def test_no_indicator_is_compared_with_a_later_year():
    cat = catalogue()
    compared = {row.indicator: row.observed for row in cat.indicators.values() if row.observed}
    assert compared, "some indicators have an observed series"
    outcomes = {name: series for name, series in compared.items() if series not in cat.driver_rules}
    late = {name: max(cat.series(series)) for name, series in outcomes.items() if max(cat.series(series)) > LAST_YEAR}
    assert not late
