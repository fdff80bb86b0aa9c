"""Says what binds where no mix reaches the targets: budget, the end of a range, or the levers themselves."""

from __future__ import annotations

from experiments.optimisation.attainment import Reached
from experiments.optimisation.choice import RELAXED_BY, Relaxed, at_top, spends_all
from experiments.optimisation.doses import BUDGET, CATALOGUE, Variable
from experiments.optimisation.found import Found
from experiments.optimisation.page import Cell, Section, Table
from experiments.optimisation.search import Tried
from experiments.optimisation.texts import chance_text, cost_text, dose_said, dose_title, value_text
from experiments.words import Pair

BUDGET_TITLE: Pair = ("Budget", "预算")
PERCENT = 100 * RELAXED_BY


def binding_section(found: Found) -> Section:
    """What binds the best mix inside the budget, and what one bound further out would bring."""
    best, choice = found.choice.best, found.choice
    head = ("What binds", "约束所在")
    if best is None:
        return Section(head, [("The budget: no mix that was tried stays inside it.", "预算：所试组合均超出预算。")])
    rows = [_row(found, one) for one in choice.relaxed]
    places = range(len(found.asked.targets))
    values = (_value(found, best.reached, i) for i in places)
    before: list[Cell] = [("The best mix as it is", "最好的组合（现状）"), "", cost_text(best.reached),
                                chance_text(best.reached), *values]  # fmt: skip
    heads = [("Relaxed", "放宽的约束"), ("To", "放宽至"), ("Cost, 100m yuan a year", "年均新增财政投入，亿元/年"),
             ("Chance", "实现概率"), *((row.title_en, row.title_zh) for row in found.asked.targets)]  # fmt: skip
    tables = [Table(heads, [before, *rows], tuple(range(2, len(heads))))] if rows else []
    return Section(head, _sentences(found, best), tables)


def _value(found: Found, reached: Reached, place: int) -> Pair:
    return value_text(reached, place, found.asked.targets[place].unit)


def title_of(what: str, variables: tuple[Variable, ...]) -> Pair:
    """The budget, or a dose by the name of its variable."""
    named = {one.name: dose_title(one) for one in variables}
    return named.get(what, BUDGET_TITLE)


def _row(found: Found, one: Relaxed) -> list[Cell]:
    """One relaxed bound: to where, and what it brings."""
    variables = {v.name: v for v in found.asked.variables}
    to: Pair = (f"+{PERCENT:.0f} % of each yearly budget", f"各项年度预算增加{PERCENT:.0f}%")
    if one.what != BUDGET:
        to = dose_said(variables[one.what], one.values[one.what])
    values = [_value(found, one.reached, i) for i in range(len(found.asked.targets))]
    return [title_of(one.what, found.asked.variables), to, cost_text(one.reached), chance_text(one.reached), *values]


def _sentences(found: Found, best: Tried) -> list[Pair]:
    """Which bound binds most, which doses can go no further, or that nothing binds but what the levers can do."""
    asked, relaxed, sentences = found.asked, found.choice.relaxed, list[Pair]()
    hardest = min(range(len(asked.targets)), key=best.reached.of_target)
    if len(asked.targets) > 1:
        row = asked.targets[hardest]
        sentences.append((f"Hardest target: {row.title_en}.", f"最难实现的目标：{row.title_zh}。"))
    if relaxed:
        first = relaxed[0]
        english, chinese = title_of(first.what, asked.variables)
        gain = first.reached.margin_at(asked.probability) - best.reached.margin_at(asked.probability)
        sentences.append(
            (
                f"Binding first of all: {english}. Relaxed, the chance goes from {chance_text(best.reached)[0]} to "
                f"{chance_text(first.reached)[0]}; what {asked.probability:.0%} of the runs reach moves by {gain:+.1%} "
                "of the target.",
                f"首要约束：{chinese}。放宽后，实现概率由{chance_text(best.reached)[1]}变为{chance_text(first.reached)[1]}，"
                f"{asked.probability:.0%}的运行所能达到的水平变化{gain:+.1%}（占目标值）。",
            )
        )
    ends = [one for one in asked.variables if one.limit == CATALOGUE and at_top(one, best)]
    for one in ends:
        (english, chinese), end = dose_title(one), dose_said(one, one.high)
        sentences.append(
            (
                f"{english} stands at {end[0]}, the end of its range in the catalogue: it can go no further.",
                f"{chinese}已达目录取值范围的上限{end[1]}，无法再提高。",
            )
        )
    if not relaxed and not ends:
        left = "" if not spends_all(best, found.wanted) else " and the budget is used up"
        sentences.append(
            (
                f"No dose stands at the end of its range{left}: more of these levers does not bring the targets "
                "nearer; other levers or other targets are needed.",
                "各项力度均未到上限：继续加大这些工具的力度不能使目标更接近，需要其他工具或调整目标。",
            )
        )
    return sentences
