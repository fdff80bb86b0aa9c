"""Writes the CSV files of a study."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from experiments import costs, plans, winners
from experiments.outcomes import Results, periods
from experiments.scorecard import COLUMNS, Score, cells, summary, write_number
from experiments.store import write_file
from sim.catalogue.loader import catalogue
from sim.core.money import YUAN_PER_MILLION

OBSERVED_YEARS = (2012, 2014, 2015, 2016, 2017)
STATISTICS = ("mean", "p05", "p50", "p95")
BOOK_COLUMNS = ("appropriated", "disbursed", "unspent", "tax_expenditure", "additional", "displaced", "relabelled",
                "misused", "wage", "services", "leveraged")  # fmt: skip
LEVER_OF_LINE = {"hnte_award": "hnte_pool"}
PLAN_MARK = "plan_{}_"


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A CSV table; text that a spreadsheet would run as a formula cannot occur, since names are checked."""
    return csv_lines([header]) + csv_lines(rows)


def csv_lines(rows: Iterable[Sequence[str]]) -> str:
    """Rows of a CSV table."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def indicator_rows(results: Results) -> Iterable[list[str]]:
    """Rows of indicators.csv for one scenario: the province by quarter and year, groups by year."""
    names = list(catalogue().indicators)
    blocks = [(periods(results.scenario), "", results.quarterly)]
    blocks += [([str(y) for y in results.years], group, values) for group, values in results.groups.items()]
    for times, group, values in blocks:
        if not times:
            continue
        found = summary(values)
        for i, name in enumerate(names):
            if np.isnan(found["mean"][:, i]).all():
                continue
            for t, time in enumerate(times):
                if np.isnan(found["mean"][t, i]):
                    continue
                numbers = [write_number(float(found[s][t, i])) for s in STATISTICS]
                yield [results.scenario.name, time, name, group, *numbers]


def budget_rows(results: Results) -> list[tuple[str, int, dict[str, float]]]:
    """Lever, year and million yuan by column, means over the runs, rescaled to the whole province."""
    sums: dict[tuple[str, int], dict[str, float]] = defaultdict(lambda: dict.fromkeys(BOOK_COLUMNS, 0.0))
    for book in results.books:
        for year, lines in book["ledger"].items():
            for line, amounts in lines.items():
                into = sums[LEVER_OF_LINE.get(line, line), int(year)]
                for column in BOOK_COLUMNS:
                    into[column] += amounts.get(column, 0) * book["scale"] / YUAN_PER_MILLION
        for year, taxes in book["tax_expenditure"].items():
            for lever, million in taxes.items():
                sums[lever, int(year)]["tax_expenditure"] += million
    n_runs = len(results.books)
    return [(lever, year, {k: v / n_runs for k, v in a.items()}) for (lever, year), a in sorted(sums.items())]


def write_tables(folder: Path, results: Sequence[Results], scores: Sequence[Score]) -> None:
    """scorecard.csv, plans.csv, indicators.csv, budget.csv, cost_per_outcome.csv and winners.csv."""
    write_file(folder / "scorecard.csv", csv_text(COLUMNS, map(cells, scores)))
    header = ("scenario", "period", "indicator", "group", *STATISTICS)
    write_file(folder / "indicators.csv", csv_text(header, (row for one in results for row in indicator_rows(one))))
    budgets = [
        [one.scenario.name, lever, str(year), *(write_number(amounts[c]) for c in BOOK_COLUMNS)]
        for one in results
        for lever, year, amounts in budget_rows(one)
    ]
    write_file(folder / "budget.csv", csv_text(("scenario", "lever", "year", *BOOK_COLUMNS), budgets))
    further: tuple[tuple[str, Sequence[str], Iterable[Sequence[object]]], ...] = (
        ("plans.csv", plans.COLUMNS, map(plans.plan_cells, plans.plan_scores(results))),
        ("cost_per_outcome.csv", costs.COLUMNS, map(costs.cost_cells, costs.outcome_costs(results))),
        ("winners.csv", winners.COLUMNS, map(winners.difference_cells, winners.differences(results))),
    )
    for name, columns, rows in further:
        write_file(folder / name, csv_text(columns, ([write_number(value) for value in row] for row in rows)))


def short(value: float | None) -> str:
    """A number for a narrow column: three significant digits, whole from 1000 on."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def own_scenario(plan: str, names: Sequence[str]) -> str:
    """The scenario that carries out a plan; nothing where it was not run."""
    mark = PLAN_MARK.format(plan.lower())
    return next((name for name in names if name.startswith(mark)), "")
