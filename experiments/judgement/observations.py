"""Reads observations that a user brings after 2017: series, year, value, source, and how sure the value is.

Outcomes after 2017 are no part of this project: they come in such a file, are judged, and are not kept. An empty file
of the format is observations.csv beside this one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from experiments.calibration import targets
from experiments.calibration.checked_rows import Line, TableFaults, read_lines
from experiments.judgement.forecasts import Later
from experiments.judgement.observed import observed_series, outcomes
from experiments.scenario_files import display
from sim.catalogue.loader import catalogue
from sim.scenario_values import ScenarioError, nearest, shown

TEMPLATE = Path(__file__).parent / "observations.csv"
COLUMNS = ("series", "year", "value", "source")
CONFIDENCE = "confidence"
FIRST_YEAR, LAST_YEAR = 2018, 2022
USUAL = "medium"  # confidence of an observation that says nothing of it
LONGEST_SOURCE = 500
_YEAR = re.compile(r"[12][0-9]{3}")


def read_observations(path: Path) -> list[Later]:
    """What a file says was observed, by series in the catalogue's order.

    Raises ScenarioError, one line with file and line for each fault.
    """
    faults = TableFaults(path)
    lines = read_lines(faults, (*COLUMNS, CONFIDENCE) if _has_confidence(path) else COLUMNS)
    points: dict[tuple[str, int], tuple[int, float, float]] = {}
    for line in lines:
        point = _point(faults, line)
        if point is None:
            continue
        key, value, error = point
        if key in points:
            faults.add(line.number, f"{key[0]} {key[1]} stands on line {points[key][0]} already")
        else:
            points[key] = (line.number, value, error)
    faults.refuse()
    return _by_series({key: (value, error) for key, (_, value, error) in points.items()})


def _has_confidence(path: Path) -> bool:
    """Whether the header of a file ends with the optional column. What cannot be read is told by the reader."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next((line for line in file if not line.startswith("#")), "")
    except (OSError, UnicodeDecodeError):
        return False
    return header.strip().endswith(f",{CONFIDENCE}")


def known_series() -> dict[str, str]:
    """Indicator by each name that an outcome has: its own and that of its observed series."""
    rows = {one.indicator: catalogue().indicators[one.indicator].observed for one in observed_series()}
    return {series: name for name, series in rows.items()} | {name: name for name in rows}


def _point(faults: TableFaults, line: Line) -> tuple[tuple[str, int], float, float] | None:
    """Indicator and year, value and log error of a row; None where it is wrong, which is noted."""
    noted = len(faults.told)
    indicator = _indicator(faults, line)
    year = line.cells["year"]
    if _YEAR.fullmatch(year) is None or not FIRST_YEAR <= int(year) <= LAST_YEAR:
        faults.add(line.number, f"year = {shown(year)} must be one of {FIRST_YEAR}..{LAST_YEAR}")
    value = faults.number(line, "value")
    if value is not None and not value > 0.0:
        faults.add(line.number, f"value = {shown(line.cells['value'])} must be above 0")
    source = line.cells["source"]
    if not source or len(source) > LONGEST_SOURCE:
        told = "is missing: say where the value stands" if not source else f"is longer than {LONGEST_SOURCE} characters"
        faults.add(line.number, f"source {told}")
    classes = targets.errors()
    confidence = line.cells.get(CONFIDENCE) or USUAL
    if confidence not in targets.CONFIDENCE:
        faults.word(line, CONFIDENCE, targets.CONFIDENCE)
    if len(faults.told) > noted or value is None:
        return None
    return (indicator, int(year)), value, classes[confidence]


def _indicator(faults: TableFaults, line: Line) -> str:
    """The outcome that a row is about."""
    series, known = line.cells["series"], known_series()
    if series in catalogue().driver_rules:
        faults.add(line.number, f"series = {shown(series)} is a driver, which runs are given, no outcome")
    elif series not in known:
        observed = {row.observed for row in outcomes().values()}
        told = "was not observed up to 2017" if series in observed else "is no observed outcome of `list indicators`"
        faults.add(line.number, f"series = {shown(series)} {told}.{nearest(series, known)}")
    return known.get(series, "")


def _by_series(points: Mapping[tuple[str, int], tuple[float, float]]) -> list[Later]:
    """Points by series; values stand in the indicator's unit."""
    found = []
    for series in observed_series():
        own = {year: both for (name, year), both in sorted(points.items()) if name == series.indicator}
        if own:
            values = {year: value for year, (value, _) in own.items()}
            found.append(Later(series, values, {year: error for year, (_, error) in own.items()}))
    return found


def given_file(text: str) -> Path:
    """The file that an override names. Raises ScenarioError where there is none."""
    path = Path(text).expanduser() if text and "\0" not in text else None
    if path is None or not path.is_file():
        raise ScenarioError([f"override: observations = {shown(text)} is no file; its columns are "
                             f"{','.join(COLUMNS)}[,{CONFIDENCE}], as in {display(TEMPLATE)}"])  # fmt: skip
    return path
