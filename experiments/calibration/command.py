"""`innopolicy calibrate`: the fit, its tables and figure; on request the draws that ship and the catalogue's values."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Collection, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial

import numpy as np

from experiments import lock
from experiments.calibration import catalogue_rows, outputs, priors, targets, told
from experiments.calibration.adjustment import adjusted
from experiments.calibration.central import marginals
from experiments.calibration.distance import Distance
from experiments.calibration.fitting import FULL, Course, Look, proceed
from experiments.calibration.fresh import fresh_runs
from experiments.calibration.generations import Problem, pyabc_or_refuse, read
from experiments.calibration.keeping import origin_of, settle
from experiments.calibration.outputs import LOOK_FILE, Fit
from experiments.calibration.request import CalibrateRequest, read_request
from experiments.calibration.simulation import Simulation, fit_scenario
from experiments.compiling import prepare
from experiments.durable import write_file
from experiments.outcomes import Array
from experiments.spread import spread
from experiments.tables import csv_text

FIRST_LOOK = 1_000_000_000  # replicates of runs beside the fit, apart from those of the fit by their great number
FIRST_FRESH = 1_500_000_000


def main(arguments: Sequence[str], flags: Collection[str] = ()) -> int:
    """Carry out the verb. Raises ScenarioError for what cannot be understood, StoreError for the folder."""
    pyabc_or_refuse()
    request = read_request(arguments)
    wanted, free = targets.load(request.data, request.until), priors.load(request.priors)
    origin = origin_of(request, wanted, free)
    request.folder.mkdir(parents=True, exist_ok=True)
    with lock.held(request.folder):
        settle(request.folder, origin, flags)
        fit = _fit(request, wanted, free)
        outputs.write(fit)
    print("\n".join(outputs.text(fit)))
    if request.ship:
        outputs.ship(fit)
    if request.catalogue:
        catalogue_rows.write(catalogue_rows.changed(fit.marginals))
    return 0


def _fit(
    request: CalibrateRequest, wanted: tuple[targets.Target, ...], free: tuple[priors.Prior, ...]
) -> Fit:  # fmt: skip
    """Make the generations that are missing, and the draws of the last."""
    distance = Distance(wanted)
    problem = Problem(request.folder, free, distance, request.population_size, request.seed)
    course = Course(request.k, request.generations, request.full_generations, request.minutes)
    simulation = Simulation(fit_scenario(request.k, request.until), free, wanted, request.seed)
    workers = request.workers or os.cpu_count() or 1
    prepare()

    def simulate_at(k: int) -> Simulation:
        return replace(simulation, scenario=replace(simulation.scenario, k=k))

    def look_at(places: Array) -> Look:
        found = Look(*(_all_points(simulate_at(k), places, f"look at k = {k}", FIRST_LOOK, workers)
                       for k in (request.k, FULL)))  # fmt: skip
        _write_look(request, distance, wanted, found)
        return found

    with _pool(workers) as pool:
        generations = proceed(problem, course, simulate_at, look_at, pool, workers)
    made = read(problem, len(generations) - 1)
    moved = adjusted(wanted, distance, made, request.seed)
    last = simulate_at(generations[-1].k)
    fresh = fresh_runs(request.folder, distance, made, moved,
                       lambda places, what: _all_points(last, places, what, FIRST_FRESH, workers))  # fmt: skip
    drawn = moved if request.adjust and fresh.is_nearer else made
    told_of = marginals(free, drawn, request.draws)
    return Fit(request, wanted, free, distance, generations, made, drawn, fresh, told_of)


def _pool(workers: int) -> AbstractContextManager[Executor | None]:
    """Processes that start anew, or none for one worker."""
    return nullcontext() if workers == 1 else ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))


def _all_points(simulation: Simulation, places: Array, what: str, first: int, workers: int) -> Array:
    """Points of one run for each parameter set, shape (n, n_targets), with replicates from `first` on."""
    items = [(row, first + i) for i, row in enumerate(places)]
    return np.array(list(spread(partial(_points, simulation), items, workers, what)))


def _points(simulation: Simulation, item: tuple[Array, int]) -> Array:
    row, replicate = item
    named = {prior.address: float(place) for prior, place in zip(simulation.priors, row, strict=True)}
    return simulation.points(named, replicate)


def _write_look(
    request: CalibrateRequest, distance: Distance, wanted: Sequence[targets.Target], found: Look
) -> None:  # fmt: skip
    """What the scale does, by group of targets, below the median distance at both scales."""
    near = [f"{np.median([distance(p) for p in points]):.6g}" for points in (found.scaled, found.full)]
    rows = [["distance_scaled", near[0], ""], ["distance_full", near[1], ""]]
    rows += told.scale_rows(distance, wanted, found)
    write_file(request.folder / LOOK_FILE, csv_text(told.SCALE_COLUMNS, rows))
