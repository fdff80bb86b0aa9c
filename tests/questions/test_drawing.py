"""Axes of answers: quantity and unit in both languages, numbers in that unit, labels where they are read."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from experiments.figures.labelled import Label, svg_of_label, width_of, wrapped
from experiments.questions.drawing import axis_of, drawn, figure_of
from experiments.questions.finding import Panel, Series

SERIES = Series("B", [2019.0, 2020.0], [150.0, 300.0], [100.0, 200.0], [200.0, 400.0])
MONEY = Panel(("Support paid", "财政支持"), "million yuan", "lines", [SERIES], 250.0)
DOTS = Panel(("Firms: difference to A", "企业数：与A的差异"), "firm", "dots", [replace(SERIES, x=[0.0])], 0.0)


@pytest.mark.parametrize(
    ("unit", "size", "factor", "english", "chinese"),
    [
        ("million yuan", 400.0, 0.01, "100m yuan", "亿元"),
        ("million yuan", 0.4, 100.0, "10,000 yuan", "万元"),
        ("100m yuan", 0.0, 1.0, "100m yuan", "亿元"),
        ("million yuan a year", 40.0, 0.01, "100m yuan a year", "亿元/年"),
        ("yuan", 1.2, 1.0, "yuan", "元"),
        ("firm", 1.0, 1.0, "firms", "家"),
        ("probability", 0.5, 100.0, "%", "%"),
        ("per year", 0.1, 100.0, "% a year", "%/年"),
        ("percentage points", 0.1, 1.0, "percentage points", "个百分点"),
        ("", 2020.0, 1.0, "", ""),
    ],
)
def test_units_of_axes_are_those_of_planners_in_both_languages(unit, size, factor, english, chinese):
    found = axis_of(unit, size)
    assert found.factor == pytest.approx(factor)
    assert found.unit == (english, chinese)


def test_numbers_are_drawn_in_the_unit_that_stands_on_the_axis():
    found = drawn(MONEY)
    assert found.quantity == ("Support paid, 100m yuan", "财政支持（亿元）")
    assert found.across == ("Year", "年份")
    assert found.series[0].middle == pytest.approx([1.5, 3.0])
    assert found.series[0].high == pytest.approx([2.0, 4.0])
    assert found.line == pytest.approx(2.5)
    assert list(found.series[0].x) == [2019.0, 2020.0]
    dose = drawn(replace(MONEY, across=("Budget", "预算"), across_unit="million yuan a year"))
    assert dose.across == ("Budget, 100m yuan a year", "预算（亿元/年）")
    assert dose.series[0].x == pytest.approx([20.19, 20.20])


def test_both_languages_stand_on_both_axes_and_the_same_bytes_come_twice():
    found = figure_of([MONEY, DOTS])
    for text in ("(1) 财政支持（亿元）", "(1) Support paid, 100m yuan", "年份", "Year",
                 "(2) 企业数：与A的差异（家）", "(2) Firms: difference to A, firms"):  # fmt: skip
        assert f"<title>{text}</title>" in found
    assert found.count('<g class="axis" lang="zh"') == found.count('<g class="axis" lang="en"') == 3
    assert found == figure_of([MONEY, DOTS])
    alone = figure_of([MONEY, DOTS], ("Title $\\foo$ & $", "题目"))
    assert "<title>题目 · Title $\\foo$ &amp; $</title>" in alone
    assert "--away" not in alone, "nothing switches languages in a figure that stands alone"
    assert figure_of([]) == ""


def test_the_language_that_makes_room_moves_by_the_lines_of_the_other():
    label = Label((["One", "two"], ["一"]), 10.0, 50.0, True)
    assert re.findall(r'lang="(..)" style="--away:(-?\d+)px"', svg_of_label(label, False)) == [
        ("zh", "-20"),
        ("en", "0"),
    ]
    below = replace(label, is_above=False)
    assert re.findall(r'lang="(..)" transform="translate\(0 (-?\d+)\)"', svg_of_label(below, True)) == [
        ("zh", "0"), ("en", "10")]  # fmt: skip
    assert svg_of_label(replace(label, lines=([], [])), False) == ""


@pytest.mark.parametrize(
    "text",
    [
        "2020年有研发活动的规上工业企业数（小型）：与最低档相比的增量（家）",
        "Above-scale firms with R&D activity, small, 2020",
    ],
)
def test_long_labels_are_wrapped_without_loss(text: str):
    lines = wrapped(text, 120.0)
    assert len(lines) > 1
    assert all(width_of(line) <= 120.0 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert not any(line[0] in "，。；：）" for line in lines)
