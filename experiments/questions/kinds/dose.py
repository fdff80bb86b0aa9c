"""How much is needed: doses swept, and the least (or the most) at which a target is met with a probability."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from experiments.pairs import QUANTILES
from experiments.questions.blocks import Block
from experiments.questions.finding import Case, Cell, Finding, Number, Panel, Series, Table
from experiments.questions.kinds.reaches import target_title
from experiments.questions.measures import MILLION, extra_cost, median, number, share, wilson
from experiments.questions.question import Question, Sweep, Variant, rows_of
from experiments.questions.sweeps import between, crossings, dose_for, margins
from experiments.questions.telling import changed, hedge, told
from experiments.scorecard import met, path
from experiments.words import Pair
from sim.catalogue.loader import catalogue

WANTED = ("least", "most")


@dataclass(frozen=True)
class Dose:
    """targets : met with this probability; wanted : the least dose, where more helps, or the most that does no harm."""

    sweep: Sweep
    targets: tuple[str, ...]
    probability: float
    wanted: str


def read(block: Block, variants: tuple[Variant, ...], reference: str) -> Dose:
    """sweep, targets, probability and wanted."""
    return Dose(
        block.sweep("sweep"), block.targets("targets"), block.number("probability", 0.05, 0.95, 0.8),
        block.word("wanted", WANTED, WANTED[0]),
    )  # fmt: skip


def points(question: Question) -> tuple[Variant, ...]:
    """Each variant with each row of the sweep."""
    return rows_of(question.variants, question.block.sweep)


def names_of(case: Case, variant: str, sweep: Sweep) -> list[str]:
    """The points of a variant, in the order of their doses."""
    return [f"{variant}-{i}" for i in range(len(sweep.axis))]


def threshold(case: Case, variant: str, target: str) -> Number | None:
    """The dose for the probability, with its interval; one without a middle where it is not inside the range."""
    block: Dose = case.question.block
    row = catalogue().targets[target]
    found = [margins(row, case.of(name)) for name in names_of(case, variant, block.sweep)]
    if any(one is None for one in found):
        return None
    is_least = block.wanted == WANTED[0]
    own = crossings(block.sweep.axis, np.array(found), is_least)
    middle, low, high = dose_for(own, block.probability, is_least)
    key, title = f"dose:{variant}:{target}", target_title(row)
    if not math.isfinite(middle):
        word = ("not inside the range that was tried", "不在试验范围之内")
        return Number(key, title, block.sweep.unit, None, None, None, len(own), "dose", word=word)
    return Number(key, title, block.sweep.unit, middle, low, high, len(own), "dose")


def chance(case: Case, point: str, target: str, key: str = "") -> Number:
    """The probability of a target at a point."""
    row = catalogue().targets[target]
    held = met(row, case.of(point))
    if held is None:
        return Number(key, target_title(row), "probability", None, None, None, 0, "share", word=("–", "–"))
    return share(key or f"probability:{point}:{target}", target_title(row), int(held.sum()), len(held))


def sentence(case: Case, variant: str, target: str) -> tuple[Pair, list[Number]]:
    """One target of one variant."""
    block: Dose = case.question.block
    sweep, names = block.sweep, names_of(case, variant, block.sweep)
    title, found = target_title(catalogue().targets[target]), threshold(case, variant, target)
    if found is None:
        return (f"{title[0]} cannot be tested in these runs.", f"{title[1]}无法检验。"), []
    name = case.question.variant(variant).title
    first, last = (chance(case, point, target, f"probability_{end}:{variant}:{target}")
                   for point, end in ((names[0], "first"), (names[-1], "last")))  # fmt: skip
    ends = f"{sweep.axis[0]:g}", f"{sweep.axis[-1]:g}"
    unit = catalogue().units[sweep.unit] if sweep.unit in catalogue().units else None
    units = (f" {unit.title_en}", unit.title_zh) if unit else ("", "")
    wish = f"{100 * block.probability:.0f}"
    head = (f"{name[0]}: {title[0]}, with a probability of {wish} %",
            f"{name[1]}：{title[1]}，要求达标概率不低于{wish}%")  # fmt: skip
    at_ends = (f"at {ends[0]}{units[0]} the probability is {told(first)[0]}, at {ends[1]}{units[0]} {told(last)[0]}",
               f"取{ends[0]}{units[1]}时达标概率为{told(first)[1]}，取{ends[1]}{units[1]}时为{told(last)[1]}")  # fmt: skip
    numbers = [found, first, last]
    if found.middle is None:
        return (f"{head[0]}: no dose between {ends[0]} and {ends[1]}{units[0]} of {sweep.title[0]} is enough; {at_ends[0]}.",
                f"{head[1]}：“{sweep.title[1]}”在{ends[0]}至{ends[1]}{units[1]}范围内均不能满足；{at_ends[1]}。"), numbers  # fmt: skip
    at_once = sweep.axis[0] if block.wanted == WANTED[0] else sweep.axis[-1]
    if found.middle == at_once:
        side = ("the lowest", "最低") if block.wanted == WANTED[0] else ("the highest", "最高")
        return (f"{head[0]}: {side[0]} dose tried is enough already, {ends[0] if at_once == sweep.axis[0] else ends[1]}"
                f"{units[0]} of {sweep.title[0]}; {at_ends[0]}.",
                f"{head[1]}：“{sweep.title[1]}”取试验范围的{side[1]}值（{at_once:g}{units[1]}）即可满足；{at_ends[1]}。"), numbers  # fmt: skip
    text, cost = told(found), _cost(case, variant, found.middle)
    numbers.append(cost)
    word = ("at least", "至少需要") if block.wanted == WANTED[0] else ("at most", "至多可取")
    paid = changed(cost)
    english = f"{head[0]}: {sweep.title[0]} must be {word[0]} {text[0]}; public cost against the lowest dose tried {paid[0]}{hedge(cost)[0]}; {at_ends[0]}."
    chinese = f"{head[1]}：“{sweep.title[1]}”{word[1]}{text[1]}；与最低档相比，财政投入{paid[1]}{hedge(cost)[1]}；{at_ends[1]}。"
    return (english, chinese), numbers


def _cost(case: Case, variant: str, dose: float) -> Number:
    """Public cost at a dose, against the lowest, over all years."""
    sweep, names = case.question.block.sweep, names_of(case, variant, case.question.block.sweep)
    spent = np.array([extra_cost(case.of(name), case.of(names[0])) for name in names])
    title = ("Public cost against the lowest dose", "与最低档相比的财政投入")
    return number(f"cost:{variant}:{dose:.6g}", title, MILLION, between(sweep.axis, spent, dose), True)


def dose_label(sweep: Sweep, i: int) -> Pair:
    """A row of the sweep: the axis with its unit, and the other keys' values."""
    unit = catalogue().units[sweep.unit] if sweep.unit in catalogue().units else None
    return (f"{sweep.axis[i]:g} {unit.title_en if unit else ''}".strip(), f"{sweep.axis[i]:g}{unit.title_zh if unit else ''}")


def answer(case: Case) -> Finding:
    """A sentence a target and variant, a table of all doses, panels of the probability over the dose."""
    block: Dose = case.question.block
    said = [sentence(case, v.name, target) for v in case.question.variants for target in block.targets]
    heads: list[Pair] = [("Variant", "方案"), block.sweep.title]
    for target in block.targets:
        title = target_title(catalogue().targets[target])
        heads += [title, (f"probability, {title[0]}", f"达标概率：{title[1]}")]
    heads.append(("Public cost against the lowest", "与最低档相比的财政投入"))
    rows: list[list[Cell]] = []
    for v in case.question.variants:
        names = names_of(case, v.name, block.sweep)
        for i, name in enumerate(names):
            row: list[Cell] = [case.lettered(v.name), dose_label(block.sweep, i)]
            for target in block.targets:
                row += _cells(case, name, target)
            spent = extra_cost(case.of(name), case.of(names[0]))
            rows.append([*row, number(f"cost:{name}", heads[-1], MILLION, spent, True)])
    table = Table(("By dose", "按力度"), heads, rows)
    panels = [_panel(case, target) for target in block.targets[:2]]
    return Finding([text for text, _ in said], [n for _, numbers in said for n in numbers], [table], panels)


def _cells(case: Case, point: str, target: str) -> list[Cell]:
    row = catalogue().targets[target]
    values = path(row, case.of(point))
    if values is None or row.target_year not in case.of(point).years:
        return [("–", "–"), ("–", "–")]
    at = case.of(point).years.index(row.target_year)
    return [median(f"value:{point}:{target}", target_title(row), row.unit, values[:, at]), chance(case, point, target)]


def _panel(case: Case, target: str) -> Panel:
    """Probability over the dose with its interval."""
    block: Dose = case.question.block
    series = []
    for v in case.question.variants:
        held = [met(catalogue().targets[target], case.of(name)) for name in names_of(case, v.name, block.sweep)]
        shares = [100.0 * float(h.mean()) for h in held if h is not None]
        bands = [wilson(int(h.sum()), len(h)) for h in held if h is not None]
        if len(shares) == len(block.sweep.axis):
            low, high = [100 * b[0] for b in bands], [100 * b[1] for b in bands]
            series.append(Series(case.mark(v.name), block.sweep.axis, shares, low, high))
    title = target_title(catalogue().targets[target])
    both = (f"Probability of {title[0]} over {block.sweep.title[0]}", f"{title[1]}的达标概率（横轴：{block.sweep.title[1]}）")
    return Panel(both, "%", "lines", series, 100.0 * block.probability)
