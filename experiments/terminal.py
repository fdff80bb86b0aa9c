"""Prints a study's tables: scorecard and history against observation, as wide as the terminal."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from experiments.caution import Caution
from experiments.outcomes import Results
from experiments.pairs import REFERENCE
from experiments.scorecard import Score, observed_rows
from experiments.tables import OBSERVED_YEARS, own_scenario, short
from sim.catalogue.loader import catalogue
from sim.catalogue.rows import TargetRow

UNKNOWN_WIDTH = 160  # of a pipe or a log file
LEAST_TITLE, MOST_TITLE = 22, 72
LEAST_NAME = 36
NUMBERS, TARGET, BAND = 4, 9, 32  # columns of: row number, target, result
GAP = "  "
HEAD = f"{'median':>8} {'5..95 %':<17} {'prob.':>5}"


def width() -> int:
    """Columns of the terminal; COLUMNS= overrides."""
    return shutil.get_terminal_size((UNKNOWN_WIDTH, 24)).columns


def _band(one: Score | None) -> str:
    """Median, 5-95 % and probability of one target in one scenario."""
    if one is None:
        return "not run"
    if one.status != "simulated":
        return f"{'-':>8} {one.status.replace('_', ' ')}, not an outcome"
    if one.p50 is None:
        return f"{'-':>8}"
    chance = "" if one.probability is None else f"{one.probability:.0%}"
    spread = f"{short(one.p05)}..{short(one.p95)}"
    return f"{short(one.p50):>8} {spread:<17} {chance:>5}"


def _row(row: TargetRow, sides: Sequence[Score | None], title: int, stacked: bool) -> list[str]:
    """The lines of one target: its title wrapped, its results side by side or below each other."""
    first = sides[0]
    number = row.target_text if first is None or first.target is None else short(first.target)
    titles = textwrap.wrap(f"{row.plan} {row.title_en}", title, subsequent_indent="  ")
    numbers = [f"{text:>{TARGET}}" for text in textwrap.wrap(number, TARGET)] or [""]
    bands = [_band(one) for one in sides]
    results = bands if stacked else [" | ".join(f"{band:{BAND}}" for band in bands)]
    lines = []
    for i, (name, target, result) in enumerate(zip_longest(titles, numbers, results, fillvalue="")):
        left = f"{row.main:>2}  " if i == 0 else " " * NUMBERS
        year = str(row.target_year or "") if i == 0 else ""
        lines.append(f"{left}{name:{title}} {year:>4} {target:>{TARGET}}{GAP}{result}".rstrip())
    return lines


def scorecard_text(scores: Sequence[Score], columns: int | None = None) -> str:
    """The main targets in the reference scenario and in the plan's own, for a terminal of so many columns.

    Where two results do not fit side by side, the plan's own stands below the reference.
    """
    names = list(dict.fromkeys(one.scenario for one in scores))
    by = {(one.scenario, one.target_id): one for one in scores}
    reference = REFERENCE if REFERENCE in names else names[0]
    heads = [reference] if len(names) == 1 else [reference, "the plan itself"]
    left = NUMBERS + 1 + 4 + 1 + TARGET + len(GAP)
    room = (columns or width()) - left
    side_by_side = len(heads) * BAND + 3 * (len(heads) - 1)
    stacked = len(heads) > 1 and room - side_by_side < LEAST_TITLE
    rows = sorted((t for t in catalogue().targets.values() if t.main), key=lambda t: t.main or 0)
    longest = max(len(row.title_en) + 2 for row in rows)
    title = max(LEAST_TITLE, min(longest, MOST_TITLE, room - (BAND if stacked else side_by_side)))
    lines = [f"reference scenario: {reference}; below it: {heads[1]}"] if stacked else []
    if not stacked:
        lines.append(" " * (left + title) + "   ".join(f"{head:^{BAND}}" for head in heads))
    shown = [HEAD] if stacked else [HEAD] * len(heads)
    lines.append(f"{'':{NUMBERS}}{'plan and target':{title}} {'year':>4} {'target':>{TARGET}}{GAP}" + " | ".join(shown))
    for row in rows:
        own = by.get((own_scenario(row.plan, names), row.target_id))
        sides = [by[reference, row.target_id]] + ([own] if len(heads) > 1 else [])
        lines += _row(row, sides, title, stacked)
    return "\n".join(line.rstrip() for line in lines)


def caution_text(caution: Caution, columns: int | None = None) -> str:
    """What few runs and scaled counts allow to be said, wrapped to so many columns."""
    room = columns or width()
    return "\n".join(textwrap.fill(english, room, subsequent_indent="  ") for english, _ in caution.sentences)


def _observed_cells(both: Mapping[int, tuple[float, float]], year: int) -> tuple[str, str, str]:
    """Simulated, observed and deviation of one year, empty where one is missing."""
    if year not in both:
        return "", "", ""
    ours, seen = both[year]
    return short(ours), short(seen), f"{ours / seen - 1:+.0%}".replace("-0%", "+0%") if seen else "-"


def observed_text(results: Results, columns: int | None = None) -> str:
    """History against observation: simulated median, observed value and deviation; years in blocks that fit."""
    found = observed_rows(results, OBSERVED_YEARS)
    units = catalogue().indicators
    names = [f"{units[indicator].title_en}, {unit}" for indicator, unit, _ in found]
    block = 7 + 1 + 7 + 1 + 5  # simulated, observed, deviation of a year
    room, longest = columns or width(), max((len(name) for name in names), default=0)
    fit = max(1, min(len(OBSERVED_YEARS), (room - LEAST_NAME) // (block + len(GAP))))
    title = max(LEAST_NAME, min(longest, room - fit * (block + len(GAP))))
    lines = ["history against observed: median of the runs, observed value, deviation"]
    for start in range(0, len(OBSERVED_YEARS), fit):
        years = OBSERVED_YEARS[start : start + fit]
        lines.append(" " * title + "".join(f"{GAP}{year:^{block}}" for year in years))
        for name, (_, _, both) in zip(names, found, strict=True):
            if not any(year in both for year in years):
                continue
            wrapped = textwrap.wrap(name, title, subsequent_indent="  ")
            cells = [_observed_cells(both, year) for year in years]
            numbers = "".join(f"{GAP}{ours:>7} {seen:>7} {off:>5}" for ours, seen, off in cells)
            lines += [f"{wrapped[0]:{title}}{numbers}", *wrapped[1:]]
    return "\n".join(line.rstrip() for line in lines)
