"""The parts of several scenarios beside each other: a table an outcome, a row a group, a column a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from experiments.attribution.digits import decimals_of, fixed
from experiments.attribution.parts import Band, Parts
from experiments.attribution.questions import Question
from experiments.attribution.rows import Attribution
from experiments.markdown import table
from experiments.words import Pair, head
from sim.catalogue.loader import catalogue

ENGLISH, CHINESE = 0, 1
SUM_ROW: Pair = ("all groups", "合计")
TITLE: Pair = ("The scenarios beside each other", "各情景对照")
NOTE: Pair = (
    "Parts of the groups with 5-95 % of paired runs, each from the scenario's own start on: one that began later had"
    " less time, so columns are no ranking. A dash where a scenario has no such lever.",
    "各类工具的贡献及配对运行的 5–95% 区间，均自各情景自身起始时间算起；起步晚的作用时间短，各列不宜直接排名。"
    "“–”表示该情景没有此类工具。",
)


def unit_of(asked: Question, language: int) -> str:
    """The unit of a question in words."""
    row = catalogue().units[asked.unit]
    return (row.title_en, row.title_zh)[language]


def title_of(asked: Question, language: int) -> str:
    """The outcome of a question and its year."""
    title = (asked.title_en, asked.title_zh)[language]
    summed = (", sum", "，累计")[language] if asked.kind in ("sum", "cost") else ""
    return f"{title}{summed}, {asked.year}" if language == ENGLISH else f"{title}{summed}，{asked.year} 年"


def shown(band: Band, places: int, language: int, is_signed: bool = True) -> str:
    """Mean with its band at so many decimals; a part bears its sign."""
    mean, low, high = fixed(band[0], places, is_signed), fixed(band[1], places), fixed(band[2], places)
    return f"{mean} ({low} to {high})" if language == ENGLISH else f"{mean}（{low} 至 {high}）"


def overview(found: Sequence[Attribution], language: int) -> Iterator[str]:
    """Tables of the outcomes that all scenarios have, the cost last."""
    names = [head((one.scenario.title_en, one.scenario.title_zh)[language]) for one in found]
    titles = {group.name: group.title for one in found for group in one.cost.groups}
    yield f"## {TITLE[language]}\n"
    yield NOTE[language] + "\n"
    for asked in _common(found):
        rows, places = [], min(decimals_of(_parts(one, asked)) for one in found)
        for name, title in titles.items():
            cells = [_cell(one, asked, name, places, language) for one in found]
            rows.append([title[language], *cells])
        rows.append([SUM_ROW[language], *(_total(one, asked, places, language) for one in found)])
        yield f"### {_heading(asked, language)}\n"
        yield table(["", *names], rows)


def _heading(asked: Question, language: int) -> str:
    title, unit = title_of(asked, language), unit_of(asked, language)
    return f"{title}（{unit}）" if language == CHINESE else f"{title} ({unit})"


def _common(found: Sequence[Attribution]) -> list[Question]:
    """The questions that every scenario has an answer to, but for chances, which each plan has of its own."""
    asked = [{parts.question for parts in one.every} for one in found]
    common = set.intersection(*asked)
    return [p.question for p in found[0].every if p.question in common and p.question.kind != "probability"]


def _parts(one: Attribution, asked: Question) -> Parts:
    return next(parts for parts in one.every if parts.question == asked)


def _cell(one: Attribution, asked: Question, name: str, places: int, language: int) -> str:
    """A group's part in a scenario; a dash where it is not there."""
    parts = _parts(one, asked)
    place = next((i for i, group in enumerate(parts.groups) if group.name == name), None)
    return "–" if place is None else shown(parts.band(parts.part(place)), places, language)


def _total(one: Attribution, asked: Question, places: int, language: int) -> str:
    parts = _parts(one, asked)
    return shown(parts.band(parts.values[:, -1] - parts.values[:, 0]), places, language)
