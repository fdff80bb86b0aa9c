"""`innopolicy calibrate`: the fit, its tables and figure; on request the draws that ship and the catalogue's values."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Collection, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version

import numpy as np

from experiments import lock
from experiments.calibration import catalogue_rows, posterior, priors, targets, told
from experiments.calibration.central import Marginal, draws, marginals
from experiments.calibration.distance import Distance
from experiments.calibration.fitting import FULL, Course, Generation, Look, proceed
from experiments.calibration.generations import ACCEPT_ALL, Particles, Problem, pyabc_or_refuse, read
from experiments.calibration.keeping import origin_of, settle
from experiments.calibration.request import CalibrateRequest, read_request
from experiments.calibration.simulation import Simulation, fit_scenario
from experiments.compiling import prepare
from experiments.durable import write_file
from experiments.outcomes import Array
from experiments.spread import spread
from experiments.tables import csv_text
from experiments.validity.summaries import made_by

LOOK_FILE = "scale.csv"
FIRST_LOOK = 1_000_000_000  # replicates of the look at the scale, apart from those of the fit by their great number


@dataclass(frozen=True)
class Fit:
    """A finished fit: what was asked, what it was held against, and its last generation."""

    request: CalibrateRequest
    targets: tuple[targets.Target, ...]
    priors: tuple[priors.Prior, ...]
    distance: Distance
    generations: Sequence[Generation]
    made: Particles
    marginals: Sequence[Marginal]


def main(arguments: Sequence[str], flags: Collection[str] = ()) -> int:
    """Carry out the verb. Raises ScenarioError for what cannot be understood, StoreError for the folder."""
    pyabc_or_refuse()
    request = read_request(arguments)
    wanted, free = targets.load(request.data, request.until), priors.load(request.priors)
    settle_later = origin_of(request, wanted, free)
    request.folder.mkdir(parents=True, exist_ok=True)
    with lock.held(request.folder):
        settle(request.folder, settle_later, flags)
        fit = _fit(request, wanted, free)
        _write(fit)
    print("\n".join(_text(fit)))
    if request.ship:
        _ship(fit)
    if request.catalogue:
        catalogue_rows.write(catalogue_rows.changed(fit.marginals))
    return 0


def _fit(
    request: CalibrateRequest, wanted: tuple[targets.Target, ...], free: tuple[priors.Prior, ...]
) -> Fit:  # fmt: skip
    """Make the generations that are missing and read the last."""
    distance = Distance(wanted)
    problem = Problem(request.folder, free, distance, request.population_size, request.seed)
    course = Course(request.k, request.generations, request.full_generations, request.minutes)
    scenario = fit_scenario(request.k, request.until)
    simulation = Simulation(scenario, free, wanted, request.seed)
    workers = request.workers or os.cpu_count() or 1
    prepare()

    def simulate_at(k: int) -> Simulation:
        return replace(simulation, scenario=replace(scenario, k=k))

    def look_at(places: Array) -> Look:
        found = _look(simulation, simulate_at(FULL), places, workers)
        rows = told.scale_rows(distance, wanted, found)
        near = [f"{np.median([distance(p) for p in points]):.6g}" for points in (found.scaled, found.full)]
        text = csv_text(told.SCALE_COLUMNS, [["distance_scaled", near[0], ""], ["distance_full", near[1], ""], *rows])
        write_file(request.folder / LOOK_FILE, text)
        return found

    with _pool(workers) as pool:
        generations = proceed(problem, course, simulate_at, look_at, pool, workers)
    made = read(problem, len(generations) - 1)
    return Fit(request, wanted, free, distance, generations, made, marginals(free, made, request.draws))


def _pool(workers: int) -> AbstractContextManager[Executor | None]:
    """Processes that start anew, or none for one worker."""
    return nullcontext() if workers == 1 else ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))


def _look(scaled: Simulation, full: Simulation, places: Array, workers: int) -> Look:
    """The same parameter sets and replicates at both scales."""
    points = []
    for simulation, what in ((scaled, f"look at k = {scaled.scenario.k}"), (full, "look at k = 1")):
        items = [(row, FIRST_LOOK + i) for i, row in enumerate(places)]
        points.append(np.array(list(spread(partial(_points, simulation), items, workers, what))))
    return Look(*points)


def _points(simulation: Simulation, item: tuple[Array, int]) -> Array:
    row, replicate = item
    named = {prior.address: float(place) for prior, place in zip(simulation.priors, row, strict=True)}
    return simulation.points(named, replicate)


def _provenance(fit: Fit) -> str:
    """What made the draws, without a date."""
    scaled = sum(one.k == fit.request.k for one in fit.generations)
    full = sum(one.k == FULL and fit.request.k != FULL for one in fit.generations)
    given = [text for text in fit.request.given if not text.startswith(("workers=", "results=", "catalogue="))]
    return (
        f"{' '.join(['innopolicy calibrate', *given])}; model {made_by()}; targets {targets.digest(fit.targets)}"
        f" ({len(fit.targets)} points, {len(fit.distance.groups)} series, to {fit.request.until}); priors"
        f" {priors.digest(fit.priors)}; pyabc {version('pyabc')}; {scaled} generations at k = {fit.request.k}"
        f" and {full} at k = 1 of {len(fit.made.weights)} particles; {_nearness(fit)}"
    )


def _nearness(fit: Fit) -> str:
    epsilon = fit.generations[-1].epsilon
    told_as = "none (the prior)" if epsilon == ACCEPT_ALL else f"{epsilon:.4g}"
    return f"epsilon {told_as}; effective sample size {fit.made.effective:.0f}"


def _posterior(fit: Fit) -> posterior.Posterior:
    addresses = tuple(prior.address for prior in fit.priors)
    return posterior.Posterior(addresses, draws(fit.priors, fit.made, fit.request.draws), _provenance(fit))


def _write(fit: Fit) -> None:
    """All files of results/calibrate/ that can be made again from the particles."""
    from experiments.figures.corner import corner

    folder = fit.request.folder
    write_file(folder / "parameters.csv", csv_text(told.PARAMETER_COLUMNS, told.parameter_rows(fit.marginals)))
    write_file(folder / "fit.csv", csv_text(told.FIT_COLUMNS, told.fit_rows(fit.targets, fit.made)))
    made = _posterior(fit)
    write_file(folder / "posterior.csv", posterior.text_of(made))
    logs = np.array([prior.scale == "log" for prior in fit.priors])
    names = [f"{'log10 ' if log else ''}{a}" for log, a in zip(logs, made.addresses, strict=True)]
    ends = np.array([(one.prior.low, one.prior.high, one.centre) for one in fit.marginals])
    shown, ends = made.values.copy(), ends.copy()
    shown[:, logs], ends[logs] = np.log10(shown[:, logs]), np.log10(ends[logs])
    ranges = [(float(low), float(high)) for low, high, _ in ends]
    write_file(folder / "corner.png", corner(names, shown, ranges, [float(centre) for *_, centre in ends]))


def _text(fit: Fit) -> list[str]:
    """What is printed: parameters, fit, scale, and how near the fit came."""
    lines = [*told.parameters_text(fit.marginals), "", *told.fit_text(fit.distance, fit.targets, fit.made), ""]
    path = fit.request.folder / LOOK_FILE
    if path.is_file() and any(one.k == FULL for one in fit.generations):
        rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
        lines += [*told.scale_text(rows[2:], (float(rows[0][1]), float(rows[1][1])), fit.request.k), ""]
    minutes = sum(one.seconds for one in fit.generations) / 60.0
    lines.append(f"{len(fit.generations)} generations, {_nearness(fit)}, {minutes:.1f} minutes")
    return [*lines, f"tables and corner.png: {fit.request.folder.as_posix()}"]


def _ship(fit: Fit) -> None:
    """Write the draws into the project and print the rows of the catalogue that go with them."""
    path = posterior.FOLDER / f"{fit.request.shipped_name}.csv"
    write_file(path, posterior.text_of(_posterior(fit)))
    print(f"draws: {path.as_posix()}; rows of sim/catalogue/parameters.csv that go with them (catalogue=yes):")
    for _, _, new in catalogue_rows.changed(fit.marginals):
        print(new)
