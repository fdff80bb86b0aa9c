"""The verb `validate` on a stand-in model: what it writes, prints, ships, refuses, and that it goes on."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from experiments.__main__ import main as command
from experiments.judgement.forecasts import CONDITIONAL, UNCONDITIONAL
from experiments.judgement.validate import main, read
from experiments.judgement.worlds import LATER_WORLDS, WORLDS, plan_again, plan_of_world
from experiments.validity.summaries import shipped
from tests.experiments import fake_model

FAKE = f"{fake_model.__name__}:run"
FEW = ("parameters=central", "replicates=4", "population=tiny", "workers=1")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A judgement with later observations (invented)."""
    place = tmp_path_factory.mktemp("judged")
    later = "series,year,value,source\nrd_expenditure,2018,160,invented\nhnte_stock,2020,2000,invented\n"
    (place / "later.csv").write_text(later, encoding="utf-8")
    given = [*FEW, f"results={place}", f"observations={place / 'later.csv'}"]
    assert main(given, function=FAKE, folder=place) == 0
    return place


def test_tables_hold_the_fit_and_both_judgements_side_by_side(folder):
    fit = rows(folder / "validate" / "fit.csv")
    point = next(row for row in fit if (row["series"], row["year"]) == ("rd_expenditure", "2015"))
    assert point["observed"] == "132.5"
    assert float(point["p05"]) < float(point["p05_runs"]) <= float(point["p95_runs"]) < float(point["p95"])
    told = rows(folder / "validate" / "judgement.csv")
    parts = {(row["part"], row["series"], row["forecast"]) for row in told}
    for forecast in (CONDITIONAL, UNCONDITIONAL, "random_walk", "trend", "plan"):
        assert ("inner", "all", forecast) in parts
    assert {("later", "rd_expenditure", CONDITIONAL), ("later", "hnte_stock", UNCONDITIONAL)} <= parts
    points = rows(folder / "validate" / "judgement_points.csv")
    assert {row["year"] for row in points if row["part"] == "inner"} == {"2015", "2016", "2017"}
    assert {(row["series"], row["year"]) for row in points if row["part"] == "later"} == {
        ("rd_expenditure", "2018"), ("hnte_stock", "2020")
    }  # fmt: skip


def test_the_page_has_titles_in_both_languages_and_loads_nothing(folder):
    text = (folder / "validate" / "judgement.html").read_text(encoding="utf-8")
    assert "研究与试验发展经费" in text
    assert "R&amp;D expenditure" in text
    assert "default-src 'none'" in text
    assert "<script" not in text
    assert "src=" not in text
    fits = {row["series"] for row in rows(folder / "validate" / "fit.csv")}
    later = {row["series"] for row in rows(folder / "validate" / "judgement_points.csv") if row["part"] == "inner"}
    assert text.count("<figure>") == len(fits) + len(later) + 2


def test_the_worlds_differ(folder):
    points = rows(folder / "validate" / "judgement_points.csv")
    by = {(row["series"], row["year"], row["forecast"]): row["median"] for row in points if row["part"] == "inner"}
    assert by["rd_expenditure", "2017", CONDITIONAL] != by["rd_expenditure", "2017", UNCONDITIONAL]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["scenario=history"], "is not one of"),
        (["lever.rd_grant.budget_y=5"], "is not one of"),
        (["end=2016Q4"], "is not one of"),
        (["replicates=4", "replicates=5"], "gives replicates twice"),
        (["replicates=0"], "out of range"),
        (["parameters=best"], "must be one of central, posterior"),
        (["ship=maybe"], "must be one of yes, no"),
        (["observations=none.csv"], "is no file"),
        (["population=huge"], "population"),
        (["replicate=4"], "Did you mean replicates?"),
    ],
)
def test_what_makes_no_sense_is_one_line_and_writes_nothing(tmp_path, monkeypatch, capsys, given, told):
    monkeypatch.chdir(tmp_path)
    assert command(["validate", *given]) == 2
    error = capsys.readouterr().err.strip()
    assert told in error
    assert len(error.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_faulty_file_and_a_file_with_ship_are_refused_and_nothing_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "later.csv"
    path.write_text("series,year,value,source\nrd_expenditure,2018,x,invented\nhnte_stock,2018,5,\n", encoding="utf-8")
    assert command(["validate", "observations=later.csv"]) == 2
    assert [line.partition(" ")[2][:13] for line in capsys.readouterr().err.splitlines()] == [
        "later.csv:2: ", "later.csv:3: "
    ]  # fmt: skip
    path.write_text("series,year,value,source\nrd_expenditure,2018,5,invented\n", encoding="utf-8")
    assert command(["validate", "observations=later.csv", "ship=yes"]) == 2
    assert "no outcome after 2017 is shipped" in capsys.readouterr().err
    assert [one.name for one in tmp_path.iterdir()] == ["later.csv"]


def test_the_plan_file_of_a_world_makes_the_same_plan():
    request = read(["population=tiny", "replicates=3", "parameters=central", "workers=1"]).request
    for world in (WORLDS[-1], LATER_WORLDS[0]):
        plan = plan_of_world(world, request, "central", FAKE)
        again = plan_again(plan.texts["arguments"], FAKE)
        assert again.digest() == plan.digest()
        assert again.points[0].scenario.end == f"{world.end}Q4"


def test_failed_runs_are_told_and_end_with_one(tmp_path, capsys):
    assert main([*FEW, f"results={tmp_path}"], function=f"{fake_model.__name__}:is_not_there") == 1
    assert "error: fit, replicate 0" in capsys.readouterr().err
    assert not (tmp_path / "validate" / "fit.csv").exists()


def test_the_command_again_runs_nothing_and_ship_keeps_the_tables_as_evidence(folder, tmp_path, capsys):
    before = {path: path.stat().st_mtime_ns for path in (folder / "validate").rglob("*.parquet")}
    fits = (folder / "validate" / "fit.csv").read_bytes()
    place = tmp_path / "validity"
    place.mkdir()
    assert main([*FEW, f"results={folder}", "ship=yes"], function=FAKE, folder=place) == 0
    printed = capsys.readouterr()
    assert printed.err.count("4/4 runs are there already") == len(WORLDS)
    assert {path: path.stat().st_mtime_ns for path in (folder / "validate").rglob("*.parquet")} == before
    assert (folder / "validate" / "fit.csv").read_bytes() == fits
    fit, judgement = shipped("fit", place), shipped("judgement", place)
    assert fit.command == "innopolicy validate parameters=central replicates=4 population=tiny ship=yes"
    assert {"title_en", "title_zh", "inside", "points", "width", "better"} <= set(fit.rows[0])
    assert {row["part"] for row in judgement.rows} == {"bar", "inner"}
    assert judgement.rows[0]["passed"] in ("yes", "no")
    assert "summary of the fit" in printed.out
    assert "inner test: forecasts from the end of 2014" in printed.out
