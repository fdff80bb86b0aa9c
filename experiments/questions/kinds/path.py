"""What lasts: paired differences year by year, when they begin to show, and what is left once help has ended."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from experiments.outcomes import Array
from experiments.questions.blocks import Block
from experiments.questions.finding import Case, Cell, Finding, Number, Panel, Said, Series, Table
from experiments.questions.measures import (
    MILLION,
    difference,
    difference_unit,
    extra_cost,
    is_beyond,
    number,
    title_of,
)
from experiments.questions.question import Outcome, Question, Variant
from experiments.questions.telling import changed, hedge, sentence_of, told
from experiments.words import Pair

MOST_YEARS = 9  # columns of a table
STEADY = 2  # years in a row that a difference must show before it is said to have begun


@dataclass(frozen=True)
class Path:
    """outcomes : followed by year; ends : the last year of help, 0 for help that goes on; price : cost of a unit."""

    outcomes: tuple[Outcome, ...]
    say: tuple[str, ...]
    ends: int
    price: bool


def read(block: Block, variants: tuple[Variant, ...], reference: str) -> Path:
    """outcomes (their year is the one that is told), say, ends and price."""
    others = [one.name for one in variants if one.name != reference]
    found = Path(
        block.outcomes("outcomes", is_needed=True), block.words("say", others, others),
        int(block.number("ends", 2011, 2030)) if "ends" in block.raw else 0,
        block.word("price", ("told", "untold"), "untold") == "told",
    )  # fmt: skip
    for one in found.outcomes:
        if one.year is None:
            block.fault("outcomes", "must each have a year, which is the one that is told")
    return found


def points(question: Question) -> tuple[Variant, ...]:
    """The variants as they stand."""
    return question.variants


def yearly(case: Case, variant: str, outcome: Outcome) -> dict[int, Number]:
    """The paired difference of each year that both have."""
    found = {}
    for year in case.reference.years:
        at = replace(outcome, year=year)
        values = difference(case.of(variant), case.reference, at)
        if values is not None:
            found[year] = number(f"difference:{variant}:{outcome.of}:{outcome.group}:{year}", title_of(at),
                                 difference_unit(outcome), values, True, case.scale)  # fmt: skip
    return found


def begins(found: dict[int, Number]) -> int | None:
    """The first year from which on STEADY differences in a row can be told from chance, with one sign."""
    years = sorted(found)
    for i in range(len(years) - STEADY + 1):
        row = [found[year] for year in years[i : i + STEADY]]
        if all(map(is_beyond, row)) and len({np.sign(n.middle or 0.0) for n in row}) == 1:
            return years[i]
    return None


def left(case: Case, variant: str, outcome: Outcome, ends: int) -> Number | None:
    """Percent of the difference of the last year of help that is there in the last year of the run, of means."""
    last = case.reference.years[-1]
    here = difference(case.of(variant), case.reference, replace(outcome, year=ends))
    there = difference(case.of(variant), case.reference, replace(outcome, year=last))
    if here is None or there is None or abs(here.mean()) < 1e-12 or ends >= last:
        return None
    title = (f"{title_of(outcome)[0]}, left in {last}", f"{title_of(outcome)[1]}至{last}年的保留比例")
    key = f"left:{variant}:{outcome.of}:{outcome.group}"
    middle, low, high = share_left(here, there)
    return Number(key, title, "%", middle, low, high, len(here), "mean")


def share_left(here: Array, there: Array) -> tuple[float, float, float]:
    """100 x mean of there over mean of here, with the 5-95 % of means that leave one run out, widened to all runs."""
    runs, whole = len(here), 100.0 * float(there.mean() / here.mean())
    if runs < 2:
        return whole, whole, whole
    others = (there.sum() - there) / np.where(here.sum() == here, np.nan, here.sum() - here) * 100.0
    error = float(np.sqrt((runs - 1) * np.nanmean((others - np.nanmean(others)) ** 2)))
    return whole, whole - 1.645 * error, whole + 1.645 * error


def followed(case: Case, variant: str, outcome: Outcome) -> tuple[list[Pair], list[Number]]:
    """One outcome: the difference in its year, when it first showed, and what is left once help has ended."""
    ends, found = case.question.block.ends, yearly(case, variant, outcome)
    if outcome.year not in found:
        return [(f"{title_of(outcome)[0]} is not measured", f"{title_of(outcome)[1]}未测得")], []
    this, start, last = found[outcome.year], begins(found), max(found)
    text, chance = changed(this), hedge(this)
    if start:
        when = f"first beyond chance, two years running, in {start}", f"最早自{start}年起连续两年可与随机差异区分"
    else:
        when = (f"up to {last} never beyond chance two years running",
                f"到{last}年未出现连续两年可与随机差异区分的变化")  # fmt: skip
    parts = [(f"{this.title[0]}: {text[0]}{chance[0]}", f"{this.title[1]}{text[1]}{chance[1]}"), when]
    if all(one.is_too_small for one in found.values()):
        parts = parts[:1]
    kept = left(case, variant, outcome, ends) if ends else None
    if kept is None:
        return parts, [this]
    stays = (f"of the difference in {ends} {told(kept)[0]} is left in {last}",
             f"{ends}年的变化到{last}年保留{told(kept)[1]}")  # fmt: skip
    return [*parts, stays], [this, kept]


def _point(parts: Sequence[Pair]) -> Pair:
    """Parts on one outcome as one line."""
    return "; ".join(one[0] for one in parts), "；".join(one[1] for one in parts)


def sentence(case: Case, variant: str) -> tuple[Said, list[Number]]:
    """The first outcome of one variant, and as points when it shows, what is left, the others and the money."""
    block: Path = case.question.block
    said = [followed(case, variant, one) for one in block.outcomes]
    first, numbers = said[0][0], [n for _, found in said for n in found]
    title = ("Public cost, all years", "财政投入（各年合计）")
    cost = number(f"cost:{variant}", title, MILLION, extra_cost(case.of(variant), case.reference), True)
    parts = [first[0], *([_capital(_point(first[1:]))] if first[1:] else []), *(_point(text) for text, _ in said[1:])]
    parts.append((f"{title[0]}: {changed(cost)[0]}", f"{title[1]}{changed(cost)[1]}"))
    numbers.append(cost)
    if block.price:
        parts, numbers = _priced(case, variant, parts, numbers)
    name, base = case.question.variant(variant).title, case.question.variant(case.question.reference).title
    return sentence_of(name, base, parts), numbers


def _capital(text: Pair) -> Pair:
    return text[0][:1].upper() + text[0][1:], text[1]


def _priced(case: Case, variant: str, parts: list[Pair], numbers: list[Number]) -> tuple[list[Pair], list[Number]]:
    """The public cost of one unit of the first outcome, where both can be told from chance."""
    outcome = case.question.block.outcomes[0]
    effect, spent = difference(case.of(variant), case.reference, outcome), extra_cost(case.of(variant), case.reference)
    gain = number("", title_of(outcome), difference_unit(outcome), effect, True)
    title = (f"Public cost for each unit of {title_of(outcome)[0]}", f"每单位{title_of(outcome)[1]}的财政投入")
    if effect is None or not is_beyond(gain) or (effect * np.sign(gain.middle or 1.0) <= 0.0).any():
        return [*parts, ("A price for each unit cannot be told", "单位成本无法判断")], numbers
    price = number(f"price:{variant}", title, MILLION, spent / effect, False)
    text = told(price)
    return [
        *parts,
        (f"Public cost for each unit in {outcome.year}: {text[0]}", f"每增加1个单位的财政投入为{text[1]}"),
    ], [*numbers, price]


def answer(case: Case) -> Finding:
    """A sentence a variant that is to be said, a table by year, panels of differences over the years."""
    block: Path = case.question.block
    said = [sentence(case, name) for name in block.say]
    years = case.reference.years
    first = next((y for y in years if any(n.middle for name in case.others() for o in block.outcomes
                                          if (n := yearly(case, name, o).get(y)) is not None)), years[0])  # fmt: skip
    shown = [year for year in years if year >= first]
    listed_years = shown[:: -math.ceil(len(shown) / MOST_YEARS)][::-1]  # of a long run every second or third
    heads: list[Pair] = [("Variant", "方案"), ("Outcome", "指标"), *((str(y), f"{y}年") for y in listed_years)]
    rows: list[list[Cell]] = []
    for name in case.others():
        for one in block.outcomes:
            found = yearly(case, name, one)
            cells: list[Cell] = [found.get(year, ("–", "–")) for year in listed_years]
            rows.append([case.lettered(name), _untimed(one), *cells])
    table = Table(("Difference by year", "逐年差异"), heads, rows)
    panels = [_panel(case, one, shown) for one in block.outcomes[:2]]
    return Finding([text for text, _ in said], [n for _, numbers in said for n in numbers], [table], panels)


def _untimed(outcome: Outcome) -> Pair:
    """The title without its year."""
    title, year = title_of(outcome), str(outcome.year)
    return title[0].removesuffix(f", {year}"), title[1].removeprefix(f"{year}年")


def _panel(case: Case, outcome: Outcome, years: list[int]) -> Panel:
    series = []
    for name in case.others():
        found = yearly(case, name, outcome)
        kept = [year for year in years if year in found]
        columns = [[getattr(found[year], end) for year in kept] for end in ("middle", "low", "high")]
        series.append(Series(case.mark(name), kept, *columns))
    title, base = _untimed(outcome), case.mark(case.question.reference)
    against = f"{title[0]}: difference to {base}", f"{title[1]}：与{base}的差异"
    return Panel(against, difference_unit(outcome), "lines", series, 0.0)
