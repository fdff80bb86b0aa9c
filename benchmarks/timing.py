"""Times inside this process, in CPU seconds so that others on the machine count little: runs, steps, twin, size.

What is compared is measured in turns, and the median of the ratios is told: a machine that slows down for a while then
slows both.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from statistics import median
from typing import Any

from benchmarks.plain_mesa import PlainProvince, columnar_quarter, next_quarter
from benchmarks.yardstick import QUARTERS, YardstickModel, bare_run
from experiments import load_scenario
from sim.model import InnovationModel
from sim.scenario import Scenario
from sim.schedule import SCHEDULE

ABOVE_SHARE = 3700 / 16200  # of the default population
FREE_SHARE = 3800 / 16200
FOUR_QUARTERS = "2011Q4"
MOST_REPEATED = 200_000  # firms; a larger province is measured once


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


@dataclass(frozen=True)
class RunTimes:
    """A full run against the yardstick: medians of CPU seconds and of ratios taken in turns.

    build : CPU seconds of it that pass before the first quarter; yardstick : seconds of the bare run beside it; ratio :
    run over yardstick; by_firm : the same for each firm and quarter simulated; nanoseconds : a firm and quarter.
    """

    seconds: float
    build: float
    yardstick: float
    ratio: float
    by_firm: float
    nanoseconds: float


def against_yardstick(scenarios: Sequence[Scenario], firms: int, repeats: int) -> list[RunTimes]:
    """Build and run each scenario in turns with the bare yardstick; the first turn compiles and is not counted."""
    found: list[list[tuple[float, ...]]] = [[] for _ in scenarios]
    for repeat in range(repeats + 1):
        for scenario, turns in zip(scenarios, found, strict=True):
            yardstick = median(cpu(lambda: bare_run(firms)) for _ in range(3))
            seconds, build, firm_quarters = _one_run(scenario)
            each, bare = seconds / firm_quarters, yardstick / (firms * QUARTERS)
            if repeat:
                turns.append((seconds, build, yardstick, seconds / yardstick, each / bare, 1e9 * each))
    return [RunTimes(*(median(values) for values in zip(*turns, strict=True))) for turns in found]


def _one_run(scenario: Scenario) -> tuple[float, float, int]:
    """CPU seconds of build and run, of the build alone, and firm-quarters simulated."""
    begun = time.process_time()
    model = InnovationModel(scenario)
    built = time.process_time()
    firm_quarters = 0
    while model.steps < model.n_quarters:
        firm_quarters += len(model.world.firms)
        model.step()
    return time.process_time() - begun, built - begun, firm_quarters


def mesa_layer(firms: int, repeats: int) -> float:
    """How much longer the yardstick takes as a Mesa model with Mesa's DataCollector than bare: share, median."""

    def as_model() -> None:
        model = YardstickModel(firms)
        for _ in range(QUARTERS):
            model.step()

    return median(cpu(as_model) / cpu(lambda: bare_run(firms)) for _ in range(repeats + 2)) - 1.0


def by_step(scenario: Scenario) -> dict[str, float]:
    """Seconds of each step of the schedule over a run, of the levers and of measuring; `all` is the whole run."""
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


def growth_with_size(sizes: Sequence[int], repeats: int) -> dict[int, float]:
    """Nanoseconds of CPU a firm and quarter by number of firms, four quarters a run, in turns, medians."""
    found: dict[int, list[float]] = {n: [] for n in sizes}
    for repeat in range(repeats + 1):
        for n in sizes:
            if n > MOST_REPEATED and found[n]:
                continue
            model = InnovationModel(of_size(n, FOUR_QUARTERS))
            seconds = cpu(model.run)
            if repeat or n > MOST_REPEATED:  # the first one of a small province reads the kernels
                found[n].append(1e9 * seconds / (4 * len(model.world.firms)))
    return {n: median(values) for n, values in found.items()}
