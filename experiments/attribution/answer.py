"""The answer as a page of text, Chinese and then English: parts with bands, cost, pairs, targets, what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from experiments.attribution.basis import lever_rows, of_scenario, sentences, start_of
from experiments.attribution.digits import decimals, decimals_of
from experiments.attribution.overview import CHINESE, ENGLISH, SUM_ROW, overview, shown, title_of, unit_of
from experiments.attribution.parts import Parts
from experiments.attribution.request import Asked
from experiments.attribution.rows import Attribution, effect_per_100m
from experiments.markdown import table
from experiments.number_texts import percent
from experiments.pairs import beyond_chance
from experiments.words import Pair
from sim.catalogue.loader import catalogue

LANGUAGES = (CHINESE, ENGLISH)
LEAST_CHANCE = 0.005  # a smaller part of a chance is none
TITLE: Pair = ("Whose part is how large: {names}", "各类政策工具的贡献：{names}")
QUESTION: Pair = (
    "What did each group of levers do from {start} to {year}, and at what public cost?",
    "自{start_zh}至 {year} 年，各类政策工具各起了多大作用，公共成本是多少？",
)
ENDS: Pair = (
    "Without any group {none}, with all {all}: difference {difference}; unit: {unit}.",
    "各类工具均不实施时为 {none}，全部实施时为 {all}，相差 {difference}；单位：{unit}。",
)
HEADS: tuple[tuple[str, ...], tuple[str, ...]] = (
    ("group", "part, {unit} (5-95 %)", "cost, 100m yuan (5-95 %)", "effect of 100m yuan (5-95 %)"),
    ("工具类别", "贡献，{unit}（5–95%）", "公共成本，亿元（5–95%）", "每亿元公共成本的效果（5–95%）"),
)
TOGETHER: Pair = (
    "Together more than apart: {pairs}.",
    "相互促进（共同作用大于各自之和）：{pairs}。",
)
APART: Pair = ("Together less than apart: {pairs}.", "相互替代（共同作用小于各自之和）：{pairs}。")
NO_PAIR: Pair = (
    "No two groups do noticeably more or less together than apart beyond the spread of the runs.",
    "没有哪两类工具的相互作用既明显又超出各次运行的波动范围。",
)
TARGETS: Pair = ("Targets", "目标实现概率")
TARGET_HEADS: tuple[tuple[str, ...], tuple[str, ...]] = (
    ("target", "year", "no group", "all groups", "parts in percentage points (5-95 %)"),
    ("目标", "年份", "均不实施", "全部实施", "各类工具的贡献，百分点（5–95%）"),
)
NO_PART: Pair = ("no group changes it", "没有工具改变该概率")
BASIS: Pair = ("What this rests on", "依据与假设")
LEVER_HEADS: tuple[tuple[str, ...], tuple[str, ...]] = (
    ("lever", "group", "evidence", "share of fiscal science spending (range), grade", "assumed doses (grade D)"),
    ("工具", "类别", "证据等级", "占财政科技支出比例（区间），等级", "假设的力度（D 级）"),
)
GRADES: Pair = (
    "Grades: A measured or statute, B good evidence, C weak or transferred, D assumption. No document gives a yearly"
    " budget of a line. The doses are listed by `innopolicy list timeline scenario=NAME`.",
    "等级：A 为实测或法规，B 为证据充分，C 为证据较弱或借自他处，D 为假设。各文件均未给出各项资金的年度预算。"
    "各项力度见 `innopolicy list timeline scenario=NAME titles=zh`。",
)
MOST_PAIRS = 3
LEAST_SHARE = 0.01  # of the whole difference: a pair that does less is not worth a sentence


def answer_text(found: Sequence[Attribution], asked: Asked) -> str:
    """The page: Chinese, then English."""
    pages = ("\n".join(_page(found, asked, language)) for language in LANGUAGES)
    return "\n---\n\n".join(f"{page}\n" for page in pages)


def _named(one: Attribution, language: int) -> str:
    return (one.scenario.title_en, one.scenario.title_zh)[language]


def _page(found: Sequence[Attribution], asked: Asked, language: int) -> Iterator[str]:
    names = ("; " if language == ENGLISH else "；").join(_named(one, language) for one in found)
    yield f"# {TITLE[language].format(names=names)}\n"
    yield f"`{asked.command}`\n"
    if len(found) > 1:
        yield from overview(found, language)
    for one in found:
        start, start_zh = start_of(one.scenario)
        told = {"start": start, "start_zh": start_zh, "year": one.cost.question.year}
        yield f"## {_named(one, language)}\n"
        yield QUESTION[language].format(**told) + "\n"
        for parts in (*(p for p in one.parts if p.question.kind != "probability"), one.cost):
            yield from _outcome(one, parts, language)
        yield from _targets(one, language)
    yield f"## {BASIS[language]}\n"
    yield from _basis(found, asked, language)


def _outcome(found: Attribution, parts: Parts, language: int) -> Iterator[str]:
    """One indicator, or the cost: its ends, a table of the parts, and the pairs."""
    places, name = decimals_of(parts), unit_of(parts.question, language)
    total = parts.values[:, -1] - parts.values[:, 0]
    spent = found.cost.values[:, -1] - found.cost.values[:, 0]
    yield f"### {title_of(parts.question, language)}\n"
    ends = {key: shown(parts.band(parts.values[:, place]), places, language, is_signed=False)
            for key, place in (("none", 0), ("all", -1))}  # fmt: skip
    yield ENDS[language].format(**ends, unit=name, difference=shown(parts.band(total), places, language)) + "\n"
    order = sorted(range(len(parts.groups)), key=lambda i: (-abs(float(parts.exact(i))), i))
    lines = [(parts.groups[i].title[language], parts.part(i), found.cost.part(i)) for i in order]
    is_cost = parts.question.kind == "cost"
    lines.append((SUM_ROW[language], total, spent))
    each = [effect_per_100m(found, parts, part, cost) for _, part, cost in lines]
    fine = decimals((one[0] for one in each if one), parts.question.unit)
    rows = []
    for (title, part, cost), one in zip(lines, each, strict=True):
        cells = [title, shown(parts.band(part), places, language)]
        if not is_cost:
            cells += [shown(found.cost.band(cost), decimals_of(found.cost), language)]
            cells += [shown(one, fine, language) if one else "–"]
        rows.append(cells)
    heads = [text.format(unit=name) for text in HEADS[language][: 2 if is_cost else 4]]
    yield table(heads, rows)
    yield from _pairs(parts, language)


def _pairs(parts: Parts, language: int) -> Iterator[str]:
    """The pairs whose interaction is beyond chance and worth a word, the largest first."""
    bands = [(pair, parts.band(parts.pair(place))) for place, pair in enumerate(parts.pairs)]
    least = LEAST_SHARE * abs(float(parts.exact_total))
    sure = [one for one in bands if beyond_chance(*one[1][1:]) and abs(one[1][0]) >= least]
    sure.sort(key=lambda one: -abs(one[1][0]))
    if not bands:
        return
    for words, sign in ((TOGETHER, 1.0), (APART, -1.0)):
        chosen = [one for one in sure if np.sign(one[1][0]) == sign][:MOST_PAIRS]
        joined = ("; " if language == ENGLISH else "；").join(
            f"{_both(parts, pair, language)} {shown(band, decimals_of(parts), language)}" for pair, band in chosen
        )
        if chosen:
            yield words[language].format(pairs=joined) + "\n"
    if not sure:
        yield NO_PAIR[language] + "\n"


def _both(parts: Parts, pair: tuple[int, int], language: int) -> str:
    first, second = (parts.groups[i].title[language] for i in pair)
    return f"{first} & {second}" if language == ENGLISH else f"“{first}”与“{second}”"


def _targets(found: Attribution, language: int) -> Iterator[str]:
    """The chance of each target without and with all groups, and the parts that change it."""
    asked = [parts for parts in found.parts if parts.question.kind == "probability"]
    if not asked:
        return
    rows = []
    for parts in asked:
        row = catalogue().targets[parts.question.name]
        ends = [f"{percent(float(parts.values[:, place].mean()))} %" for place in (0, -1)]
        title = (row.title_en, row.title_zh)[language]
        rows.append([f"{title} ({row.plan})", str(row.target_year), *ends, _chances(parts, language)])
    yield f"### {TARGETS[language]}\n"
    yield table(TARGET_HEADS[language], rows)


def _chances(parts: Parts, language: int) -> str:
    told = []
    for i in sorted(range(len(parts.groups)), key=lambda i: -abs(parts.exact(i))):
        mean, low, high = (100.0 * value for value in parts.band(parts.part(i)))
        if abs(mean) >= 100.0 * LEAST_CHANCE:
            told.append(f"{parts.groups[i].title[language]} {mean:+.0f} ({low:.0f}–{high:.0f})")
    return ("; " if language == ENGLISH else "；").join(told) or NO_PART[language]


def _basis(found: Sequence[Attribution], asked: Asked, language: int) -> Iterator[str]:
    """How it is meant, the scenarios' own assumptions, and what about each lever is assumed."""
    seen: dict[str, None] = {}
    for one in found:
        mine = [*sentences(one, asked.request.variation), *of_scenario(one.scenario)]
        prefix = f"{_named(one, language)}: " if len(found) > 1 else ""
        common = {pair[language] for pair in sentences(found[0], asked.request.variation)}
        for pair in mine:
            seen.setdefault(pair[language] if pair[language] in common else prefix + pair[language])
    yield "\n".join(f"- {sentence}" for sentence in seen) + "\n"
    rows = {row[0]: row for one in found for row in lever_rows(one.cost.groups, language)}
    yield table(LEVER_HEADS[language], rows.values())
    yield GRADES[language]
