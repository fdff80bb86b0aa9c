"""How much is needed: doses swept, and the least (or the most) at which a target is met with a probability."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from experiments.questions.blocks import Block, sweep_of
from experiments.questions.finding import Case, Cell, Finding, Number, Panel, Said, Series, Table
from experiments.questions.kinds.reaches import target_title
from experiments.questions.measures import MILLION, extra_cost, median, number, share, title_of, told_as, wilson
from experiments.questions.question import Outcome, Question, Sweep, Variant, rows_of
from experiments.questions.sweeps import between, crossings, dose_for, margins
from experiments.questions.telling import changed, hedge, in_words, told
from experiments.scorecard import met, path
from experiments.words import Pair
from sim.catalogue.loader import catalogue

WANTED = ("least", "most")


@dataclass(frozen=True)
class Dose:
    """targets : met with this probability; wanted : the least dose, where more helps, or the most that does no harm.

    tell : outcomes whose level at the dose is told, or at the last where none is enough.
    """

    sweep: Sweep
    targets: tuple[str, ...]
    probability: float
    wanted: str
    tell: tuple[Outcome, ...]


def read(block: Block, variants: tuple[Variant, ...], reference: str) -> Dose:
    """sweep, targets, probability and wanted."""
    return Dose(
        sweep_of(block, "sweep"), block.targets("targets"), block.number("probability", 0.05, 0.95, 0.8),
        block.word("wanted", WANTED, WANTED[0]), block.outcomes("tell"),
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


def sentence(case: Case, variant: str, target: str) -> tuple[Said, list[Number]]:
    """The dose for one target of one variant; its cost and both ends of the range as points."""
    block: Dose = case.question.block
    sweep, names = block.sweep, names_of(case, variant, block.sweep)
    title, found = target_title(catalogue().targets[target]), threshold(case, variant, target)
    if found is None:
        return Said((f"{title[0]} cannot be tested in these runs.", f"{title[1]}无法检验。")), []
    first, last = (chance(case, point, target, f"probability_{end}:{variant}:{target}")
                   for point, end in ((names[0], "first"), (names[-1], "last")))  # fmt: skip
    values = [level(case, point, target, f"value_{end}:{variant}:{target}")
              for point, end in ((names[0], "first"), (names[-1], "last"))]  # fmt: skip
    points, numbers = list[Pair](), [found, first, last, *values]
    said = _said(case, variant, found)
    if said is None:
        assert found.middle is not None
        cost, text = _cost(case, variant, found.middle), told(found)
        numbers.append(cost)
        word = ("at least", "至少需要") if block.wanted == WANTED[0] else ("at most", "至多可取")
        said = f"“{sweep.title[0]}” must be {word[0]} {text[0]}", f"“{sweep.title[1]}”{word[1]}{text[1]}"
        points.append((f"Public cost against the lowest dose: {changed(cost)[0]}{hedge(cost)[0]}",
                       f"与最低档相比，财政投入{changed(cost)[1]}{hedge(cost)[1]}"))  # fmt: skip
    for at, odds, value in ((0, first, values[0]), (len(names) - 1, last, values[1])):
        dose, chances, middle = dose_label(sweep, at), told(odds), told(value)
        points.append((f"At {dose[0]}: probability {chances[0]}, median value {middle[0]}",
                       f"取{dose[1]}时：达标概率{chances[1]}，中位值{middle[1]}"))  # fmt: skip
    name, wish = case.question.variant(variant).title, f"{100 * block.probability:.0f}"
    lead = (f"{name[0]}: {title[0]}, with a probability of {wish} % – {said[0]}.",
            f"“{name[1]}”：{title[1]}，要求达标概率不低于{wish}%，{said[1]}。")  # fmt: skip
    further, more = told_levels(case, f"{variant}:{target}", names[_row(case, found)], block.tell)
    return Said(lead, [*points, *further]), [*numbers, *more]


def _row(case: Case, found: Number) -> int:
    """The row at which further outcomes are told: the next that is enough, the last where none is."""
    axis, is_least = case.question.block.sweep.axis, case.question.block.wanted == WANTED[0]
    if found.middle is None:
        return len(axis) - 1 if is_least else 0
    rows = [i for i, dose in enumerate(axis) if (dose >= found.middle if is_least else dose <= found.middle)]
    return rows[0] if is_least else rows[-1]


def told_levels(case: Case, key: str, point: str, outcomes: tuple[Outcome, ...]) -> tuple[list[Pair], list[Number]]:
    """Levels of further outcomes at a point, a line each; `key` tells the sentences apart."""
    numbers = [
        told_as(f"tell:{key}:{one.of}:{one.group}", title_of(one), case.of(point), case.of(point), one, "level")
        for one in outcomes
    ]
    at = case.question.block.sweep
    dose = dose_label(at, int(point.rpartition("-")[2]))
    return [(f"At {dose[0]}, {n.title[0]}: {told(n)[0]}", f"取{dose[1]}时，{n.title[1]}为{told(n)[1]}")
            for n in numbers], numbers  # fmt: skip


def level(case: Case, point: str, target: str, key: str) -> Number:
    """The value of a target at a point in its year."""
    row = catalogue().targets[target]
    values = path(row, case.of(point))
    if values is None or row.target_year not in case.of(point).years:
        return Number(key, target_title(row), row.unit, None, None, None, 0, word=("–", "–"))
    return median(key, target_title(row), row.unit, values[:, case.of(point).years.index(row.target_year)])


def _said(case: Case, variant: str, found: Number) -> Pair | None:
    """What is said of a dose outside the range or at its easy end; None for one inside."""
    block: Dose = case.question.block
    sweep = block.sweep
    low, high = dose_label(sweep, 0), dose_label(sweep, len(sweep.axis) - 1)
    if found.middle is None:
        return (f"no dose of “{sweep.title[0]}” between {low[0]} and {high[0]} is enough",
                f"“{sweep.title[1]}”在{low[1]}至{high[1]}范围内均不能满足")  # fmt: skip
    is_least = block.wanted == WANTED[0]
    if found.middle != (sweep.axis[0] if is_least else sweep.axis[-1]):
        return None
    side, at = (("lowest", "最低"), low) if is_least else (("highest", "最高"), high)
    return (f"the {side[0]} dose tried of “{sweep.title[0]}” will do, {at[0]}",
            f"“{sweep.title[1]}”取试验范围的{side[1]}值（{at[1]}）即可满足")  # fmt: skip


def _cost(case: Case, variant: str, dose: float) -> Number:
    """Public cost at a dose, against the lowest, over all years."""
    sweep, names = case.question.block.sweep, names_of(case, variant, case.question.block.sweep)
    spent = np.array([extra_cost(case.of(name), case.of(names[0])) for name in names])
    title = ("Public cost against the lowest dose", "与最低档相比的财政投入")
    return number(f"cost:{variant}:{dose:.6g}", title, MILLION, between(sweep.axis, spent, dose), True)


def dose_label(sweep: Sweep, i: int) -> Pair:
    """A row of the sweep: the axis with its unit, as it was written."""
    value = sweep.axis[i]
    (scale, unit), (scale_zh, unit_zh) = in_words(sweep.unit, abs(value) or sweep.axis[-1])
    return f"{value * scale:g}{unit}", f"{value * scale_zh:g}{unit_zh}"


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
                row += [level(case, name, target, f"value:{name}:{target}"), chance(case, name, target)]
            spent = extra_cost(case.of(name), case.of(names[0]))
            rows.append([*row, number(f"cost:{name}", heads[-1], MILLION, spent, True)])
    table = Table(("By dose", "按力度"), heads, rows)
    panels = [_values(case, target) for target in block.targets[:2]]
    if len(panels) == 1:
        panels.append(_chances(case, block.targets[0]))
    return Finding([text for text, _ in said], [n for _, numbers in said for n in numbers], [table], panels)


def _values(case: Case, target: str) -> Panel:
    """The target's value over the dose with its band, and the target."""
    sweep: Sweep = case.question.block.sweep
    series, row = [], catalogue().targets[target]
    for v in case.question.variants:
        found = [level(case, name, target, "") for name in names_of(case, v.name, sweep)]
        columns = [[getattr(n, end) for n in found] for end in ("middle", "low", "high")]
        if all(n.middle is not None for n in found):
            series.append(Series(case.mark(v.name), sweep.axis, *columns))
    title = target_title(row)
    return Panel(title, row.unit, "lines", series, row.target, sweep.title, sweep.unit)


def _chances(case: Case, target: str) -> Panel:
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
    both = f"Probability of {title[0]}", f"{title[1]}的达标概率"
    sweep = block.sweep
    return Panel(both, "%", "lines", series, 100.0 * block.probability, sweep.title, sweep.unit)
