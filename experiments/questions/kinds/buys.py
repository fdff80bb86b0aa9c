"""Which buys most: the paired effect of each variant per 100 million yuan of public money, ranked.

An outcome of one year is held against the money of a year, one that is summed over the run against all of its money.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from experiments.outcomes import Array
from experiments.questions.blocks import Block
from experiments.questions.finding import Case, Cell, Finding, Number, Panel, Said, Series, Table
from experiments.questions.kinds.reaches import target_title
from experiments.questions.measures import (
    MILLION,
    difference,
    difference_unit,
    extra_cost,
    extra_cost_a_year,
    number,
    share,
    title_of,
)
from experiments.questions.question import Outcome, Question, Variant
from experiments.questions.telling import hedge, told
from experiments.scorecard import path
from experiments.words import Pair
from sim.catalogue.loader import catalogue

HUNDRED_MILLION = 100.0  # million yuan
LEAST_COST = 1.0  # million yuan (a year) in every run: below, an effect a yuan says nothing
NOT_RANKED: Pair = ("not ranked: next to no public money", "不参与排序：几乎不涉及财政投入")


@dataclass(frozen=True)
class Buys:
    """outcome : what is bought; target : whose gap it is held against, nothing for none."""

    outcome: Outcome
    target: str


def read(block: Block, variants: tuple[Variant, ...], reference: str) -> Buys:
    """outcome (a block) and target."""
    inner = Block(block.faults, (*block.path, "outcome"), block.take("outcome"))
    known = [name for name, row in catalogue().targets.items() if row.target is not None and row.target_year]
    return Buys(inner.outcome(), block.word("target", known, ""))


def points(question: Question) -> tuple[Variant, ...]:
    """The variants as they stand."""
    return question.variants


def spent_on(case: Case, variant: str) -> Array:
    """Million yuan of public money against the reference: a year for an outcome of a year, else over the run."""
    is_yearly = case.question.block.outcome.year is not None
    return (extra_cost_a_year if is_yearly else extra_cost)(case.of(variant), case.reference)


def money(case: Case) -> Pair:
    """What the effect is held against."""
    if case.question.block.outcome.year is None:
        return "per 100 million yuan of public money", "每亿元财政投入"
    return "per 100 million yuan of public money a year", "每年每1亿元财政投入"


def per_100m(case: Case, variant: str) -> Array | None:
    """Effect for each 100 million yuan in each run, shape (n_pairs,); None where next to nothing is spent."""
    effect = difference(case.of(variant), case.reference, case.question.block.outcome)
    spent = spent_on(case, variant)
    if effect is None or not len(spent) or (np.abs(spent) < LEAST_COST).any():
        return None
    found: Array = effect / spent * HUNDRED_MILLION
    return found


def ranked(case: Case) -> list[tuple[str, Array]]:
    """Variants with what they buy, the most first."""
    found = [(name, per_100m(case, name)) for name in case.others()]
    kept = [(name, values) for name, values in found if values is not None]
    return sorted(kept, key=lambda pair: (-float(pair[1].mean()), pair[0]))


def firsts(order: list[tuple[str, Array]]) -> dict[str, int]:
    """In how many runs each variant buys most."""
    best = np.argmax(np.array([values for _, values in order]), axis=0)
    return {name: int((best == i).sum()) for i, (name, _) in enumerate(order)}


def _bought(case: Case, name: str, values: Array) -> Number:
    return number(f"per_100m:{name}", case.question.variant(name).title, difference_unit(case.question.block.outcome),
                  values, True, case.scale)  # fmt: skip


def _gap(case: Case, name: str, values: Array) -> tuple[list[Pair], list[Number]]:
    """What part of the reference's gap 100 million yuan close."""
    row = catalogue().targets[case.question.block.target]
    paths = path(row, case.reference)
    if paths is None or row.target is None or row.target_year not in case.reference.years:
        return [], []
    gap = row.target - float(np.median(paths[:, case.reference.years.index(row.target_year)]))
    if gap <= 0.0:
        return [("The target is met without it", "不采取该措施目标也能实现")], []
    part = number(f"gap_share:{name}", target_title(row), "%", 100.0 * values / gap, False)
    text, title = told(part), target_title(row)
    return [(f"Part of the gap to {title[0]} that this closes: {text[0]}",
             f"相当于弥补距{title[1]}差距的{text[1]}")], [part]  # fmt: skip


def answer(case: Case) -> Finding:
    """The sentence names the first and the next; a table of all in their order."""
    outcome: Outcome = case.question.block.outcome
    order, title = ranked(case), title_of(outcome)
    if not order:
        nothing = (
            f"No variant spends enough for an effect a yuan on {title[0]}.",
            f"各方案的财政投入均不足以计算对{title[1]}的单位资金效果。",
        )
        return Finding([Said(nothing)], [], [], [])
    runs, wins = len(order[0][1]), firsts(order)
    numbers = [_bought(case, name, values) for name, values in order[:2]]
    chances = [
        share(f"first:{name}", n.title, wins[name], runs) for (name, _), n in zip(order[:2], numbers, strict=True)
    ]
    points, gap = _gap(case, *order[0]) if case.question.block.target else ([], [])
    name, first, per = numbers[0].title, told(numbers[0]), money(case)
    lead = (f"{per[0].capitalize()} “{name[0]}” does most for {title[0]}: {first[0]}{hedge(numbers[0])[0]}.",
            f"按{per[1]}计算，“{name[1]}”对{title[1]}的作用最大：{first[1]}{hedge(numbers[0])[1]}。")  # fmt: skip
    points = [(f"It comes first with probability {told(chances[0])[0]}", f"排名第一的概率为{told(chances[0])[1]}"),
              *points]  # fmt: skip
    if len(order) > 1:
        second, text, chance = numbers[1].title, told(numbers[1]), told(chances[1])
        points.append((f"Next is “{second[0]}”: {text[0]}{hedge(numbers[1])[0]}, first with probability {chance[0]}",
                       f"其次为“{second[1]}”：{text[1]}{hedge(numbers[1])[1]}，"
                       f"排名第一的概率为{chance[1]}"))  # fmt: skip
    panel = Panel((f"{title[0]}, {per[0]}", f"{per[1]}对{title[1]}的影响"), numbers[0].unit, "dots",
                  [_dot(case, name, values) for name, values in order], 0.0)  # fmt: skip
    return Finding([Said(lead, points)], [*numbers, *chances, *gap], [_table(case, order, wins)], [panel])


def _dot(case: Case, name: str, values: Array) -> Series:
    found = _bought(case, name, values)
    return Series(case.mark(name), [0.0], [found.middle or 0.0], [found.low or 0.0], [found.high or 0.0])


def _table(case: Case, order: list[tuple[str, Array]], wins: dict[str, int]) -> Table:
    """All variants in their order, those that spend next to nothing at the end."""
    outcome: Outcome = case.question.block.outcome
    title = title_of(outcome)
    heads: list[Pair] = [("Variant", "方案"), (f"{title[0]}, {money(case)[0]}", f"{money(case)[1]}对{title[1]}的影响"),
                         ("Comes first", "排名第一的概率"), ("Effect", "总效果"),
                         ("Public cost, all years", "财政投入（各年合计）")]  # fmt: skip
    rows: list[list[Cell]] = []
    kept = dict(order)
    for name in [*kept, *(other for other in case.others() if other not in kept)]:
        effect = number(
            f"effect:{name}",
            title,
            difference_unit(outcome),
            difference(case.of(name), case.reference, outcome),
            True,
            case.scale,
        )
        spent = number(f"cost:{name}", heads[-1], MILLION, extra_cost(case.of(name), case.reference), True)
        cells: list[Cell] = [NOT_RANKED, ("–", "–")]
        if name in kept:
            cells = [_bought(case, name, kept[name]), share(f"first:{name}", heads[2], wins[name], len(kept[name]))]
        rows.append([case.lettered(name), *cells, effect, spent])
    return Table(("All that were tried, the best first", "各方案排序"), heads, rows)
