"""Numbers as the report shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from experiments.tables import short
from sim.catalogue.loader import catalogue

COUNTED = ("firms", "items", "persons", "projects", "contracts", "results", "centres", "units", "institutions",
           "alliances", "bases", "teams", "places", "staff")  # dimensions of what comes one by one  # fmt: skip
LEAST_WHOLE = 10


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


FILTERS: Mapping[str, Callable[..., Any]] = {
    "short": short,
    "percent": percent,
    "money": money,
    "signed": signed,
    "amount": amount,
}
