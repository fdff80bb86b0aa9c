"""Centres and platforms, intermediaries, incubators, parks and governments at the end of 2010; no alliance is known.

Enterprise technology centres go to the firms with the most reported R&D (nation, then province), then, for the city
tier, to other above-scale firms, performers first, then by sales. Other platforms go to hosts by rank of R&D or
knowledge. Stocks: programmes.csv. Numbers of intermediaries, incubators and parks are assumed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.agents.centre import (
    HOST_FIRM,
    HOST_GOVERNMENT,
    HOST_INSTITUTE,
    HOST_INTERMEDIARY,
    HOST_UNIVERSITY,
    uids_of_call,
)
from sim.agents.intermediary import INCUBATOR, INTERMEDIARY, PARK
from sim.agents.traits import Origin
from sim.agents.world import World
from sim.core.arithmetic import exp_of, normal_of
from sim.core.columns import Columns
from sim.core.quotas import best_first

Rows = npt.NDArray[np.int64]
FIRST_GOVERNMENT, FIRST_INTERMEDIARY = 1_520_000_001, 1_530_000_001
FIRST_CENTRE, FIRST_ALLIANCE = 1_540_000_001, 1_560_000_001
TIERS = 3  # rows of programmes.csv for enterprise technology centres: city, province, nation
CITY, PROVINCIAL, NATIONAL = 1, 2, 3
TIER_OF = {"city": CITY, "province": PROVINCIAL, "nation": NATIONAL, "rungs": 1}
HOSTS = {
    "firm": HOST_FIRM,
    "university": HOST_UNIVERSITY,
    "institute": HOST_INSTITUTE,
    "government": HOST_GOVERNMENT,
    "intermediary": HOST_INTERMEDIARY,
}
START_YEAR = 2010
LARGEST = 1e9  # million yuan a year, above the sales of any firm
OLDEST = 16  # quarters; ages of the first centres are spread evenly below it
LABORATORY = "key_laboratory"


def add_platforms(world: World, origin: Origin) -> None:
    """Fill governments, intermediaries and centres of a world whose firms, universities and institutes exist.

    Parameters
    ----------
    origin : catalogue, numbers of the scenario and k; stocks of the province are divided by k and rounded.
    """
    _add_governments(world, len(origin.cat.cities))
    _add_intermediaries(world, origin)
    world.centres.next_uid = max(world.centres.next_uid, FIRST_CENTRE)
    world.alliances.next_uid = max(world.alliances.next_uid, FIRST_ALLIANCE)
    _add_technology_centres(world, origin)
    ranked = {kind: _by_rank(world, kind) for kind in HOSTS.values()}
    for number, row in enumerate(origin.cat.programmes):
        if number >= TIERS:
            hosts, order = ranked[HOSTS[row.host_kind]]
            stock = _count(row.start_stock_2010, origin.scale)
            if stock > 0 and len(order):  # hosts take a second one only when each has one
                chosen = order[np.arange(stock) % len(order)]
                _place(world, origin, hosts, chosen, number, TIER_OF[row.tiers[0]], HOSTS[row.host_kind])
    _raise_laboratories(world, origin)
    world.notes["platform_totals"] = _totals(world, origin)


def _count(stock: float, scale: int) -> int:
    return int(stock / scale + 0.5)


def _add_governments(world: World, n_cities: int) -> None:
    """The province on row 0, its cities after it."""
    n = n_cities + 1
    city = np.arange(n) - 1
    uids = FIRST_GOVERNMENT + np.arange(n)
    world.governments.place(np.arange(n), uids, {"level": (city >= 0).astype(np.int8), "city": city})


def _add_intermediaries(world: World, origin: Origin) -> None:
    """Intermediaries, incubators and parks, in cities by the places of R&D performers."""
    number = {
        INTERMEDIARY: origin.number("population_platforms.n_intermediaries"),
        INCUBATOR: origin.number("population_platforms.n_incubators"),
        PARK: origin.number("population_platforms.n_parks"),
    }
    places = {
        INTERMEDIARY: origin.number("population_platforms.places_intermediary"),
        INCUBATOR: origin.number("population_platforms.places_incubator"),
        PARK: origin.number("population_platforms.places_park"),
    }
    role = np.concatenate([np.full(max(1, _count(n, origin.scale)), kind) for kind, n in number.items()])
    uids = FIRST_INTERMEDIARY + np.arange(len(role), dtype=np.int64)
    shares = origin.cat.table("city_share_performers")
    edges = np.cumsum(shares / shares.sum())[:-1]
    sigma = origin.number("population_platforms.efficiency_sigma")
    noise = normal_of(world.draws.uniform_for("broker.efficiency", uids))
    world.intermediaries.add(
        uids, role=role, city=np.searchsorted(edges, world.draws.uniform_for("broker.city", uids), side="right"),
        places=np.array([places[kind] for kind in role.tolist()]),
        efficiency=exp_of(sigma * noise - 0.5 * sigma * sigma),
    )  # fmt: skip


def _add_technology_centres(world: World, origin: Origin) -> None:
    """Nation and province by reported R&D, city by sales; each firm at one tier."""
    firms = world.firms
    above = (firms.alive != 0) & (firms.is_above_scale != 0)
    for tier in (NATIONAL, PROVINCIAL, CITY):
        row = origin.cat.programmes[tier - 1]
        free = above & (firms.centre_tier == 0)
        if tier > CITY:
            free &= firms.has_rd != 0
        rank = firms.rd_reported_1y if tier > CITY else firms.sales_y + LARGEST * firms.has_rd  # performers first
        chosen = best_first(np.flatnonzero(free), rank, firms.uid, _count(row.start_stock_2010, origin.scale))
        firms.centre_tier[chosen] = tier
        _place(world, origin, firms, chosen, tier - 1, tier, HOST_FIRM)


def _by_rank(world: World, host_kind: int) -> tuple[Columns, Rows]:
    """Possible hosts of one kind and their rows, best first."""
    kinds = (world.firms, world.universities, world.institutes, world.governments, world.intermediaries)
    hosts: Columns = kinds[host_kind]
    living = hosts.rows()
    if host_kind == HOST_FIRM:
        living, rank = living[hosts.has_rd[living] != 0], hosts.rd_reported_1y
    elif host_kind == HOST_GOVERNMENT:
        living, rank = living[hosts.level[living] == 1], -hosts.city.astype(np.float64)
    elif host_kind == HOST_INTERMEDIARY:
        living, rank = living[hosts.role[living] == INCUBATOR], hosts.efficiency
    else:
        rank = hosts.knowledge
    return hosts, best_first(living, rank, hosts.uid)


def _place(
    world: World, origin: Origin, hosts: Columns, chosen: Rows, number: int, tier: int, host_kind: int
) -> None:  # fmt: skip
    """Add centres of one kind at the chosen hosts."""
    uids = uids_of_call(world.centres, number, START_YEAR, len(chosen))
    field = {HOST_FIRM: "sector", HOST_UNIVERSITY: "field", HOST_INSTITUTE: "field"}.get(host_kind)
    world.centres.add(
        uids, programme=np.full(len(chosen), number), tier=tier, host_kind=host_kind, host_uid=hosts.uid[chosen],
        host=chosen, city=hosts.city[chosen], sector=hosts[field][chosen] if field else 0,
        age_q=np.floor(OLDEST * world.draws.uniform_for("centre.start_age", uids)),
    )  # fmt: skip


def _raise_laboratories(world: World, origin: Origin) -> None:
    """The laboratories of the strongest hosts are national."""
    centres = world.centres
    number = [row.kind for row in origin.cat.programmes].index(LABORATORY)
    rows = np.flatnonzero((centres.alive != 0) & (centres.programme == number))
    national = _count(origin.number("population_platforms.national_laboratories"), origin.scale)
    centres.tier[rows[np.argsort(centres.uid[rows])][:national]] = NATIONAL


def _totals(world: World, origin: Origin) -> list[tuple[str, str, str, float, float]]:
    """Start stocks of platforms that are known, as (series, title, unit, simulated, known)."""
    centres = world.centres
    rows = []
    for number, row in enumerate(origin.cat.programmes):
        if row.start_stock_2010 > 0 and row.start_kind != "assumed":
            found = np.count_nonzero((centres.alive != 0) & (centres.programme == number))
            rows.append((row.kind, row.title_en, "centre", float(found * origin.scale), row.start_stock_2010))
    return rows
