"""Makes many checked scenarios that differ in a few keys: composed once, then checked one by one.

Hydra composes a scenario in a tenth of a second; a sweep of thousands composes each set of keys once and writes the
values into copies of the composed tree. The result is that of composing every point by itself (a test).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from experiments.compose import checked, composed
from experiments.overrides import Overrides
from experiments.plan import Point, named
from experiments.written_values import with_values
from sim.scenario_values import ScenarioError

FAULTS_TOLD = 20
Trees = dict[tuple[str, ...], Any]  # composed tree and files by the keys that rows set


def points_of(
    base: str, fixed: Overrides, rows: Sequence[Mapping[str, str]], known: Trees | None = None
) -> list[Point]:  # fmt: skip
    """One point for each row of values (key to text) of a scenario file; without any key the scenario as it stands.

    known : what was composed by earlier calls with the same base and overrides, by key; it is added to.
    Raises ScenarioError with the faults of all points, each once, as far as FAULTS_TOLD.
    """
    trees: Trees = {} if known is None else known
    points: list[Point] = []
    faults: dict[str, None] = {}
    for row in rows:
        overrides = replace(fixed, values={**fixed.values, **row})
        try:
            keys = tuple(sorted(row))
            if keys not in trees:
                trees[keys] = composed(base, overrides)
            tree, scanned = trees[keys]
            scenario = checked(_with(tree, row), scanned, overrides)
        except ScenarioError as refused:
            faults.update(dict.fromkeys(refused.faults))
            continue
        points.append(named(base, scenario, row) if row else Point(scenario.name, scenario, base))
    if faults:
        told = list(faults)[:FAULTS_TOLD]
        more = [f"override: and {len(faults) - FAULTS_TOLD} faults more"] if len(faults) > FAULTS_TOLD else []
        raise ScenarioError([*told, *more])
    return points


def _with(tree: Mapping[str, Any], row: Mapping[str, str]) -> dict[str, Any]:
    """A copy of a composed tree, and of its earlier scenario's, in which the keys have these values."""
    changed = with_values(tree, row)
    if isinstance(tree.get("before"), Mapping):
        changed["before"] = _with(tree["before"], row)
    return changed
