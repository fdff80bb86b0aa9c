"""Numbers as the report shows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from experiments.tables import short
from sim.catalogue.loader import catalogue

COUNTED = ("firms", "items", "persons", "projects", "contracts", "results", "centres", "units", "institutions",
           "alliances", "bases", "teams", "places", "staff")  # dimensions of what comes one by one  # fmt: skip
LEAST_WHOLE = 10
TO_WAN, TO_YI = 2, -2  # places from million yuan to 万元 (10,000 yuan) and to 亿元 (100m yuan)
LEAST_YI = 100.0  # million yuan: from here on a Chinese sentence says 亿元
PRINTED = re.compile(r"([^0-9.-]*)(-?[0-9][0-9,]*(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)(.*)", re.DOTALL)


def percent(value: float | None) -> str:
    """A probability as whole percent; 0 and 100 are kept for none and all."""
    if value is None:
        return ""
    if 0.0 < value < 0.005 or 0.995 <= value < 1.0:
        return "<1" if value < 0.5 else ">99"
    return f"{100 * value:.0f}"


def money(value: float) -> str:
    """Million yuan: whole from 100 on, else one decimal; nothing for zero."""
    if not value:
        return ""
    if abs(value) < 0.05:
        return "<0.1" if value > 0 else ">-0.1"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"


def amount(value: float | None, unit: str) -> str:
    """As `short`, but what is counted one by one is whole from 10 on: a quantile of counts may fall between two."""
    row = catalogue().units.get(unit)
    if value is None or row is None or row.factor != 1.0 or row.dimension not in COUNTED or abs(value) < LEAST_WHOLE:
        return short(value)
    return f"{value:,.0f}"


def signed(value: float, decimals: int) -> str:
    """A deviation with its sign, and a plain zero for what rounds to it."""
    text = f"{value:+.{decimals}f}"
    return text.lstrip("+-") if float(text) == 0 else text


def shifted(text: str, places: int) -> str:
    """A printed number with its decimal point moved: what two languages show in their units is exactly one amount.

    Signs before the number (<, +, ≤) and words after it stay; a text without a number stays as it is.
    """
    found = PRINTED.fullmatch(text)
    if found is None:
        return text
    before, number, after = found.groups()
    return f"{before}{Decimal(number.replace(',', '')).scaleb(places):,f}{after}"


def in_wan(unit_zh: str) -> str:
    """A Chinese unit as planners write it: 万元 where the catalogue counts in million yuan."""
    return unit_zh.replace("百万元", "万元")


def places_of(unit: str) -> int:
    """By how many places a number in a unit of the catalogue is shifted for the Chinese reader."""
    return TO_WAN if unit.startswith("million yuan") else 0


def yuan(million: float) -> tuple[str, str]:
    """An amount of million yuan with its unit, English and Chinese, exactly the same in both."""
    text = money(million) or "0"
    zh = f"{shifted(text, TO_YI)} 亿元" if abs(million) >= LEAST_YI else f"{shifted(text, TO_WAN)} 万元"
    return f"{text} million yuan", zh


def quantity(value: float | None, unit: str) -> tuple[str, str]:
    """A number with its unit, English and Chinese; in English what is counted has no unit: its title names it."""
    row = catalogue().units.get(unit)
    text = amount(value, unit)
    if row is None:
        return text, text
    zh, number_zh = in_wan(row.title_zh), shifted(text, places_of(unit))
    chinese = f"{number_zh}%" if zh == "%" else f"{number_zh} {zh}"
    if zh.endswith("的倍数"):
        chinese = f"{zh.removesuffix('倍数')}{number_zh}倍"
    if row.dimension in COUNTED and row.factor == 1.0:
        return text, chinese
    if unit.startswith("multiple"):
        base = unit.removeprefix("multiple").removeprefix(" of ")
        return f"{text} × the value of {base}" if base else f"{text}-fold", chinese
    return f"{text} × {unit}" if unit[0].isdigit() else f"{text} {row.title_en}", chinese


FILTERS: Mapping[str, Callable[..., Any]] = {
    "short": short,
    "percent": percent,
    "money": money,
    "signed": signed,
    "amount": amount,
    "shifted": shifted,
    "in_wan": in_wan,
    "places": places_of,
    "quantity": quantity,
    "yuan": yuan,
}
