"""What changes and for whom: paired differences of outcomes between each variant and the reference."""

from __future__ import annotations

from dataclasses import dataclass

from experiments.questions.blocks import Block
from experiments.questions.finding import Case, Cell, Finding, Number, Panel, Said, Series, Table
from experiments.questions.measures import MILLION, extra_cost, number, title_of, told_as
from experiments.questions.question import Outcome, Question, Variant
from experiments.questions.telling import changed, hedge, sentence_of, told
from experiments.words import Pair

FURTHEST = 3  # outcomes with a panel
MOST_COLUMNS = 5
COST: Pair = ("Public cost, all years", "财政投入（各年合计）")


@dataclass(frozen=True)
class Compare:
    """outcomes : what is held against the reference; say : variants of the sentences."""

    outcomes: tuple[Outcome, ...]
    say: tuple[str, ...]


def read(block: Block, variants: tuple[Variant, ...], reference: str) -> Compare:
    """outcomes and say."""
    others = [one.name for one in variants if one.name != reference]
    found = Compare(block.outcomes("outcomes", is_needed=True), block.words("say", others, others))
    if found.outcomes and not any(one.say for one in found.outcomes):
        block.fault("outcomes", "must have at least one with say: difference, percent or level")
    return found


def points(question: Question) -> tuple[Variant, ...]:
    """The variants as they stand."""
    return question.variants


def numbers_of(case: Case, variant: str, outcome: Outcome, say: str) -> Number:
    """An outcome of a variant against the reference."""
    key = f"{say}:{variant}:{outcome.of}:{outcome.group}:{outcome.year or 'sum'}"
    return told_as(key, title_of(outcome), case.of(variant), case.reference, outcome, say)


def sentence(case: Case, variant: str, outcomes: tuple[Outcome, ...]) -> tuple[Said, list[Number]]:
    """The first outcome that is to be said of one variant, the others and public cost as points."""
    numbers = [numbers_of(case, variant, one, one.say) for one in outcomes if one.say]
    parts = []
    for found, one in zip(numbers, (one for one in outcomes if one.say), strict=True):
        is_level = one.say == "level"
        text, chance = (told(found), ("", "")) if is_level else (changed(found), hedge(found))
        parts.append(
            (f"{found.title[0]}: {text[0]}{chance[0]}", f"{found.title[1]}{'为' * is_level}{text[1]}{chance[1]}")
        )
    scale = case.scale if any(one.is_too_small for one in numbers) else 1  # where firms may move unseen, so may money
    cost = number(f"cost:{variant}", COST, MILLION, extra_cost(case.of(variant), case.reference), True, scale)
    name, base = case.question.variant(variant).title, case.question.variant(case.question.reference).title
    paid, is_levels = changed(cost), all(one.say == "level" for one in outcomes if one.say)
    if is_levels:  # nothing is held against the reference but the money
        parts.append((f"{COST[0]}, against “{base[0]}”: {paid[0]}", f"与“{base[1]}”相比，{COST[1]}{paid[1]}"))
    else:
        parts.append((f"{COST[0]}: {paid[0]}", f"{COST[1]}{paid[1]}"))
    return sentence_of(name, None if is_levels else base, parts), [*numbers, cost]


def table_of(case: Case, outcomes: tuple[Outcome, ...], title: Pair) -> Table:
    """The level in the reference and the paired difference of every other variant, a row an outcome."""
    base, others = case.question.reference, case.others()
    heads: list[Pair] = [("Outcome", "指标"), case.lettered(base)]
    heads += [case.against(name) for name in others]
    rows: list[list[Cell]] = []
    if len(others) > MOST_COLUMNS:
        return _lying(case, outcomes, title)
    for one in outcomes:
        level: Cell = numbers_of(case, base, one, "level")
        rows.append([title_of(one), level, *(numbers_of(case, name, one, "difference") for name in others)])
    return Table(title, heads, rows)


def _lying(case: Case, outcomes: tuple[Outcome, ...], title: Pair) -> Table:
    """The same with a row a variant, where there are many: the reference's level first, then differences to it."""
    base = case.question.reference
    heads: list[Pair] = [("Variant", "方案"), *map(title_of, outcomes)]
    rows: list[list[Cell]] = [[case.lettered(base), *(numbers_of(case, base, one, "level") for one in outcomes)]]
    rows += [
        [case.against(name), *(numbers_of(case, name, one, "difference") for one in outcomes)] for name in case.others()
    ]
    return Table(title, heads, rows)


def panels_of(case: Case, outcomes: tuple[Outcome, ...]) -> list[Panel]:
    """Differences of the variants as dots, one panel an outcome."""
    found = []
    for one in outcomes[:FURTHEST]:
        numbers = [(name, numbers_of(case, name, one, "difference")) for name in case.others()]
        series = [
            Series(case.mark(name), [0.0], [n.middle], [n.low], [n.high])
            for name, n in numbers
            if n.middle is not None and n.low is not None and n.high is not None and not n.is_too_small
        ]
        if series:
            title, base = title_of(one), case.mark(case.question.reference)
            against = f"{title[0]}: difference to {base}", f"{title[1]}：与{base}的差异"
            found.append(Panel(against, numbers[0][1].unit, "dots", series, 0.0))
    return found


def answer(case: Case) -> Finding:
    """Sentences for the variants that are to be said, a table of all, a panel an outcome."""
    block: Compare = case.question.block
    told_of = [sentence(case, name, block.outcomes) for name in block.say]
    said = tuple(one for one in block.outcomes if one.say)
    table = table_of(case, block.outcomes, ("Paired differences", "配对差异"))
    return Finding(
        [text for text, _ in told_of], [n for _, numbers in told_of for n in numbers], [table], panels_of(case, said)
    )
