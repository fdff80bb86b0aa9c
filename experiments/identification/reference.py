"""The reference table: what the model gives for draws from the prior, kept chunk by chunk so that work goes on.

Draw i has places of its own and the replicate i, so a longer table begins with the shorter one. What decides the
numbers stands in the folder's name: a changed model begins a table of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np

from experiments.outcomes import Array
from experiments.sealed_json import read_sealed, sealed_text
from experiments.spread import spread
from experiments.store import StoreError, write_file

CHUNK = 50  # draws that are worked and kept together
REFERENCE, HELD_OUT, NOISE = 0, 1, 2  # streams of draws
Rows = list[list[float | None]]  # points by draw, None for what is no number
FIRST_HELD_OUT = 1_000_000  # replicate of the first held-out set


class Model(Protocol):
    """What is tried: points (n_points,) of one run at places (n_parameters,) from 0 to 1; nan where it has none."""

    def __call__(self, places: Array, replicate: int) -> Array: ...  # noqa: D102


@dataclass(frozen=True)
class Table:
    """Draws and what the model gave for them: places (n, n_parameters), points (n, n_points), failed: rows left out."""

    places: Array
    points: Array
    failed: int = 0


def drawn(n: int, width: int, seed: int, stream: int) -> Array:
    """Uniform numbers, shape (n, width); the first rows do not depend on n."""
    return np.random.Generator(np.random.Philox(key=np.array([seed, stream], np.uint64))).random((n, width))


def normals(n: int, width: int, seed: int, stream: int) -> Array:
    """Standard normal numbers, shape (n, width); the first rows do not depend on n."""
    key = np.array([seed, NOISE + 1 + stream], np.uint64)
    return np.random.Generator(np.random.Philox(key=key)).standard_normal((n, width))


def table(model: Model, draws: Array, first: int, folder: Path, workers: int | None = None, what: str = "") -> Table:
    """Run the model for all draws, (n, n_parameters), that are not kept in the folder yet; replicates from `first` on.

    A point that the model does not give is nan. Raises StoreError for a damaged chunk.
    """
    starts = range(0, len(draws), CHUNK)
    kept: dict[int, Rows] = {}
    for start in starts:
        found = _kept(folder / f"{start:06d}.json", draws[start : start + CHUNK])
        if found is not None:
            kept[start] = found
    todo = [start for start in starts if start not in kept]
    chunks = [(draws[start : start + CHUNK], first + start) for start in todo]
    for start, rows in zip(todo, spread(partial(_work, model), chunks, workers, what), strict=True):
        kept[start] = rows
        told = {"places": draws[start : start + CHUNK].tolist(), "points": rows}
        folder.mkdir(parents=True, exist_ok=True)
        write_file(folder / f"{start:06d}.json", sealed_text(told))
    points = np.array([row for start in starts for row in kept[start]], np.float64)  # null is nan
    return Table(draws, points)


def whole(found: Table) -> Table:
    """The runs that give a number for every point; the others are counted."""
    is_whole = np.isfinite(found.points).all(axis=1)
    return Table(found.places[is_whole], found.points[is_whole], int((~is_whole).sum()))


def _kept(path: Path, places: Array) -> Rows | None:
    """The points of a chunk that was kept for these places; None where there is none, or a shorter one."""
    if not path.is_file():
        return None
    told = read_sealed(path)
    if told.get("places") != places.tolist():
        if told.get("places") == places[: len(told.get("places", ()))].tolist():
            return None  # the last chunk of a shorter table: it is made again, longer
        raise StoreError(f"{path}: holds other draws than these; name another folder")
    found: Rows = told["points"]
    return found


def _work(model: Model, chunk: tuple[Array, int]) -> Rows:
    """The points of a chunk; None (null) for what is no number."""
    places, first = chunk
    rows = [model(row, first + i) for i, row in enumerate(places)]
    return [[float(value) if np.isfinite(value) else None for value in row] for row in rows]
