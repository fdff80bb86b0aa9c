"""Who may host a platform of a kind, and with what merit: what the calls for platforms ask before noise and places.

Firms are judged by the score of technology centres, universities and institutes by their knowledge, cities by the R&D
of their firms, incubators by their efficiency and the firms that have left them grown.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.agents.centre import HOST_FIRM, HOST_GOVERNMENT, HOST_INTERMEDIARY, uids_of_call
from sim.agents.firm import MEDIUM
from sim.agents.intermediary import INCUBATOR
from sim.agents.policy_platform import ZONE_CITIES
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.arithmetic import log_of
from sim.core.columns import Columns
from sim.core.fixed_point import fixed_sum_by, unfixed

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]
N_CITIES = 11
COAL = 0  # row of sectors.csv
ONE_EACH = ("city", "zone", "incubator")  # a second platform of the kind is not for them


def hosts_of(world: World, host_kind: int) -> Columns:
    """The columns of a kind of host."""
    kinds = (world.firms, world.universities, world.institutes, world.governments, world.intermediaries)
    return kinds[host_kind]


def may_host(world: World, host_kind: int, eligible: str) -> Mask:
    """Hosts that may enter a call, whatever they hold already, shape (n,)."""
    hosts = hosts_of(world, host_kind)
    may: Mask = hosts.alive != 0
    if host_kind == HOST_FIRM:
        may &= _firms(world, eligible)
    if host_kind == HOST_GOVERNMENT:
        may &= hosts.level == 1
    if eligible == "zone":
        may &= np.isin(hosts.city, ZONE_CITIES)
    if eligible == "incubator":
        may &= hosts.role == INCUBATOR
    return may


def has_room(host_kind: int, eligible: str, rows: Rows, held: Rows) -> Mask:
    """Which hosts on the rows may take one more platform of a kind of which they hold `held`, shape (n_rows,)."""
    room = np.ones(len(rows), np.bool_)
    if eligible == "county":
        room &= held < np.append(0, catalogue().table("counties_by_city")).astype(np.int64)[rows]
    if host_kind == HOST_FIRM or eligible in ONE_EACH:
        room &= held == 0
    return room


def _firms(world: World, eligible: str) -> Mask:
    firms = world.firms
    scored: Mask = firms.centre_score > 0.0
    wanted: Mask
    if eligible == "industrial":
        wanted = firms.is_above_scale != 0
    elif eligible == "large_or_medium":
        wanted = (firms.is_above_scale != 0) & (firms.size_class >= MEDIUM)
    elif eligible == "patent_holder":
        wanted = firms.inventions_in_force > 0
    elif eligible == "coal":
        wanted = firms.sector == COAL
    else:
        wanted = firms.has_rd != 0
    return scored & wanted


def merit(world: World, host_kind: int, eligible: str, rows: Rows, score_unit: float) -> Floats:
    """Merit of the hosts on the rows before noise, in units of the noise, shape (n_rows,).

    score_unit : points of a firm's score that count as one unit of merit.
    """
    hosts = hosts_of(world, host_kind)
    if host_kind == HOST_FIRM:
        return np.asarray(hosts.centre_score[rows] / score_unit)
    if host_kind == HOST_INTERMEDIARY:
        return hosts.efficiency[rows] + log_of(1.0 + hosts.graduates[rows])
    if host_kind == HOST_GOVERNMENT:
        if eligible == "any":
            return np.zeros(len(rows))
        return log_of(1.0 + world.scale * rd_by_city(world)[hosts.city[rows]])
    return log_of(1.0 + hosts.knowledge[rows])


def rd_by_city(world: World) -> Floats:
    """R&D that the firms of each city reported last year, million yuan, shape (11,)."""
    firms = world.firms
    return np.array([unfixed(int(v)) for v in fixed_sum_by(firms.rd_reported_1y, firms.alive, firms.city, N_CITIES)])


def begin_projects(world: World, kind: str, rows: Rows) -> None:
    """Place a running project (tier 1) of a kind at each of the firms; the programme's own mechanism completes it."""
    firms, centres, number = world.firms, world.centres, catalogue().programme(kind)
    centres.add(
        uids_of_call(centres, number, world.calendar.year, len(rows)), programme=np.full(len(rows), number), tier=1,
        host_kind=HOST_FIRM, host_uid=firms.uid[rows], host=rows, city=firms.city[rows], sector=firms.sector[rows],
    )  # fmt: skip
