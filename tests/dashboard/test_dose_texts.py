"""Money on the page is that of the command, moved by a power of ten and by nothing else."""

from __future__ import annotations

import re

import pytest

from experiments.dashboard.dose_texts import (
    current_text,
    given_text,
    in_catalogue,
    on_page,
    places,
    span_words,
    unit_of,
)
from experiments.dashboard.lever_fields import step_of
from experiments.dashboard.scenarios import base_scenario
from sim.catalogue.loader import catalogue

MONEY = re.compile(r"million|百万元")


@pytest.mark.parametrize("language", [0, 1])
def test_no_dose_is_shown_in_millions(language: int):
    assert not [row.address for row in catalogue().doses.values() if MONEY.search(unit_of(row, language))]


def test_the_unit_is_that_by_which_the_number_is_moved():
    """Yuan of a number of the catalogue and of what the page shows, by the catalogue's own factors."""
    units = catalogue().units
    for row in catalogue().doses.values():
        shown, known = unit_of(row, 0), units[row.unit]
        if not places(row):
            assert shown == known.title_en
            continue
        factor = {"100m yuan": 1e8, "10,000 yuan": 1e4}[re.match(r"100m yuan|10,000 yuan", shown)[0]]
        assert on_page(row, row.high) * factor == pytest.approx(row.high * known.factor)


def test_a_number_comes_back_as_it_was():
    for row in catalogue().doses.values():
        for value in (row.low, row.high, 0.1, 2.3, 310.0):
            assert in_catalogue(row, on_page(row, value)) == value
    budget = catalogue().doses["innovation_voucher.budget_y"]
    assert in_catalogue(budget, 0.1 + 0.2) == 30.0  # what a field adds up in steps


def test_fields_have_steps_inside_their_range():
    for row in catalogue().doses.values():
        low, high = on_page(row, row.low), on_page(row, row.high)
        assert 0 < step_of(row) <= (high - low) / 40


@pytest.mark.parametrize(
    ("address", "given", "shown"),
    [
        ("innovation_voucher.budget_y", "310", "3.1"),
        ("innovation_voucher.budget_y", "fiscal_key", "按财政科技支出的一定比例安排"),
        ("innovation_voucher.budget_y", "{2014:200,2018: 450}", "2014: 2, 2018: 4.5"),
        ("innovation_voucher.face_value", "0.3", "30"),
        ("talent_programme.package", "0.5", "50"),
        ("rd_grant.rate", "0.25", "0.25"),
        ("rd_grant.rate", "anything", "anything"),
    ],
)
def test_what_a_command_gives_is_shown_in_the_unit_of_the_page(address: str, given: str, shown: str):
    assert given_text(catalogue().doses[address], given, 1) == shown


def test_quarters_and_changes_are_told_in_words():
    row, scenario = catalogue().doses["rd_grant.firm_share"], base_scenario("plan_b_2014")
    english, chinese = (current_text(row, scenario, language) for language in (0, 1))
    assert re.fullmatch(r"[0-9.]+, from [0-9]{4}Q[1-4] on [0-9.]+", english)
    assert re.fullmatch(r"[0-9.]+；自[0-9]{4}年[1-4]季度起 [0-9.]+", chinese)
    assert re.findall(r"[0-9]+", english) == re.findall(r"[0-9]+", chinese)
    assert span_words((2014 * 4, 2021 * 4 + 3), 1) == "2014年1季度至2021年4季度"
    assert span_words((2014 * 4, 2021 * 4 + 3), 0) == "2014Q1–2021Q4"


def test_a_budget_by_share_is_shown_in_the_unit_of_the_page():
    row, scenario = catalogue().doses["rd_grant.budget_y"], base_scenario("history")
    first, last = (float(one) for one in re.findall(r"[0-9.]+", current_text(row, scenario, 0))[:2])
    own = [scenario.dose_value("rd_grant", "budget_y", year, quarter) for year, quarter in ((2011, 1), (2021, 4))]
    assert (first, last) == pytest.approx([value / 100 for value in own], rel=0.01)
