"""The course of a fit: generations on a scaled population, a look at what the scale does, generations at full size.

The first generation is a sample of the prior; each later one takes the runs nearer than the median of the one before.
Generations at full size (k = 1) go on from the scaled ones: particles are proposed around the scaled posterior, run and
judged at full size, and weighted by prior over proposal. So a bias of the scale is not carried into the posterior; it
costs runs, no more. What is planned for a generation is noted before it begins (generations.json), so that after a kill
the same generation is made.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace

import numpy as np

from experiments.calibration.generations import (
    ACCEPT_ALL,
    Particles,
    Problem,
    Simulate,
    add,
    count,
    read,
    systematic,
    weighted_quantile,
)
from experiments.durable import write_file
from experiments.outcomes import Array
from experiments.sealed_json import read_sealed, sealed_text

FILE = "generations.json"
FULL = 1  # the scale at which everybody is simulated
MEDIAN = 0.5
SCALED_SHARE = 0.5  # of the minutes, after which generations go on at full size: a scaled run is cheap, but noisy
SLOWER = 1.4  # a generation takes so much longer than the one before, its runs accepted more rarely
LEAST_ACCEPTED = 0.04  # share of the runs; nearer is not worth its runs
LEAST_EFFECTIVE = 500  # effective sample size that the last generation shall have
ROOM = 1.15  # more particles than the last generation's weights ask for
MOST_TIMES = 3.0  # the population size at most, so that a generation ends
LOOKED_AT = 64  # parameter sets that are run at both scales


@dataclass(frozen=True)
class Course:
    """How far a fit goes: k of the scaled generations, how many of these and of full ones at most, and minutes.

    The minutes are those of all calls together; a generation that would not end in time is not begun, but one at full
    size is always made.
    """

    k: int
    scaled: int
    full: int
    minutes: float


@dataclass(frozen=True)
class Generation:
    """What was planned for a generation (k, epsilon, size) and what it took (seconds, failed runs)."""

    k: int
    epsilon: float
    size: int
    seconds: float = 0.0
    failures: int = 0


@dataclass(frozen=True)
class Look:
    """The same parameter sets and replicates at both scales: points, shape (n, n_targets)."""

    scaled: Array
    full: Array


SimulateAt = Callable[[int], Simulate]
LookAt = Callable[[Array], Look]


def noted(problem: Problem) -> list[Generation]:
    """Generations begun so far. Raises StoreError where the note was damaged."""
    path = problem.folder / FILE
    return [Generation(**one) for one in read_sealed(path)["generations"]] if path.exists() else []


def _note(problem: Problem, generations: Sequence[Generation]) -> None:
    write_file(problem.folder / FILE, sealed_text({"generations": [asdict(one) for one in generations]}))


def proceed(
    problem: Problem, course: Course, simulate_at: SimulateAt, look_at: LookAt, pool: Executor | None = None,
    workers: int = 1,
) -> list[Generation]:  # fmt: skip
    """Make the generations that are missing and return all of them. Raises ExhaustedError where no run is near."""
    while True:
        generations, done = noted(problem), count(problem)
        generations = generations[: done + 1]
        if len(generations) == done:
            following = _following(problem, course, generations, look_at)
            if following is None:
                return generations
            generations.append(following)
            _note(problem, generations)
        plan, begun = generations[done], time.perf_counter()
        what = f"generation {done + 1} (k={plan.k})"
        failures = add(replace(problem, size=plan.size), simulate_at(plan.k), plan.epsilon, pool, workers, what)
        generations[done] = replace(plan, seconds=time.perf_counter() - begun, failures=failures)
        _note(problem, generations)
        _tell(what, generations[done], read(problem, done))


def _tell(what: str, plan: Generation, made: Particles) -> None:
    epsilon = "the prior" if plan.epsilon == ACCEPT_ALL else f"epsilon {plan.epsilon:.4g}"
    print(f"{what}: {epsilon}, {made.evaluations} runs ({plan.failures} failed), effective sample"
          f" {made.effective:.0f}, median distance {np.median(made.distances):.4g}, {plan.seconds:.0f} s",
          file=sys.stderr, flush=True)  # fmt: skip


def _following(problem: Problem, course: Course, made: Sequence[Generation], look_at: LookAt) -> Generation | None:
    """The plan of the next generation; None when the fit is done."""
    if not made:
        return Generation(course.k, ACCEPT_ALL, problem.size)
    last = read(problem, len(made) - 1)
    nearer = float(weighted_quantile(last.distances, last.weights, [MEDIAN])[0])
    full = [one for one in made if one.k == FULL and course.k != FULL]
    spent, seconds = sum(one.seconds for one in made), made[-1].seconds * SLOWER
    is_slow = len(last.distances) < LEAST_ACCEPTED * last.evaluations
    if not full and len(made) < course.scaled and not is_slow:
        share = 1.0 if course.k == FULL or course.full == 0 else SCALED_SHARE
        if spent + seconds <= share * course.minutes * 60.0:
            return Generation(course.k, nearer, problem.size)
    if course.k == FULL or len(full) >= course.full:
        return None
    size = _size(problem.size, last)
    if full:
        in_time = spent + seconds * size / made[-1].size <= course.minutes * 60.0
        return Generation(FULL, nearer, size) if in_time and not is_slow else None
    looked = look_at(last.places[systematic(last.weights, LOOKED_AT)])
    epsilon = float(np.median([problem.distance(points) for points in looked.full]))
    return Generation(FULL, epsilon, size)


def _size(base: int, last: Particles) -> int:
    """Particles that leave an effective sample large enough, if weights will be as uneven as in the last generation."""
    wanted = ROOM * min(LEAST_EFFECTIVE, base) * len(last.weights) / last.effective
    return math.ceil(min(max(base, wanted), MOST_TIMES * base))
