"""The main job on the real model, small: all files are there, agree with each other, and do not depend on workers."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from experiments import load_scenario
from experiments.__main__ import MAIN_SCENARIOS, main
from experiments.compose import compose_request
from experiments.outcomes import yearly_values
from experiments.study import run_study
from sim.catalogue.loader import catalogue
from tests.experiments.test_runs_and_store import digests

SMALL = ["population=tiny", "replicates=2", "workers=1"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """results/main/ of the main job."""
    results = tmp_path_factory.mktemp("results")
    assert main(["main", *SMALL, f"results={results}"]) == 0
    return results / "main"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_every_target_stands_in_the_scorecard_of_every_scenario(folder: Path):
    found = {(row["scenario"], row["target_id"]) for row in rows(folder / "scorecard.csv")}
    assert found == {(name, target) for name in MAIN_SCENARIOS for target in catalogue().targets}


def test_every_simulated_main_target_with_number_and_year_has_a_probability(folder: Path):
    targets = catalogue().targets
    for row in rows(folder / "scorecard.csv"):
        target = targets[row["target_id"]]
        if target.main and target.status == "simulated" and target.target is not None:
            assert 0.0 <= float(row["probability"]) <= 1.0, row["target_id"]
            assert float(row["p05"]) <= float(row["p50"]) <= float(row["p95"])


def test_the_books_close_in_every_row_of_the_budget(folder: Path):
    found = rows(folder / "budget.csv")
    assert {row["scenario"] for row in found} == set(MAIN_SCENARIOS)
    for row in found:
        money = {key: float(value) for key, value in row.items() if key not in ("scenario", "lever")}
        assert money["appropriated"] == pytest.approx(money["disbursed"] + money["unspent"], abs=1e-4), row
        parts = sum(money[key] for key in ("additional", "displaced", "relabelled", "misused", "wage", "services"))
        assert money["disbursed"] == pytest.approx(parts, abs=1e-4), row


def test_indicators_say_what_the_model_said(folder: Path):
    from sim.model import run

    scenario = load_scenario("history", ["population=tiny"])
    place = list(catalogue().indicators).index("rd_expenditure")
    values = [yearly_values(run(scenario, 1, r).quarterly)[6, place] for r in (0, 1)]
    row = next(
        r
        for r in rows(folder / "indicators.csv")
        if (r["scenario"], r["period"], r["indicator"], r["group"]) == ("history", "2017", "rd_expenditure", "")
    )
    assert float(row["mean"]) == pytest.approx(np.mean(values), rel=1e-9)


def test_the_manifest_holds_every_scenario_in_full(folder: Path):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert list(manifest["scenarios"]) == list(MAIN_SCENARIOS)
    for name, one in manifest["scenarios"].items():
        assert one["canonical"] == load_scenario(name, ["population=tiny"]).canonical()
    assert all({"known", "simulated", "deviation"} <= set(row) for row in manifest["start_state"])


def test_the_report_can_be_written_again_from_the_sealed_runs(folder: Path):
    before = digests(folder)
    (folder / "report.html").unlink()
    assert main(["report", f"results={folder.parent}"]) == 0
    assert digests(folder) == before


def test_two_workers_write_the_same_bytes_as_one(tmp_path: Path):
    for workers in (1, 2):
        given = [
            "population=tiny",
            "replicates=8",
            "end=2012Q4",
            f"workers={workers}",
            f"results={tmp_path / str(workers)}",
        ]
        assert run_study(compose_request(given)) == 0
    assert digests(tmp_path / "1") == digests(tmp_path / "2")
