"""The tables of the levers' trials show what their file says: one row a lever, and no figure where seeds disagree."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from experiments.docs_levers import OUTCOMES, lever_effects, lever_outcomes, number, with_band
from experiments.effects import COLUMNS
from sim.catalogue.loader import catalogue

TRIALS = catalogue().trials


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A file of effects in which everything is known: lever i cost i x 100 million yuan and bought 2 of each."""
    path = tmp_path / "lever_effects.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for i, (name, trial) in enumerate(TRIALS.items()):
            for outcome in dict.fromkeys((*OUTCOMES, *(o for o, _ in trial.outcomes))):
                per = ["", "", ""] if outcome == "hnte_stock" else [2, 1, 3]
                writer.writerow([name, 32, i * 100, 0, 0, outcome, "", 7, -1, 9, 0.75, *per])
    return path


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|\n ").split(" | ")]


def test_one_row_a_lever_in_the_order_of_the_catalogue(made: Path):
    rows = [cells(line) for line in lever_effects(made).splitlines()[2:]]
    assert [row[0] for row in rows] == [f"`{name}`" for name in catalogue().levers]
    costs = {row[0].strip("`"): row[4] for row in rows}
    assert costs == {name: str(i) if i else "-" for i, name in enumerate(TRIALS)}
    shown = ["2 (1 to 3)", "-", "2 (1 to 3)", "2 (1 to 3)", "2 (1 to 3)"]
    assert all(row[5:] == shown for row in rows)


def test_every_named_outcome_has_its_row(made: Path):
    lines = [cells(line) for line in lever_outcomes(made).splitlines()[2:]]
    assert len(lines) == sum(len(trial.outcomes) for trial in TRIALS.values())
    assert all(line[4:] == ["7 (-1 to 9)", "75%"] for line in lines)


def test_the_file_that_is_kept_has_every_lever():
    assert lever_effects().count("\n") == len(catalogue().levers) + 2


@pytest.mark.parametrize(("text", "shown"), [("1234.5", "1,234"), ("0.00002", "0"), ("-3.14159", "-3.14"), ("-0", "0")])
def test_numbers_are_short(text: str, shown: str):
    assert number(text) == shown


def test_one_value_without_spread_is_shown_alone():
    assert with_band({"effect": "40", "effect_p05": "40", "effect_p95": "40"}, "effect") == "40"
