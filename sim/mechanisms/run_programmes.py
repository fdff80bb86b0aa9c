"""Holds the yearly calls of all other platforms and lets platforms rise: laboratories, research centres, teams, bases.

Places of a kind fall due at the pace of the term and go to the eligible hosts with the highest merit plus noise, ties
by uid (sim/agents/programme_hosts.py), each platform already held counting against another. Provincial platforms of
kinds with a national tier rise to it, and manufacturing centres by rungs, with a hazard a year; demonstration firms
and smart pilots rise besides by national places, the best first. Every second year the weakest demonstration firms lose
the title (R06). New demonstration firms and pilots are paid an award as far as the line reaches. Pace: programmes.csv;
all else assumed. Projects of other programmes (eligible: project) are left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

from sim.agents.centre import HOST_FIRM, HOST_INSTITUTE, HOST_UNIVERSITY, uids_of_call
from sim.agents.government import PROVINCE
from sim.agents.population_platforms import HOSTS, TIER_OF
from sim.agents.programme_hosts import has_room, hosts_of, may_host, merit
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.catalogue.rows import ProgrammeRow
from sim.core.arithmetic import normal_inverse
from sim.core.kernels import kernel
from sim.core.money import to_yuan
from sim.core.quotas import best_first, in_order, places_due
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.int8]
Rows = npt.NDArray[np.int64]
LINE = "demonstration_firms"
FIRST_OTHER = 3  # the first three rows of programmes.csv are the tiers of enterprise technology centres
PROVINCIAL, NATIONAL = 2, 3
DEMONSTRATION = "demonstration_firm"
SHOWN = ("smart_manufacturing", "green_factory", "big_data_pilot", "technology_promotion", "ip_pilot_firm")
NATIONAL_TERM = {DEMONSTRATION: "demonstration_nation_places_y", "smart_manufacturing": "smart_nation_places_y"}
FIELDS = {HOST_FIRM: "sector", HOST_UNIVERSITY: "field", HOST_INSTITUTE: "field"}  # what gives a platform its sector
GOLDEN = 0.6180339887498949  # turns one draw a host into draws for all kinds, each uniform
YEAR_Q = 4  # quarters that a platform stands before it is judged again


@dataclass(frozen=True)
class Params:
    """Noise and merit in the calls, hazards of rising."""

    noise: float
    repeat_penalty: float
    score_unit: float  # points
    national_y: float
    rung_y: float
    city_rise_y: float

    @cached_property
    def hazards(self) -> Floats:
        """Hazard a year of rising by a tier, by kind of programme."""
        return np.array([hazard_of(row, self) for row in catalogue().programmes])


@dataclass(frozen=True)
class Callers:
    """Hosts that may enter the calls of a year: their rows and uids, their merit and their draw, shape (n,) each."""

    rows: Rows
    uids: Rows
    merit: Floats
    drawn: Floats


@step(writes=("centre.*", "firm.received_yuan", "line.demonstration_firms"))
def run_programmes(world: World, params: Params, draws: Draws) -> None:
    """Let platforms rise, remove the weak and fill the places of the year, in the fourth quarter."""
    if not world.calendar.is_last_of_year:
        return
    centres = world.centres
    rise(
        centres.alive, centres.programme, centres.tier, centres.age_q, draws.uniform("programme.rise", centres),
        last_tiers(), params.hazards,
    )  # fmt: skip
    for kind, term in NATIONAL_TERM.items():
        put_up(world, kind, float(world.governments[term][PROVINCE]))
    eliminate(world, float(world.governments.demonstration_elimination[PROVINCE]))
    fill_places(world, params, draws)


def fill_places(world: World, params: Params, draws: Draws) -> None:
    """Hold the calls of all kinds that have places this year; the platforms are added together, kind after kind."""
    calls: dict[tuple[str, str], Callers] = {}  # hosts do not change while places are filled
    found: list[tuple[ProgrammeRow, float, Rows, Floats]] = []
    for row in catalogue().programmes[FIRST_OTHER:]:
        rate = float(world.governments.centre_places_y[PROVINCE, row.order])
        places = places_due(rate / world.scale, world.calendar.year)
        if row.eligible != "project" and places > 0:
            key = (row.host_kind, row.eligible)
            callers = calls.get(key) or calls.setdefault(key, callers_of(world, params, draws, row))
            found.append((row, rate, *best_of(world, params, callers, row, places)))
    first = 0
    added = add_platforms(world, found) if found else np.empty(0, np.int64)
    for row, rate, chosen, _ in found:
        if row.kind == DEMONSTRATION or row.kind in SHOWN:
            mark_and_pay(world, row, rate, chosen, added[first : first + len(chosen)])
        first += len(chosen)


@cache
def last_tiers() -> Rows:
    """The highest tier of each kind of programme."""
    return np.array([row.max_tier for row in catalogue().programmes], np.int64)


def hazard_of(row: ProgrammeRow, p: Params) -> float:
    """Hazard a year that a platform of the kind rises by a tier."""
    if row.order < FIRST_OTHER or row.eligible == "project":
        return 0.0
    if row.kind == "pilot_city":
        return p.city_rise_y
    return p.rung_y if "rungs" in row.tiers else p.national_y


def callers_of(world: World, p: Params, draws: Draws, row: ProgrammeRow) -> Callers:
    """Who may enter the calls of all kinds with the hosts of this one."""
    host_kind = HOSTS[row.host_kind]
    rows = np.flatnonzero(may_host(world, host_kind, row.eligible))
    uids = hosts_of(world, host_kind).uid[rows]
    drawn = draws.uniform_for("programme.call", uids)
    return Callers(rows, uids, merit(world, host_kind, row.eligible, rows, p.score_unit), drawn)


def best_of(world: World, p: Params, callers: Callers, row: ProgrammeRow, places: int) -> tuple[Rows, Floats]:
    """Rows of the hosts that win the `places` of one kind, at most one a host and call, and their scores."""
    host_kind, centres = HOSTS[row.host_kind], world.centres
    hosts = hosts_of(world, host_kind)
    held = count_held(callers.rows, centres.alive, centres.programme, centres.host, row.order, hosts.capacity)
    score = np.empty(len(held))
    judge(callers.merit, callers.drawn, held, row.order * GOLDEN, p.repeat_penalty, p.noise, score)
    room = np.flatnonzero(has_room(host_kind, row.eligible, callers.rows, held))
    best = room[in_order(-score[room], callers.uids[room], places)]
    return callers.rows[best], score[best]


def add_platforms(world: World, found: list[tuple[ProgrammeRow, float, Rows, Floats]]) -> Rows:
    """Recognise the platforms of all calls of the year: kind, its rate, rows of the hosts and scores. Rows of the new.

    At one stroke: what a call adds concerns no other call.
    """
    parts: list[dict[str, npt.ArrayLike]] = []
    for row, _, chosen, score in found:
        host_kind = HOSTS[row.host_kind]
        hosts, n = hosts_of(world, host_kind), len(chosen)
        field = FIELDS.get(host_kind)
        parts.append({
            "uid": uids_of_call(world.centres, row.order, world.calendar.year, n), "programme": [row.order] * n,
            "tier": [TIER_OF[row.tiers[0]]] * n, "host_kind": [host_kind] * n, "host_uid": hosts.uid[chosen],
            "host": chosen, "city": hosts.city[chosen], "sector": hosts[field][chosen] if field else [0] * n,
            "score": score,
        })  # fmt: skip
    values = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return world.centres.add(values.pop("uid"), **values)


@kernel
def count_held(
    callers: Rows, alive: Flags, programme: Codes, host: npt.NDArray[np.int32], number: int, n_hosts: int
) -> Rows:
    """Platforms of a kind that each of the hosts on the rows holds, shape (n,)."""
    counts, held = np.zeros(n_hosts, np.int32), np.empty(callers.size, np.int64)
    for c in range(alive.size):
        if alive[c] != 0 and programme[c] == number:
            counts[host[c]] += 1
    for i in range(callers.size):
        held[i] = counts[callers[i]]
    return held


@kernel
def judge(merits: Floats, drawn: Floats, held: Rows, turn: float, penalty: float, noise: float, score: Floats) -> None:
    """Score of the callers: merit less what they hold plus noise, from their draw turned for the kind."""
    for i in range(score.size):
        u = drawn[i] + turn
        score[i] = min(max(u - np.floor(u), 1e-12), 1.0 - 1e-12)
    for i in range(score.size):  # by itself, so that several are taken at once
        score[i] = normal_inverse(score[i])
    for i in range(score.size):
        score[i] = merits[i] - penalty * held[i] + noise * score[i]


def mark_and_pay(world: World, row: ProgrammeRow, rate: float, chosen: Rows, added: Rows) -> None:
    """Demonstration firms and pilots of the lever show their practice, and are paid while the line has money.

    What history recognised is part of the spillovers that were fitted to it: of demonstration firms only those whom
    the lever adds, the last of the call, count as showing their practice.
    """
    new = len(chosen)
    if row.kind == DEMONSTRATION:
        of_lever = float(world.governments.demonstration_places_y[PROVINCE])
        before = places_due(max(0.0, rate - of_lever) / world.scale, world.calendar.year)
        new = max(0, new - before)
    world.centres.spreads[added[len(added) - new :]] = 1
    price = to_yuan(float(world.governments.demonstration_award[PROVINCE]))
    if price > 0:
        paid = chosen[len(chosen) - new :][: world.accounts.left(LINE) // price]
        world.pay(LINE, world.firms, paid, price)


def standing(world: World, kind: str) -> Rows:
    """Rows of the platforms of a kind that have stood for a year, their score renewed from that of their host firm."""
    centres, firms = world.centres, world.firms
    number = catalogue().programme(kind)
    rows = np.flatnonzero((centres.alive != 0) & (centres.programme == number) & (centres.age_q >= YEAR_Q))
    centres.score[rows] = firms.centre_score[centres.host[rows]]
    return rows


def put_up(world: World, kind: str, places_y: float) -> None:
    """Raise the best provincial platforms of a kind to national rank, as many as the year has places."""
    places = places_due(places_y / world.scale, world.calendar.year)
    if places <= 0:
        return
    centres = world.centres
    rows = standing(world, kind)
    risen = best_first(rows[centres.tier[rows] == PROVINCIAL], centres.score, centres.uid)[:places]
    centres.tier[risen] = NATIONAL
    centres.age_q[risen] = 0


def eliminate(world: World, share: float) -> None:
    """Take the title from the weakest demonstration firms, in even years."""
    if share <= 0.0 or world.calendar.year % 2:
        return
    centres = world.centres
    rows = standing(world, DEMONSTRATION)
    weakest = best_first(rows, -centres.score, centres.uid)[: int(share * len(rows) + 0.5)]
    centres.remove(weakest)


@kernel
def rise(
    alive: npt.NDArray[np.uint8], programme: npt.NDArray[np.int8], tier: npt.NDArray[np.int8],
    age_q: npt.NDArray[np.int32], u: Floats, last: npt.NDArray[np.int64], hazard: Floats,
) -> None:  # fmt: skip
    """Platforms below the last tier of their kind rise by one tier with its hazard, once a year at most."""
    for c in range(alive.size):
        if alive[c] == 0 or tier[c] >= last[programme[c]] or age_q[c] < 4:
            continue
        if u[c] < hazard[programme[c]]:
            tier[c] += 1
            age_q[c] = 0
