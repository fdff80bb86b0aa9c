"""Times inside this process, in CPU seconds so that others on the machine count little: runs, steps, twin, size."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from statistics import median
from typing import Any

import mesa
import numpy as np

from benchmarks.plain_mesa import PlainProvince, columnar_quarter, next_quarter
from experiments import load_scenario
from sim.agents.firm import Firm
from sim.core.column_model import ColumnModel
from sim.model import InnovationModel
from sim.scenario import Scenario
from sim.schedule import SCHEDULE

ABOVE_SHARE = 3700 / 16200  # of the default population
FREE_SHARE = 3800 / 16200


def history(k: int = 1, end: str = "2021Q4", name: str = "history") -> Scenario:
    """The default scenario, or another one, at a scale."""
    return replace(load_scenario(name, [f"end={end}"]), k=k)


def of_size(firms: int, end: str) -> Scenario:
    """History with this many firms in the default proportions (given to the scenario object, past the ranges)."""
    above = round(firms * ABOVE_SHARE)
    sizes = {"n_above_scale": above, "n_small_tech": firms - above, "free_slots": round(firms * FREE_SHARE)}
    return replace(history(end=end), mechanism={f"population.{name}": float(n) for name, n in sizes.items()})


def cpu(work: Callable[[], Any]) -> float:
    """CPU seconds of this process that a piece of work takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def full_run(scenario: Scenario, repeats: int) -> tuple[float, float, int]:
    """Median CPU seconds and wall seconds of build and run, and firm-quarters simulated."""
    seconds, walls, firm_quarters = [], [], 0
    for repeat in range(repeats + 1):
        begun, wall = time.process_time(), time.perf_counter()
        model = InnovationModel(scenario)
        firm_quarters = 0
        while model.steps < model.n_quarters:
            firm_quarters += len(model.world.firms)
            model.step()
        if repeat:  # the first one compiles or reads the cache
            seconds.append(time.process_time() - begun)
            walls.append(time.perf_counter() - wall)
    return median(seconds), median(walls), firm_quarters


def by_step(scenario: Scenario) -> dict[str, float]:
    """CPU seconds of each step of the schedule over a run, of the levers and of measuring; `all` is the whole run."""
    model, spent = InnovationModel(scenario), dict.fromkeys([s.name for s in SCHEDULE], 0.0)

    def timed(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> None:
            begun = time.perf_counter()
            call(*arguments)
            spent[name] = spent.get(name, 0.0) + time.perf_counter() - begun

        return run

    place: Any = import_module("sim.model")
    before, taker = place.SCHEDULE, model.record.take
    place.SCHEDULE = tuple(replace(step, run=timed(step.name, step.run)) for step in before)
    model.record.take = timed("measure", taker)  # type: ignore[method-assign]
    model.levers = tuple(_TimedLever(timed("levers", lever.apply)) for lever in model.levers)  # type: ignore[misc]
    try:
        begun = time.perf_counter()
        while model.steps < model.n_quarters:
            model.step()
        whole = time.perf_counter() - begun
    finally:
        place.SCHEDULE = before
    return {**spent, "all": whole}


class _TimedLever:
    """A lever whose `apply` is timed."""

    def __init__(self, apply: Callable[..., Any]) -> None:
        self.apply = apply


def twin_ratio(firms: int, quarters: int) -> tuple[float, float, float]:
    """Median CPU seconds of a quarter of nine mechanisms: twin, columns; and the median of their ratio."""
    model = InnovationModel(of_size(firms, "2013Q4"))
    for _ in range(4):
        model.step()
    model.world.calendar.quarter = 3
    twin = PlainProvince(model)
    plain, columnar = [], []
    for quarter in range(quarters + 1):
        next_quarter(model)
        twin.open_quarter(model.world)
        model.world.draws.open_quarter(model.world.calendar.quarter)  # the columns make their draws in their own time
        fast = cpu(lambda: columnar_quarter(model))
        slow = cpu(twin.step)
        if quarter:
            plain.append(slow)
            columnar.append(fast)
    ratios = [slow / fast for slow, fast in zip(plain, columnar, strict=True)]
    return median(plain), median(columnar), median(ratios)


def growth_with_size(sizes: tuple[int, ...], repeats: int) -> dict[int, float]:
    """Nanoseconds of CPU a firm and quarter by number of firms, four quarters a run, interleaved, medians."""
    found: dict[int, list[float]] = {n: [] for n in sizes}
    for _ in range(repeats):
        for n in sizes:
            model = InnovationModel(of_size(n, "2011Q4"))
            seconds = cpu(model.run)
            found[n].append(1e9 * seconds / (4 * len(model.world.firms)))
    return {n: median(values) for n, values in found.items()}


class _Plain(mesa.Agent):  # type: ignore[misc]
    """An agent with as many attributes as a firm has columns of one value."""

    names: tuple[str, ...] = ()

    def __init__(self, model: mesa.Model, *values: Any) -> None:
        super().__init__(model)
        for name, value in zip(self.names, values, strict=True):
            setattr(self, name, value)


def creation(n: int, repeats: int) -> tuple[float, float, int]:
    """Median CPU seconds of creating n firms in columns and of Mesa's create_agents; number of attributes."""
    names = tuple(name for name, column in Firm.declared().items() if column.width is None)
    values = {name: np.ones(n) for name in names}
    lists = [[1.0] * n for _ in names]
    _Plain.names = names
    ours, theirs = [], []
    for _ in range(repeats):
        columnar, plain = ColumnModel(), mesa.Model()
        columnar.register_kind(Firm, capacity=n)
        ours.append(cpu(lambda columnar=columnar: Firm.create_agents(columnar, n, **values)))  # type: ignore[misc]
        theirs.append(cpu(lambda plain=plain: _Plain.create_agents(plain, n, *lists)))  # type: ignore[misc]
    return median(ours), median(theirs), len(names)


def pairing(k: int, replicates: int, end: str) -> dict[str, float]:
    """How many times fewer runs the same draws need: variance of unpaired over that of paired effects, by indicator."""
    from sim.model import run

    scenario = history(k, end)
    other = replace(load_scenario("history", [f"end={end}", "lever.super_deduction.rate=0"]), k=k)
    names = list(InnovationModel(scenario).record.names)
    found = {}
    with_, without = ([run(s, 1, r).quarterly for r in range(replicates)] for s in (scenario, other))
    for name, quarters in (("rd_expenditure", 20), ("hnte_stock", 1), ("patent_applications_invention", 20)):
        column = names.index(name)
        a, b = (np.array([q[-quarters:, column].sum() for q in runs]) for runs in (with_, without))
        paired = float(np.var(a - b, ddof=1))
        found[name] = float((np.var(a, ddof=1) + np.var(b, ddof=1)) / paired) if paired > 0.0 else float("inf")
    return found
