"""Observations that a user brings: read strictly, and none of them is part of the project."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from experiments.judgement.observations import TEMPLATE, given_file, read_observations
from sim.catalogue.loader import catalogue
from sim.scenario_values import ScenarioError
from tests.architecture.sources import ROOT

HEADER = "series,year,value,source"
GOOD = "rd_expenditure,2018,111,invented"


def written(tmp_path: Path, *lines: str, header: str = HEADER) -> Path:
    path = tmp_path / "later.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def told(path: Path) -> list[str]:
    with pytest.raises(ScenarioError) as refused:
        read_observations(path)
    return list(refused.value.faults)


def test_a_file_is_read_by_series_and_year(tmp_path):
    path = written(tmp_path, "hnte_stock,2019,222,invented", GOOD, 'rd_expenditure,2020,333,"invented, too"')
    found = read_observations(path)
    assert [(one.series.indicator, dict(one.values)) for one in found] == [
        ("rd_expenditure", {2018: 111.0, 2020: 333.0}),
        ("hnte_stock", {2019: 222.0}),
    ]
    assert set(found[0].errors.values()) == {0.06}, "nothing said: medium confidence"


def test_confidence_decides_the_error(tmp_path):
    path = written(tmp_path, f"{GOOD},high", "hnte_stock,2018,5,invented,", header=f"{HEADER},confidence")
    assert [dict(one.errors) for one in read_observations(path)] == [{2018: 0.03}, {2018: 0.06}]


def test_comments_before_the_header_and_the_name_of_the_observed_series_are_understood(tmp_path):
    path = written(tmp_path, HEADER, "labs_and_centres_ge_provincial,2018,300,invented", header="# a comment")
    assert [one.series.indicator for one in read_observations(path)] == ["platforms_provincial_plus"]


@pytest.mark.parametrize(
    ("row", "line", "fault"),
    [
        ("rd_expenditur,2018,1,invented", 3, "Did you mean rd_expenditure?"),
        ("gdp_published,2018,1,invented", 3, "is a driver"),
        ("voucher_firms,2018,1,invented", 3, "is no observed outcome"),
        ("rd_expenditure,2017,1,invented", 3, "year = 2017 must be one of 2018..2022"),
        ("rd_expenditure,2023,1,invented", 3, "year = 2023"),
        ("rd_expenditure,20I9,1,invented", 3, "year = 20I9"),
        ("rd_expenditure,2018.0,1,invented", 3, "year = 2018.0"),
        (GOOD, 3, "rd_expenditure 2018 stands on line 2 already"),
        ("rd_expenditure,2019,many,invented", 3, "value = many is not a number"),
        ("rd_expenditure,2019,nan,invented", 3, "value = nan"),
        ("rd_expenditure,2019,1e999,invented", 3, "value = 1e999"),
        ("rd_expenditure,2019,1_000,invented", 3, "value = 1_000"),
        ("rd_expenditure,2019,-5,invented", 3, "must be above 0"),
        ("rd_expenditure,2019,0,invented", 3, "must be above 0"),
        ("rd_expenditure,2019,5,", 3, "source is missing"),
        ("rd_expenditure,2019,5,  ", 3, "source is missing"),
        (f"rd_expenditure,2019,5,{'x' * 501}", 3, "longer than 500"),
        ("rd_expenditure,2019,5", 3, "3 cells, expected 4"),
        ("rd_expenditure,2019,5,invented,high", 3, "5 cells, expected 4"),
    ],
)
def test_a_faulty_row_is_one_line_with_file_and_line(tmp_path, row: str, line: int, fault: str):
    path = written(tmp_path, GOOD, row)
    found = told(path)
    assert len(found) == 1
    assert f"later.csv:{line}: " in found[0]
    assert fault in found[0]


def test_all_faults_are_told_at_once(tmp_path):
    assert len(told(written(tmp_path, "a,2018,1,x", "hnte_stock,1999,-1,", GOOD))) == 4


@pytest.mark.parametrize("header", ["series,year,value", "year,series,value,source", f"{HEADER},note", ""])
def test_another_header_is_refused(tmp_path, header: str):
    assert "later.csv:1: columns are" in told(written(tmp_path, GOOD, header=header))[0]


def test_unknown_confidence_and_text_that_is_none_are_refused(tmp_path):
    assert "confidence = sure is unknown" in told(written(tmp_path, f"{GOOD},sure", header=f"{HEADER},confidence"))[0]
    path = tmp_path / "later.csv"
    path.write_bytes(b"series,year,value,source\n\xff\xfe\n")
    assert "is no UTF-8 text" in told(path)[0]
    for text in ("", str(tmp_path / "none.csv"), str(tmp_path), "a\0b"):
        with pytest.raises(ScenarioError, match="is no file"):
            given_file(text)


def test_the_file_that_ships_is_empty():
    assert "has no rows" in told(TEMPLATE)[0]
    lines = TEMPLATE.read_text(encoding="utf-8").splitlines()
    assert all(line.startswith("#") for line in lines[:-1])
    assert lines[-1] == f"{HEADER},confidence"


def late_outcomes(text: str) -> list[tuple[str, str]]:
    """Rows of a table that give an outcome a value of its own after 2017; drivers and national series may have one."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    reader = csv.DictReader(io.StringIO("\n".join(lines)))
    columns = set(reader.fieldnames or ())
    if "year" not in columns or not columns & {"value", "observed"}:
        return []
    free = set(catalogue().driver_rules) | {row.series for row in catalogue().series_table("national")}
    rows = list(reader)
    names = [(row.get("series") or row.get("indicator") or "", row["year"]) for row in rows]
    return [(name, year) for name, year in names if year.isdigit() and int(year) > 2017 and name not in free]


def test_no_table_of_the_project_holds_an_outcome_after_2017():
    paths = [path for folder in ("sim", "experiments", "configs") for path in (ROOT / folder).rglob("*.csv")]
    assert any(path.name == "history.csv" for path in paths)
    found = {str(path): late for path in paths if (late := late_outcomes(path.read_text(encoding="utf-8")))}
    assert found == {}


def test_the_scan_sees_a_late_outcome():
    assert late_outcomes(f"# comment\n{HEADER}\n{GOOD}\n") == [("rd_expenditure", "2018")]
    assert late_outcomes(f"{HEADER}\ngdp_published,2018,1,x\n") == []
    assert late_outcomes("series,year,observed\nhnte_stock,2019,3\n") == [("hnte_stock", "2019")]
