"""Each fact that is read off a run leaves its band when the arrays of the run are spoilt; models: make test-science."""

from __future__ import annotations

import copy
import json
from itertools import count

import numpy as np
import pytest

from experiments import load_scenario
from experiments.facts.breaks import BREAKS
from experiments.facts.command import kept_at, measured
from experiments.facts.measured import ABOVE, read
from experiments.facts.panel import recorded
from experiments.facts.request import read as asked_of
from experiments.facts.table import judge, passed, reasons, statistics, summary_row
from experiments.facts.view import facts_view
from experiments.validity.summaries import ship
from sim.scenario_values import ScenarioError

ROWS = {row.key: row for row in statistics()}
RANDOM = np.random.default_rng(3)


@pytest.fixture(scope="module")
def panel():
    """A run at one for eight: its bands are those of the whole province, so only what breaks is asserted here."""
    return recorded(load_scenario("history", ["end=2017Q4", "population.k=8"]), 1)


def each_year(spoil):
    def change(panel):
        for columns in panel.years.values():
            spoil(columns)

    return change


def of_sales(law):
    def spoil(columns):
        active = columns["rd_reported_year"] > 0.0
        columns["rd_reported_year"][active] = law(columns["sales_year"][active], columns["sector"][active])

    return each_year(spoil)


def normal_growth(panel):
    sales = dict(zip(panel.years[2011]["uid"].tolist(), panel.years[2011]["sales_year"], strict=True))
    for year in panel.years.values():
        for i, uid in enumerate(year["uid"].tolist()):
            sales[uid] = sales.get(uid, year["sales_year"][i]) * np.exp(0.2 * RANDOM.standard_normal())
            year["sales_year"][i] = sales[uid]


def flows(panel):
    panel.flows = {year: (3 * a, 3 * b, n) for year, (a, b, n) in panel.flows.items()}


def no_firms(panel):
    panel.indicators["rd_performed_by_firms"] = 0.5 * panel.indicators["rd_performed_by_firms"]


def one_tie(columns):
    columns["n_alliances"] = (columns["n_alliances"] > 0).astype(np.int8)


def short_projects(panel):
    for now, quarter in enumerate(panel.alliances):
        left = np.zeros_like(quarter["project_quarters"])
        left[:, 0] = 2 - now % 2
        quarter["project_quarters"] = left


def scatter(columns):
    columns["rd_reported_year"] = np.where(RANDOM.uniform(size=len(columns["uid"])) < 0.3, 1.0, 0.0)


SPOILT = {
    "tail_exponent": each_year(lambda c: c.update(sales_year=c["sales_year"] ** 0.3)),
    "growth_shape": normal_growth,
    "growth_spread": normal_growth,
    "intensity_skew": of_sales(lambda s, _: 0.03 * s * RANDOM.uniform(0.5, 1.5, len(s))),
    "log_intensity_skew": of_sales(lambda s, _: 0.1 * s * RANDOM.uniform(0.0, 1.0, len(s)) ** 3),
    "rd_elasticity": of_sales(lambda s, _: s**0.4),
    "sector_share": of_sales(lambda s, _: 0.03 * s * np.exp(RANDOM.normal(size=len(s)))),
    "top_tenth": of_sales(lambda s, _: np.ones(len(s))),
    "persistence": each_year(scatter),
    "patent_overdispersion": each_year(lambda c: c.update(filings_year=RANDOM.poisson(2.0, len(c["uid"])))),
    "no_patents_all": each_year(lambda c: c.update(filings_year=c["filings_year"] + 1)),
    "patent_elasticity": each_year(lambda c: c.update(filings_year=RANDOM.poisson(2.0, len(c["uid"])))),
    "notch_relabelled": each_year(lambda c: c.update(rd_actual_year=c["rd_reported_year"])),
    "notch_mass": each_year(lambda c: c.update(certificate_threshold=c["rd_reported_year"] / c["sales_year"] / 0.9)),
    "ties_overdispersion": each_year(one_tie),
    "project_years": short_projects,
    "entry": flows,
    "exit": flows,
    "firms_share": no_firms,
}
OTHERS = {"grant_own_rd", "grant_young_less_old", "elasticity_small", "elasticity_large", "voucher_soon",
          "voucher_gone", "distance_square"}  # fmt: skip


@pytest.mark.parametrize("key", SPOILT)
def test_spoilt_arrays_leave_the_band(panel, key):
    spoilt = copy.deepcopy(panel)
    with np.errstate(divide="ignore", invalid="ignore"):
        SPOILT[key](spoilt)
        values = read(spoilt)
    assert not ROWS[key].holds(values[key]), values[key]


def test_every_judged_statistic_is_broken_somewhere():
    """The largest number of ties and the second halves of 15 and 16 go with the first; 30 is a report."""
    judged = {row.key for row in ROWS.values() if row.is_judged}
    assert set(SPOILT) | OTHERS == {one.key for one in BREAKS}
    left = {"grant_own_rd_mean", "grant_first_less_more", "ties_largest", "interaction_share"}
    assert judged - {one.key for one in BREAKS} == left
    assert set(reasons()) <= judged


def seeds(n, **values):
    """Seeds whose statistics lie in the middle of their bands but for those given."""
    middle = {}
    for row in ROWS.values():
        low = row.low if row.low is not None else (row.high or 0.0) - 1.0
        middle[row.key] = 0.5 * (low + (row.high if row.high is not None else low + 2.0))
    return [middle | {key: value[i] for key, value in values.items()} for i in range(n)]


def test_the_median_of_the_seeds_is_judged_and_a_fact_holds_when_all_its_statistics_do():
    found = {one.row.key: one for one in judge(seeds(3, tail_exponent=(1.2, 1.6, 1.3), entry=(5.0, 15.0, 5.5)))}
    assert found["tail_exponent"].value == 1.3
    assert found["tail_exponent"].holds
    assert found["tail_exponent"].inside == pytest.approx(2 / 3)
    verdict = passed(list(found.values()))
    assert len(verdict) == 22
    assert [number for number, holds in verdict.items() if not holds] == ["25"]


def test_what_is_not_a_number_does_not_hold():
    found = {one.row.key: one for one in judge(seeds(2, entry=(np.nan, np.nan), exit=(np.nan, 5.0)))}
    assert not found["entry"].holds
    assert found["exit"].holds
    assert found["exit"].inside == 0.5
    assert summary_row(found["entry"])["value"] == ""


def test_finished_seeds_are_kept_and_damaged_ones_are_measured_again(tmp_path, monkeypatch):
    calls = count()
    one = seeds(1)[0]
    monkeypatch.setattr("experiments.facts.command.measure", lambda trial: (next(calls), one)[1])
    monkeypatch.setattr("experiments.facts.command.spread", lambda function, items, workers, what: map(function, items))
    asked = asked_of(["seeds=3", f"results={tmp_path}"])
    assert measured(asked) == [one] * 3
    measured(asked)
    assert next(calls) == 3
    kept_at(tmp_path, asked.trials()[1]).write_text(json.dumps(one)[:40])
    measured(asked)
    assert next(calls) == 5
    names = {kept_at(tmp_path, trial) for a in (asked, asked_of(["seeds=3", "seed=2"])) for trial in a.trials()}
    assert len(names) == 6


@pytest.mark.parametrize(
    ("text", "words"),
    [("seeds=0", "1..10000"), ("sed=3", "unknown key"), ("ship=maybe", "must be one of"), ("seeds", "KEY=VALUE"),
     ("mechanism.grow_firms.nothing=1", "nothing"), ("lever.rd_grant.rate=1", "unknown key")],
)  # fmt: skip
def test_a_request_that_is_wrong_is_refused(text, words):
    with pytest.raises(ScenarioError, match=words):
        asked_of([text])


def test_the_report_shows_what_was_shipped_with_failing_facts(tmp_path):
    assert facts_view(tmp_path) is None
    rows = [summary_row(one) for one in judge(seeds(2, entry=(1.0, 1.0)))]
    ship("facts", "innopolicy facts seeds=2", rows, tmp_path)
    view = facts_view(tmp_path)
    assert (view.held, view.facts, view.is_current) == (21, 22, True)
    assert [row["key"] for row in view.rows if row["inside"] == "no"] == ["entry"]


def test_broken_panel_of_unused_columns_is_noticed(panel):
    """Vacuity guard: the statistics do read the arrays that are spoilt here."""
    assert np.isfinite([read(panel)[key] for key in SPOILT if key != "notch_relabelled"]).all()
    assert (panel.years[2017][ABOVE] != 0).any()
