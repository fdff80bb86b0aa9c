"""Demonstration firms and pilots show their practice: performers of their sector learn, hosts gain a little.

Learning from outside = gain x n / (n + half), n the platforms of sector and city plus a part of those of the sector
elsewhere, each fading with its age. Hosts of smart and big-data pilots and green factories grow a little faster and
sell more new products while theirs is fresh; pilots for the use of intellectual property file more. A hydrogen pilot
city is counted and does nothing more. All assumed (no estimate was found); demonstration firms of history's own pace
are part of the spillovers fitted to it and do not count here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from sim.agents.centre import HOST_FIRM
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.arithmetic import exp_of
from sim.core.fixed_point import ONE
from sim.core.kernels import kernel
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]
Rows = npt.NDArray[np.int64]
RENEWED = ("smart_manufacturing", "green_factory", "big_data_pilot")
PROTECTED = ("ip_pilot_firm",)
N_SECTORS, N_CITIES = 12, 11


@dataclass(frozen=True)
class Params:
    """Strength, saturation, reach and fading of what others learn; what hosts gain."""

    gain: float
    half: float  # platforms
    elsewhere: float
    fade_years: float
    host_growth_y: float
    host_products: float
    host_filing: float


@step(writes=("firm.learning_gain", "firm.growth_add", "firm.product_gain", "firm.filing_factor"))
def demonstrate_practice(world: World, params: Params, draws: Draws) -> None:
    """Write what performers and hosts gain from the platforms that show their practice."""
    centres, firms, p = world.centres, world.firms, params
    rows = ((centres.alive & centres.spreads) != 0).nonzero()[0]
    rows = rows[centres.host_kind[rows] == HOST_FIRM]
    if not len(rows):
        return
    fresh = exp_of(-centres.age_q[rows] / (4.0 * p.fade_years))
    table = gain_table(centres.sector[rows], centres.city[rows], fresh, world.scale, p)
    learners = ((firms.alive & firms.has_rd) != 0).nonzero()[0]
    learn(learners, firms.sector, firms.city, table, firms.learning_gain)
    programme, host = centres.programme[rows], centres.host[rows]
    renewed = among(RENEWED)[programme]
    hosts, strength = freshest(host[renewed], fresh[renewed])
    firms.growth_add[hosts] += p.host_growth_y * strength
    firms.product_gain[hosts] += p.host_products * strength
    protected = among(PROTECTED)[programme]
    hosts, strength = freshest(host[protected], fresh[protected])
    firms.filing_factor[hosts] *= 1.0 + p.host_filing * strength


@cache
def among(kinds: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Whether each kind of programme is one of the named, shape (n_programmes,)."""
    return np.array([row.kind in kinds for row in catalogue().programmes])


@kernel
def learn(rows: Rows, sector: Codes, city: Codes, table: Floats, gain: Floats) -> None:
    """Offer each of the rows what its sector and city learn, in place."""
    for j in rows:
        gain[j] += table[sector[j], city[j]]


def gain_table(
    sector: npt.NDArray[np.int8], city: npt.NDArray[np.int8], fresh: Floats, scale: int, p: Params
) -> Floats:  # fmt: skip
    """What performers of each sector and city are offered, relative to own R&D, shape (12, 11)."""
    counted = np.zeros((N_SECTORS, N_CITIES), np.int64)
    np.add.at(counted, (sector, city), np.rint(fresh * ONE).astype(np.int64))  # integers: the order plays no part
    here = counted / ONE * scale
    total = counted.sum(axis=1, keepdims=True) / ONE * scale
    n = here + p.elsewhere * (total - here)
    table: Floats = p.gain * n / (n + p.half)
    return table


def freshest(hosts: npt.NDArray[np.int32], fresh: Floats) -> tuple[Rows, Floats]:
    """Each host once, with its freshest pilot: pilots of one host do not add up."""
    order = np.lexsort((-fresh, hosts))
    rows = hosts[order].astype(np.int64)
    first = np.ones(len(rows), np.bool_)
    first[1:] = rows[1:] != rows[:-1]
    return rows[first], fresh[order[first]]
