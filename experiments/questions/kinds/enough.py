"""Where more adds nothing: doses swept, and the last step whose paired gain can be told from chance."""

from __future__ import annotations

from dataclasses import dataclass

from experiments.outcomes import Array
from experiments.questions.blocks import Block, sweep_of
from experiments.questions.finding import Case, Cell, Finding, Number, Panel, Said, Series, Table
from experiments.questions.kinds.dose import dose_label, names_of, told_levels
from experiments.questions.measures import (
    MILLION,
    difference,
    difference_unit,
    extra_cost,
    is_beyond,
    number,
    title_of,
)
from experiments.questions.question import Outcome, Question, Sweep, Variant, rows_of
from experiments.questions.telling import changed, hedge
from experiments.words import Pair

NOTHING: Pair = ("no step can be told from chance", "各档均与随机差异无法区分")


@dataclass(frozen=True)
class Enough:
    """outcomes : what each step adds to, the first that of the sentence; tell : levels at the last step that adds."""

    sweep: Sweep
    outcomes: tuple[Outcome, ...]
    tell: tuple[Outcome, ...]


def read(block: Block, variants: tuple[Variant, ...], reference: str) -> Enough:
    """sweep and outcomes."""
    return Enough(sweep_of(block, "sweep"), block.outcomes("outcomes", is_needed=True), block.outcomes("tell"))


def points(question: Question) -> tuple[Variant, ...]:
    """Each variant with each row of the sweep."""
    return rows_of(question.variants, question.block.sweep)


def gain(case: Case, one: str, other: str, outcome: Outcome, key: str) -> Number:
    """The paired difference of two points."""
    values: Array | None = difference(case.of(one), case.of(other), outcome)
    return number(key, title_of(outcome), difference_unit(outcome), values, True, case.scale)


def last_step(case: Case, variant: str, outcome: Outcome) -> int:
    """The number of the last row whose step from the row before can be told from chance; 0 where none can."""
    names = names_of(case, variant, case.question.block.sweep)
    steps = [gain(case, names[i], names[i - 1], outcome, "") for i in range(1, len(names))]
    return max((i for i, one in enumerate(steps, 1) if is_beyond(one)), default=0)


def sentence(case: Case, variant: str, outcome: Outcome) -> tuple[Said, list[Number]]:
    """Where the gain of one variant ends."""
    sweep: Sweep = case.question.block.sweep
    names, at = names_of(case, variant, sweep), last_step(case, variant, outcome)
    whole = gain(case, names[at or len(names) - 1], names[0], outcome, f"gain:{variant}:{outcome.of}")
    dose = Number(f"dose:{variant}:{outcome.of}", sweep.title, sweep.unit, sweep.axis[at] if at else None,
                  sweep.axis[max(at - 1, 0)] if at else None, sweep.axis[min(at + 1, len(names) - 1)] if at else None,
                  whole.runs, "dose", word=NOTHING)  # fmt: skip
    levels, further = told_levels(case, variant, names[at or len(names) - 1], case.question.block.tell)
    if not at:
        return Said(_nowhere(case, variant, whole), levels), [dose, whole, *further]
    cost = number(f"cost:{variant}:{at}", ("Public cost against the lowest", "与最低档相比的财政投入"), MILLION,
                  extra_cost(case.of(names[at]), case.of(names[0])), True)  # fmt: skip
    base = dose_label(sweep, 0)
    paid = (f"Public cost against {base[0]}: {changed(cost)[0]}", f"与{base[1]}相比，财政投入{changed(cost)[1]}")
    return Said(_until(case, variant, at, whole), [paid, *levels]), [dose, whole, cost, *further]


def _nowhere(case: Case, variant: str, whole: Number) -> Pair:
    """No step can be told from chance, with the change from end to end."""
    sweep: Sweep = case.question.block.sweep
    name, low, high = case.question.variant(variant).title, dose_label(sweep, 0), dose_label(sweep, len(sweep.axis) - 1)
    text, chance, title = changed(whole), hedge(whole), whole.title
    if whole.is_too_small:
        return (f"{name[0]}: between {low[0]} and {high[0]} of “{sweep.title[0]}” {title[0]} has {text[0]}.",
                f"“{name[1]}”：“{sweep.title[1]}”由{low[1]}增至{high[1]}，{title[1]}{text[1]}。")  # fmt: skip
    return (f"{name[0]}: between {low[0]} and {high[0]} of “{sweep.title[0]}” no step adds anything to {title[0]}"
            f" that can be told from chance; from end to end: {text[0]}{chance[0]}.",
            f"“{name[1]}”：“{sweep.title[1]}”由{low[1]}增至{high[1]}，各档对{title[1]}的增量均与随机差异无法区分；"
            f"由首档到末档{text[1]}{chance[1]}。")  # fmt: skip


def _until(case: Case, variant: str, at: int, whole: Number) -> Pair:
    """The last step that adds, with what it adds to the lowest dose."""
    sweep: Sweep = case.question.block.sweep
    name, here, base = case.question.variant(variant).title, dose_label(sweep, at), dose_label(sweep, 0)
    text, title = changed(whole), whole.title
    added = f"against {base[0]} the change is {text[0]}.", f"与{base[1]}相比{text[1]}。"
    if at == len(sweep.axis) - 1:
        return (f"{name[0]}: up to the highest dose tried, {here[0]} of “{sweep.title[0]}”, more still changes"
                f" {title[0]}; {added[0]}",
                f"“{name[1]}”：“{sweep.title[1]}”直到试验的最高值{here[1]}，{title[1]}仍在变化，未见饱和；"
                f"{added[1]}")  # fmt: skip
    after = dose_label(sweep, at + 1)
    return (f"{name[0]}: beyond {here[0]} of “{sweep.title[0]}” (next dose tried: {after[0]}) more adds nothing to"
            f" {title[0]} that can be told from chance; {added[0]}",
            f"“{name[1]}”：“{sweep.title[1]}”超过{here[1]}（下一档为{after[1]}）后，对{title[1]}的增量与随机差异"
            f"无法区分；{added[1]}")  # fmt: skip


def answer(case: Case) -> Finding:
    """A sentence a variant, a table of steps, panels of the whole gain over the dose."""
    block: Enough = case.question.block
    said = [sentence(case, v.name, block.outcomes[0]) for v in case.question.variants]
    heads: list[Pair] = [("Variant", "方案"), block.sweep.title]
    for one in block.outcomes:
        title = title_of(one)
        heads += [
            (f"{title[0]}: against the lowest", f"{title[1]}：比最低档"),
            ("step from the row before", "比上一档"),
        ]
    rows: list[list[Cell]] = []
    for v in case.question.variants:
        names = names_of(case, v.name, block.sweep)
        for i, name in enumerate(names):
            row: list[Cell] = [case.lettered(v.name), dose_label(block.sweep, i)]
            for one in block.outcomes:
                if not i:  # the lowest dose is what others are held against
                    row += [("–", "–"), ("–", "–")]
                    continue
                row += [
                    gain(case, name, names[0], one, f"gain:{name}:{one.of}"),
                    gain(case, name, names[i - 1], one, f"step:{name}:{one.of}"),
                ]
            rows.append(row)
    table = Table(("By dose", "按力度"), heads, rows)
    panels = [_panel(case, one) for one in block.outcomes[:2]]
    return Finding([text for text, _ in said], [n for _, numbers in said for n in numbers], [table], panels)


def _panel(case: Case, outcome: Outcome) -> Panel:
    """The whole gain over the dose."""
    sweep: Sweep = case.question.block.sweep
    series = []
    for v in case.question.variants:
        names = names_of(case, v.name, sweep)
        found = [gain(case, name, names[0], outcome, "") for name in names]
        columns = [[getattr(n, end) or 0.0 for n in found] for end in ("middle", "low", "high")]
        series.append(Series(case.mark(v.name), sweep.axis, *columns))
    title = title_of(outcome)
    both = (f"{title[0]}: gain over the lowest dose", f"{title[1]}：与最低档相比的增量")
    return Panel(both, difference_unit(outcome), "lines", series, 0.0, sweep.title, sweep.unit)
