"""Holds the yearly calls of all other platforms and lets platforms rise: laboratories, research centres, teams, bases.

Places of a kind fall due at the pace of the term; they go to the hosts with the highest merit plus noise, ties by uid:
firms by their score (not twice for one kind), universities and institutes by log knowledge, cities by noise alone,
each platform already held counting against another. Provincial platforms of kinds with a national tier rise to it,
and manufacturing centres rise by rungs, with a hazard a year. Pace: programmes.csv; all else assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.centre import HOST_FIRM, HOST_GOVERNMENT, HOST_INSTITUTE, HOST_UNIVERSITY
from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.arithmetic import log_of, normal_of
from sim.core.columns import Columns
from sim.core.kernels import kernel
from sim.core.quotas import best_first, places_due
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
FIRST_OTHER = 3  # the first three rows of programmes.csv are the tiers of enterprise technology centres
CITY, PROVINCIAL, NATIONAL = 1, 2, 3
TIER_OF = {"city": CITY, "province": PROVINCIAL, "nation": NATIONAL, "rungs": 1}
HOSTS = {"firm": HOST_FIRM, "university": HOST_UNIVERSITY, "institute": HOST_INSTITUTE, "government": HOST_GOVERNMENT}
GOLDEN = 0.6180339887498949  # turns one draw a host into draws for all kinds, each uniform


@dataclass(frozen=True)
class Params:
    """Noise and merit in the calls, hazards of rising, and service offered."""

    SHARED = ("population_platforms.service_firm", "population_platforms.service_public")
    noise: float
    repeat_penalty: float
    score_unit: float  # points
    national_y: float
    rung_y: float
    service_firm: float
    service_public: float


@step(writes=("centre.*",))
def run_programmes(world: World, params: Params, draws: Draws) -> None:
    """Let platforms rise and fill the places of the year, in the fourth quarter."""
    if not world.calendar.is_last_of_year:
        return
    programmes = catalogue().programmes
    last = np.array([row.max_tier for row in programmes], np.int64)
    rungs = np.array(["rungs" in row.tiers for row in programmes], np.uint8)
    centres = world.centres
    rise(
        centres.alive, centres.programme, centres.tier, centres.age_q, draws.uniform("programme.rise", centres), last,
        rungs, FIRST_OTHER, params.national_y, params.rung_y,
    )  # fmt: skip
    for number, row in enumerate(programmes):
        rate = float(world.governments.centre_places_y[PROVINCE, number]) / world.scale
        places = places_due(rate, world.calendar.year)
        if number >= FIRST_OTHER and places > 0:
            tier = TIER_OF[row.tiers[0]]
            add_platforms_of(world, params, draws, number, HOSTS[row.host_kind], tier, places)


def add_platforms_of(
    world: World, p: Params, draws: Draws, number: int, host_kind: int, tier: int, places: int
) -> None:  # fmt: skip
    """Recognise `places` platforms of one kind, at most one a host and call."""
    hosts = hosts_of(world, host_kind)
    centres = world.centres
    mine = (centres.alive != 0) & (centres.programme == number)
    held = np.bincount(centres.host[mine], minlength=hosts.capacity)
    may = hosts.alive != 0
    if host_kind == HOST_FIRM:
        may &= (held == 0) & (world.firms.centre_score > 0.0) & (world.firms.has_rd != 0)
    if host_kind == HOST_GOVERNMENT:
        may &= hosts.level == 1
    rows = np.flatnonzero(may)
    u = draws.uniform_for("programme.call", hosts.uid[rows]) + number * GOLDEN
    seen = np.zeros(hosts.capacity)
    seen[rows] = merit(p, hosts, rows, host_kind) - p.repeat_penalty * held[rows]
    seen[rows] += p.noise * normal_of(np.clip(u - np.floor(u), 1e-12, 1.0 - 1e-12))
    chosen = best_first(rows, seen, hosts.uid)[:places]
    is_firm = host_kind == HOST_FIRM
    fields = {HOST_FIRM: "sector", HOST_UNIVERSITY: "field", HOST_INSTITUTE: "field"}
    sector = hosts[fields[host_kind]][chosen] if host_kind in fields else np.zeros(len(chosen), np.int8)
    centres.add(
        centres.new_uids(len(chosen)), programme=np.full(len(chosen), number), tier=tier, host_kind=host_kind,
        host_uid=hosts.uid[chosen], host=chosen, city=hosts.city[chosen], sector=sector, score=seen[chosen],
        service=p.service_firm if is_firm else p.service_public,
    )  # fmt: skip


def hosts_of(world: World, host_kind: int) -> Columns:
    """The columns of a kind of host."""
    kinds = (world.firms, world.universities, world.institutes, world.governments)
    return kinds[host_kind]


def merit(p: Params, hosts: Columns, rows: Rows, host_kind: int) -> Floats:
    """Merit of the hosts on the rows before noise, in units of the noise, shape (n_rows,)."""
    if host_kind == HOST_FIRM:
        return np.asarray(hosts.centre_score[rows] / p.score_unit)
    if host_kind == HOST_GOVERNMENT:
        return np.zeros(len(rows))
    return log_of(1.0 + hosts.knowledge[rows])


@kernel
def rise(
    alive: npt.NDArray[np.uint8], programme: npt.NDArray[np.int8], tier: npt.NDArray[np.int8],
    age_q: npt.NDArray[np.int32], u: Floats, last: npt.NDArray[np.int64], rungs: npt.NDArray[np.uint8],
    first_other: int, national_y: float, rung_y: float,
) -> None:  # fmt: skip
    """Platforms below the last tier of their kind rise by one tier, once a year at most."""
    for c in range(alive.size):
        if alive[c] == 0 or programme[c] < first_other or tier[c] >= last[programme[c]] or age_q[c] < 4:
            continue
        if u[c] < (rung_y if rungs[programme[c]] != 0 else national_y):
            tier[c] += 1
            age_q[c] = 0
