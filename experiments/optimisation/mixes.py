"""Mixes: variants of scenarios that differ in a few keys, run through plan and store under the same seeds.

A plan of mixes follows from its texts alone, so that a killed study goes on and a stored run can be made again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from experiments.compose import addresses, variation_of
from experiments.draws.variation import varied
from experiments.machines import Report, Settings
from experiments.outcomes import Results
from experiments.overrides import Overrides, read_overrides
from experiments.plan import ACCOUNTS, MODEL, Plan, Point, named, without_duplicates
from experiments.points import Trees, points_of
from experiments.reading import results_of
from experiments.store import Store
from experiments.study import run_plan
from sim.catalogue.loader import catalogue
from sim.scenario import Scenario
from sim.scenario_values import ScenarioError, number, outside

SCENARIO = "scenario"  # a key of a row that names another scenario than the frame's
MECHANISM = "mechanism."  # begins the key of a parameter
STATE = "state"  # a key of a row: the number of the draw of parameters and drivers that all its runs take
Row = Mapping[str, str]


@dataclass(frozen=True)
class Frame:
    """What all mixes of a study share.

    Attributes
    ----------
    scenario : the one that mixes change, where a row names no other; fixed : overrides of all, as KEY=VALUE.
    replicates : runs of a mix; parameters, drivers : by what replicates differ beside chance, or rows that name a
        state: then all runs of a row take the same draw, and replicates differ by chance alone.
    """

    verb: str
    study: str
    scenario: str
    fixed: tuple[str, ...]
    seed: int
    replicates: int
    parameters: str
    drivers: str

    def overrides(self) -> Overrides:
        """The overrides of all mixes, checked. Raises ScenarioError."""
        return read_overrides(self.fixed, addresses())

    def points(self, rows: Sequence[Row], known: dict[str, Trees] | None = None) -> list[Point]:
        """The point of each row. known : what was composed before, by scenario. Raises ScenarioError."""
        known = {} if known is None else known
        fixed, found = self.overrides(), dict[int, Point]()
        for name in dict.fromkeys(row.get(SCENARIO, self.scenario) for row in rows):
            mine = [i for i, row in enumerate(rows) if row.get(SCENARIO, self.scenario) == name]
            values = [{key: text for key, text in rows[i].items() if not _is_set_later(key)} for i in mine]
            for i, plain in zip(mine, points_of(name, fixed, values, known.setdefault(name, {})), strict=True):
                found[i] = self._in_state(plain, rows[i])
        return [found[i] for i in range(len(rows))]

    def plan(
        self, rows: Sequence[Row], function: str = MODEL, points: Sequence[Point] | None = None
    ) -> tuple[Plan, npt.NDArray[np.int64]]:  # fmt: skip
        """The plan of some mixes, and for each row the position of its point, shape (n_rows,).

        Rows that say the same are one point. points : those of the rows, where they were made before.
        """
        every = self.points(rows) if points is None else points
        kept, _ = without_duplicates(every)
        positions = {point.fingerprint: place for place, point in enumerate(kept)}
        places = np.array([positions[point.fingerprint] for point in every], np.int64)
        drawn = {"parameters": self.parameters, "drivers": self.drivers}
        variation = variation_of({} if any(STATE in row for row in rows) else drawn)
        texts = self._texts(rows)
        return Plan(self.study, kept, self.seed, self.replicates, ACCOUNTS, function, texts, variation), places

    def _in_state(self, point: Point, row: Row) -> Point:
        """A point with the parameters of its row and the draw of its state; what the scenario sets itself stands.

        Parameters are set in the checked scenario: composing one for each of hundreds of keys would take minutes.
        """
        if not any(_is_set_later(key) for key in row if key != SCENARIO):
            return point
        scenario = with_parameters(point.scenario, row)
        if STATE in row:
            scenario = varied(
                scenario, int(row[STATE]), parameters=self.parameters, drivers=self.drivers, seed=self.seed
            )
        return named(point.base, scenario, row)

    def _texts(self, rows: Sequence[Row]) -> dict[str, Any]:
        """Plain data from which another process makes the same plan."""
        own = [f"{key}={getattr(self, key)}" for key in _TEXTS]
        fixed = [f"fixed={text}" for text in self.fixed]
        said = ["row=" + ";".join(f"{key}={text}" for key, text in row.items()) for row in rows]
        return {"verb": self.verb, "arguments": [*own, *fixed, *said]}


def _is_set_later(key: str) -> bool:
    return key in (SCENARIO, STATE) or key.startswith(MECHANISM)


def with_parameters(scenario: Scenario, row: Row) -> Scenario:
    """A checked scenario with the parameters that a row sets. Raises ScenarioError for a value out of its range."""
    values = dict(scenario.mechanism)
    for key, text in row.items():
        if not key.startswith(MECHANISM):
            continue
        parameter = catalogue().parameter(key.removeprefix(MECHANISM))
        values[parameter.address] = number(text)
        wrong = outside(values[parameter.address], parameter.low, parameter.high, parameter.unit)
        if wrong:
            raise ScenarioError([f"override: {key} = {text} {wrong}"])
    known = catalogue().parameters
    return replace(scenario, mechanism={a: value for a, value in values.items() if value != known[a].value})


_TEXTS = ("study", "scenario", "seed", "replicates", "parameters", "drivers")


def plan_again(verb: str, arguments: Sequence[str], function: str = MODEL) -> Plan:
    """The plan of its texts. Raises ScenarioError where they are none."""
    told: dict[str, str] = {}
    fixed: list[str] = []
    rows: list[dict[str, str]] = []
    try:
        for text in arguments:
            key, value = text.split("=", 1)
            if key == "fixed":
                fixed.append(value)
            elif key == "row":
                rows.append(dict(pair.split("=", 1) for pair in value.split(";") if pair))
            else:
                told[key] = value
        numbers = (int(told["seed"]), int(told["replicates"]))
        frame = Frame(
            verb, told["study"], told["scenario"], tuple(fixed), *numbers, told["parameters"], told["drivers"]
        )
    except (ValueError, KeyError):
        raise ScenarioError(["plan: its texts are not those of mixes"]) from None
    return frame.plan(rows, function)[0]


@dataclass
class Bench:
    """Where and how mixes are run; the caller holds the store's lock.

    Attributes
    ----------
    failures : reason to the number of runs that failed with it, of all that was run here.
    """

    store: Store
    settings: Settings
    function: str = MODEL
    failures: dict[str, int] = field(default_factory=dict)
    _made: dict[tuple[Frame, tuple[tuple[str, str], ...]], Point] = field(default_factory=dict)
    _composed: dict[tuple[str, ...], dict[str, Trees]] = field(default_factory=dict)

    def plan(self, frame: Frame, rows: Sequence[Row]) -> tuple[Plan, npt.NDArray[np.int64]]:
        """As the frame's own; a row is composed and checked once, however often it is asked for."""
        one_run = replace(frame, replicates=1)  # how often a point is run does not change it
        keys = [(one_run, tuple(sorted(row.items()))) for row in rows]
        new = {key: row for key, row in zip(keys, rows, strict=True) if key not in self._made}
        composed = self._composed.setdefault(frame.fixed, {})
        self._made |= dict(zip(new, frame.points(list(new.values()), composed), strict=True))
        return frame.plan(rows, self.function, [self._made[key] for key in keys])

    def run(self, frame: Frame, rows: Sequence[Row]) -> list[Results | None]:
        """The results of each row; None where no run of it succeeded. What the store holds is not run again."""
        plan, places = self.plan(frame, rows)
        report = run_plan(plan, self.store, self.settings)
        self._note(report)
        found = {one.scenario.name: one for one in results_of(plan, self.store, report.index)}
        by_point = [found.get(point.name) for point in plan.points]
        return [by_point[place] for place in places]

    def _note(self, report: Report) -> None:
        for failure in report.failures:
            self.failures[failure.reason] = self.failures.get(failure.reason, 0) + 1


def longer(frame: Frame, replicates: int) -> Frame:
    """The same frame with more runs of each mix: those that are there stay as they are."""
    return replace(frame, replicates=replicates)
