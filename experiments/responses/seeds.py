"""Measures all experiments seed by seed, in processes, and keeps what is done: one sealed file a seed."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from math import isfinite
from pathlib import Path
from typing import Any

from experiments.durable import StoreError, write_file
from experiments.responses.arms import STEADY, scenario_of
from experiments.responses.experiment import Measured
from experiments.responses.judging import identity
from experiments.responses.lab import Lab
from experiments.responses.registry import experiments
from experiments.responses.request import Asked
from experiments.sealed_json import read_sealed, sealed_text
from experiments.spread import spread
from sim.scenario_values import ScenarioError

VARIATION = "experiments.draws.variation"


@dataclass(frozen=True)
class Task:
    """One seed and the tests that it still lacks."""

    seed: int
    k: int
    parameters: str
    tests: tuple[int, ...]


def posterior_of(seed: int) -> Mapping[str, float]:
    """The parameters that the fit gives this replicate. Raises ScenarioError where there is no fit."""
    if find_spec("experiments.draws") is None:
        raise ScenarioError(["override: parameters = posterior needs draws of the fit, which are not there"])
    varied = import_module(VARIATION).varied
    base = scenario_of(STEADY)
    drawn = varied(base, seed, parameters="posterior", drivers="central").mechanism
    return {address: value for address, value in drawn.items() if base.mechanism.get(address) != value}


def measure(task: Task) -> tuple[int, dict[int, dict[str, float]]]:
    """Statistics of a seed by test and row."""
    drawn = posterior_of(task.seed) if task.parameters == "posterior" else {}
    lab = Lab(task.seed, task.k, drawn)
    found = {}
    for number in task.tests:
        found[number] = experiments()[number].measure(lab)
        gc.collect()  # models refer to themselves
    return task.seed, {number: {name: float(v) for name, v in one.items()} for number, one in found.items()}


def _path(folder: Path, seed: int) -> Path:
    return folder / f"seed_{seed:05d}.json"


def _kept(path: Path, told: Mapping[str, Any]) -> dict[int, dict[str, float]]:
    """What is kept of a seed; nothing where another model or setting made it, or the file was damaged."""
    if not path.is_file():
        return {}
    try:
        content = read_sealed(path)
    except StoreError:
        return {}
    if {key: content.get(key) for key in told} != dict(told):
        return {}
    return {
        int(number): {name: float("nan") if v is None else float(v) for name, v in one.items()}
        for number, one in content["tests"].items()
    }


def _keep(path: Path, told: Mapping[str, Any], tests: Mapping[int, Measured]) -> None:
    """Write what is known of a seed; JSON has no word for what is not a number."""
    plain = {
        str(number): {name: v if isfinite(v) else None for name, v in one.items()} for number, one in tests.items()
    }
    write_file(path, sealed_text({**told, "tests": plain}))


def measured(asked: Asked) -> dict[int, list[Measured]]:
    """Statistics of all seeds by test, those that are kept and those that are missing; in the order of the seeds."""
    told = identity(asked.k, asked.parameters)
    wanted = [number for number in asked.tests if number in experiments()]
    numbers = range(asked.seed, asked.seed + asked.seeds)
    known = {seed: _kept(_path(asked.results, seed), told) for seed in numbers}
    tasks = [
        Task(seed, asked.k, asked.parameters, tuple(n for n in wanted if n not in known[seed])) for seed in numbers
    ]
    tasks = [task for task in tasks if task.tests]
    for seed, tests in spread(measure, tasks, asked.workers, "responses, seeds") if tasks else ():
        known[seed] = {**known[seed], **tests}
        _keep(_path(asked.results, seed), told, known[seed])
    return {number: _of_all(known, numbers, number) for number in wanted}


def _of_all(known: Mapping[int, Mapping[int, Measured]], seeds: Sequence[int], number: int) -> list[Measured]:
    return [known[seed][number] for seed in seeds]
