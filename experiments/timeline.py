"""A scenario as a timeline: per lever the quarters in force, and its doses by phase.

`innopolicy list timeline scenario=plan_b_2014` has a row for each main dose and budget of a lever in force, and for
any other dose that changes during the run. Words are resolved: fiscal_key to million yuan a year, dated_law to the
law's value. A cell such as 50, 2014Q4: 65 is a dose that changes; 190..380 (fiscal_key) is first and last quarter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from experiments.compose import DEFAULT_SCENARIO, load_scenario
from sim.catalogue.loader import catalogue
from sim.catalogue.rows import DoseRow
from sim.core.calendar import QUARTERS_A_YEAR, quarter_number, quarter_text
from sim.scenario import Scenario
from sim.scenario_values import ScenarioError, decimal, shown

ENGLISH = "en"
KEYS = ("scenario", "titles")
BUDGET = "budget_y"
NEUTRAL = "-"
HEADS = {
    "en": ("lever", "title", "in force", "dose", "dose title", "unit"),
    "zh": ("工具", "名称", "实施期", "剂量", "剂量名称", "单位"),
}
BELOW = {
    "en": (
        "{acting} of {all} levers in force",
        "a..b (word): the dose in the first and last quarter of the period, worked out from the word;"
        " 2014Q4: 65 is the dose from that quarter on; - is neutral or not in force",
    ),
    "zh": (
        "{all} 个工具中有 {acting} 个实施",
        "a..b（关键词）：按关键词算得的该时期首季与末季剂量；2014Q4: 65 为自该季度起的剂量；- 为中性值或未实施",
    ),
}
DIGITS = 3  # of a resolved sum; a dose given as a number is shown as it stands
Span = tuple[int, int]  # first and last quarter number
Quarter = tuple[int, float | str, float]  # quarter number, dose as given, dose as number


@dataclass(frozen=True)
class Asked:
    """What the arguments ask for: the scenario and the language of titles."""

    scenario: Scenario
    language: str


def read(arguments: Sequence[str]) -> Asked:
    """The scenario (with overrides as for `run`) and `titles=en` or `zh`. Raises ScenarioError."""
    own = dict(text.split("=", 1) for text in arguments if text.partition("=")[0] in KEYS and "=" in text)
    language = own.get("titles", ENGLISH)
    if language not in HEADS:
        raise ScenarioError([f"override: titles = {shown(language)} does not exist; there are: {', '.join(HEADS)}."])
    others = [text for text in arguments if text.partition("=")[0] not in KEYS]
    return Asked(load_scenario(own.get("scenario", DEFAULT_SCENARIO), others), language)


def periods(scenario: Scenario) -> tuple[Span, ...]:
    """First and last quarter number of each phase inside the run."""
    first, last = whole_run(scenario)
    starts = [first, *(phase.first for phase in scenario.phases[1:] if first < phase.first <= last)]
    return tuple(zip(starts, [*(start - 1 for start in starts[1:]), last], strict=True))


def course(scenario: Scenario, row: DoseRow, span: Span) -> list[Quarter]:
    """A dose in each quarter of a span in which its lever is in force."""
    found: list[Quarter] = []
    for number in range(span[0], span[1] + 1):
        year, quarter = number // QUARTERS_A_YEAR, number % QUARTERS_A_YEAR + 1
        if scenario.in_force(row.lever, year, quarter):
            when = (row.lever, row.dose, year, quarter)
            found.append((number, scenario.dose(*when), scenario.dose_value(*when)))
    return found


def whole_run(scenario: Scenario) -> Span:
    """First and last quarter number of the run."""
    return quarter_number(scenario.start), quarter_number(scenario.end)


def quarters_in_force(scenario: Scenario, lever: str) -> list[int]:
    """Quarter numbers in which a lever is inside its dates and one of its main doses is not neutral."""
    whole = whole_run(scenario)
    rows = [row for row in catalogue().doses.values() if row.lever == lever and row.main]
    return sorted({when for row in rows for when, _, value in course(scenario, row, whole) if value != row.neutral})


def doses_of(scenario: Scenario, lever: str, acting: Collection[int]) -> list[DoseRow]:
    """Doses of a lever to show: main ones, its budget, and what changes over the quarters in which it acts."""
    rows = [row for row in catalogue().doses.values() if row.lever == lever]
    span = whole_run(scenario)
    given = {row.dose: {one for when, one, _ in course(scenario, row, span) if when in acting} for row in rows}
    return [row for row in rows if row.main or row.dose == BUDGET or len(given[row.dose]) > 1]


def spans(numbers: Iterable[int]) -> list[Span]:
    """Quarter numbers as unbroken spans."""
    found: list[Span] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def span_text(span: Span) -> str:
    """A span such as 2014Q4-2021Q4."""
    return f"{quarter_text(span[0])}-{quarter_text(span[1])}"


def _number(value: float) -> str:
    return f"{value:.{DIGITS}g}" if abs(value) < 10**DIGITS else f"{value:,.0f}"


def _piece(given: float | str, quarters: Sequence[Quarter]) -> str:
    """One stretch in which a dose is given as one number or one word; a word shows its first and last value."""
    if not isinstance(given, str):
        return decimal(given)
    values = [value for _, _, value in quarters]
    ends = dict.fromkeys((_number(values[0]), _number(values[-1])))
    return f"{'..'.join(ends)} ({given})"


def cell(quarters: Sequence[Quarter], neutral: float) -> str:
    """A dose over a period: its value, or its values with the quarter of each change; a dash where it is neutral."""
    if all(value == neutral for _, _, value in quarters):
        return NEUTRAL
    pieces = []
    for given, group in groupby(quarters, key=lambda quarter: quarter[1]):
        stretch = list(group)
        pieces.append((stretch[0][0], _piece(given, stretch)))
    first, *later = pieces
    return ", ".join([first[1], *(f"{quarter_text(start)}: {text}" for start, text in later)])


def timeline(scenario: Scenario, language: str = ENGLISH) -> list[list[str]]:
    """The table: a header, then a row for each dose to show of each lever in force.

    Columns: lever, its title, quarters in force, dose, its title, unit, and one for each phase.
    """
    cat = catalogue()
    title = f"title_{language}"
    phases = periods(scenario)
    table = [[*HEADS[language], *map(span_text, phases)]]
    for name, lever in cat.levers.items():
        acting = quarters_in_force(scenario, name)
        head = [name, getattr(lever, title), ", ".join(map(span_text, spans(acting)))]
        for row in doses_of(scenario, name, acting) if acting else []:
            cells = [cell(course(scenario, row, span), row.neutral) for span in phases]
            if set(cells) != {NEUTRAL}:
                unit = row.unit if language == ENGLISH else getattr(cat.units[row.unit], title)
                table.append([*head, row.dose, getattr(row, title), unit, *cells])
                head = ["", "", ""]
    return table


def lines_below(table: Sequence[Sequence[str]], language: str = ENGLISH) -> list[str]:
    """What a reader must know beside the table."""
    acting = sum(bool(row[0]) for row in table[1:])
    return [f"({line.format(acting=acting, all=len(catalogue().levers))})" for line in BELOW[language]]
