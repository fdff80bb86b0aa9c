"""What an answer rests on that no plan says: assumptions of its scenarios, doses of grade D, evidence and its range."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from experiments.questions.question import Question
from experiments.questions.telling import digits
from experiments.titles.parameters import in_part
from experiments.words import KINDS, Pair
from sim.catalogue.loader import catalogue
from sim.core.calendar import quarter_text
from sim.scenario import Scenario
from sim.scenario_values import decimal

WEAKEST = "D"
WORDS: dict[str, Pair] = {
    "fiscal_key": ("by the fiscal key", "按财政科技支出比例"),
    "dated_law": ("by the dated law", "按当年法规"),
}


@dataclass(frozen=True)
class Rest:
    """A dose or parameter: `used` is its value in the variants, `span` its range, `grade` how well it is known."""

    address: str
    title: Pair
    unit: str
    used: Pair
    span: str
    grade: str
    kind: Pair


def assumptions(scenarios: Iterable[Scenario]) -> list[Pair]:
    """The assumptions of the scenarios in both languages, each once."""
    found: dict[str, Pair] = {}
    for one in scenarios:
        chinese = one.assumptions_zh if len(one.assumptions_zh) == len(one.assumptions) else one.assumptions
        for both in zip(one.assumptions, chinese, strict=True):
            found.setdefault(both[0], both)
    return list(found.values())


def levers_of(question: Question, points: Iterable[str]) -> list[str]:
    """Levers that the overrides of the points touch and those that the file names, in the catalogue's order."""
    touched = {key.split(".")[1] for key in points if key.startswith("lever.")} | set(question.levers)
    return [name for name in catalogue().levers if name in touched]


def doses(levers: Sequence[str], scenarios: Sequence[Scenario]) -> list[Rest]:
    """Doses of grade D of the levers, with what the variants set."""
    cat, found = catalogue(), []
    for row in cat.doses.values():
        if row.lever in levers and row.grade == WEAKEST:
            texts = list(dict.fromkeys(_dose(one, row.lever, row.dose) for one in scenarios))
            lever = cat.levers[row.lever]
            title = f"{lever.title_en}: {row.title_en.lower()}", f"{lever.title_zh}：{row.title_zh}"
            used = "; ".join(t[0] for t in texts), "；".join(t[1] for t in texts)
            span = f"{decimal(row.low)}–{decimal(row.high)}"
            found.append(Rest(f"lever.{row.address}", title, row.unit, used, span, row.grade, KINDS["assumed"]))
    return found


def _dose(scenario: Scenario, lever: str, dose: str) -> Pair:
    """The dose of the last phase in words; off where the lever is not in force at all."""
    setting = scenario.phases[-1].lever.get(lever)
    if setting is None or dose not in setting.doses:
        return "off", "未实施"
    value = setting.doses[dose]
    if isinstance(value, tuple):  # a schedule: from which quarter on, and what
        parts = [(quarter_text(first).removesuffix("Q1"), _word(one)) for first, one in value]
        return ", ".join(f"{when}: {one[0]}" for when, one in parts), "，".join(
            f"{when}起{one[1]}" for when, one in parts
        )
    return _word(value)


def _word(value: float | str) -> Pair:
    """A dose as text; what the catalogue says in a word in words."""
    return WORDS.get(value, (value, value)) if isinstance(value, str) else (f"{value:g}", f"{value:g}")


def evidence(question: Question) -> list[Rest]:
    """The parameters that are tried at both ends, with their value and range."""
    found = []
    for one in question.evidence:
        row = catalogue().parameter(one.address)
        used = (f"{digits(row.value, 6).rstrip('0').rstrip('.')}",) * 2
        strong = (
            ("more at the high end", "取高值时作用更强")
            if one.stronger == "high"
            else ("more at the low end", "取低值时作用更强")
        )
        kind = KINDS[row.kind]
        span = f"{decimal(row.low)}–{decimal(row.high)}"
        found.append(Rest(one.address, in_part(one.address), row.unit, (used[0], used[1]), span, row.grade,
                          (f"{kind[0]}; {strong[0]}", f"{kind[1]}；{strong[1]}")))  # fmt: skip
    return found
