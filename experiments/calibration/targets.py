"""What the fit is held against: observed points with the error of each, and what a run has in their place.

A row of targets.csv names a series, its years and a measure; values and confidence come from the observed tables of the
catalogue unless the row gives them. The error of a point is the standard error of its confidence (errors.csv); beside
it stands what the model leaves out of that series on purpose. All are in log points: 0.03 is about 3 %.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from experiments.calibration.checked_rows import Line, TableFaults, read_lines
from experiments.outcomes import Array, Outcome, categories, full_years, indicator_places, yearly_values
from sim.catalogue.loader import catalogue
from sim.catalogue.rows import SeriesRow
from sim.scenario import Scenario
from sim.scenario_values import ScenarioError, nearest, shown

FOLDER = Path(__file__).parent
COLUMNS = ("series", "measure", "years", "value", "confidence", "discrepancy", "title_en", "title_zh")
CONFIDENCE = ("high", "medium", "low")  # best first
DISCREPANCY = ("none", "steady", "lumpy", "volatile")
MEASURE = re.compile(r"level|change|part:(?P<indicator>\w+):(?P<dimension>\w+):(?P<category>\w+)")
YEARS = re.compile(r"(?P<first>\d{4})(-(?P<last>\d{4}))?")
FIRST_YEAR, LAST_YEAR = 2011, 2017
PERCENT = 100.0


@dataclass(frozen=True)
class Target:
    """One observed point.

    Attributes
    ----------
    series : observed series; year, value : the point in the unit of the series. A change is the ratio of the value of
        `year` over that of `since`.
    error : log standard error of the observation; discrepancy : log standard deviation of what the model leaves out.
    kind : stock, flow or ratio (a change is a ratio).
    indicator, dimension, category : what of a run answers it; a part is the category's share of the province in %.
    """

    series: str
    year: int
    value: float
    error: float
    kind: str
    title_en: str
    title_zh: str
    unit: str = ""
    discrepancy: float = 0.0
    indicator: str = ""
    since: int | None = None
    dimension: str = ""
    category: str = ""

    @property
    def scale(self) -> float:
        """Log points by which a difference from the observation is measured: error and discrepancy together."""
        return float(np.hypot(self.error, self.discrepancy))

    @property
    def group(self) -> str:
        """Points of one group weigh as much as one series: the years of a series, each change by itself."""
        return self.series if self.since is None else f"{self.series} {self.since}-{self.year}"


@lru_cache(maxsize=1)
def errors() -> dict[str, float]:
    """Log standard deviation by class of confidence and of discrepancy."""
    faults = TableFaults(FOLDER / "errors.csv")
    rows = read_lines(faults, ("class", "value", "unit", "kind", "grade", "source", "title"))
    faults.refuse()
    return {"none": 0.0, **{row.cells["class"]: float(row.cells["value"]) for row in rows}}


def load(path: Path | None = None, until: int = LAST_YEAR) -> tuple[Target, ...]:
    """The targets of a table (those that ship when None) up to a year, in the order of the table.

    Raises ScenarioError with file and line for every row that cannot be read, and where no target is left.
    """
    faults = TableFaults(path or FOLDER / "targets.csv")
    found = [target for row in read_lines(faults, COLUMNS) for target in _targets(faults, row)]
    seen: dict[tuple[str, int], int] = {}
    for line, target in found:
        first = seen.setdefault((target.group, target.year), line)
        if first != line:
            faults.add(line, f"{target.group} {target.year} stands on line {first} already")
    faults.refuse()
    kept = tuple(target for _, target in found if target.year <= until)
    if not kept:
        raise ScenarioError([f"{faults.path}: holds no target up to {until}"])
    return kept


def _targets(faults: TableFaults, row: Line) -> list[tuple[int, Target]]:
    """The points of one row with its line; none where the row is wrong, which is noted."""
    noted = len(faults.told)
    years = _years(faults, row)
    part = MEASURE.fullmatch(row.cells["measure"])
    if part is None:
        faults.add(row.number, f"measure = {shown(row.cells['measure'])} is not level, change or part:INDICATOR:"
                   "DIMENSION:CATEGORY")  # fmt: skip
        return []
    indicator = _indicator(faults, row, part)
    faults.word(row, "discrepancy", DISCREPANCY)
    if row.cells["confidence"]:
        faults.word(row, "confidence", CONFIDENCE)
    if row.cells["value"]:
        given = faults.number(row, "value")
        if given is not None and given <= 0.0:
            faults.add(row.number, f"value = {shown(row.cells['value'])} must be above 0")
        if len(years) != (2 if part[0] == "change" else 1):
            faults.add(row.number, "gives a value, so its years must be one year (two for a change)")
        if not row.cells["confidence"]:
            faults.add(row.number, f"gives a value, so its confidence must be one of {', '.join(CONFIDENCE)}")
    if len(faults.told) > noted:
        return []
    made = [_change(faults, row, years)] if part[0] == "change" else [_level(faults, row, year) for year in years]
    return [(row.number, _target(row, part, indicator, *one)) for one in made if one is not None]


def _years(faults: TableFaults, row: Line) -> list[int]:
    """The years of a cell such as 2011-2017 or 2012;2014; the two ends for a change."""
    found: list[int] = []
    for text in row.cells["years"].split(";"):
        match = YEARS.fullmatch(text.strip())
        first, last = (int(match["first"]), int(match["last"] or match["first"])) if match else (0, 0)
        if not FIRST_YEAR <= first <= last <= LAST_YEAR:
            faults.add(row.number, f"years = {shown(text)} must be years of {FIRST_YEAR} to {LAST_YEAR}, such as"
                       " 2011-2017 or 2012;2014")  # fmt: skip
            return []
        found += range(first, last + 1)
    if row.cells["measure"] == "change":
        if len(found) < 2 or len(set(found)) != len(found) or found != sorted(found):
            faults.add(row.number, "is a change: its years must be two, as in 2014-2015")
        return [found[0], found[-1]]
    return found


def _indicator(faults: TableFaults, row: Line, part: re.Match[str]) -> str:
    """The indicator that answers a row: the part's own, else the one of this series or of this name."""
    known = catalogue().indicators
    if part["indicator"]:
        indicator, dimension = known.get(part["indicator"]), part["dimension"]
        if indicator is None or dimension not in indicator.by or part["category"] not in categories(dimension):
            faults.add(row.number, f"measure = {shown(part[0])} names no indicator, dimension and category that go"
                       " together")  # fmt: skip
        return part["indicator"]
    series = row.cells["series"]
    named = {one.observed: name for name, one in known.items() if one.observed} | {name: name for name in known}
    if series not in named or known[named[series]].kind not in ("stock", "flow", "ratio"):
        faults.add(row.number, f"series = {shown(series)} is no indicator and no observed series of one."
                   + nearest(series, named))  # fmt: skip
    return named.get(series, "")


Point = tuple[int, float, str, int | None]  # year, value, confidence, since


def _level(faults: TableFaults, row: Line, year: int) -> Point | None:
    if row.cells["value"]:
        return year, float(row.cells["value"]), row.cells["confidence"], None
    found = _observed(faults, row, year)
    return None if found is None else (year, found.value, row.cells["confidence"] or found.confidence, None)


def _change(faults: TableFaults, row: Line, years: Sequence[int]) -> Point | None:
    """The ratio of two years. Its error is that of the weaker of both.

    Two independent errors would make it greater by half; that errors of one statistic are half alike is assumed.
    """
    since, year = years
    if row.cells["value"]:
        return year, float(row.cells["value"]), row.cells["confidence"], since
    before, after = _observed(faults, row, since), _observed(faults, row, year)
    if before is None or after is None:
        return None
    weaker = max((before.confidence, after.confidence), key=CONFIDENCE.index)
    return year, after.value / before.value, row.cells["confidence"] or weaker, since


def _observed(faults: TableFaults, row: Line, year: int) -> SeriesRow | None:
    """The observed row of a year; noted where there is none."""
    rows = {one.year: one for one in catalogue().observed.get(row.cells["series"], ())}
    if year not in rows:
        faults.add(row.number, f"{shown(row.cells['series'])} was not observed in {year}; there are:"
                   f" {', '.join(map(str, rows)) or 'no years'}")  # fmt: skip
    return rows.get(year)


def _target(row: Line, part: re.Match[str], indicator: str, year: int, value: float, confidence: str,
            since: int | None) -> Target:  # fmt: skip
    known, classes = catalogue().indicators[indicator], errors()
    is_ratio = since is not None or part["category"] is not None
    unit = "%" if part["category"] else "ratio" if since is not None else known.unit
    return Target(
        row.cells["series"], year, value, classes[confidence], "ratio" if is_ratio else known.kind,
        row.cells["title_en"] or known.title_en, row.cells["title_zh"] or known.title_zh, unit,
        classes[row.cells["discrepancy"]], indicator, since, part["dimension"] or "", part["category"] or "",
    )  # fmt: skip


def predicted(outcome: Outcome, scenario: Scenario, targets: Sequence[Target]) -> Array:
    """What a run has in the place of each target, shape (n_targets,), in the targets' units.

    Raises ScenarioError for a target of a year that is no full year of the run.
    """
    years, place = {year: i for i, year in enumerate(full_years(scenario))}, indicator_places()
    values = yearly_values(outcome.quarterly)
    found = np.empty(len(targets))
    for i, target in enumerate(targets):
        if target.year not in years or (target.since or target.year) not in years:
            raise ScenarioError([f"{target.group}: {target.year} is no full year of a run to {scenario.end}"])
        now, column = years[target.year], values[:, place[target.indicator]]
        if target.category:
            group = categories(target.dimension).index(target.category)
            whole = column[now] or np.nan  # a province with none has no shares
            found[i] = PERCENT * outcome.groups[target.indicator, target.dimension][now, group] / whole
        else:
            found[i] = column[now] / ((column[years[target.since]] or np.nan) if target.since else 1.0)
    return found


def digest(targets: Sequence[Target]) -> str:
    """SHA-256 (hex, 8 digits) of targets with their values and errors."""
    return hashlib.sha256(repr(tuple(targets)).encode()).hexdigest()[:8]
