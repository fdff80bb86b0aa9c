"""Numbers out of runs: an outcome a run, paired differences, shares with their interval, public cost."""

from __future__ import annotations

import math

import numpy as np

from experiments.costs import public_cost
from experiments.outcomes import Array, Results, indicator_places
from experiments.pairs import QUANTILES, band, paired, whole_run
from experiments.questions.blocks import BOOKS
from experiments.questions.finding import Number
from experiments.questions.question import Outcome
from experiments.scorecard import unit_factor
from experiments.tables import LEVER_OF_LINE
from experiments.winners import group_words
from experiments.words import BOOKS as BOOK_WORDS
from experiments.words import Pair
from sim.catalogue.loader import catalogue
from sim.core.money import YUAN_PER_MILLION

NORMAL_90 = 1.6448536269514722  # standard deviations from the middle to the end of a 90 % interval
MILLION, POINTS = "million yuan", "percentage points"


def measured(results: Results, outcome: Outcome) -> Array | None:
    """One value a run, shape (n_runs,), in the unit of `unit_of`; None where the runs do not have it."""
    if outcome.of.startswith(f"{BOOKS}."):
        return _booked(results, outcome)
    if outcome.year is None:
        return whole_run(results, outcome.of, outcome.group)
    if outcome.group not in results.groups or outcome.year not in results.years:
        return None
    at = results.years.index(outcome.year)
    values: Array = results.groups[outcome.group][:, at, indicator_places()[outcome.of]]
    return None if np.isnan(values).any() else values


def _booked(results: Results, outcome: Outcome) -> Array:
    """Million yuan of a column of a lever's line, in a year or over all years, rescaled to the whole province."""
    _, lever, column = outcome.of.split(".")
    found = []
    for book in results.books:
        years = [str(outcome.year)] if outcome.year else None
        lines = [at for year, at in book["ledger"].items() if years is None or str(year) in years]
        yuan = sum(a.get(column, 0) for at in lines for line, a in at.items() if LEVER_OF_LINE.get(line, line) == lever)
        taxes = [at for year, at in book["tax_expenditure"].items() if years is None or str(year) in years]
        forgone = sum(at.get(lever, 0.0) for at in taxes) if column == "tax_expenditure" else 0.0
        found.append(yuan * book["scale"] / YUAN_PER_MILLION + forgone)
    return np.array(found)


def unit_of(outcome: Outcome) -> str:
    """The unit of an outcome's level."""
    return MILLION if outcome.of.startswith(f"{BOOKS}.") else catalogue().indicators[outcome.of].unit


def difference_unit(outcome: Outcome) -> str:
    """The unit of a difference: points for what is in percent."""
    unit = unit_of(outcome)
    return POINTS if unit == "%" else unit


def title_of(outcome: Outcome) -> Pair:
    """An outcome in words, with its group and its year."""
    cat = catalogue()
    if outcome.of.startswith(f"{BOOKS}."):
        _, lever, column = outcome.of.split(".")
        row, book = cat.levers[lever], BOOK_WORDS[column]
        name = f"{row.title_en}, {book[0]}", f"{row.title_zh}的{book[1]}"
        is_flow = True
    else:
        shown = cat.indicators[outcome.of]
        name, is_flow = (shown.title_en, shown.title_zh), shown.kind == "flow"
    further, further_zh = [], []
    if outcome.group:
        english, chinese = group_words(*outcome.group.split("=", 1))
        further.append(english if outcome.group.startswith(("city", "sector")) else english.lower())
        further_zh.append(chinese)
    if outcome.year is None:
        further.append("sum of all years" if is_flow else "end of the run")
        further_zh.append("各年合计" if is_flow else "期末")
    else:
        further.append(str(outcome.year))
    bracket = f"（{'，'.join(further_zh)}）" if further_zh else ""
    return ", ".join([name[0], *further]), f"{f'{outcome.year}年' if outcome.year else ''}{name[1]}{bracket}"


def difference(one: Results, other: Results, outcome: Outcome) -> Array | None:
    """Paired differences, shape (n_pairs,); None where one of both has no such outcome."""
    here, there = measured(one, outcome), measured(other, outcome)
    mine, theirs = paired(one, other)
    return None if here is None or there is None or not len(mine) else here[mine] - there[theirs]


def relative(one: Results, other: Results, outcome: Outcome) -> Array | None:
    """Paired differences in percent of the other; None where that is nothing in some run."""
    change, there = difference(one, other, outcome), measured(other, outcome)
    _, theirs = paired(one, other)
    if change is None or there is None or not (there[theirs] > 0.0).all():
        return None
    found: Array = 100.0 * change / there[theirs]
    return found


def told_as(key: str, title: Pair, one: Results, other: Results, outcome: Outcome, say: str) -> Number:
    """An outcome as a level, a paired difference or one in percent."""
    if say == "level":
        return number(key, title, unit_of(outcome), measured(one, outcome), False)
    scale = one.scenario.scale
    if say == "percent":
        return number(key, title, "%", relative(one, other, outcome), True, scale)
    return number(key, title, difference_unit(outcome), difference(one, other, outcome), True, scale)


def number(key: str, title: Pair, unit: str, values: Array | None, is_signed: bool, scale: int = 1) -> Number:
    """Mean and 5-95 % of the runs; without values a number that says so. scale : of the agents, for differences."""
    if values is None or not len(values):
        return Number(key, title, unit, None, None, None, 0, "mean", is_signed, ("not measured", "未测得"))
    return Number(key, title, unit, *band(values), len(values), "mean", is_signed, scale=scale)


def median(key: str, title: Pair, unit: str, values: Array) -> Number:
    """Median and 5-95 % of the runs."""
    low, high = np.quantile(values, QUANTILES)
    return Number(key, title, unit, float(np.median(values)), float(low), float(high), len(values), "median")


def share(key: str, title: Pair, hits: int, runs: int) -> Number:
    """A share of the runs as a probability, with Wilson's 90 % interval for so few runs."""
    return Number(key, title, "probability", hits / runs, *wilson(hits, runs), runs, "share")


def wilson(hits: int, runs: int) -> tuple[float, float]:
    """Wilson's 90 % interval of a share."""
    z, p = NORMAL_90, hits / runs
    middle = (p + z * z / (2 * runs)) / (1 + z * z / runs)
    reach = z / (1 + z * z / runs) * math.sqrt(p * (1 - p) / runs + z * z / (4 * runs * runs))
    return (0.0 if hits == 0 else max(middle - reach, 0.0)), (1.0 if hits == runs else min(middle + reach, 1.0))


def costs(results: Results) -> Array:
    """Million yuan of public money of each run, over all its years, shape (n_runs,)."""
    return np.array([public_cost(book) for book in results.books])


def costs_by_year(results: Results) -> Array:
    """Million yuan of public money of each run and year, shape (n_runs, n_years)."""
    found = []
    for book in results.books:
        paid = {int(year): sum(a["disbursed"] for a in lines.values()) for year, lines in book["ledger"].items()}
        forgone = {int(year): sum(taxes.values()) for year, taxes in book["tax_expenditure"].items()}
        scale = book["scale"] / YUAN_PER_MILLION
        found.append([paid.get(year, 0) * scale + forgone.get(year, 0.0) for year in results.years])
    return np.array(found, float)


def extra_cost_a_year(one: Results, other: Results) -> Array:
    """Paired differences of public cost in million yuan a year, over the years from the first that differs on."""
    mine, theirs = paired(one, other)
    change = costs_by_year(one)[mine] - costs_by_year(other)[theirs]
    differing = np.flatnonzero(np.abs(change).max(axis=0) > 0.0) if len(change) else np.zeros(0, np.int64)
    found: Array = change[:, differing[0] :].mean(axis=1) if len(differing) else np.zeros(len(mine))
    return found


def extra_cost(one: Results, other: Results) -> Array:
    """Paired differences of public cost in million yuan."""
    mine, theirs = paired(one, other)
    found: Array = costs(one)[mine] - costs(other)[theirs]
    return found


def is_beyond(found: Number) -> bool:
    """Whether a band leaves out zero."""
    return found.low is not None and found.high is not None and (found.low > 0.0 or found.high < 0.0)


def converted(value: float | None, unit: str, into: str) -> float | None:
    """A value in another unit of the same dimension."""
    return None if value is None else value * unit_factor(unit, into)
