"""Sweeps: points as checked one by one, designs, strict study files, counting before anything is made."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments.compose import load_scenario
from experiments.designs import Design, Range, grid, latin_hypercube, listed, one_at_a_time, sobol
from experiments.overrides import Overrides
from experiments.points import points_of
from experiments.store import Store
from experiments.study_files import read_study
from experiments.sweep import run_sweep, sweep_of
from sim.scenario_values import ScenarioError
from tests.experiments import fake_model

FAKE = f"{fake_model.__name__}:run"
SHORT = {"end": "2012Q4", "population.k": "40"}
STUDY = """
title_en: Dose of vouchers
scenarios: [history, no_policy]
overrides: {end: 2012Q4, population.k: 40}
variants:
  observed: {}
  cheap_coal: {mechanism.grow_firms.laplace_scale_y: 0.2}
design:
  kind: grid
  keys:
    lever.innovation_voucher.budget_y: [0, 50]
replicates: 3
"""


@pytest.fixture
def own_configs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The caller's own configs/study/, in which tests put studies."""
    folder = tmp_path / "configs" / "study"
    folder.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return folder


def test_points_are_those_of_composing_each_by_itself():
    fixed = Overrides({}, {}, SHORT)
    keys = ("lever.rd_grant.budget_y", "lever.innovation_voucher.budget_y", "lever.rd_grant.start")
    texts = (("0", "10", "2011Q3"), ("1e2", "{2011:50,2012Q3:80}", "null"), ("fiscal_key", "10", "null"))
    rows = [dict(zip(keys, one, strict=True)) for one in texts]
    rows += [{"driver.coal_price": "{2011:410,2012:400}"}, {"population.k": "20"}, {}]
    for base in ("plan_b_2014", "history"):
        own = SHORT if base == "history" else SHORT | {"end": "2014Q4"}
        for point, row in zip(points_of(base, replace(fixed, values=own), rows), rows, strict=True):
            alone = load_scenario(base, [f"{key}={text}" for key, text in {**own, **row}.items()])
            assert replace(point.scenario, name=base) == alone
            assert point.fingerprint == alone.fingerprint()


def test_every_wrong_value_of_a_sweep_is_told_once_before_anything_runs():
    fixed = Overrides({}, {}, SHORT)
    rows = [{"lever.rd_grant.rate": text} for text in ("0.3", "25", "25", "-1")]
    with pytest.raises(ScenarioError) as refused:
        points_of("history", fixed, rows)
    assert len(refused.value.faults) == 2
    assert "lever.rd_grant.rate = 25 is out of range 0..1" in refused.value.faults[0]


def test_designs_have_the_rows_that_they_count():
    keys = {"a": ["1", "2", "3"], "b": ["x", "y"]}
    spans = {"a": Range(0.0, 10.0), "b": Range(0.01, 1.0, log=True)}
    for module, design, n in (
        (grid, Design("grid", keys), 6),
        (one_at_a_time, Design("one_at_a_time", keys), 6),
        (latin_hypercube, Design("latin_hypercube", spans, 20), 20),
        (sobol, Design("sobol", spans, 16), 16),
        (listed, Design("listed", listed=[{"a": "1", "b": ""}]), 1),
    ):
        rows = module.rows(design)
        assert len(rows) == module.count(design) == n
        assert rows == module.rows(design)
    assert grid.rows(Design("grid", keys))[1] == {"a": "1", "b": "y"}
    assert one_at_a_time.rows(Design("one_at_a_time", keys))[:2] == [{}, {"a": "1"}]
    assert listed.rows(Design("listed", listed=[{"a": "1", "b": ""}])) == [{"a": "1"}]


def test_drawn_designs_fill_their_ranges_evenly():
    spans = {"a": Range(0.0, 10.0), "b": Range(0.01, 1.0, log=True)}
    rows = latin_hypercube.rows(Design("latin_hypercube", spans, 20))
    a, b = (np.array([float(row[key]) for row in rows]) for key in ("a", "b"))
    assert sorted((a // 0.5).astype(int)) == list(range(20))
    assert sorted(((np.log10(b) + 2.0) // 0.1).astype(int)) == list(range(20))
    points = sobol.rows(Design("sobol", spans, 16))
    assert sorted((np.array([float(row["a"]) for row in points]) // 0.625).astype(int)) == list(range(16))
    assert rows != latin_hypercube.rows(Design("latin_hypercube", spans, 20, seed=2))


def test_a_study_file_is_scenarios_times_variants_times_rows(own_configs: Path):
    (own_configs / "doses.yaml").write_text(STUDY)
    study = read_study("doses")
    assert study.count() == 8
    sweep = sweep_of(["study=doses"], FAKE)
    assert len(sweep.plan.points) == 8
    assert len(sweep.plan) == 24
    assert {point.base for point in sweep.plan.points} == {
        f"{base}+{name}" for base in ("history", "no_policy") for name in ("observed", "cheap_coal")
    }
    assert len(sweep_of(["study=doses", "replicates=5"], FAKE).plan) == 40


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("title_en", "titel_en", r"doses.yaml:2: titel_en is an unknown key of a study. Did you mean title_en\?"),
        ("scenarios: [history, no_policy]", "scenarios: history", "doses.yaml:3: scenarios must be a list of names"),
        ("[history, no_policy]", "[history, histori]", "doses.yaml:3: scenarios = histori does not exist"),
        ("population.k: 40", "population.q: 40", "doses.yaml:4: overrides.population.q .* unknown key"),
        ("population.k: 40", "seed: 40", "overrides.seed seed is no key of a scenario"),
        ("kind: grid", "kind: gird", r"doses.yaml:9: design.kind = gird must be one of .* Did you mean grid\?"),
        ("[0, 50]", "50", "doses.yaml:11: design.keys.lever.innovation_voucher.budget_y must be a list of values"),
        ("[0, 50]", "[0, 1_000]", "doses.yaml:11: .* is not in canonical form"),
        ("[0, 50]", "[0, 5e9]", r"doses.yaml:11: lever.innovation_voucher.budget_y = 5e9 is out of range"),
        ("[0, 50]", "[0, .nan]", "is not a finite number"),
        ("[0, 50]", "[0, yes]", "is read by YAML as true or false"),
        ("replicates: 3", "replicates: 0", "doses.yaml:12: replicates = 0 is out of range 1..100000"),
        ("replicates: 3", "replicates: 3\nreplicates: 4", "replicates is given twice"),
        ("replicates: 3", "record: all", "record = all must be one of full, province, yearly"),
        ("replicates: 3", "_target_: os.system", "_target_ is an unknown key"),
        ("replicates: 3", "hydra: {run: {dir: /tmp}}", "hydra is an unknown key"),
        ("replicates: 3", "title_zh: ${oc.env:HOME}", "is not allowed"),
        ("replicates: 3", "title_zh: !!python/object/apply:os.getcwd []", "is not allowed"),
    ],
)
def test_a_wrong_study_file_is_refused_with_file_line_and_key(own_configs: Path, old: str, new: str, told: str):
    assert old in STUDY
    (own_configs / "doses.yaml").write_text(STUDY.replace(old, new))
    with pytest.raises(ScenarioError, match=told):
        sweep_of(["study=doses"], FAKE)
    assert not Path("results").exists()


@pytest.mark.parametrize(
    ("design", "told"),
    [
        ("{kind: sobol, size: 12, keys: {end: {low: 1, high: 2}}}", "must be a power of two, such as 8"),
        ("{kind: latin_hypercube, keys: {end: {low: 1, high: 2}}}", "size = None is out of range 1..1000000"),
        ("{kind: sobol, size: 8, keys: {lever.rd_grant.rate: {low: 1, high: 0}}}", "must be {low: number"),
        ("{kind: sobol, size: 8, keys: {lever.rd_grant.rate: {low: 0, high: 1, spread: log}}}", "no logarithm"),
        ("{kind: sobol, size: 8, keys: {lever.rd_grant.rate: {low: 0, high: 25}}}", "rate = .* is out of range 0..1"),
        ("{kind: listed, file: ../points.csv}", "must be the name of a CSV file beside the study"),
        ("{kind: listed, file: points.csv}", r"points.csv:1: lever.rd_grant.rat is no key"),
    ],
)
def test_a_wrong_design_is_refused(own_configs: Path, design: str, told: str):
    (own_configs / "points.csv").write_text("lever.rd_grant.rat\n0.2\n")
    (own_configs / "doses.yaml").write_text(f"overrides: {{end: 2012Q4}}\ndesign: {design}\n")
    with pytest.raises(ScenarioError, match=told):
        sweep_of(["study=doses"], FAKE)


def test_a_listed_design_leaves_empty_cells_as_they_are(own_configs: Path):
    rows = "lever.rd_grant.budget_y,lever.rd_grant.rate\n100,0.2\n100,\n,\n1e2,2e-1\n"
    (own_configs / "points.csv").write_text(rows)
    (own_configs / "mine.yaml").write_text("overrides: {end: 2012Q4}\ndesign: {kind: listed, file: points.csv}\n")
    sweep = sweep_of(["study=mine"], FAKE)
    assert len(sweep.plan.points) == 3
    assert sweep.duplicates == (sweep.plan.points[0].name,)
    assert sweep.plan.points[2].values == {}


def test_a_sweep_of_too_many_runs_is_refused_before_its_points_are_made(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("experiments.designs.grid.rows", lambda design: pytest.fail("made"))
    wide = [f"lever.{name}.budget_y={','.join(map(str, range(100)))}" for name in ("rd_grant", "innovation_voucher")]
    with pytest.raises(
        ScenarioError, match=r"10,000 points x 32 replicates = 320,000 runs, more than most_runs=200000"
    ):
        sweep_of(wide, FAKE)


@pytest.mark.parametrize("text", ["range(1,1e7)", "choice(1,2)", "interval(0,1)", "glob(*)", "0,,1", "0,.nan"])
def test_what_hydra_would_expand_is_refused_as_it_stands(text: str):
    with pytest.raises(ScenarioError, match="canonical form"):
        sweep_of([f"lever.rd_grant.budget_y={text}"], FAKE)


def test_run_takes_one_value_and_says_what_takes_several():
    from experiments.compose import compose_request

    with pytest.raises(ScenarioError, match="in sweep or run -m"):
        compose_request(["lever.rd_grant.budget_y=0,200"])


def test_a_sweep_writes_its_points_and_what_came_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    arguments = ["lever.rd_grant.budget_y=0,200", "scenario=history,no_policy", "end=2012Q4", "replicates=3",
                 f"results={tmp_path}", "workers=1"]  # fmt: skip
    assert run_sweep(sweep_of(arguments, FAKE)) == 0
    with (tmp_path / "sweep" / "outcomes.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {(row["indicator"], row["year"]) for row in rows} >= {("rd_expenditure", "2011"), ("hnte_stock", "2012")}
    sweep = sweep_of(arguments, FAKE)
    point = sweep.plan.points[0]
    runs = fake_model.results(point.scenario, 3)
    names = list(fake_model.catalogue().indicators)
    wanted = runs.yearly[:, 1, names.index("rd_expenditure")].mean()
    row = next(r for r in rows if (r["point"], r["indicator"], r["year"]) == (point.name, "rd_expenditure", "2012"))
    assert float(row["mean"]) == pytest.approx(wanted, rel=1e-9)
    assert run_sweep(sweep) == 0
    assert "12 runs are there, 12 of them from before" in capsys.readouterr().out
    assert len(Store(tmp_path / "sweep").sealed()) == len(sweep.plan.chunks())


def test_the_command_line_stands_over_the_study_and_zero_is_a_seed(own_configs: Path):
    (own_configs / "doses.yaml").write_text(STUDY + "seed: 5\n")
    assert (sweep_of(["study=doses"], FAKE).plan.seed, sweep_of(["study=doses"], FAKE).plan.replicates) == (5, 3)
    given = sweep_of(["study=doses", "seed=0", "replicates=1"], FAKE).plan
    assert (given.seed, given.replicates) == (0, 1)
