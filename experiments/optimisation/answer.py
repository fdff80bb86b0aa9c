"""The answer of a search for the cheapest mix, as a page in two languages."""

from __future__ import annotations

import math
from collections.abc import Sequence

from experiments.figures.front import front_figure
from experiments.number_texts import amount, percent
from experiments.optimisation.attainment import Reached, interval, limit_of
from experiments.optimisation.basis import rests_on
from experiments.optimisation.binding import binding_section
from experiments.optimisation.choice import Choice, at_top
from experiments.optimisation.doses import Variable, mean_in_base
from experiments.optimisation.found import Found
from experiments.optimisation.page import Cell, Page, Section, Table
from experiments.optimisation.request import Asked
from experiments.optimisation.search import Tried
from experiments.optimisation.texts import (
    MONEY_UNIT,
    billions,
    chance_text,
    cost_said,
    cost_text,
    dose_said,
    dose_text,
    dose_title,
    dose_unit,
    quarter_zh,
    target_title,
    unit_of,
    value_said,
    value_text,
)
from experiments.words import Pair
from sim.core.calendar import quarter_text

FIGURE = "figure.svg"


def question(asked: Asked) -> Pair:
    """What was asked."""
    titles = [target_title(row) for row in asked.targets]
    start = quarter_text(asked.first)
    money, chance = billions(asked.budget), percent(asked.probability)
    return (
        f"From {start}, on top of “{asked.base.title_en}”: what is the cheapest mix that reaches "
        f"{'; '.join(title for title, _ in titles)} with a probability of at least {chance} %, "
        f"for at most {money} × 100 million yuan a year of public cost beyond it?",
        f"自{quarter_zh(start)}起，在“{asked.base.title_zh}”基础上，年均新增财政投入（含税式支出）不超过{money}亿元，"
        f"以不低于{chance}%的概率实现{'、'.join(title for _, title in titles)}，怎样的政策组合最省钱？",
    )


def told_of(found: Found) -> list[Pair]:
    """The answer in a few sentences."""
    choice = found.choice
    if choice.winner is None:
        return _impossible(found)
    fresh, years = choice.winner.fresh, found.asked.years
    (english, chinese), (cost, cost_zh) = mix_text(found, choice.winner.tried), cost_said(fresh)
    total = billions(abs(fresh.mean_cost) * years)
    sentences = [
        (
            f"{'Reachable' if choice.is_confirmed else 'Reachable in the search, not confirmed on fresh seeds'}: "
            f"{english}; {cost} (mean and 5–95 %), {total} in all over {years:g} years.",
            f"{'可以实现' if choice.is_confirmed else '寻优中可以实现，但换用新的随机种子后未得到确认'}。"
            f"组合为：{chinese}。{cost_zh}（均值及5–95%区间），{years:g}年合计{total}亿元。",
        ),
        (
            f"On {len(fresh.cost)} runs that the search never saw all targets are met together with probability "
            f"{chance_text(fresh)[0]}; without the mix it is {chance_text(found.base_fresh)[0]}.",
            f"在未参与寻优的{len(fresh.cost)}次运行中，全部目标同时实现的概率为{chance_text(fresh)[1]}；"
            f"不采取该组合时为{chance_text(found.base_fresh)[1]}。",
        ),
    ]
    return [*sentences, *_doubts(found)]


def _doubts(found: Found) -> list[Pair]:
    """What a reader must know of a winner: that none was needed, that it was not confirmed, or only just."""
    choice, sentences = found.choice, list[Pair]()
    fresh = choice.winner.fresh if choice.winner else found.base_fresh
    if found.wanted.is_met(found.base_fresh):
        sentences.append(
            (
                "The scenario itself reaches the targets as surely as is wanted: no money beside it is needed for "
                "them, and the mix says how little of these levers would do.",
                "原情景本身已能以所要求的概率实现目标，无需另增投入；该组合表示这些工具最少保留到什么程度即可。",
            )
        )
    if not choice.is_confirmed:
        sentences.append(
            (
                f"{len(choice.checks)} mixes that kept to the wanted probability in the search were tried on fresh "
                "seeds and none kept to it there; the one shown came nearest.",
                f"寻优中达到概率要求的{len(choice.checks)}个组合换用新种子后均未达到，此处给出最接近的一个。",
            )
        )
    elif interval(fresh.met, len(fresh.cost))[0] < found.asked.probability:
        sentences.append(
            (
                f"The interval still reaches below the wanted {percent(found.asked.probability)} %; more fresh runs "
                "(fresh=) narrow it.",
                f"该区间下端仍低于所要求的{percent(found.asked.probability)}%，增加复核次数（fresh=）可进一步收窄。",
            )
        )
    return sentences


def mix_text(found: Found, tried: Tried) -> Pair:
    """A mix in words: each dose with its unit."""
    values = tried.values(found.asked.variables)
    parts = []
    for one in found.asked.variables:
        title, text = dose_title(one), dose_said(one, values[one.name])
        parts.append((f"{title[0]} {text[0]}", f"{title[1]}{text[1]}"))
    return "; ".join(english for english, _ in parts), "；".join(chinese for _, chinese in parts)


def _impossible(found: Found) -> list[Pair]:
    """That there is no such mix, what comes nearest and what it reaches."""
    asked, choice = found.asked, found.choice
    tried, money, chance = len(found.tried), billions(asked.budget), percent(asked.probability)
    sentences = [
        (
            f"Not reachable inside these bounds: of {tried} mixes tried none reaches all targets with a probability of "
            f"{chance} % for at most {money} × 100 million yuan a year beyond the scenario.",
            f"在给定范围内无法实现：所试{tried}个组合中，没有一个能在年均新增财政投入不超过{money}亿元的条件下，"
            f"以{chance}%的概率实现全部目标。",
        )
    ]
    if choice.best is None:
        return [*sentences, _too_dear(choice)]
    best, values = choice.best.reached, _values(asked, choice.best.reached)
    sentences.append(
        (
            f"Best inside the budget: probability {chance_text(best)[0]}, with {values[0]}; {cost_said(best)[0]}.",
            f"预算内最好的结果：实现概率{chance_text(best)[1]}，{values[1]}；{cost_said(best)[1]}。",
        )
    )
    if choice.anything is not choice.best:
        anything, values = choice.anything.reached, _values(asked, choice.anything.reached)
        sentences.append(
            (
                f"Whatever it costs, inside the bounds of the doses: probability {chance_text(anything)[0]}, with "
                f"{values[0]}; {cost_said(anything)[0]}.",
                f"若不计预算、仅受工具取值范围限制：实现概率{chance_text(anything)[1]}，{values[1]}，"
                f"{cost_said(anything)[1]}。",
            )
        )
    return sentences


def _too_dear(choice: Choice) -> Pair:
    cost = cost_text(choice.front[0].reached)
    return (
        f"No mix that was tried stays inside the budget; the cheapest costs {cost[0]} × 100 million yuan a year.",
        f"所试组合均超出预算，最省的组合年均新增财政投入{cost[1]}亿元。",
    )


def _values(asked: Asked, reached: Reached) -> Pair:
    """What a mix reaches of each target, median and band."""
    parts = [value_said(reached, place, row) for place, row in enumerate(asked.targets)]
    return "; ".join(english for english, _ in parts), "；".join(chinese for _, chinese in parts)


def mix_section(found: Found, tried: Tried) -> Section:
    """The doses of a mix beside those of the scenario and their bounds."""
    asked, values, rows = found.asked, tried.values(found.asked.variables), list[list[Cell]]()
    for one in asked.variables:
        bound: Pair = ("at its upper bound", "已到上限") if at_top(one, tried) else ("", "")
        mean, ends = (
            mean_in_base(asked.base, one.address, asked.first),
            (dose_text(one, v) for v in (one.low, one.high)),
        )
        low, high = ends
        span: Pair = (f"{low[0]} – {high[0]}", f"{low[1]} – {high[1]}")
        rows.append(
            [dose_title(one), dose_unit(one), dose_text(one, mean), span, dose_text(one, values[one.name]), bound]
        )
    heads = (("Dose", "政策工具与力度"), ("Unit", "单位"), ("In the scenario, mean", "原情景（均值）"),
             ("Tried from – to", "寻优范围"), ("In the mix", "组合取值"), ("", ""))  # fmt: skip
    title = ("The mix", "政策组合") if found.choice.winner else ("The mix that comes nearest", "最接近的组合")
    notes = [("A yearly budget was tried no further than what the scenario pays and the whole budget beside it.",
              "年度预算类力度的寻优上限为原情景支出加全部新增预算。")]  # fmt: skip
    return Section(title, tables=[Table(heads, rows, (2, 3, 4))], notes=notes)


def target_section(found: Found, mix: Reached, base: Reached) -> Section:
    """Each target without and with the mix."""
    rows: list[list[Cell]] = []
    for place, row in enumerate(found.asked.targets):
        goal = ("≤ " if row.direction == "at_most" else "") + amount(limit_of(row), row.unit)
        chances = [f"{percent(one.of_target(place))}%" for one in (base, mix)]
        levels = [value_text(one, place, row.unit) for one in (base, mix)]
        rows.append([(row.title_en, row.title_zh), unit_of(row.unit), str(row.target_year), goal,
                     levels[0], chances[0], levels[1], chances[1]])  # fmt: skip
    together: Pair = ("All together", "全部同时实现")
    rows.append([together, "", "", "", "", chance_text(base), "", chance_text(mix)])
    heads = (("Target", "目标"), ("Unit", "单位"), ("Year", "目标年"), ("To reach", "目标值"),
             ("Without the mix", "不采取组合"), ("Chance", "概率"),
             ("With the mix", "采取组合"), ("Chance", "概率"))  # fmt: skip
    said = (f"Median and 5–95 % of {len(mix.cost)} runs under the same seeds; of the chance of all together the "
            "5–95 % interval that so few runs leave.",
            f"为{len(mix.cost)}次配对运行的中位数和5–95%区间；"
            "“全部同时实现”的区间为运行次数有限所致的90%置信区间。")  # fmt: skip
    return Section(("Targets", "目标"), [said], [Table(heads, rows, (2, 3, 4, 5, 6, 7))])


def front_section(found: Found) -> Section:
    """Cost against chance: the mixes that no other beats in both."""
    asked = found.asked
    off: Pair = (f"{asked.probability:.0%} of the runs reach, against the target",
                 f"{asked.probability:.0%}的运行达到的水平（与目标之差）")  # fmt: skip
    heads = [(f"Cost, {MONEY_UNIT[0]}", f"年均新增财政投入，{MONEY_UNIT[1]}"), ("Chance", "实现概率"), off,
             *(_headed(one) for one in asked.variables), ("", "")]  # fmt: skip
    rows: list[list[Cell]] = []
    for one in found.choice.front:
        values = one.values(asked.variables)
        kept: Pair = ("keeps to both", "满足要求") if found.wanted.is_met(one.reached) else ("", "")
        margin = one.reached.margin_at(asked.probability)
        near = f"{margin:+.1%}" if math.isfinite(margin) else "-"
        rows.append([cost_text(one.reached), chance_text(one.reached), near,
                     *(dose_text(v, values[v.name]) for v in asked.variables), kept])  # fmt: skip
    said = (
        f"The mixes of {len(found.tried)} tried that no other beats in cost and chance at once, on the "
        f"{asked.frame.replicates} runs of the search; chances there are a little lucky, which is why the best are "
        "tried again on fresh seeds.",
        f"所试{len(found.tried)}个组合中，投入与概率均不被其他组合超过的组合，按寻优所用的{asked.frame.replicates}次运行计算；"
        "此处概率略偏乐观，因此最好的组合须用新种子复核。",
    )
    figure = front_figure(found.tried, found.choice, found.wanted)
    return Section(("Cost against chance", "投入与实现概率"), [said],
                   [Table(heads, rows, tuple(range(len(heads) - 1)))], [(FIGURE, figure)])  # fmt: skip


def _headed(one: Variable) -> Pair:
    """A dose with its unit as the head of a column."""
    title, unit = dose_title(one), dose_unit(one)
    return f"{title[0]}, {unit[0]}", f"{title[1]}，{unit[1]}"


def check_section(found: Found) -> Section | None:
    """The mixes on fresh seeds, and the winner at full size where that was asked."""
    rows: list[list[Cell]] = [
        [cost_text(one.tried.reached), chance_text(one.tried.reached), cost_text(one.fresh), chance_text(one.fresh)]
        for one in found.choice.checks
    ]
    if not rows:
        return None
    heads = (("Cost in the search", "寻优时投入"), ("Chance in the search", "寻优时概率"),
             ("Cost on fresh seeds", "新种子投入"), ("Chance on fresh seeds", "新种子概率"))  # fmt: skip
    sentences = []
    if found.full is not None:
        sentences.append(
            (
                f"At full size (one simulated agent for one real one), {len(found.full.cost)} fresh runs: cost "
                f"{cost_text(found.full)[0]} × 100 million yuan a year, chance {chance_text(found.full)[0]}.",
                f"全规模运行（1个模拟主体代表1个真实主体）{len(found.full.cost)}次复核：年均新增财政投入"
                f"{cost_text(found.full)[1]}亿元，实现概率{chance_text(found.full)[1]}。",
            )
        )
    head = ("The check on fresh seeds", "新种子复核")
    return Section(head, sentences, [Table(heads, rows, (0, 1, 2, 3))])


def page_of(found: Found, command: str) -> Page:
    """The whole answer."""
    choice = found.choice
    shown = choice.winner.tried if choice.winner else choice.best or choice.anything
    mix = choice.winner.fresh if choice.winner else shown.reached
    base = found.base_fresh if choice.winner else found.base
    parts: Sequence[Section | None] = (
        mix_section(found, shown), target_section(found, mix, base),
        binding_section(found) if choice.winner is None else None, front_section(found), check_section(found),
        rests_on(found),
    )  # fmt: skip
    title = ("The cheapest mix for chosen targets", "实现既定目标的最省政策组合")
    sections = [one for one in parts if one is not None]
    return Page(title, question(found.asked), told_of(found), sections, command)
