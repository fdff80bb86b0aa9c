"""The split of the spread: known shares are found, intervals hold them, the verb goes on where it stopped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments.compose import load_scenario
from experiments.draws import split
from experiments.draws.split import asked, rows_of_table, worked
from experiments.draws.variance import COMBINATIONS, PARTS, Sample, rows_of, shares, values_of
from experiments.draws.variance_view import variance_view
from experiments.draws.variation import Variation
from experiments.validity.summaries import ship
from sim.scenario_values import ScenarioError
from tests.draws.shipped_draws import ROWS
from tests.experiments import fake_model

pytestmark = pytest.mark.usefixtures("shipped_draws")
FEW = ["end=2018Q4", "population=tiny", "years=2016,2018", "samples=10", "workers=1", "indicators=rd_expenditure"]


def made_up(function, n: int, seed: int = 1) -> np.ndarray:
    """Values of n samples of a function of three standard normal numbers, shape (n, 8)."""
    parts = np.random.default_rng(seed).standard_normal((n, 2, 3))
    return np.array([[function(*(one[w, i] for i, w in enumerate(which))) for which in COMBINATIONS] for one in parts])


def test_shares_of_a_sum_are_those_of_its_terms():
    found = shares(made_up(lambda p, c, d: 3.0 * p + 2.0 * c + 1.0 * d, 2000))
    for name, wanted in zip(PARTS, (9 / 14, 4 / 14, 1 / 14), strict=True):
        assert found[name].first == pytest.approx(wanted, abs=0.04)
        assert found[name].total == pytest.approx(wanted, abs=0.04)
        assert found[name].first_band[0] < found[name].first < found[name].first_band[1]


def test_a_product_is_all_interaction():
    """Neither factor does anything by itself; both are needed for all of it; the third does nothing."""
    found = shares(made_up(lambda p, c, d: p * c, 4000))
    for name in ("parameters", "chance"):
        assert found[name].first == pytest.approx(0.0, abs=0.08)
        assert found[name].total == pytest.approx(1.0, abs=0.08)
    assert (found["drivers"].first, found["drivers"].total) == pytest.approx((0.0, 0.0), abs=1e-12)


def test_intervals_hold_the_true_share_nine_times_in_ten():
    wanted, held, trials = 9 / 14, 0, 60
    for seed in range(trials):
        low, high = shares(made_up(lambda p, c, d: 3 * p + 2 * c + d, 100, seed), seed)["parameters"].first_band
        held += low <= wanted <= high
    assert held >= 0.8 * trials
    narrow, wide = (np.ptp(shares(made_up(lambda p, c, d: p + c, n))["chance"].first_band) for n in (1000, 50))
    assert narrow < wide


def test_what_does_not_vary_has_no_shares():
    found = shares(np.ones((20, 8)))
    assert all(np.isnan((one.first, one.total, *one.first_band, *one.total_band)).all() for one in found.values())


def test_a_sample_exchanges_one_part_at_a_time(monkeypatch: pytest.MonkeyPatch):
    """Each run has the parameters, seed and drivers that its place says, and no others."""
    seen = []

    def tell(scenario, seed, replicate):
        seen.append((tuple(scenario.mechanism.items()), replicate, scenario.driver["coal_price"][2018]))
        return fake_model.run(scenario, seed, replicate)

    monkeypatch.setattr("sim.model.run", tell)
    history = load_scenario("history", FEW[:2])
    one = Sample(3, history, None, Variation("posterior", "uncertain"), 1, (("rd_expenditure", 2018),))
    assert values_of(one).shape == (8, 1)
    for place in range(3):
        by_side = [
            {run[place] for run, w in zip(seen, COMBINATIONS, strict=True) if w[place] == side} for side in (0, 1)
        ]
        assert [len(values) for values in by_side] == [1, 1], "its place alone decides"
    assert {run[1] for run in seen} == {6, 7}
    assert len({run[2] for run in seen}) == 2
    other = values_of(replace(one, against=load_scenario("no_policy", FEW[:2])))
    assert not np.array_equal(other, values_of(one))


def test_rows_are_drawn_as_runs_draw_them():
    rows = [rows_of(number, "posterior", 1) for number in range(200)]
    assert {row for pair in rows for row in pair} == set(range(ROWS))
    assert rows == [rows_of(number, "posterior", 1) for number in range(200)]
    assert 0.05 < np.mean([first == second for first, second in rows]) < 0.4, "any two rows, the same one too"


@pytest.mark.parametrize(("arguments", "told"), [
    (["years=2019"], "years = 2019 is no full year of the run: 2011..2018"),
    (["indicators=rd_expenditur"], "indicators = rd_expenditur does not exist. Did you mean rd_expenditure"),
    (["samples=5"], "samples = 5 is out of range 10..100000"),
    (["ship=maybe"], "ship = maybe must be one of yes, no"),
    (["replicates=5"], "replicates= has no meaning for variance"),
    (["parameters=central", "drivers=central"], "there is nothing to split"),
    (["against=histori"], "scenario = histori does not exist"),
    (["sample=5"], "sample=5 sets an unknown key"),
    (["samples=10", "samples=11"], "gives samples twice"),
])  # fmt: skip
def test_faulty_requests_are_told_in_one_line(arguments: list[str], told: str):
    with pytest.raises(ScenarioError) as refused:
        asked(["end=2018Q4", "population=tiny", *([] if "years=2019" in arguments else ["years=2018"]), *arguments])
    assert len(refused.value.faults) == 1
    assert told in refused.value.faults[0]


def test_the_verb_goes_on_where_it_was_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    calls: list[int] = []

    def counted(sample: Sample) -> np.ndarray:
        calls.append(sample.number)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return np.random.default_rng(sample.number).standard_normal((8, len(sample.outcomes)))

    monkeypatch.setattr(split, "values_of", counted)
    monkeypatch.setattr("experiments.spread.prepare", lambda: None)
    request = asked([*FEW, f"results={tmp_path}"])
    with pytest.raises(KeyboardInterrupt):
        worked(request)
    assert len(list(tmp_path.rglob("*.json"))) == 3
    first = sorted(tmp_path.rglob("*.json"))[0]
    first.write_text(first.read_text().replace("1", "2", 1))  # damaged: worked again
    values = worked(request)
    assert calls == [0, 1, 2, 3, 0, *range(3, 10)]
    assert np.array_equal(worked(request), values)
    assert len(calls) == 12, "all is kept"
    other = asked([*FEW, f"results={tmp_path}", "seed=2"])
    assert split.identity(other.pattern) != split.identity(request.pattern)


def test_the_report_shows_the_shipped_table(tmp_path: Path):
    request = asked(FEW)
    values = np.stack([made_up(lambda p, c, d: 5 + p + c, 50), made_up(lambda p, c, d: 5 + p + 2 * d, 50)], axis=2)
    rows = rows_of_table(request.pattern, values)
    assert variance_view(["history"], tmp_path) is None
    ship("variance", request.command, rows, tmp_path)
    view = variance_view(["history", "no_policy"], tmp_path)
    assert view is not None
    assert view["is_current"]
    assert [row["year"] for row in view["rows"]] == ["2016", "2018"]
    assert view["rows"][0]["parts"][2]["first"] == 0.0
    assert view["rows"][1]["parts"][2]["first"] == pytest.approx(0.8, abs=0.15)
    assert variance_view(["plan_a_2014"], tmp_path) is None


def test_the_page_tells_the_shares_in_both_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from experiments.pages import environment
    from sim.catalogue.loader import catalogue

    request = asked(FEW)
    values = np.stack([made_up(lambda p, c, d: 5 + p + c, 50)] * 2, axis=2)
    ship("variance", request.command, rows_of_table(request.pattern, values), tmp_path)
    page = (
        environment()
        .get_template("variance.html")
        .render(variance=variance_view(["history"], tmp_path), units=catalogue().units)
    )
    assert "Parameters" in page
    assert "外生变量" in page
    assert "另一版本" not in page
    text = (tmp_path / "variance.csv").read_text(encoding="utf-8").replace("; model ", "; model other", 1)
    (tmp_path / "variance.csv").write_text(text, encoding="utf-8")
    page = (
        environment()
        .get_template("variance.html")
        .render(variance=variance_view(["history"], tmp_path), units=catalogue().units)
    )
    assert "另一版本" in page
