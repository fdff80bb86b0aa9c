"""Doses as planners write them: money in 100m yuan or 10,000 yuan, where the catalogue counts in million yuan.

A number on the page and in a command differ by a power of ten alone, which is moved in the digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal

from experiments.dashboard.wording import WORDS, word
from experiments.number_texts import LEAST_YI, TO_WAN, TO_YI
from experiments.timeline import NEUTRAL, cell, course, whole_run
from experiments.words import Pair
from sim.catalogue.loader import catalogue
from sim.catalogue.rows import DoseRow
from sim.core.calendar import quarter_text
from sim.scenario import Scenario
from sim.scenario_values import decimal

MILLION: Pair = ("million yuan", "百万元")
LARGE: Pair = ("100m yuan", "亿元")
SMALL: Pair = ("10,000 yuan", "万元")
DIGITS = 12  # of a number on the page: what a sum of steps adds beyond them is no choice of anybody
MARKS = ((" (", "（"), (")", "）"), (", ", "；"))
_CHANGE = re.compile(r"([0-9]{4}Q[1-4]): ")
_QUARTER = re.compile(r"([0-9]{4})Q([1-4])")
_AFTER_COLON = re.compile(r"(?<=:)\s*([^,}]+)")


def places(row: DoseRow) -> int:
    """By how many places a number of the catalogue is moved for the page; zero for what is no money."""
    if not row.unit.startswith(MILLION[0]):
        return 0
    return TO_YI if row.high >= LEAST_YI else TO_WAN


def unit_of(row: DoseRow, language: int) -> str:
    """The unit of a dose on the page."""
    known = catalogue().units.get(row.unit)
    text = row.unit if known is None else (known.title_en, known.title_zh)[language]
    shown = {TO_YI: LARGE, TO_WAN: SMALL, 0: MILLION}[places(row)]
    return text.replace(MILLION[language], shown[language])


def on_page(row: DoseRow, value: float) -> float:
    """A number of the catalogue as the page shows it."""
    return _moved(value, places(row))


def in_catalogue(row: DoseRow, value: float) -> float:
    """A number of the page as a command takes it."""
    return _moved(value, -places(row))


def _moved(value: float, by: int) -> float:
    return float(Decimal(f"{value:.{DIGITS}g}").scaleb(by))


def current_text(row: DoseRow, scenario: Scenario, language: int) -> str:
    """How a dose goes through a scenario, its words in the reader's language."""
    quarters = [
        (when, given if isinstance(given, str) else on_page(row, given), on_page(row, value))
        for when, given, value in course(scenario, row, whole_run(scenario))
    ]
    text = cell(quarters, on_page(row, row.neutral))
    for name in row.words:
        text = text.replace(name, word(name, language))
    text = _CHANGE.sub(lambda found: word("from_then", language, quarter_words(found[1], language)), text)
    for mark, chinese in MARKS if language else ():
        text = text.replace(mark, chinese)
    return word("neutral", language) if text == NEUTRAL else text.replace("..", "–")


def quarter_words(quarter: str, language: int) -> str:
    """A quarter such as 2014Q1 in the reader's language."""
    return _QUARTER.sub(r"\1年\2季度", quarter) if language else quarter


def span_words(span: tuple[int, int], language: int) -> str:
    """A span of quarter numbers in the reader's language."""
    first, last = (quarter_words(quarter_text(number), language) for number in span)
    return f"{first}{'至' if language else '–'}{last}"


def with_unit(text: str, unit: str) -> str:
    """A number and its unit, with a sign of multiplication where the unit begins with a number itself."""
    return f"{text} × {unit}" if unit[:1].isdigit() else f"{text} {unit}"


def given_text(row: DoseRow, text: str, language: int) -> str:
    """What stands behind the sign of equality in a command: a number, a word, or numbers by year."""

    def moved(value: str) -> str:
        with suppress(ValueError, ArithmeticError):
            return decimal(on_page(row, float(value)))
        return word(value, language) if value in row.words and value in WORDS else value

    if text.startswith("{"):
        return _by_year(text, moved)
    return moved(text)


def _by_year(text: str, moved: Callable[[str], str]) -> str:
    """Numbers by year, each moved; the years stay."""
    return _AFTER_COLON.sub(lambda found: f" {moved(found[1].strip())}", text.strip("{}")).replace(",", ", ")
