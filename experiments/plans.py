"""Plan by plan: the chance that all targets of a plan are met in the same run, and where plans contradict each other.

A target counts when it is simulated and has a number, a direction and a year inside the run; rows with a revised number
stand by themselves, so the old and the new one are both asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from experiments.outcomes import Results
from experiments.scorecard import Score, met
from sim.catalogue.loader import catalogue
from sim.catalogue.rows import TargetRow

PLANS = ("A", "B", "C", "D", "E")
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class PlanScore:
    """One row of plans.csv: how many targets were tested, the chance of all together, and the hardest of them."""

    scenario: str
    plan: str
    rows: int
    tested: int
    joint: float | None
    mean_met: float | None
    tested_main: int
    joint_main: float | None
    mean_met_main: float | None
    hardest: str
    hardest_probability: float | None


COLUMNS = tuple(f.name for f in fields(PlanScore))


def flags_of(rows: Iterable[TargetRow], results: Results) -> dict[str, Flags]:
    """Target id to whether each run meets it, for the targets that can be tested in these runs."""
    found = {row.target_id: met(row, results) for row in rows}
    return {target: flags for target, flags in found.items() if flags is not None}


def joint(flags: Mapping[str, Flags]) -> float | None:
    """Share of the runs in which all are met; None without any."""
    return float(np.all(list(flags.values()), axis=0).mean()) if flags else None


def mean_met(flags: Mapping[str, Flags]) -> float | None:
    """How many are met in the mean of the runs; None without any."""
    return float(np.sum(list(flags.values()), axis=0).mean()) if flags else None


def plan_score(plan: str, results: Results) -> PlanScore:
    """The row of one plan in one scenario."""
    rows = [row for row in catalogue().targets.values() if row.plan == plan]
    flags = flags_of(rows, results)
    main = {row.target_id: flags[row.target_id] for row in rows if row.main and row.target_id in flags}
    chances = {target: float(one.mean()) for target, one in flags.items()}
    hardest = min(chances, key=lambda target: chances[target], default="")
    return PlanScore(
        results.scenario.name, plan, len(rows), len(flags), joint(flags), mean_met(flags), len(main), joint(main),
        mean_met(main), hardest, chances.get(hardest),
    )  # fmt: skip


def plan_scores(results: Sequence[Results]) -> list[PlanScore]:
    """Every plan in every scenario."""
    return [plan_score(plan, one) for one in results for plan in PLANS]


def plan_cells(one: PlanScore) -> Sequence[object]:
    """The values of a row of plans.csv."""
    return astuple(one)


def plan_view(results: Sequence[Results], scores: Sequence[PlanScore]) -> list[dict[str, Any]]:
    """For the report: one line a plan, its scores by scenario, the hardest target of its own scenario.

    `also` counts the other targets whose chance is as low.
    """
    targets = catalogue().targets
    by = {(one.plan, one.scenario): one for one in scores}
    names = [one.scenario.name for one in results]
    view = []
    for plan in PLANS:
        sides = [by[plan, name] for name in names]
        own = next((one for one in sides if one.scenario.startswith(f"plan_{plan.lower()}_")), sides[0])
        run = next(one for one in results if one.scenario.name == own.scenario)
        flags = flags_of((row for row in targets.values() if row.plan == plan), run)
        also = sum(float(one.mean()) == own.hardest_probability for one in flags.values()) - 1
        view.append({"plan": plan, "sides": sides, "own": own, "hardest": targets.get(own.hardest), "also": also})
    return view


def conflict_view(results: Sequence[Results], scores: Sequence[Score]) -> list[dict[str, Any]]:
    """For the report: each conflict, its targets with their chance by scenario, and the chance of all in one run."""
    by = {(one.scenario, one.target_id): one for one in scores}
    view = []
    for conflict in catalogue().conflicts.values():
        rows = [catalogue().targets[target] for target in conflict.targets]
        flags = [flags_of(rows, one) for one in results]
        lines = [
            {
                "row": row,
                "target": by[results[0].scenario.name, row.target_id].target,
                "chances": [by[one.scenario.name, row.target_id].probability for one in results],
            }
            for row in rows
        ]
        together = [joint(one) if len(one) > 1 else None for one in flags]
        view.append({"conflict": conflict, "lines": lines, "together": together})
    return view
