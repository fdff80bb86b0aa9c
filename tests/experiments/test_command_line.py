"""The command line as users meet it: a bad request gives one clear line and exit code 2, and writes nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from experiments.__main__ import main

PLAN_MAP = ("instruments", "rules", "actors")
MINE = "# @package _global_\ntitle_en: Mine\nlever:\n  rd_grant:\n    rate: {rate}\n"


def innopolicy(folder: Path, project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program in an empty folder, as an installed one would be."""
    import os

    surroundings = os.environ | {"PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-m", "experiments", *arguments],
        cwd=folder, env=surroundings, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "lever.rd_grant.colour=3"], "override: lever.rd_grant.colour=3 sets an unknown key"),
        (["run", "lever.rd_grant.budget_y={2014:50,2014:60}"], "gives 2014 twice"),
        (["list"], "there are: levers, scenarios"),
        (["run", "lever.rd_grant.budgt_y=50"], "Did you mean lever.rd_grant.budget_y?"),
        (["run", "lever.rd_grant.rate=25"], "rate = 25 is out of range 0..1 (share). Did you mean 0.25?"),
        (["run", "lever.rd_grant.rate=nan"], "is not a finite number; allowed is 0..1 (share)"),
        (["run", "population.k=0"], "population.k = 0 is out of range 1..1000"),
        (["run", "end=2010Q4"], "end = 2010Q4 is before the start 2011Q1"),
        (["main", "replicates=0"], "replicates = 0 is out of range 1..100000"),
        (["run", "scenario=../../etc/passwd"], "is not a name"),
    ],
)
def test_a_bad_request_is_one_line_exit_2_and_nothing_written(
    tmp_path: Path, project_folder: Path, arguments: list[str], said: str
):
    done = innopolicy(tmp_path, project_folder, *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("error: ")
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_fault_in_a_file_names_file_and_line(tmp_path: Path, project_folder: Path):
    folder = tmp_path / "configs" / "scenario"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text(MINE.format(rate=25), encoding="utf-8")
    done = innopolicy(tmp_path, project_folder, "run", "scenario=mine")
    assert done.returncode == 2
    assert done.stderr.startswith("error: configs/scenario/mine.yaml:5: lever.rd_grant.rate = 25 is out of range 0..1")
    assert [path.name for path in tmp_path.iterdir()] == ["configs"]


def test_hydra_shows_the_composed_configuration_and_writes_nothing(tmp_path: Path, project_folder: Path):
    done = innopolicy(tmp_path, project_folder, "run", "--cfg", "job", "lever.rd_grant.rate=0.25", "population=tiny")
    assert done.returncode == 0, done.stderr
    assert "rate: 0.25" in done.stdout
    assert "k: 40" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("verb", ["run", "main"])
def test_help_lists_every_dose_with_unit_and_range(verb: str, capsys: pytest.CaptureFixture[str]):
    assert main([verb, "--help"]) == 0
    shown = capsys.readouterr().out
    from sim.catalogue.loader import catalogue

    for row in catalogue().doses.values():
        assert f"lever.{row.address}" in shown
        assert row.unit in shown


@pytest.mark.parametrize("what", ["levers", "scenarios", "targets", "parameters", "indicators", *PLAN_MAP])
def test_list_prints_every_row(what: str, capsys: pytest.CaptureFixture[str]):
    assert main(["list", what]) == 0
    assert "rows)" in capsys.readouterr().out


def test_list_filters(capsys: pytest.CaptureFixture[str]):
    assert main(["list", "targets", "plan=E", "status=simulated"]) == 0
    assert "e_cover" in capsys.readouterr().out


@pytest.mark.parametrize(("titles", "left_out"), [("en", "title_zh"), ("zh", "title_en")])
def test_a_list_shows_one_language_when_asked(titles: str, left_out: str, capsys: pytest.CaptureFixture[str]):
    assert main(["list", "levers", f"titles={titles}"]) == 0
    head = capsys.readouterr().out.splitlines()[0].split()
    assert left_out not in head
    assert f"title_{titles}" in head


@pytest.mark.parametrize("what", PLAN_MAP)
def test_the_map_of_the_plans_is_listed_by_plan(what: str, capsys: pytest.CaptureFixture[str]):
    from sim.catalogue.integrity_plans import tables
    from sim.catalogue.loader import catalogue

    wanted = {row.id_ for row in tables(catalogue())[f"{what}.csv"].values() if "B" in row.plans}
    assert main(["list", what, "plan=B"]) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in lines[1:]} == wanted
    assert last == f"({len(wanted)} rows)"


def test_a_list_filters_by_one_word_of_a_cell(capsys: pytest.CaptureFixture[str]):
    assert main(["list", "instruments", "parameter=rd_grant.joint_only", "status=lever"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("iur_condition")


def test_help_of_list_names_every_list(capsys: pytest.CaptureFixture[str]):
    from experiments.listing import LISTS

    assert main(["list", "--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"list {what}" in shown for what in LISTS)
    assert main([]) == 0
    usage = capsys.readouterr().out
    assert all(what in usage for what in LISTS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rnu"], "Did you mean run?"),
        (["list", "lever"], "Did you mean levers?"),
        (["list", "targets", "pla=E"], "Did you mean plan?"),
        (["run", "-m", "seed=1,2"], "gives several values"),
        (["main", "-m", "lever.rd_grant.budget_y=0,200"], "-m is for run"),
        (["main", "scenario=history"], "no meaning for main"),
        (["effects", "scenario=history"], "no meaning for effects"),
        (["run", "lever.post_completion_gant.rate=0.2"], "Did you mean lever.post_completion_grant.rate?"),
        (["run", "lever.key_technology_programme.amount=90"], "out of range 0..50 (million yuan)"),
        (["run", "scenario=no_policy", "lever.adaptive_review.share=2"], "out of range 0..0.5"),
        (["run", "lever.first_set.start=2020Q1", "lever.first_set.end=2018Q1"], "before the lever's start"),
        (["run", "lever.pilot_bases.start=2020Q1", "end=2012Q4"], "after the end of the run"),
        (["report", "seed=3"], "no meaning for report"),
        (["effects", "lever.rd_grant.rate=0.2"], "no meaning for effects"),
        (["report", "study=absent"], "run it first"),
        (["run", "--dbug"], "unknown flag"),
        (["\x1b[31m"], "unknown verb"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    shown = capsys.readouterr().err
    assert said in shown
    assert shown.count("\n") == 1
    assert "\x1b" not in shown
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["--debug", "run", "seed=x"], ["run", "--debug", "seed=x"]])
def test_debug_raises_the_fault_itself(arguments: list[str]):
    from sim.scenario import ScenarioError

    with pytest.raises(ScenarioError):
        main(arguments)


def test_without_a_verb_the_usage_is_shown(capsys: pytest.CaptureFixture[str]):
    assert main([]) == 0
    assert "usage: innopolicy" in capsys.readouterr().out


def test_starting_up_loads_nothing_heavy(project_folder: Path, tmp_path: Path):
    heavy = ("numpy", "numba", "mesa", "hydra", "pandas")
    code = f"import sys, experiments.__main__; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=project_folder, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_folder_that_cannot_be_written_is_exit_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "file").write_text("x")
    assert main(["run", "population=tiny", "replicates=1", f"results={tmp_path / 'file'}"]) == 3
    assert "cannot be made" in capsys.readouterr().err


@pytest.mark.parametrize("several", ["scenario=history,no_policy", "lever.rd_grant.budget_y=0,200"])
def test_a_multirun_of_files_or_of_values_is_one_study(tmp_path: Path, project_folder: Path, several: str):
    how = ["workers=1", "record=province", "most_runs=2", "time_limit=60"]  # not of a point: Hydra never sees them
    small = ["population=tiny", "end=2011Q2", "replicates=1", "results=out", *how]
    done = innopolicy(tmp_path, project_folder, "run", "-m", several, *small)
    assert done.returncode == 0, done.stderr
    assert "2 points x 1 replicates = 2 runs" in done.stdout + done.stderr
    assert "Warning" not in done.stderr
    assert (tmp_path / "out" / "sweep" / "outcomes.csv").is_file()
