"""The rows of a shard: what is kept of its runs, one row a run, period and group, one column an indicator.

Kept are, by `record`: `full`, quarters and years of the province, years of every group, and the books; `province`,
quarters and years of the province; `yearly`, years of the province; `accounts`, these and of the
books what was paid and not collected. Keys are dictionary-encoded, values float64 and null where an indicator has none.
Books (ledger, tax expenditure, totals of the start) lie in the schema's metadata.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from experiments.outcomes import PROVINCE, Outcome, categories, indicator_places, quarters_between, yearly_values
from experiments.plan import ACCOUNTS, Plan, Run
from sim.scenario import Scenario

Array = npt.NDArray[np.float64]
KEYS = ("run", "scenario", "replicate", "period", "group")


@dataclass(frozen=True)
class _Layout:
    """The rows of one run: quarters and years of the province, then years of each group by its name, as far as kept.

    Attributes
    ----------
    n_quarters : of the run; has_quarters : whether they are kept.
    places : dimension -> first row and order (by name) of its groups.
    """

    n_quarters: int
    n_years: int
    has_quarters: bool
    period: list[str]
    group: list[str]
    places: Mapping[str, tuple[int, list[int]]]

    def fill(self, block: Array, name: str, outcome: Outcome) -> None:
        """Write a run into its columns of a table, shape (n_indicators, n_rows), nan where it has nothing to say.

        Raises ValueError where the run has other periods, indicators or groups than the scenario.
        """
        wanted = (self.n_quarters, len(block))
        if outcome.quarterly.shape != wanted:
            raise ValueError(f"{name}: values of {outcome.quarterly.shape}, expected {wanted}")
        first = self.n_quarters if self.has_quarters else 0
        if self.has_quarters:
            block[:, :first] = outcome.quarterly.T
        block[:, first : first + self.n_years] = yearly_values(outcome.quarterly).T
        place = indicator_places()
        for (indicator, dimension), values in outcome.groups.items() if self.places else ():
            first, order = self.places[dimension]
            if values.shape != (self.n_years, len(order)):
                expected = (self.n_years, len(order))
                raise ValueError(
                    f"{name}: {indicator} by {dimension} has values of {values.shape}, expected {expected}"
                )
            block[place[indicator], first : first + values.size] = values.T[order].ravel()


@lru_cache(maxsize=32)
def _layout(start: str, end: str, dimensions: tuple[str, ...], has_quarters: bool) -> _Layout:
    """Rows of a run from start to end with groups of the dimensions (in alphabetical order)."""
    quarters = quarters_between(start, end)
    years = [quarter[:4] for quarter in quarters if quarter.endswith("Q4")]
    period = [*quarters, *years] if has_quarters else list(years)
    group = [PROVINCE] * len(period)
    places = {}
    for dimension in dimensions:
        labels = categories(dimension)
        order = sorted(range(len(labels)), key=labels.__getitem__)
        places[dimension] = len(period), order
        period += years * len(labels)
        group += [f"{dimension}={labels[i]}" for i in order for _ in years]
    return _Layout(len(quarters), len(years), has_quarters, period, group, places)


def _layout_of(scenario: Scenario, outcome: Outcome, record: str) -> _Layout:
    dimensions = tuple(sorted({dimension for _, dimension in outcome.groups})) if record == "full" else ()
    return _layout(scenario.start, scenario.end, dimensions, record in ("full", "province"))


def table_of(plan: Plan, outcomes: Sequence[tuple[Run, Outcome]]) -> pa.Table:
    """The shard of these runs, in their order. Raises ValueError for an outcome that is not as declared."""
    points = [plan.points[run.point] for run, _ in outcomes]
    layouts = [_layout_of(p.scenario, o, plan.record) for p, (_, o) in zip(points, outcomes, strict=True)]
    sizes = [len(layout.period) for layout in layouts]
    values = np.full((len(indicator_places()), sum(sizes)), np.nan)
    first = 0
    for point, layout, size, (_, outcome) in zip(points, layouts, sizes, outcomes, strict=True):
        layout.fill(values[:, first : first + size], point.name, outcome)
        first += size
    keys = [
        _coded([plan.run_id(run) for run, _ in outcomes], sizes),
        _coded([point.name for point in points], sizes),
        pa.array(np.repeat(np.array([run.replicate for run, _ in outcomes], np.int32), sizes)),
        pa.array([text for layout in layouts for text in layout.period]).dictionary_encode(),
        pa.array([text for layout in layouts for text in layout.group]).dictionary_encode(),
    ]
    columns = [pa.array(row, mask=missing) for row, missing in zip(values, np.isnan(values), strict=True)]
    told = {"record": plan.record} | ({"books": books_of(plan, outcomes)} if plan.record in ("full", ACCOUNTS) else {})
    return pa.Table.from_arrays([*keys, *columns], names=[*KEYS, *indicator_places()], metadata=told)


def _coded(texts: Sequence[str], lengths: Sequence[int]) -> pa.DictionaryArray:
    """Each text as often as its length says, dictionary-encoded."""
    known = {text: code for code, text in enumerate(dict.fromkeys(texts))}
    codes = np.repeat(np.array([known[text] for text in texts], np.int32), lengths)
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(list(known)))


def books_of(plan: Plan, outcomes: Sequence[tuple[Run, Outcome]]) -> str:
    """Ledgers, tax expenditure and start-state totals by run id, as JSON."""
    books = {
        plan.run_id(run): {
            "scale": plan.points[run.point].scenario.scale,
            "ledger": outcome.ledger if plan.record == "full" else _disbursed(outcome),
            "tax_expenditure": outcome.tax_expenditure,
            "totals": outcome.totals if plan.record == "full" else [],
        }
        for run, outcome in outcomes
    }
    return json.dumps(books, sort_keys=True, default=_number)


def _disbursed(outcome: Outcome) -> dict[int, dict[str, dict[str, int]]]:
    """What was paid by year and line, the part of the ledger that public cost is made of; nothing where it is zero."""
    return {
        year: {line: {"disbursed": paid} for line, amounts in lines.items() if (paid := amounts["disbursed"])}
        for year, lines in outcome.ledger.items()
    }


def _number(value: Any) -> int | float:
    """A whole number or a float for JSON, out of numpy's."""
    return int(value) if isinstance(value, np.integer) else float(value)
