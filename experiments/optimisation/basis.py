"""What an answer rests on: where doses and levers have their numbers from, and what the bands hold."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.caution import Caution
from experiments.optimisation.found import Found
from experiments.optimisation.page import Cell, Section, Table
from experiments.optimisation.texts import source_text
from experiments.words import Pair
from sim.catalogue.loader import catalogue

GRADES: Pair = (
    "Grades: A measured or statute, B good evidence, C weak or transferred evidence, D assumption.",
    "等级：A为实测或法规，B为较好证据，C为较弱或借用的证据，D为假设。",
)


def rests_on(found: Found) -> Section:
    """What the answer rests on: where doses and levers have their numbers from, and what bands hold."""
    cat, asked = catalogue(), found.asked
    rows: list[list[Cell]] = []
    for name in dict.fromkeys(one.address.partition(".")[2] for one in asked.variables):
        dose = cat.doses[name]
        lever = cat.levers[dose.lever]
        rows.append([(f"{lever.title_en}: {dose.title_en}", f"{lever.title_zh}：{dose.title_zh}"),
                     source_text(dose.source), dose.grade, _sources(lever.evidence), lever.grade])  # fmt: skip
    heads = (("Dose", "政策工具与力度"), ("Range from", "取值范围来源"), ("Grade", "等级"),
             ("Evidence of the effect", "作用效果的证据"), ("Grade", "等级"))  # fmt: skip
    scale, runs = asked.base.scale, asked.frame.replicates
    notes = Caution(runs, scale, found.variation).sentences
    notes.append(GRADES)
    notes += list(zip(asked.base.assumptions, asked.base.assumptions_zh or asked.base.assumptions, strict=False))
    return Section(("What it rests on", "结论依据与假设"), tables=[Table(heads, rows)], notes=notes)


def _sources(keys: Sequence[str]) -> Pair:
    texts = [source_text(key) for key in keys]
    return ", ".join(english for english, _ in texts) or "-", "、".join(chinese for _, chinese in texts) or "-"
