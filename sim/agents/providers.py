"""Universities and institutes as providers of projects to firms: how many more they take on, and whom a firm finds.

A firm draws a body with weight pull x reach x free places; reach adds up what a shared city, a shared field and an
existing tie are worth, so that a body without any of them is out of reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.core.kernels import kernel

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.int8]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Providers:
    """Universities, then institutes, each by uid; every array of shape (n,). `free` places are used up."""

    row: Rows
    is_university: npt.NDArray[np.bool_]
    city: Codes
    field: Codes
    pull: Floats
    free: Rows


def providers(world: World, per_staff: float, shared: float) -> Providers:
    """The living bodies; pull = openness x quality, room by R&D staff less the projects of the last quarter."""
    kinds: list[tuple[npt.NDArray[Any], ...]] = [
        listed(kind.alive, kind.uid, kind.city, kind.field, kind.openness, kind.quality, kind.rd_staff,
               kind.n_projects, per_staff, shared)
        for kind in (world.universities, world.institutes)
    ]  # fmt: skip
    row, city, field, pull, free = (np.concatenate(both) for both in zip(*kinds, strict=True))
    return Providers(row, np.arange(len(row)) < len(kinds[0][0]), city, field, pull, free)


@kernel
def by_uid(alive: Flags, uid: Rows) -> Rows:
    """Rows of the living in the order of their uid."""
    rows = np.flatnonzero(alive)
    return rows[np.argsort(uid[rows])]


@kernel
def listed(
    alive: Flags, uid: Rows, city: Codes, field: Codes, openness: Floats, quality: Floats, staff: Floats,
    n_projects: npt.NDArray[np.int32], per_staff: float, shared: float,
) -> tuple[Rows, Codes, Codes, Floats, Rows]:  # fmt: skip
    """Row, city, field, pull and free places of the living bodies of a kind by uid, shape (n,) each."""
    rows = by_uid(alive, uid)
    free = np.empty(rows.size, np.int64)
    for i in range(rows.size):
        free[i] = max(int(staff[rows[i]] * per_staff * shared + 1.0) - n_projects[rows[i]], 0)
    return rows, city[rows], field[rows], openness[rows] * quality[rows], free


@kernel
def choose_providers(
    city: Codes, sector: Codes, partner: npt.NDArray[np.int32], u: Floats, body_row: Rows,
    is_university: npt.NDArray[np.bool_], body_city: Codes, body_field: Codes, pull: Floats, free: Rows,
    city_reach: float, field_reach: float, partner_pull: float, chosen: Rows,
) -> None:  # fmt: skip
    """Each firm in turn draws a body; writes its position or leaves what is there. `free` is used up in place."""
    weight, passed = np.empty(body_row.size), np.empty(body_row.size)
    for i in range(city.size):
        for b in range(body_row.size):
            reach = city_reach * (body_city[b] == city[i]) + field_reach * (body_field[b] == sector[i])
            is_partner = is_university[b] & (partner[i] == body_row[b])
            weight[b] = pull[b] * (reach + partner_pull if is_partner else reach) * free[b]
        total = 0.0
        for b in range(body_row.size):
            total += weight[b]
            passed[b] = total
        target = u[i] * total
        for b in range(body_row.size):
            if weight[b] > 0.0 and passed[b] >= target:
                chosen[i] = b
                free[b] -= 1
                break
