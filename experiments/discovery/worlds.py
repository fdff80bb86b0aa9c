"""Runs mixes in states of the world, and finds the weak parameters that move the targets most."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace

from experiments.costs import public_cost
from experiments.discovery.request import VERB, Asked, Mix
from experiments.discovery.robustness import Table, filled
from experiments.discovery.unknowns import States, states_of, weak_doses
from experiments.draws.variation import CENTRAL
from experiments.optimisation.attainment import margins_of
from experiments.optimisation.doses import entries_before, schedule
from experiments.optimisation.mixes import SCENARIO, STATE, Bench, Row
from experiments.outcomes import Results
from experiments.sensitivity.inputs import Input
from experiments.validity.summaries import shipped
from sim.catalogue.loader import catalogue
from sim.catalogue.rows import DoseRow
from sim.core.calendar import quarter_number
from sim.scenario_values import ScenarioError

STATES_A_PLAN = 40  # states that are planned, run and read at a time: what is kept of them is small


def strongest(asked: Asked, bench: Bench) -> tuple[Input, ...]:
    """The weak parameters that are varied: those named, or those that move the targets most between their ends.

    A shipped table of sensitivities is used instead of trying where it holds all indicators and as many of the
    parameters as are asked for: it has the strongest alone, so those that it leaves out are weaker. Raises
    ScenarioError.
    """
    if not asked.is_screened:
        return asked.inputs
    known = _shipped(asked)
    if known is None:
        print(f"{VERB}: both ends of {len(asked.inputs)} parameters", file=sys.stderr, flush=True)
        known = _moved(asked, bench)
    order = sorted(range(len(asked.inputs)), key=lambda i: (-known.get(asked.inputs[i].address, 0.0), i))
    return tuple(asked.inputs[i] for i in order[: asked.number] if known.get(asked.inputs[i].address, 0.0) > 0.0)


def _shipped(asked: Asked) -> dict[str, float] | None:
    """How far each parameter moves the targets' indicators, as shares of what all do; None where no table tells."""
    table, wanted = shipped("sensitivity"), {row.indicator for row in asked.targets}
    if table is None or not wanted <= {row["outcome"] for row in table.rows}:
        return None
    found: dict[str, float] = {}
    for indicator in sorted(wanted):
        rows = [row for row in table.rows if row["outcome"] == indicator and row["mu_star"]]
        total = sum(float(row["mu_star"]) for row in rows)
        for row in rows if total > 0.0 else ():
            found[row["address"]] = found.get(row["address"], 0.0) + float(row["mu_star"]) / total
    held = sum(found.get(one.address, 0.0) > 0.0 for one in asked.inputs)
    return found if held >= asked.number else None


def _moved(asked: Asked, bench: Bench) -> dict[str, float]:
    """How far each parameter moves the targets of the first mix from end to end, as a share of the targets."""
    mix = asked.mixes[0]
    own = {SCENARIO: mix.scenario, **mix.values}
    frame = replace(asked.frame, replicates=1, parameters=CENTRAL, drivers=CENTRAL)
    rows: list[Row] = [{**own, one.key: one.span.at(share)} for one in asked.inputs for share in (0.0, 1.0)]
    results = bench.run(frame, rows)
    found = {}
    for i, one in enumerate(asked.inputs):
        ends = [_margins(asked, result) for result in results[2 * i : 2 * i + 2]]
        low, high = ends
        if low is not None and high is not None:
            found[one.address] = sum(abs(a - b) for a, b in zip(low, high, strict=True))
    return found


def _margins(asked: Asked, result: Results | None) -> list[float] | None:
    return None if result is None else [float(margins_of(row, result)[1][0]) for row in asked.targets]


def doses_of(asked: Asked) -> tuple[DoseRow, ...]:
    """The assumed doses that are varied: those of levers that some mix has in force."""
    if asked.values["doses"] == "no":
        return ()
    numbers: dict[str, float] = {}
    levers: set[str] = set()
    for mix in asked.mixes:
        for lever, setting in mix.composed.phases[-1].lever.items():
            rows = [row for row in catalogue().doses.values() if row.lever == lever]
            levers |= {lever} if any(setting.doses[row.dose] != row.neutral for row in rows if row.main) else set()
            for row in rows:
                value = setting.doses[row.dose]
                if isinstance(value, float | int) and lever in levers:
                    numbers[row.address] = max(numbers.get(row.address, 0.0), float(value))
    return weak_doses(sorted(levers), numbers)


def row_of(mix: Mix, states: States, state: int) -> dict[str, str]:
    """The keys of a mix in a state; what the mix sets itself stands, but for assumed doses, which are multiplied."""
    row = {SCENARIO: mix.scenario, STATE: str(state), **states.sampled[state], **mix.values}
    for address, factor in states.factors[state].items():
        scaled = _scaled(mix, address, factor)
        if scaled:
            row[f"lever.{address}"] = scaled
    return row


def _scaled(mix: Mix, address: str, factor: float) -> str:
    """The dated values of a dose of a mix times a factor, inside its range; nothing where the mix has none."""
    limits = catalogue().doses[address]
    after = quarter_number(mix.composed.end) + 1
    entries = entries_before(mix.composed, f"lever.{address}", after)
    found = [
        (when, value if isinstance(value, str) else float(f"{min(max(value * factor, limits.low), limits.high):.6g}"))
        for when, value in entries
    ]
    return schedule(found) if found else ""


def table_of(asked: Asked, bench: Bench, states: States) -> tuple[Table, list[Row]]:
    """What all mixes do in all states, and the rows that were run. Raises ScenarioError where nothing succeeded."""
    count, rows = len(states.values), list[Row]()
    results: list[list[Results | None]] = [[] for _ in asked.mixes]
    costs: list[list[dict[int, float]]] = [[] for _ in asked.mixes]
    for first in range(0, count, STATES_A_PLAN):
        print(
            f"{VERB}: states {first + 1} to {min(first + STATES_A_PLAN, count)} of {count}", file=sys.stderr, flush=True
        )
        mine = range(first, min(first + STATES_A_PLAN, count))
        batch = [row_of(mix, states, state) for mix in asked.mixes for state in mine]
        rows += batch
        found = bench.run(asked.frame, batch)
        for m in range(len(asked.mixes)):
            for one in found[m * len(mine) : (m + 1) * len(mine)]:
                costs[m].append(_costs(one))
                results[m].append(None if one is None else replace(one, books=[]))
    if all(one is None for row in results for one in row):
        told = next(iter(bench.failures), "")
        raise ScenarioError([f"discover: no run succeeded: {told}"])
    names = [mix.name for mix in asked.mixes]
    return filled(names, asked.targets, states, asked.frame.replicates, results, costs), rows


def _costs(one: Results | None) -> dict[int, float]:
    if one is None:
        return {}
    return {r: public_cost(book) for r, book in zip(one.replicates, one.books, strict=True)}


def states_asked(asked: Asked, inputs: Sequence[Input]) -> States:
    """The states of a request over these weak parameters."""
    kinds: Mapping[str, str] = {"parameters": asked.frame.parameters, "drivers": asked.frame.drivers}
    return states_of(inputs, doses_of(asked), asked.values["states"], asked.frame.seed, kinds, asked.last)
