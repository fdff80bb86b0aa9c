"""Will targets be reached: value, probability, year of attainment and gap of targets in each variant.

`together` names sets of targets that are to be met in one and the same run.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.outcomes import Array, Results
from experiments.pairs import QUANTILES
from experiments.questions.blocks import Block
from experiments.questions.finding import Case, Cell, Finding, Number, Panel, Said, Series, Table
from experiments.questions.measures import median, share
from experiments.questions.question import Question, Variant
from experiments.questions.telling import in_words, told
from experiments.scorecard import base_year_of, good, met, path, wanted
from experiments.tables import short
from experiments.words import Pair
from sim.catalogue.loader import catalogue
from sim.catalogue.rows import TargetRow

EASY = 0.9


@dataclass(frozen=True)
class Together:
    """Targets that are to be met in one run."""

    title: Pair
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Reaches:
    """targets : ids; say : variants of the sentences; together : sets; easy : whether easy targets are named."""

    targets: tuple[str, ...]
    say: tuple[str, ...]
    together: tuple[Together, ...]
    easy: bool


def read(block: Block, variants: tuple[Variant, ...], reference: str) -> Reaches:
    """targets, say, together and easy."""
    names = [one.name for one in variants]
    sets = []
    for one in block.blocks("together"):
        sets.append(Together(one.pair("title"), one.targets("targets")))
        one.close()
    return Reaches(
        block.targets("targets"), block.words("say", names, [reference]), tuple(sets),
        block.word("easy_targets", ("told", "untold"), "untold") == "told",
    )  # fmt: skip


def points(question: Question) -> tuple[Variant, ...]:
    """The variants as they stand."""
    return question.variants


def target_title(row: TargetRow) -> Pair:
    """A target with its year and its number."""
    if row.target is None:
        limit = row.target_text, row.target_text_zh or row.target_text
    else:
        (scale, unit), (scale_zh, unit_zh) = in_words(row.unit, row.target)
        limit = f"{short(row.target * scale)}{unit}", f"{short(row.target * scale_zh)}{unit_zh}"
    sign = "≤ " if row.direction == "at_most" else "≥ "
    is_each = "each_year_from_" in row.basis
    years = f"{row.basis.rpartition('_')[2]}–{row.target_year}" if is_each else f"{row.target_year}"
    return (
        f"{row.title_en}, {years} ({sign}{limit[0]})",
        f"{years}年{'每年' if is_each else ''}{row.title_zh}（{sign}{limit[1]}）",
    )


def year_of(row: TargetRow, results: Results) -> Array | None:
    """The first year of each run on the good side, infinite where there is none, shape (n_runs,)."""
    values = path(row, results)
    if values is None:
        return None
    limits, base = wanted(row, results.years), base_year_of(row) or results.years[0] - 1
    held = good(row, values, limits[np.newaxis, :]) & (np.array(results.years) > base)
    years = np.where(held, np.array(results.years, float), np.inf)
    return np.asarray(years.min(axis=1), float)


def numbers_of(case: Case, variant: str, target: str) -> dict[str, Number]:
    """Value, probability, year and gap of a target in a variant; only those that the runs have."""
    row, results = catalogue().targets[target], case.of(variant)
    found: dict[str, Number] = {}
    values, held, years = path(row, results), met(row, results), year_of(row, results)
    title = target_title(row)
    if values is None or held is None or years is None:
        return found
    at = results.years.index(row.target_year or 0)
    found["value"] = median(f"value:{variant}:{target}", title, row.unit, values[:, at])
    found["chance"] = share(f"probability:{variant}:{target}", title, int(held.sum()), len(held))
    low, mid, high = (float(np.quantile(years, q, method="inverted_cdf")) for q in (QUANTILES[0], 0.5, QUANTILES[1]))
    if math.isfinite(mid):
        found["year"] = Number(f"year:{variant}:{target}", title, "year", mid, low, high, len(years), "median")
    found["ever"] = share(f"ever:{variant}:{target}", title, int(np.isfinite(years).sum()), len(years))
    limit = float(wanted(row, results.years)[at])
    gaps = values[:, at] - limit
    unit = "percentage points" if row.unit == "%" else row.unit
    gap = median(f"gap:{variant}:{target}", title, unit, gaps)
    found["gap"] = Number(gap.key, gap.title, unit, gap.middle, gap.low, gap.high, gap.runs, "median", True)
    return found


def sentence(case: Case, variant: str, target: str) -> tuple[Said, list[Number]]:
    """The probability of one target in one variant; its value and when it is reached as points."""
    row, name = catalogue().targets[target], case.question.variant(variant).title
    found = numbers_of(case, variant, target)
    if not found:
        nothing = f"{name[0]}: {row.title_en} cannot be tested in these runs.", f"“{name[1]}”：{row.title_zh}无法检验。"
        return Said(nothing), []
    value, chance, last = told(found["value"]), told(found["chance"]), case.of(variant).years[-1]
    title = target_title(row)
    if "year" not in found:
        ever = told(found["ever"])
        when = (f"By the end of {last} it has been there with probability {ever[0]}",
                f"到{last}年末曾经达到的概率为{ever[1]}")  # fmt: skip
    else:
        year = found["year"]
        late = f"{year.high:.0f}" if year.high is not None and math.isfinite(year.high) else f"after {last}"
        late_zh = f"{late}年" if late.isdigit() else f"{last}年以后"
        when = (f"The median run gets there in {year.middle:.0f} (5–95 %: {year.low:.0f} to {late})",
                f"中位情形在{year.middle:.0f}年首次达到（5–95%区间{year.low:.0f}年至{late_zh}）")  # fmt: skip
    gap = told(found["gap"])
    lead = (f"{name[0]}: {title[0]} is met with probability {chance[0]}.",
            f"“{name[1]}”：{title[1]}的达标概率为{chance[1]}。")  # fmt: skip
    points = [(f"Median value then: {value[0]}", f"届时中位值为{value[1]}"),
              (f"Distance from the target then: {gap[0]}", f"届时与目标的差距为{gap[1]}"), when]  # fmt: skip
    return Said(lead, points), list(found.values())


def _joint(case: Case, block: Reaches) -> tuple[list[Said], list[Number], list[Table]]:
    """Sets of targets met in one run, by variant."""
    sentences, numbers, rows = list[Said](), list[Number](), []
    for i, one in enumerate(block.together):
        cells: list[Cell] = [one.title]
        parts = []
        for variant in (v.name for v in case.question.variants):
            held = [met(catalogue().targets[target], case.of(variant)) for target in one.targets]
            if any(h is None for h in held):
                cells.append(("–", "–"))
                continue
            all_met = np.all([h for h in held if h is not None], axis=0)
            found = share(f"together:{i}:{variant}", one.title, int(all_met.sum()), len(all_met))
            numbers.append(found)
            cells.append(found)
            title, chance = case.question.variant(variant).title, told(found)
            parts.append((f"“{title[0]}”: {chance[0]}", f"“{title[1]}”：{chance[1]}"))
        if parts:
            sentences.append(Said((f"{one.title[0]}, all met in one run with probability – {parts[0][0]}.",
                                   f"{one.title[1]}同时达标的概率，{parts[0][1]}。"), parts[1:]))  # fmt: skip
        rows.append(cells)
    heads: list[Pair] = [("Set of targets", "目标组合"), *(case.lettered(v.name) for v in case.question.variants)]
    table = (
        [Table(("Probability that all are met in one run", "同一次运行中全部达标的概率"), heads, rows)] if rows else []
    )
    return sentences, numbers, table


def _easy(case: Case, targets: Sequence[str]) -> Said:
    """The targets that the reference reaches nearly always."""
    reference = case.question.variant(case.question.reference).title
    names = []
    for target in targets:
        held = met(catalogue().targets[target], case.reference)
        if held is not None and held.mean() >= EASY:
            names.append(target_title(catalogue().targets[target]))
    share_of = f"{EASY * 100:.0f}"
    if not names:
        return Said((f"No target is met in {share_of} % of the runs of “{reference[0]}”: none is too easy.",
                     f"在“{reference[1]}”下没有一项目标的达标概率达到{share_of}%，即没有过于容易的目标。"))  # fmt: skip
    return Said(
        (f"Too easy, met in at least {share_of} % of the runs of “{reference[0]}” already:"
         f" {len(names)} of {len(targets)} targets.",
         f"在“{reference[1]}”下达标概率已不低于{share_of}%、要求偏低的目标："
         f"{len(targets)}项中有{len(names)}项。"), names,
    )  # fmt: skip


def answer(case: Case) -> Finding:
    """Sentences for the variants that are to be said, a table of all, a panel of paths a target."""
    block: Reaches = case.question.block
    sentences, numbers, joint = _joint(case, block)
    if not block.together:
        for variant in block.say:
            for target in block.targets:
                text, found = sentence(case, variant, target)
                sentences.append(text)
                numbers += found
    if block.easy:
        sentences.append(_easy(case, block.targets))
    heads: list[Pair] = [("Variant", "方案"), ("Target", "目标"), ("Value", "数值"), ("Probability", "达标概率"),
                         ("Reached in", "达标年份"), ("Gap", "差距")]  # fmt: skip
    rows = []
    for one in case.question.variants:
        for target in block.targets:
            of = numbers_of(case, one.name, target)
            cells: list[Cell] = [of.get(key, ("–", "–")) for key in ("value", "chance", "year", "gap")]
            rows.append([case.lettered(one.name), target_title(catalogue().targets[target]), *cells])
    table = Table(("Each target in each variant", "各方案下的各项目标"), heads, rows)
    return Finding(sentences, numbers, [*joint, table], [panel(case, target) for target in block.targets[:2]])


def panel(case: Case, target: str) -> Panel:
    """Paths of the target's indicator with their bands in each variant."""
    row = catalogue().targets[target]
    series = []
    for one in case.question.variants:
        values = path(row, case.of(one.name))
        if values is not None:
            low, mid, high = np.nanquantile(values, (QUANTILES[0], 0.5, QUANTILES[1]), axis=0)
            series.append(Series(case.mark(one.name), case.of(one.name).years, list(mid), list(low), list(high)))
    return Panel((row.title_en, row.title_zh), row.unit, "lines", series, row.target)
