"""The terminal's tables: nothing cut, nothing wider than the terminal."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from experiments.caution import Caution
from experiments.compose import load_scenario
from experiments.effects import Effect
from experiments.effects import text as effects_text
from experiments.outcomes import Results
from experiments.scorecard import scorecard
from experiments.tables import own_scenario
from experiments.terminal import caution_text, observed_text, scorecard_text
from sim.catalogue.loader import catalogue
from tests.experiments import fake_model


@pytest.fixture(scope="module")
def found() -> list[Results]:
    def one(name: str) -> Results:
        scenario = load_scenario(name)
        return fake_model.results(scenario)

    return [one("history"), one("plan_a_2014")]


def words(text: str) -> str:
    return re.sub(r"\W+", "", text)


@pytest.mark.parametrize("columns", [80, 100, 120, 160, 240])
def test_no_line_is_wider_than_the_terminal(found: list[Results], columns: int) -> None:
    text = scorecard_text(scorecard(found), columns) + "\n" + observed_text(found[0], columns)
    assert max(map(len, text.splitlines())) <= columns


def test_titles_stand_in_full_on_a_wide_terminal(found: list[Results]) -> None:
    text = words(scorecard_text(scorecard(found[:1]), 240))
    for row in catalogue().targets.values():
        if row.main and len(row.title_en) <= 70:
            assert words(row.title_en) in text


@pytest.mark.parametrize("columns", [80, 240])
def test_no_word_of_a_title_is_lost(found: list[Results], columns: int) -> None:
    text = scorecard_text(scorecard(found), columns)
    for row in catalogue().targets.values():
        if row.main:
            assert [word for word in re.findall(r"[A-Za-z]{1,12}", row.title_en) if word not in text] == []


def test_a_plan_that_was_not_run_says_so(found: list[Results]) -> None:
    text = scorecard_text(scorecard(found), 160)
    assert own_scenario("B", ["history", "plan_a_2014"]) == ""
    assert "not run" in text
    assert "rule, not an outcome" in text


def test_a_run_without_a_full_year_has_tables_too() -> None:
    scenario = load_scenario("history", ["end=2011Q2"])
    short = fake_model.results(scenario, 1)
    assert "plan and target" in scorecard_text(scorecard([short]), 100)
    assert observed_text(replace(short), 100).startswith("history against observed")


def test_the_caution_fits_the_terminal():
    shown = caution_text(Caution(8, 8), 60)
    assert all(len(line) <= 60 for line in shown.splitlines())
    assert "steps of 8" in shown.replace("\n ", "")


def test_effects_are_printed_with_titles_and_fit_120_columns():
    row = Effect("rd_grant", 4, 481.2, 470, 490, "hnte_stock", "firm", 12.0, -3.0, 20.0, 0.75, None, None, None)
    trial = catalogue().trials["rd_grant"]
    shown = effects_text([replace(row, indicator=trial.outcomes[0][0])], [trial])
    assert catalogue().levers["rd_grant"].title_en in shown
    assert "rd_grant" not in shown
    assert max(map(len, shown.splitlines())) <= 120
