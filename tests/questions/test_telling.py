"""Numbers in words: units that planners read, in both languages, and what is too small to be told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from experiments.questions.finding import Number
from experiments.questions.measures import wilson
from experiments.questions.telling import changed, hedge, plain, told

NAME = ("Name", "名称")


def number(unit: str, middle: float, low: float, high: float, signed: bool = False, what: str = "mean") -> Number:
    return Number("key", NAME, unit, middle, low, high, 16, what, signed)


@pytest.mark.parametrize(
    ("unit", "value", "english", "chinese"),
    [
        ("million yuan", 350.0, "350 million yuan", "3.50亿元"),
        ("million yuan", 1500.0, "1.50 billion yuan", "15.0亿元"),
        ("million yuan", 0.25, "0.250 million yuan", "25.0万元"),
        ("100m yuan", 152.2, "15.2 billion yuan", "152亿元"),
        ("million yuan a year", 40.0, "40.0 million yuan a year", "0.400亿元/年"),
        ("yuan", 0.95, "0.950 yuan", "0.950元"),
        ("firm", 1234.0, "1,234 firms", "1,234家"),
        ("firm", 1.0, "1.00 firm", "1.00家"),
        ("county", 6.0, "6.00 counties", "6.00个"),
        ("%", 1.234, "1.23 %", "1.23%"),
        ("probability", 0.75, "75 %", "75%"),
        ("per year", 0.104, "10.4 % a year", "10.4%/年"),
        ("year", 2019.0, "2019", "2019"),
    ],
)
def test_units_are_those_that_a_planner_reads(unit: str, value: float, english: str, chinese: str):
    found = plain(number(unit, value, value, value))
    assert (found[0].removesuffix(" year") if unit == "year" else found[0]) == english
    assert (found[1].removesuffix("年") if unit == "year" else found[1]) == chinese


def test_a_band_stands_behind_each_number_with_the_same_decimals():
    assert told(number("%", 1.0, 0.5, 2.0)) == ("1.00 % (5–95 %: 0.50 to 2.00 %)", "1.00%（5–95%区间0.50至2.00%）")
    assert "90 % interval" in told(number("probability", 0.5, 0.3, 0.7, what="share"))[0]


def test_a_difference_is_more_or_less_in_chinese_and_signed_in_english():
    less, more = number("firm", -12.0, -20.0, -5.0, True), number("firm", 12.0, 5.0, 20.0, True)
    assert changed(less)[1].startswith("减少12家")
    assert changed(more)[1].startswith("增加12家")
    assert changed(less)[0].startswith("-12 firms")
    assert hedge(less) == ("", "")
    assert "无法区分" in hedge(number("firm", 1.0, -2.0, 3.0, True))[1]


def test_next_to_nothing_is_not_told_to_the_yuan():
    assert changed(number("100m yuan", 2e-6, -1e-7, 9e-6, True)) == (
        "a change of less than 10,000 yuan", "变化不足1万元")  # fmt: skip
    assert changed(number("million yuan", 0.0, 0.0, 0.0, True))[1] == "在各次运行中均无变化"


def test_nothing_that_moves_at_a_coarse_scale_is_not_told_as_no_effect():
    still = number("centre", 0.0, 0.0, 0.0, True)
    coarse = replace(still, scale=8)
    assert coarse.is_too_small
    assert changed(coarse)[0] == "a change too small for these runs to show (one simulated firm stands for 8)"
    assert "无变化" not in changed(coarse)[1]
    assert not still.is_too_small
    assert not replace(coarse, high=8.0).is_too_small
    assert not replace(coarse, is_signed=False).is_too_small, "a level of nothing is a level"


@pytest.mark.parametrize(
    ("hits", "runs", "low", "high"), [(0, 16, 0.0, 0.1446), (16, 16, 0.8554, 1.0), (8, 16, 0.31, 0.69)]
)
def test_the_interval_of_a_share_is_wilsons(hits: int, runs: int, low: float, high: float):
    assert wilson(hits, runs) == pytest.approx((low, high), abs=0.01)
