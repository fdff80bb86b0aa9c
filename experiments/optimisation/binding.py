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
HELPFUL = 0.01  # of the target


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


def _is_helpful(found: Found, relaxed: Relaxed, best: Tried) -> bool:
    """Whether a relaxed bound raises the chance, or brings the targets nearer by HELPFUL."""
    wanted = found.asked.probability
    gain = relaxed.reached.margin_at(wanted) - best.reached.margin_at(wanted)
    return relaxed.reached.met > best.reached.met or gain >= HELPFUL


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
    asked, sentences = found.asked, list[Pair]()
    if len(asked.targets) > 1:
        row = asked.targets[min(range(len(asked.targets)), key=best.reached.of_target)]
        sentences.append((f"Hardest target: {row.title_en}.", f"最难实现的目标：{row.title_zh}。"))
    sentences += [_first(found, found.choice.relaxed[0], best)] if found.choice.relaxed else []
    ends = [one for one in asked.variables if one.limit == CATALOGUE and at_top(one, best)]
    sentences += [_end(one) for one in ends]
    if not found.choice.relaxed and not ends:
        left = "" if not spends_all(best, found.wanted) else " and the budget is used up"
        sentences.append(
            (
                f"No dose stands at the end of its range{left}: more of these levers does not bring the targets "
                "nearer; other levers or other targets are needed.",
                "各项力度均未到上限：继续加大这些工具的力度不能使目标更接近，需要其他工具或调整目标。",
            )
        )
    return sentences


def _first(found: Found, first: Relaxed, best: Tried) -> Pair:
    """The bound whose relaxing helps most, or that none of them helps."""
    wanted, before, after = found.asked.probability, best.reached, first.reached
    if not _is_helpful(found, first, best):
        return (
            f"Bounds that the mix stands at were relaxed by {PERCENT:.0f} % and none brings the targets nearer by a "
            "hundredth: what these levers can do falls short, not the money or the bounds.",
            f"将已触及的约束各放宽{PERCENT:.0f}%后，均不能使结果向目标明显靠近（不足目标值的1%）："
            "不足在于这些工具本身的作用，而非资金或取值范围。",
        )
    english, chinese = title_of(first.what, found.asked.variables)
    gain = after.margin_at(wanted) - before.margin_at(wanted)
    (old, old_zh), (new, new_zh) = chance_text(before), chance_text(after)
    return (
        f"Binding first of all: {english}. Relaxed, the chance goes from {old} to {new}; what {wanted:.0%} of the runs "
        f"reach moves by {gain:+.1%} of the target.",
        f"首要约束：{chinese}。放宽后，实现概率由{old_zh}变为{new_zh}，"
        f"{wanted:.0%}的运行所能达到的水平变化{gain:+.1%}（占目标值）。",
    )


def _end(one: Variable) -> Pair:
    """A dose that stands at the end of the catalogue's range."""
    (english, chinese), end = dose_title(one), dose_said(one, one.high)
    return (
        f"{english} stands at {end[0]}, the end of its range in the catalogue: it can go no further.",
        f"{chinese}已达目录取值范围的上限{end[1]}，无法再提高。",
    )
