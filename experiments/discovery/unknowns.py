"""The numbers that are not known: weak parameters over their ranges, fitted ones and drivers as they are drawn.

A state of the world has a row of a Latin hypercube over the weak parameters (and the assumed doses), a draw of the
fitted parameters, and a path of each driver; a path counts as its mean growth or level to the last target's year.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.designs import Design, latin_hypercube
from experiments.draws.driver_paths import FORMS, LAST_YEAR, forecast, observed
from experiments.draws.variation import CENTRAL, drawn
from experiments.outcomes import Array
from experiments.sensitivity.inputs import PARAMETERS, Input, inputs_of, named, span_of
from sim.catalogue.loader import catalogue
from sim.catalogue.rows import DoseRow
from sim.scenario_values import ScenarioError, shown

WEAK = ("C", "D")
PARAMETER, FITTED, DRIVER, DOSE = "parameter", "fitted", "driver", "dose"
FACTOR = "dose."  # begins the key of an assumed dose: a factor on what each mix has
LEAST_FACTOR, MOST_FACTOR = 0.5, 1.5
GROWTH = ("mean growth a year to {}, %", "至{}年年均增速，%")
LEVEL = ("mean level to {}", "至{}年平均水平")


@dataclass(frozen=True)
class Unknown:
    """One number that is not known.

    Attributes
    ----------
    key : mechanism.ADDRESS, driver.SERIES or dose.LEVER.DOSE; kind : PARAMETER, FITTED, DRIVER or DOSE.
    grade, source : of its row in the catalogue.
    """

    key: str
    kind: str
    title_en: str
    title_zh: str
    unit: str
    grade: str
    source: str


@dataclass(frozen=True)
class States:
    """The states of the world.

    Attributes
    ----------
    unknowns : the columns; values : (n_states, n_unknowns).
    sampled : keys of the scenario with their texts in each state (of the hypercube alone); factors : by dose.
    """

    unknowns: tuple[Unknown, ...]
    values: Array
    sampled: tuple[Mapping[str, str], ...]
    factors: tuple[Mapping[str, float], ...]


def weak_parameters(parameters: str) -> tuple[Input, ...]:
    """Parameters of a weak grade with a range that no table of draws holds."""
    known, fitted = catalogue().parameters, set(drawn(parameters, 0)) if parameters != CENTRAL else set()
    return tuple(
        one for one in inputs_of((PARAMETERS,))
        if known[one.address].grade in WEAK and one.address not in fitted
    )  # fmt: skip


def parameters_named(names: Sequence[str], parameters: str) -> tuple[Input, ...]:
    """Parameters by their addresses, with or without the word mechanism. Raises ScenarioError."""
    keys = [name if name.startswith("mechanism.") else f"mechanism.{name}" for name in names]
    fitted = drawn(parameters, 0) if parameters != CENTRAL else {}
    found = named(keys)
    for one in found:
        if not one.key.startswith("mechanism.") or one.address in fitted:
            raise ScenarioError(
                [f"override: inputs = {shown(one.address)} is drawn from the table {parameters} already"]
            )
    return found


def weak_doses(levers: Sequence[str], doses: Mapping[str, float]) -> tuple[DoseRow, ...]:
    """Assumed doses of levers that are in force: those without a main effect of their own are left to the asker.

    doses : number of each dose by its address, where it is one.
    """
    rows = [row for row in catalogue().doses.values() if row.lever in levers and row.grade in WEAK]
    return tuple(row for row in rows if not row.main and doses.get(row.address, 0.0) > 0.0)


def states_of(
    inputs: Sequence[Input], doses: Sequence[DoseRow], number: int, seed: int, kinds: Mapping[str, str], last: int
) -> States:
    """So many states. kinds : parameters and drivers as in a variation; last : the year to which drivers count."""
    spans = {one.key: one.span for one in inputs}
    spans |= {FACTOR + row.address: span_of(LEAST_FACTOR, MOST_FACTOR) for row in doses}
    rows: list[dict[str, str]] = [{} for _ in range(number)]
    if spans:
        rows = latin_hypercube.rows(Design("latin_hypercube", spans, number, seed))
    sampled = [{key: text for key, text in row.items() if not key.startswith(FACTOR)} for row in rows]
    factors = [{key.removeprefix(FACTOR): float(t) for key, t in row.items() if key.startswith(FACTOR)} for row in rows]
    unknowns = [_of_parameter(one) for one in inputs] + [_of_dose(row) for row in doses]
    columns = [np.array([float(row[one.key]) for row in rows]) for one in unknowns]
    for one, column in (*_fitted(number, kinds["parameters"]), *_drivers(number, seed, kinds["drivers"], last)):
        unknowns.append(one)
        columns.append(column)
    values = np.column_stack(columns) if columns else np.empty((number, 0))
    return States(tuple(unknowns), values, tuple(sampled), tuple(factors))


def _of_parameter(one: Input, kind: str = PARAMETER) -> Unknown:
    row = catalogue().parameters[one.address]
    return Unknown(one.key, kind, one.title_en, one.title_zh, one.unit, row.grade, row.source)


def _of_dose(row: DoseRow) -> Unknown:
    lever = catalogue().levers[row.lever]
    return Unknown(
        FACTOR + row.address, DOSE, f"{lever.title_en}: {row.title_en}, times what the mix has",
        f"{lever.title_zh}：{row.title_zh}（为组合取值的倍数）", "multiple", row.grade, row.source,
    )  # fmt: skip


def _fitted(number: int, table: str) -> list[tuple[Unknown, Array]]:
    """Fitted parameters with their draws, (n_states,) each."""
    if table == CENTRAL:
        return []
    draws = [drawn(table, state) for state in range(number)]
    known = {one.address: one for one in inputs_of((PARAMETERS,))}
    return [
        (_of_parameter(known[address], FITTED), np.array([row[address] for row in draws]))
        for address in draws[0] if address in known
    ]  # fmt: skip


def _drivers(number: int, seed: int, kind: str, last: int) -> list[tuple[Unknown, Array]]:
    """Drivers whose paths differ before the last year, with the mean growth or level of each path."""
    if kind == CENTRAL:
        return []
    paths = [forecast(None, LAST_YEAR, state, seed) for state in range(number)]
    found = []
    for name, form in FORMS.items():
        years = [year for year in paths[0].get(name, {}) if year <= last]
        if form.same_as or not years:
            continue
        row = catalogue().series_rows(name)[0]
        words, unit = (LEVEL, row.unit) if form.is_level else (GROWTH, "%")
        title = catalogue().driver_rules[name]
        one = Unknown(
            f"driver.{name}", DRIVER, f"{title.title_en}, {words[0].format(last)}",
            f"{title.title_zh}，{words[1].format(last)}", unit, "D", "assumption",
        )  # fmt: skip
        start = observed(name, LAST_YEAR)[years[0] - 1]
        found.append((one, np.array([_summary(path[name], years, start, form.is_level) for path in paths])))
    return found


def _summary(path: Mapping[int, float], years: Sequence[int], start: float, is_level: bool) -> float:
    if is_level:
        return sum(path[year] for year in years) / len(years)
    return 100.0 * (math.exp(math.log(path[years[-1]] / start) / len(years)) - 1.0)
