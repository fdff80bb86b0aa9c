"""Fresh runs of draws: what a posterior is worth shows in runs that were not chosen for being near."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.calibration.distance import Distance
from experiments.calibration.generations import Weighted, systematic
from experiments.durable import StoreError, write_file
from experiments.outcomes import Array
from experiments.sealed_json import read_sealed, sealed_text

FILE = "fresh.json"
DRAWS = 100  # of each kind that are run
RunAll = Callable[[Array, str], Array]  # places (n, n_priors) and what to tell -> points (n, n_targets)


@dataclass(frozen=True)
class Fresh:
    """Points of fresh runs, shape (n, n_targets), of draws as they are and adjusted, and their median distances."""

    plain: Array
    adjusted: Array
    distances: tuple[float, float]

    @property
    def is_nearer(self) -> bool:
        """Whether the adjusted draws are nearer to the observations."""
        return self.distances[1] < self.distances[0]


def fresh_runs(folder: Path, distance: Distance, plain: Weighted, adjusted: Weighted, run_all: RunAll) -> Fresh:
    """Runs of both kinds of draws, with the same replicates; those of the same draws are kept and not made again."""
    rows = [one.places[systematic(one.weights, DRAWS)] for one in (plain, adjusted)]
    key = hashlib.sha256(b"".join(one.tobytes() for one in rows)).hexdigest()[:16]
    found = _kept(folder / FILE, key)
    if found is None:
        found = [
            run_all(one, f"fresh runs of {what} draws") for one, what in zip(rows, ("plain", "adjusted"), strict=True)
        ]
        told = {"key": key, "plain": found[0].tolist(), "adjusted": found[1].tolist()}
        write_file(folder / FILE, sealed_text(told))
    near = [float(np.median([distance(points) for points in one])) for one in found]
    return Fresh(found[0], found[1], (near[0], near[1]))


def _kept(path: Path, key: str) -> list[Array] | None:
    """Points that were kept for these draws."""
    try:
        told = read_sealed(path)
    except StoreError:
        return None
    return [np.array(told[kind], np.float64) for kind in ("plain", "adjusted")] if told.get("key") == key else None
