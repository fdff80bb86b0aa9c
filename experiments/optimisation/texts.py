"""Numbers, doses and targets as an answer says them, in English and Chinese."""

from __future__ import annotations

import re

import numpy as np

from experiments.number_texts import COUNTED, amount, percent
from experiments.optimisation.attainment import Reached, interval, limit_of
from experiments.optimisation.doses import MONEY, Variable
from experiments.outcomes import Array
from experiments.pairs import QUANTILES
from experiments.words import SOURCES, Pair, words
from sim.catalogue.loader import catalogue
from sim.catalogue.rows import TargetRow

MILLION_IN_100M = 100.0
TEN_THOUSANDS = 100.0  # in a million
MILLION = "million yuan"
STAGES: dict[int, Pair] = {0: ("", ""), 1: (" (first stage)", "（前期）"), 2: (" (second stage)", "（后期）")}
MONEY_UNIT: Pair = ("100m yuan a year", "亿元/年")


def unit_of(unit: str) -> Pair:
    """A unit in both languages."""
    row = catalogue().units.get(unit)
    return (unit, unit) if row is None else (row.title_en, row.title_zh)


def units_of(unit: str) -> Pair:
    """A unit in both languages as it stands behind a number: 1,000 firms."""
    english, chinese = unit_of(unit)
    row = catalogue().units.get(unit)
    if row is None or row.dimension not in COUNTED or not english.isalpha() or english.endswith(("s", "staff")):
        return english, chinese
    return f"{english[:-1]}ies" if english.endswith("y") else f"{english}s", chinese


def billions(million: float) -> str:
    """Million yuan as 100 million yuan (yi yuan), two decimals."""
    text = f"{million / MILLION_IN_100M:,.2f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0.0 else text


def spread(values: Array) -> tuple[float, float]:
    """5 and 95 % of the runs that succeeded; nan where none did."""
    there = values[np.isfinite(values)]
    return (float("nan"), float("nan")) if not len(there) else (
        float(np.quantile(there, QUANTILES[0])), float(np.quantile(there, QUANTILES[1]))
    )  # fmt: skip


def banded(middle: str, low: str, high: str, unit: str = "") -> Pair:
    """A number with its band, as each language writes it; unit : %, or nothing."""
    blank, to, to_zh = f" {unit}" if unit else "", "–", "–"
    if low.startswith("-") or high.startswith("-"):  # a dash and a sign do not go together
        to, to_zh = " to ", "至"
    return f"{middle}{blank} ({low}{to}{high}{blank})", f"{middle}{unit}（{low}{unit}{to_zh}{high}{unit}）"


def cost_text(reached: Reached) -> Pair:
    """Mean public cost beyond the base with its band, 100 million yuan a year."""
    low, high = spread(reached.cost)
    return banded(billions(reached.mean_cost), billions(low), billions(high))


def cost_said(reached: Reached) -> Pair:
    """Mean public cost beyond the base with its band, in words: what is spent more, or saved."""
    text = cost_text(reached)
    if reached.mean_cost >= 0.0:
        return (f"public cost beyond the scenario {text[0]} × 100 million yuan a year",
                f"较原情景年均新增财政投入{text[1]}亿元")  # fmt: skip
    low, high = spread(reached.cost)
    text = banded(billions(-reached.mean_cost), billions(-high), billions(-low))
    return (
        f"public cost {text[0]} × 100 million yuan a year below the scenario",
        f"较原情景年均节省财政投入{text[1]}亿元",
    )


def chance_text(reached: Reached) -> Pair:
    """The chance of all targets with its interval."""
    low, high = interval(reached.met, len(reached.cost))
    return banded(percent(reached.probability), percent(low), percent(high), "%")


def value_text(reached: Reached, place: int, unit: str) -> Pair:
    """Median and band of a target's value."""
    values = reached.values[:, place]
    there = values[np.isfinite(values)]
    if not len(there):
        return "-", "-"
    low, high = spread(values)
    return banded(amount(float(np.median(there)), unit), amount(low, unit), amount(high, unit))


def value_said(reached: Reached, place: int, row: TargetRow) -> Pair:
    """Median and band of a target's value with title, unit and year."""
    unit, text = units_of(row.unit), value_text(reached, place, row.unit)
    if row.unit == "%":
        english, chinese = _with_percent(text[0]), _with_percent(text[1])
    else:
        (middle, _, band), (middle_zh, _, band_zh) = text[0].partition(" "), text[1].partition("（")
        english, chinese = f"{middle} {unit[0]} {band}", f"{middle_zh}{unit[1]}（{band_zh}"
    return f"{row.title_en} {english} in {row.target_year}", f"{row.target_year}年{row.title_zh}{chinese}"


def _with_percent(text: str) -> str:
    return re.sub(r"(?<![\w.])-?[0-9][0-9.,]*", lambda found: f"{found[0]}%", text)


def dose_title(one: Variable) -> Pair:
    """A dose with its lever and stage."""
    lever, row, stage = catalogue().levers[one.lever], one.row, STAGES[one.stage]
    return f"{lever.title_en}: {row.title_en}{stage[0]}", f"{lever.title_zh}：{row.title_zh}{stage[1]}"


def dose_unit(one: Variable) -> Pair:
    """The unit in which a dose is told: yearly money in 100 million yuan, other money in 10,000 yuan in Chinese."""
    if one.row.unit == MONEY:
        return MONEY_UNIT
    unit = unit_of(one.row.unit)
    return (unit[0], "万元") if one.row.unit == MILLION else unit


def dose_text(one: Variable, value: float) -> Pair:
    """A dose as a number in that unit."""
    if one.row.unit == MONEY:
        return billions(value), billions(value)
    text = f"{value:,.4g}" if abs(value) < 10_000 else f"{value:,.0f}"
    return (text, f"{value * TEN_THOUSANDS:,.4g}") if one.row.unit == MILLION else (text, text)


def dose_said(one: Variable, value: float) -> Pair:
    """A dose with its unit."""
    text, unit = dose_text(one, value), dose_unit(one)
    return f"{text[0]} {unit[0]}", f"{text[1]}{unit[1]}"


def target_title(row: TargetRow) -> Pair:
    """A target with its number and year."""
    sign = "≤" if row.direction == "at_most" else "≥"
    unit, goal = units_of(row.unit), amount(limit_of(row), row.unit)
    return (
        f"{row.title_en} {sign} {goal} {unit[0]} in {row.target_year}",
        f"{row.target_year}年{row.title_zh}{'不高于' if row.direction == 'at_most' else '达到'}{goal}{unit[1]}",
    )


def quarter_zh(quarter: str) -> str:
    """2014Q1 as Chinese says it."""
    return f"{quarter[:4]}年第{quarter[-1]}季度"


def source_text(source: str) -> Pair:
    """A source as the catalogue names it, in words where it has some."""
    return words(SOURCES, source) if source in SOURCES else (source, source)
