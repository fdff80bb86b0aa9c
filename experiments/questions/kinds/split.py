"""What became of the money: additional, displaced, relabelled, misused and unspent, and reported beside actual R&D."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from experiments.outcomes import Array
from experiments.questions.blocks import BOOKS, Block
from experiments.questions.finding import Case, Cell, Finding, Number, Panel, Said, Series, Table
from experiments.questions.measures import MILLION, difference, measured, number
from experiments.questions.question import Outcome, Question, Variant
from experiments.questions.telling import changed, hedge, sentence_of, told
from experiments.scorecard import unit_factor
from experiments.words import BOOKS as WORDS
from experiments.words import Pair
from sim.catalogue.loader import catalogue

PARTS = ("additional", "displaced", "relabelled", "wage", "misused", "services")  # of what was disbursed
DEADWEIGHT = ("displaced", "relabelled", "wage", "misused")
DEAD: Pair = ("deadweight (displaced, relabelled, wage rise, misused)", "无效部分（挤出、重新归类、工资上涨和挪用）")
PANELS: tuple[tuple[int, Pair], ...] = (  # place among the numbers of a variant, and what it is
    (6, ("R&D carried out for each yuan paid", "每拨付1元对应的实际研发投入增量")),
    (1, ("Additional, part of what was paid", "新增研发占拨付额的比重")),
    (2, ("Deadweight, part of what was paid", "无效部分占拨付额的比重")),
)
REPORTED, ACTUAL = "rd_expenditure", "rd_actual"
SIDES: tuple[Pair, Pair] = (("R&D reported", "申报研发经费"), ("R&D carried out", "实际研发投入"))


@dataclass(frozen=True)
class Split:
    """lines : the lever whose line is split, by variant."""

    lines: dict[str, str]


def read(block: Block, variants: tuple[Variant, ...], reference: str) -> Split:
    """lines: a block of variant: lever."""
    inner = Block(block.faults, (*block.path, "lines"), block.take("lines"))
    names = [one.name for one in variants]
    lines = {str(name): inner.word(str(name), catalogue().levers) for name in inner.raw}
    for name in lines:
        if name not in names:
            inner.fault(name, f"is no variant; there are: {', '.join(names)}")
    if not lines:
        block.fault("lines", "must name at least one variant with its lever")
    return Split(lines)


def points(question: Question) -> tuple[Variant, ...]:
    """The variants as they stand."""
    return question.variants


def booked(case: Case, variant: str, column: str) -> Array:
    """Million yuan of a column of the variant's line, shape (n_runs,)."""
    found = measured(case.of(variant), Outcome(f"{BOOKS}.{case.question.block.lines[variant]}.{column}"))
    assert found is not None
    return found


def part(case: Case, variant: str, columns: tuple[str, ...], title: Pair) -> Number:
    """Percent of what was disbursed that some columns take; nothing where nothing was disbursed."""
    whole, sums = booked(case, variant, "disbursed"), sum(booked(case, variant, c) for c in columns)
    values = 100.0 * sums / whole if (whole > 0.0).all() else None
    return number(f"{columns[0] if len(columns) == 1 else 'deadweight'}:{variant}", title, "%", values, False)


def unspent(case: Case, variant: str) -> Number:
    """Percent of the appropriation that was not spent."""
    whole = booked(case, variant, "appropriated")
    values = 100.0 * booked(case, variant, "unspent") / whole if (whole > 0.0).all() else None
    return number(f"unspent:{variant}", WORDS["unspent"], "%", values, False)


def a_yuan(case: Case, variant: str) -> Number:
    """R&D carried out for each yuan of the line that was paid, against the reference; nothing where little was paid."""
    title = ("R&D carried out for each yuan paid", "每拨付1元对应的实际研发投入增量")
    paid, change = booked(case, variant, "disbursed"), difference(case.of(variant), case.reference, Outcome(ACTUAL))
    values = None if change is None or (paid <= 0.0).any() else change * unit_factor("100m yuan", MILLION) / paid
    return number(f"a_yuan:{variant}", title, "yuan", values, True, case.scale)


def both_sides(case: Case, variant: str) -> list[Number]:
    """Reported and actual R&D against the reference, sums of all years."""
    found = []
    for name in (REPORTED, ACTUAL):
        row = catalogue().indicators[name]
        values = difference(case.of(variant), case.reference, Outcome(name))
        found.append(number(f"{name}:{variant}", (row.title_en, row.title_zh), row.unit, values, True, case.scale))
    return found


def sentence(case: Case, variant: str) -> tuple[Said, list[Number]]:
    """R&D for each yuan of a variant's line, and as points what became of the money and what it did to R&D."""
    paid = number(f"disbursed:{variant}", WORDS["disbursed"], MILLION, booked(case, variant, "disbursed"), False)
    real, dead = part(case, variant, ("additional",), WORDS["additional"]), part(case, variant, DEADWEIGHT, DEAD)
    rest, numbers = unspent(case, variant), both_sides(case, variant)
    lever, name = catalogue().levers[case.question.block.lines[variant]], case.question.variant(variant).title
    each = a_yuan(case, variant)
    parts = [(f"{each.title[0]}: {changed(each)[0]}{hedge(each)[0]}",
              f"每拨付1元，实际研发投入{changed(each)[1]}{hedge(each)[1]}"),
             (f"Paid by “{lever.title_en}”: {told(paid)[0]}", f"“{lever.title_zh}”共拨付{told(paid)[1]}"),
             *((f"Of what was paid, {one.title[0]}: {told(one)[0]}", f"拨付额中{one.title[1]}占{told(one)[1]}")
               for one in (real, dead)),
             (f"Of the appropriation, not spent: {told(rest)[0]}", f"预算结余占{told(rest)[1]}"),
             *((f"{word[0]}, all years: {changed(one)[0]}{hedge(one)[0]}",
                f"{word[1]}（各年合计）{changed(one)[1]}{hedge(one)[1]}")
               for word, one in zip(SIDES, numbers, strict=True))]  # fmt: skip
    base = case.question.variant(case.question.reference).title
    return sentence_of(name, base, parts), [paid, real, dead, rest, *numbers, each]


def answer(case: Case) -> Finding:
    """A sentence a variant with a line, a table of all parts, dots of R&D a yuan, additional and deadweight."""
    block: Split = case.question.block
    said = [sentence(case, name) for name in block.lines]
    heads: list[Pair] = [("Variant", "方案"), WORDS["disbursed"], *(WORDS[p] for p in PARTS), DEAD, WORDS["unspent"],
                         ("Reported R&D, all years", "申报研发经费（各年合计）"),
                         ("R&D carried out, all years", "实际研发投入（各年合计）"),
                         ("for each yuan paid", "每拨付1元")]  # fmt: skip
    rows: list[list[Cell]] = []
    for name, (_, numbers) in zip(block.lines, said, strict=True):
        shares: list[Cell] = [part(case, name, (p,), WORDS[p]) for p in PARTS]
        rows.append([case.lettered(name), numbers[0], *shares, numbers[2], numbers[3], *numbers[4:]])
    table = Table(("Of each line, percent of what was paid", "各项资金的去向（占拨付额的百分比）"), heads, rows)
    panels = [_panel(case, [n[at] for _, n in said], title) for at, title in PANELS]
    return Finding([text for text, _ in said], [n for _, found in said for n in found], [table], panels)


def _panel(case: Case, numbers: list[Number], title: Pair) -> Panel:
    series = [
        Series(case.mark(name), [0.0], [n.middle], [n.low], [n.high])
        for name, n in zip(case.question.block.lines, numbers, strict=True)
        if n.middle is not None and n.low is not None and n.high is not None and np.isfinite(n.middle)
    ]
    return Panel(title, numbers[0].unit, "dots", series, 0.0)
