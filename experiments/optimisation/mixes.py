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
from experiments.plan import ACCOUNTS, MODEL, Plan, Point, named
from experiments.points import points_of
from experiments.reading import results_of
from experiments.store import Store
from experiments.study import run_plan
from sim.scenario_values import ScenarioError

SCENARIO = "scenario"  # a key of a row that names another scenario than the frame's
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

    def plan(self, rows: Sequence[Row], function: str = MODEL) -> tuple[Plan, npt.NDArray[np.int64]]:
        """The plan of some mixes, and for each row the position of its point, shape (n_rows,).

        Rows that say the same are one point. Raises ScenarioError for a value that the scenario refuses.
        """
        points: list[Point] = []
        positions: dict[str, int] = {}
        places = np.zeros(len(rows), np.int64)
        fixed = self.overrides()
        for name in dict.fromkeys(row.get(SCENARIO, self.scenario) for row in rows):
            mine = [i for i, row in enumerate(rows) if row.get(SCENARIO, self.scenario) == name]
            values = [{key: text for key, text in rows[i].items() if key not in (SCENARIO, STATE)} for i in mine]
            for i, plain in zip(mine, points_of(name, fixed, values), strict=True):
                point = self._in_state(plain, rows[i])
                if point.fingerprint not in positions:
                    positions[point.fingerprint] = len(points)
                    points.append(point)
                places[i] = positions[point.fingerprint]
        drawn = {"parameters": self.parameters, "drivers": self.drivers}
        variation = variation_of({} if any(STATE in row for row in rows) else drawn)
        return Plan(
            self.study, tuple(points), self.seed, self.replicates, ACCOUNTS, function, self._texts(rows), variation
        ), places  # fmt: skip

    def _in_state(self, point: Point, row: Row) -> Point:
        """A point with the draw of its state, if its row names one; what the scenario sets itself stands."""
        if STATE not in row:
            return point
        scenario = varied(
            point.scenario, int(row[STATE]), parameters=self.parameters, drivers=self.drivers, seed=self.seed
        )
        return named(point.base, scenario, row)

    def _texts(self, rows: Sequence[Row]) -> dict[str, Any]:
        """Plain data from which another process makes the same plan."""
        own = [f"{key}={getattr(self, key)}" for key in _TEXTS]
        fixed = [f"fixed={text}" for text in self.fixed]
        said = ["row=" + ";".join(f"{key}={text}" for key, text in row.items()) for row in rows]
        return {"verb": self.verb, "arguments": [*own, *fixed, *said]}


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

    def run(self, frame: Frame, rows: Sequence[Row]) -> list[Results | None]:
        """The results of each row; None where no run of it succeeded. What the store holds is not run again."""
        plan, places = frame.plan(rows, self.function)
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
