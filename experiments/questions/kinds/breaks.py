"""What a shock breaks first, and what holds it: targets by what they lose, remedies by what they bring back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from experiments.outcomes import Array
from experiments.pairs import paired
from experiments.questions.blocks import Block
from experiments.questions.finding import Case, Cell, Finding, Number, Panel, Said, Series, Table
from experiments.questions.kinds.reaches import target_title
from experiments.questions.measures import MILLION, extra_cost, is_beyond, number, share
from experiments.questions.question import Question, Variant
from experiments.questions.telling import changed, hedge, told
from experiments.scorecard import met, path
from experiments.words import Pair
from sim.catalogue.loader import catalogue

LISTED = 3  # targets that are named


@dataclass(frozen=True)
class Breaks:
    """shock : the variant that is hit; remedies : variants that are hit too, each with something against it."""

    targets: tuple[str, ...]
    shock: str
    remedies: tuple[str, ...]


def read(block: Block, variants: tuple[Variant, ...], reference: str) -> Breaks:
    """targets, shock and remedies."""
    others = [one.name for one in variants if one.name != reference]
    return Breaks(block.targets("targets"), block.word("shock", others), block.words("remedies", others, ()))


def points(question: Question) -> tuple[Variant, ...]:
    """The variants as they stand."""
    return question.variants


def lost(case: Case, one: str, other: str, target: str) -> Array | None:
    """Paired difference of a target's indicator by year in percent of the other, shape (n_pairs, n_years)."""
    row = catalogue().targets[target]
    here, there = path(row, case.of(one)), path(row, case.of(other))
    if here is None or there is None or case.of(one).years != case.of(other).years:
        return None
    mine, theirs = paired(case.of(one), case.of(other))
    base = np.where(there[theirs] > 0.0, there[theirs], np.nan)
    found: Array = 100.0 * (here[mine] - there[theirs]) / base
    return found


def fall(case: Case, target: str, one: str, other: str) -> Number:
    """The difference in the target year, in percent."""
    row, values = catalogue().targets[target], lost(case, one, other, target)
    years = case.reference.years
    at = None if values is None or row.target_year not in years else values[:, years.index(row.target_year)]
    if at is not None and not np.isfinite(at).all():
        at = None
    return number(f"fall:{one}:{other}:{target}", target_title(row), "%", at, True, case.scale)


def first_year(case: Case, target: str, one: str, other: str) -> int | None:
    """The first year in which the indicator is lower, beyond chance."""
    values = lost(case, one, other, target)
    for year, column in zip(case.reference.years, [] if values is None else values.T, strict=False):
        if np.isfinite(column).all() and float(np.quantile(column, 0.95)) < 0.0:
            return year
    return None


def order(case: Case) -> list[str]:
    """Targets by the year in which they begin to fall, then by how far; those that do not fall last."""
    block: Breaks = case.question.block

    def key(target: str) -> tuple[int, float]:
        found = fall(case, target, block.shock, case.question.reference)
        year = first_year(case, target, block.shock, case.question.reference)
        return (year or 9999) if is_beyond(found) and (found.middle or 0) < 0 else 9999, found.middle or 0.0

    return sorted(block.targets, key=key)


def _chances(case: Case, name: str, target: str) -> Cell:
    held = met(catalogue().targets[target], case.of(name))
    title = target_title(catalogue().targets[target])
    return ("–", "–") if held is None else share(f"probability:{name}:{target}", title, int(held.sum()), len(held))


def _odds(before: Number, after: Number) -> Pair:
    """How a probability changes."""
    first, last = told(before), told(after)
    if before.middle == after.middle:
        return f", probability {last[0]} before and after", f"，冲击前后的达标概率均为{last[1]}"
    return f", probability {first[0]} before, {last[0]} after", f"，达标概率由{first[1]}降为{last[1]}" if (
        (after.middle or 0.0) < (before.middle or 0.0)) else f"，达标概率由{first[1]}变为{last[1]}"  # fmt: skip


def _first(case: Case) -> tuple[Said, list[Number]]:
    """Which target falls first, and the next as points."""
    block: Breaks = case.question.block
    name, base = case.question.variant(block.shock).title, case.question.variant(case.question.reference).title
    targets = hit(case)
    if not targets:
        return Said((f"{name[0]}: against “{base[0]}” no target falls beyond chance.",
                     f"“{name[1]}”与“{base[1]}”相比，没有目标出现可与随机差异区分的下降。")), []  # fmt: skip
    numbers, parts = list[Number](), list[Pair]()
    for target in targets[:LISTED]:
        found = fall(case, target, block.shock, case.question.reference)
        year = first_year(case, target, block.shock, case.question.reference)
        chance, before = _chances(case, block.shock, target), _chances(case, case.question.reference, target)
        numbers.append(found)
        odds = ("", "")
        if isinstance(chance, Number) and isinstance(before, Number):
            numbers += [before, chance]
            odds = _odds(before, chance)
        parts.append((f"{found.title[0]} from {year}: {told(found)[0]}{odds[0]}",
                      f"{found.title[1]}自{year}年起下降，到目标年{changed(found)[1]}{odds[1]}"))  # fmt: skip
    lead = (f"{name[0]}: first to fall against “{base[0]}” – {parts[0][0]}.",
            f"“{name[1]}”与“{base[1]}”相比，最先受影响的目标：{parts[0][1]}。")  # fmt: skip
    return Said(lead, parts[1:]), numbers


def hit(case: Case) -> list[str]:
    """Targets that the shock lowers beyond chance, the first to fall first."""
    found = {t: fall(case, t, case.question.block.shock, case.question.reference) for t in order(case)}
    return [target for target, one in found.items() if is_beyond(one) and (one.middle or 0.0) < 0.0]


def held(case: Case, name: str, targets: list[str]) -> Number:
    """What a remedy adds to the targets that fall, in percent of the shock alone, the mean of the targets."""
    shock, years = case.question.block.shock, case.reference.years
    columns = []
    for target in targets:
        values, year = lost(case, name, shock, target), catalogue().targets[target].target_year
        if values is not None and year in years:
            columns.append(values[:, years.index(year)])
    title = ("Mean of the targets that fall", "受影响目标的平均变化")
    mean = np.mean(columns, axis=0) if columns else None
    return number(f"held:{name}", title, "%", mean if mean is None or np.isfinite(mean).all() else None, True)


def _best(case: Case) -> tuple[list[Said], list[Number]]:
    """The remedy that brings most of the targets that fall back; its cost and the others as points."""
    block: Breaks = case.question.block
    targets = hit(case)
    if not block.remedies or not targets:
        return [], []
    gains = {name: held(case, name, targets) for name in block.remedies}
    best = max(gains, key=lambda name: gains[name].middle or 0.0)
    found, title = gains[best], case.question.variant(best).title
    spent = number(
        f"cost:{best}", ("Public cost", "财政投入"), MILLION, extra_cost(case.of(best), case.of(block.shock)), True
    )
    lead = (f"Of {len(block.remedies)} remedies “{title[0]}” holds the {len(targets)} targets that fall best:"
            f" on average {changed(found)[0]}{hedge(found)[0]} against the shock alone.",
            f"{len(block.remedies)}项应对措施中，“{title[1]}”对{len(targets)}项受影响目标的支撑最强："
            f"与仅有冲击相比平均{changed(found)[1]}{hedge(found)[1]}。")  # fmt: skip
    points = [(f"Its public cost, all years: {changed(spent)[0]}", f"其财政投入（各年合计）{changed(spent)[1]}")]
    for name in (one for one in block.remedies if one != best):
        other, gain = case.question.variant(name).title, gains[name]
        points.append((f"“{other[0]}”: {changed(gain)[0]}{hedge(gain)[0]}",
                       f"“{other[1]}”：平均{changed(gain)[1]}{hedge(gain)[1]}"))  # fmt: skip
    return [Said(lead, points)], [*gains.values(), spent]


def answer(case: Case) -> Finding:
    """What falls first and what holds it; a table of targets by variant; a path and dots of the remedies."""
    block: Breaks = case.question.block
    text, numbers = _first(case)
    further, more = _best(case)
    heads: list[Pair] = [("Target", "目标"), ("Falls from", "开始下降年份"),
                         ("Probability, reference", "参照方案达标概率"),
                         ("Probability, shock", "受冲击后达标概率")]  # fmt: skip
    for name in (block.shock, *block.remedies):
        head = case.lettered(name)
        heads.append((f"{head[0]}: change", f"{head[1]}：变化"))
    rows: list[list[Cell]] = []
    for target in order(case):
        year = first_year(case, target, block.shock, case.question.reference)
        odds = [_chances(case, name, target) for name in (case.question.reference, block.shock)]
        falls = [fall(case, target, name, case.question.reference) for name in (block.shock, *block.remedies)]
        rows.append([target_title(catalogue().targets[target]), (str(year or "–"), str(year or "–")), *odds, *falls])
    note = ("Probability, and change of the value in the target year against the reference",
            "达标概率，以及目标年数值与参照方案相比的变化")  # fmt: skip
    return Finding([text, *further], [*numbers, *more], [Table(note, heads, rows)], _panels(case))


def _panels(case: Case) -> list[Panel]:
    """The path of the first target with and without the shock, and what each remedy brings back."""
    block: Breaks = case.question.block
    first, series = order(case)[0], []
    row = catalogue().targets[first]
    for name in (case.question.reference, block.shock):
        values = path(row, case.of(name))
        if values is not None:
            low, mid, high = np.nanquantile(values, (0.05, 0.5, 0.95), axis=0)
            series.append(Series(case.mark(name), case.of(name).years, list(mid), list(low), list(high)))
    gains = [(name, held(case, name, hit(case))) for name in block.remedies]
    dots = [
        Series(case.mark(name), [0.0], [n.middle], [n.low], [n.high])
        for name, n in gains
        if n.middle is not None and n.low is not None and n.high is not None
    ]
    title = ("Mean of the targets that fall, against the shock alone", "受影响目标与仅有冲击相比的平均变化")
    lines = Panel(target_title(row), row.unit, "lines", series, row.target)
    return [lines, *([Panel(title, "%", "dots", dots, 0.0)] if dots else [])]
