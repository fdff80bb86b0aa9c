"""What a mix costs and what it buys, with bands over paired seeds, and the ledger of its levers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from experiments.costs import OutcomeCost, outcome_costs, public_cost
from experiments.dashboard.dose_texts import with_unit
from experiments.dashboard.sight import Sight
from experiments.dashboard.tables_html import Cell, Row
from experiments.dashboard.view_targets import title_of, unit_text
from experiments.dashboard.wording import word
from experiments.number_texts import COUNTED, TO_WAN, amount, shifted
from experiments.outcomes import Results
from experiments.pairs import band, beyond_chance
from experiments.tables import BOOK_COLUMNS, budget_rows, short
from experiments.words import BOOKS, OTHER_LINES, Pair, words
from sim.catalogue.loader import catalogue

MILLION_IN_100M = 100.0
DOUBT: Pair = (", which cannot be told from no effect", "，尚不能与“无影响”区分")
SURE: Pair = ("", "")
NO_EFFECT: Pair = (", the same in every replicate", "，各次重复均无差异")


def in_100m(million: float) -> str:
    """Million yuan as 100 million yuan, in a few digits."""
    value = million / MILLION_IN_100M
    if value and abs(value) < 0.005:
        return "<0.01" if value > 0 else ">-0.01"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.1f}" if abs(value) >= 10 else f"{value:.2f}"


def cost_of(results: Results) -> tuple[float, float, float]:
    """Public cost of all years: mean, 5 and 95 % of the runs, million yuan."""
    return band(np.array([public_cost(book) for book in results.books]))


def costs_of(sight: Sight) -> list[OutcomeCost]:
    """Cost and effect of the mix against its reference by outcome; nothing without a reference."""
    return [] if sight.reference is None else outcome_costs(sight.all)


def signed(value: float, unit: str) -> str:
    """A difference with its sign."""
    text = amount(value, unit)
    return text if value < 0 or text in ("0", "-") else f"+{text}"


def sentences(sight: Sight, language: int) -> list[str]:
    """In a few sentences: what more it costs, and what it does to five outcomes, each with its band."""
    costs = costs_of(sight)
    if not costs:
        total = cost_of(sight.mix)
        told = ("{} × 100m yuan in all years together (5–95 %: {} to {}).", "各年合计 {} 亿元（5–95%：{} 至 {}）。")
        return [word("cost", language) + ("：" if language else ": ") + told[language].format(*map(in_100m, total))]
    money = (
        "Public cost (all years together), change against history: {} × 100m yuan (5–95 %: {} to {}){doubt}.",
        "财政投入（各年合计）较历史情形变动：{} 亿元（5–95%：{} 至 {}）{doubt}。",
    )
    return _told(costs, money, language)


def difference_sentences(sight: Sight, language: int) -> list[str]:
    """The same for two mixes, the second against the first."""
    money = (
        "Public cost (all years together), second minus first: {} × 100m yuan (5–95 %: {} to {}){doubt}.",
        "财政投入（各年合计），组合二减组合一：{} 亿元（5–95%：{} 至 {}）{doubt}。",
    )
    return _told(costs_of(sight), money, language)


def _told(costs: Sequence[OutcomeCost], money: Pair, language: int) -> list[str]:
    """The cost by this sentence, then a sentence an outcome."""
    if not costs:
        return []
    first = costs[0]
    numbers = [_with_sign(million) for million in (first.cost, first.cost_p05, first.cost_p95)]
    doubt = _doubt(first.cost, first.cost_p05, first.cost_p95)[language]
    return [money[language].format(*numbers, doubt=doubt), *(_effect_sentence(one, language) for one in costs)]


def _with_sign(million: float) -> str:
    text = in_100m(million)
    return f"+{text}" if million > 0 and not text.startswith("<") else text


def _effect_sentence(one: OutcomeCost, language: int) -> str:
    row = catalogue().indicators[one.indicator]
    when = (("at the end", "期末"), ("all years together", "各年合计"))[row.kind == "flow"][language]
    numbers = [signed(value, row.unit) for value in (one.effect, one.effect_p05, one.effect_p95)]
    told = (
        "{title} ({when}): {0} (5–95 %: {1} to {2}){doubt}.",
        "{title}（{when}）：{0}（5–95%：{1} 至 {2}）{doubt}。",
    )[language]
    title, unit = title_of(row, language), unit_text(row.unit, language)
    doubt = _doubt(one.effect, one.effect_p05, one.effect_p95)[language]
    first = numbers[0] if is_counted(row.unit) and not language else with_unit(numbers[0], unit)
    return told.format(first, *numbers[1:], title=title, when=when, doubt=doubt)


def _doubt(value: float, low: float, high: float) -> Pair:
    """What to add to a difference that chance alone could have made; nothing to one that is sure."""
    if not any((value, low, high)):
        return NO_EFFECT
    return SURE if beyond_chance(low, high) else DOUBT


def is_counted(unit: str) -> bool:
    """Whether a unit is of what comes one by one: a title names it, so that English needs no unit beside it."""
    row = catalogue().units.get(unit)
    return row is not None and row.dimension in COUNTED and row.factor == 1.0


def cost_head(language: int) -> Row:
    """The head of the table of costs and outcomes."""
    heads = ("outcome", "unit", "effect", "cost_of_unit")
    return [Cell(word(key, language), kind="n" if place > 1 else "") for place, key in enumerate(heads)]


def cost_rows(sight: Sight, language: int) -> list[Row]:
    """Effect of the mix on five outcomes, and what a unit of it cost."""
    rows: list[Row] = []
    for one in costs_of(sight):
        row = catalogue().indicators[one.indicator]
        effect = Cell(signed(one.effect, row.unit), _range(one.effect_p05, one.effect_p95, row.unit), "n")
        per = Cell("", kind="n")
        if one.cost_per_unit is not None and one.cost_per_unit_p05 is not None and one.cost_per_unit_p95 is not None:
            ends = (one.cost_per_unit, one.cost_per_unit_p05, one.cost_per_unit_p95)
            middle, low, high = (shifted(short(value), TO_WAN) if language else short(value) for value in ends)
            per = Cell(middle, f"{low}–{high}", "n")
        rows.append([title_of(row, language), unit_text(row.unit, language), effect, per])
    return rows


def _range(low: float, high: float, unit: str) -> str:
    return f"{signed(low, unit)} … {signed(high, unit)}"


def ledger_head(language: int) -> Row:
    """The head of the ledger."""
    return [
        Cell(word("lever", language), kind="wide"),
        *(Cell(words(BOOKS, column)[language], kind="n") for column in BOOK_COLUMNS),
    ]


def ledger_rows(results: Results, language: int) -> list[Row]:
    """By lever, in 100 million yuan: sums over all years, means over the runs; lines without money are left out."""
    sums: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(BOOK_COLUMNS, 0.0))
    for lever, _, amounts in budget_rows(results):
        for column in BOOK_COLUMNS:
            sums[lever][column] += amounts[column]
    titles = {name: (row.title_en, row.title_zh) for name, row in catalogue().levers.items()} | dict(OTHER_LINES)
    order = [*(lever for lever in titles if lever in sums), *sorted(sums.keys() - titles.keys())]
    return [
        [words(titles, lever)[language], *(in_100m(value) if (value := sums[lever][c]) else "" for c in BOOK_COLUMNS)]
        for lever in order
        if any(sums[lever].values())
    ]
