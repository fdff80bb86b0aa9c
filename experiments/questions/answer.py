"""An answer out of its cases: finding, price of each variant, what it rests on, what the ends of the evidence say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from experiments.caution import Caution, caution_of
from experiments.questions.finding import Case, Cell, Finding, Number, Said, Table
from experiments.questions.kinds import module_of
from experiments.questions.kinds.compare import table_of
from experiments.questions.kinds.dose import dose_label
from experiments.questions.measures import MILLION, costs, extra_cost, number
from experiments.questions.question import CENTRAL, END_TITLES, ENDS, Question
from experiments.questions.rests import Rest, assumptions, doses, evidence, levers_of
from experiments.questions.trials import Trials, trials_of
from experiments.words import Pair
from sim.catalogue.loader import catalogue

BESIDE: Pair = (
    "Beside this: the level first, then paired differences to it",
    "其他指标：首列（或首行）为数值，其余为与之相比的配对差异",
)


@dataclass(frozen=True)
class Answer:
    """All that the page of an answer shows.

    Attributes
    ----------
    finding : of the centre; numbers : those of the sentences, by the end of the evidence that was run.
    ends : a table of them beside each other, None where the ends were not run.
    trials : what tests of published effects say of the levers.
    costs : public cost of every point; beside : further outcomes, None for none.
    """

    question: Question
    finding: Finding
    numbers: Mapping[str, Sequence[Number]]
    ends: Table | None
    costs: Table
    beside: Table | None
    assumptions: Sequence[Pair]
    doses: Sequence[Rest]
    evidence: Sequence[Rest]
    levers: Sequence[Pair]
    trials: Trials
    caution: Caution
    seed: int
    replicates: int


def answer(cases: Mapping[str, Case], seed: int, replicates: int) -> Answer:
    """The answer of a question whose points all have runs. Raises KeyError without the centre."""
    case = cases[CENTRAL]
    question, kind = case.question, module_of(case.question.kind)
    findings = {end: quoted(kind.answer(one)) for end, one in cases.items()}
    scenarios = [one.scenario for one in case.results.values()]
    keys = [key for one in kind.points(question) for key in one.overrides]
    levers = levers_of(question, keys)
    beside = table_of(beside_case(case), question.beside, BESIDE) if question.beside else None
    rows = catalogue().levers
    return Answer(
        question, findings[CENTRAL], {end: one.numbers for end, one in findings.items()},
        _ends(case, findings) if len(findings) > 1 else None, _costs(case), beside,
        assumptions(scenarios), doses(levers, scenarios), evidence(question),
        [(rows[name].title_en, rows[name].title_zh) for name in levers], trials_of(levers),
        caution_of(list(case.results.values())), seed, replicates,
    )  # fmt: skip


def quoted(found: Finding) -> Finding:
    """With straight quotes in English: fonts of Chinese pages draw the curved ones as wide as a character."""
    curved = str.maketrans("“”", '""')

    def straight(text: Pair) -> Pair:
        return text[0].translate(curved), text[1]

    return replace(found, said=[Said(straight(one.lead), list(map(straight, one.points))) for one in found.said])


def beside_case(case: Case) -> Case:
    """The case itself, or for a sweep one whose variants are its points and whose reference is the lowest dose."""
    question = case.question
    if question.reference in case.results:
        return case
    points = module_of(question.kind).points(question)
    rows = {one.name: int(one.name.rpartition("-")[2]) for one in points}
    named = {one.name: replace(one, title=_dosed(question, rows[one.name], one.title)) for one in points}
    order = tuple(named.values())
    return Case(replace(question, variants=order, reference=order[0].name), case.results, has_letters=False)


def _dosed(question: Question, row: int, title: Pair) -> Pair:
    """A dose, with the title of its variant where there are several."""
    dose = dose_label(question.block.sweep, row)
    return dose if len(question.variants) == 1 else (f"{title[0]}, {dose[0]}", f"{title[1]}（{dose[1]}）")


def _costs(case: Case) -> Table:
    """Public cost of every point over its run, and the paired difference to the reference (or the lowest dose)."""
    whole = beside_case(case)
    base = whole.question.reference
    heads: list[Pair] = [("Variant", "方案"), ("Public cost, all years", "财政投入（各年合计）"),
                         ("against the first" if not whole.has_letters else f"against {whole.mark(base)}",
                          "与首行相比" if not whole.has_letters else f"与{whole.mark(base)}相比")]  # fmt: skip
    rows: list[list[Cell]] = []
    for one in whole.question.variants:
        own = number(f"public_cost:{one.name}", heads[1], MILLION, costs(whole.of(one.name)), False)
        extra: Cell = ("–", "–")
        if one.name != base:
            extra = number(
                f"extra_cost:{one.name}", heads[2], MILLION, extra_cost(whole.of(one.name), whole.reference), True
            )
        rows.append([whole.lettered(one.name), own, extra])
    years = whole.reference.years
    title = (f"Public cost {years[0]}–{years[-1]}: all that budget lines paid, and tax not collected",
             f"{years[0]}–{years[-1]}年财政投入（各项资金拨付额与税式支出之和）")  # fmt: skip
    return Table(title, heads, rows)


def _ends(case: Case, findings: Mapping[str, Finding]) -> Table:
    """The numbers of the sentences at both ends of the evidence and at the centre, by their key."""
    order = [end for end in (ENDS[1], ENDS[0], ENDS[2]) if end in findings]
    by = {end: {n.key: n for n in findings[end].numbers} for end in order}
    keys = list(dict.fromkeys(n.key for end in (CENTRAL, *order) for n in findings[end].numbers))
    rows: list[list[Cell]] = []
    for key in keys:
        there = [by[end].get(key) for end in order]
        first = next(n for n in there if n is not None)
        rows.append([_what(case, first), *(n if n is not None else ("–", "–") for n in there)])
    title = ("How the numbers change with the evidence", "证据取值变化时结果如何变化")
    return Table(title, [("Number", "数值"), *(END_TITLES[end] for end in order)], rows)


MEASURES: dict[str, Pair] = {
    "value": ("median value", "中位值"),
    "probability": ("probability", "达标概率"),
    "probability_first": ("probability at the lowest dose", "最低档的达标概率"),
    "probability_last": ("probability at the highest dose", "最高档的达标概率"),
    "together": ("probability that all are met", "同时达标的概率"),
    "year": ("reached in", "达标年份"),
    "ever": ("probability of ever being there", "期间曾达到的概率"),
    "gap": ("gap", "差距"),
    "dose": ("dose", "所需力度"),
    "cost": ("public cost", "财政投入"),
    "gain": ("gain", "增量"),
    "per_100m": ("per 100 million yuan", "每亿元财政投入"),
    "first": ("probability of being first", "排名第一的概率"),
    "gap_share": ("part of the gap", "占差距的比重"),
    "difference": ("difference", "差异"),
    "percent": ("difference in percent", "变化率"),
    "level": ("level", "数值"),
    "left": ("left", "保留比例"),
    "price": ("price of a unit", "单位成本"),
    "fall": ("change", "变化"),
    "tell": ("level at that dose", "该力度下的数值"),
    "value_first": ("median at the lowest dose", "最低档的中位值"),
    "value_last": ("median at the highest dose", "最高档的中位值"),
    "held": ("what a remedy brings back", "应对措施的作用"),
}


def _what(case: Case, found: Number) -> Pair:
    """A number's title with what it is and the letter of the variant that it is of."""
    kind, _, rest = found.key.partition(":")
    names = {one.name for one in case.question.variants}
    of = next((text.partition("-")[0] for text in rest.split(":") if text.partition("-")[0] in names), "")
    letter = f" [{case.mark(of)}]" if of and len(names) > 1 else ""
    word = MEASURES.get(kind, ("", ""))
    if word[0].lower() in found.title[0].lower():  # the title says it
        word = ("", "")
    english, chinese = (f" – {word[0]}", f"：{word[1]}") if word[0] else ("", "")
    return f"{found.title[0]}{english}{letter}", f"{found.title[1]}{chinese}{letter}"
