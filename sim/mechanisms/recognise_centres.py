"""Holds the yearly calls for enterprise technology centres: nation, then province, then city, each with its places.

National: provincial for two years and enough R&D. Provincial: R&D, the ratio floor in force for the firm, and a city
centre for a year or an institution in a medium or large firm. City: above-scale firms of medium size, or an
institution. Places go to the highest score plus noise, ties by uid; a firm counts once, at its highest tier. New
provincial and national centres are paid an award as far as the line reaches.
What a centre does for its host's R&D (S02) is not modelled yet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.centre import HOST_FIRM
from sim.agents.firm import MEDIUM
from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.arithmetic import normal_of
from sim.core.kernels import kernel
from sim.core.money import to_yuan
from sim.core.quotas import in_order, places_due
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Flags = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.int8]
Ages = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]
LINE = "centre_recognition"
CITY, PROVINCIAL, NATIONAL = 1, 2, 3  # tiers; the programme of a tier is tier - 1


@dataclass(frozen=True)
class Params:
    """Noise of the jury and what the calls ask for."""

    noise: float  # points
    national_wait: float  # quarters
    national_rd: float  # million yuan a year
    provincial_wait: float  # quarters


@step(writes=("firm.centre_tier", "firm.received_yuan", "centre.*", "line.centre_recognition"))
def recognise_centres(world: World, params: Params, draws: Draws) -> None:
    """Fill the places of the three calls in the fourth quarter; the higher tier first."""
    if not world.calendar.is_last_of_year:
        return
    firms = world.firms
    waited = quarters_at_tier(world)
    for tier in (NATIONAL, PROVINCIAL, CITY):
        rate = float(world.governments.centre_places_y[PROVINCE, tier - 1]) / world.scale
        places = places_due(rate, world.calendar.year)
        if places <= 0:
            continue
        candidates = may_enter(world, params, tier, waited).nonzero()[0]
        winners = candidates[in_order(-seen(world, params, draws, candidates), firms.uid[candidates], places)]
        raise_to(world, winners, tier)
        if tier >= PROVINCIAL:
            pay_award(world, winners)


def seen(world: World, p: Params, draws: Draws, rows: Rows) -> Floats:
    """Score of the firms on the rows as the jury sees it, shape (n_rows,); who has none is not looked at."""
    firms = world.firms
    score = firms.centre_score[rows]
    noise = p.noise * normal_of(draws.uniform_for("centre.call", firms.uid[rows]))
    return np.where(score > 0.0, score + noise, score)


def may_enter(world: World, p: Params, tier: int, waited: Ages) -> Mask:
    """Firms that may enter a call, shape (n,); waited : quarters that each has held its tier before the calls."""
    firms = world.firms
    if tier == NATIONAL:
        return may_be_national(
            firms.alive, firms.centre_tier, waited, firms.rd_reported_1y, p.national_wait, p.national_rd
        )
    if tier == PROVINCIAL:
        return may_be_provincial(
            firms.alive, firms.centre_tier, waited, firms.size_class, firms.has_rd_institution, firms.rd_reported_1y,
            firms.rd_reported_year, firms.ratio_floor, firms.sales_1y, p.provincial_wait,
        )  # fmt: skip
    return may_be_of_city(
        firms.alive, firms.centre_tier, firms.is_above_scale, firms.size_class, firms.has_rd_institution
    )


def centres_of_firms(world: World) -> Rows:
    """Rows of the enterprise technology centres."""
    centres = world.centres
    are_so = centres.alive.view(np.bool_) & (centres.host_kind == HOST_FIRM) & (centres.programme < NATIONAL)
    rows: Rows = are_so.nonzero()[0]
    return rows


def quarters_at_tier(world: World) -> Ages:
    """Time since recognition at the tier that a firm holds, shape (n,); 0 without a centre."""
    waited = np.zeros(world.firms.capacity, np.int32)
    rows = centres_of_firms(world)
    waited[world.centres.host[rows]] = world.centres.age_q[rows]
    return waited


def raise_to(world: World, winners: Rows, tier: int) -> None:
    """Give the firms the tier: their centre rises, or a new one is added for those without."""
    firms, centres = world.firms, world.centres
    rows = centres_of_firms(world)
    wins = np.zeros(firms.capacity, np.bool_)
    wins[winners] = True
    host = centres.host[rows]
    risen = rows[wins[host] & (firms.uid[host] == centres.host_uid[rows])]
    centres.programme[risen] = tier - 1
    centres.tier[risen] = tier
    centres.age_q[risen] = 0
    centres.score[risen] = firms.centre_score[centres.host[risen]]
    new = winners[firms.centre_tier[winners] == 0]
    if len(new):
        centres.add(
            centres.new_uids(len(new)), programme=np.full(len(new), tier - 1), tier=tier, host_kind=HOST_FIRM,
            host_uid=firms.uid[new], host=new, city=firms.city[new], sector=firms.sector[new],
            score=firms.centre_score[new],
        )  # fmt: skip
    firms.centre_tier[winners] = tier


def pay_award(world: World, winners: Rows) -> None:
    """Pay the award to the firms in the order given, until the line is empty."""
    price = to_yuan(float(world.governments.centre_award[PROVINCE]))
    if price <= 0:
        return
    paid = winners[: world.accounts.left(LINE) // price]
    world.pay(LINE, world.firms, paid, price)


@kernel
def may_be_national(
    alive: Flags, tier: Codes, waited: Ages, rd: Floats, least_wait: float, least_rd: float
) -> Mask:  # fmt: skip
    """Provincial for some time, with enough R&D, shape (n,)."""
    may = np.zeros(alive.size, np.bool_)
    for j in range(alive.size):
        if alive[j] != 0 and tier[j] == PROVINCIAL:
            may[j] = (waited[j] >= least_wait) & (rd[j] >= least_rd)
    return may


@kernel
def may_be_provincial(
    alive: Flags, tier: Codes, waited: Ages, size: Codes, institution: Flags, rd: Floats, rd_year: Floats,
    ratio_floor: Floats, sales: Floats, least_wait: float,
) -> Mask:  # fmt: skip
    """With R&D above the floor: city centres of some time, or larger firms with an institution, shape (n,)."""
    may = np.empty(alive.size, np.bool_)
    for j in range(alive.size):  # one width a loop, so that the compiler takes many rows at once
        may[j] = waited[j] >= least_wait
    for j in range(alive.size):
        feeder = (tier[j] == CITY) & may[j]
        direct = (tier[j] == 0) & (size[j] >= MEDIUM) & (institution[j] != 0)
        may[j] = (alive[j] != 0) & (feeder | direct)
    for row in np.flatnonzero(may):
        may[row] = (rd[row] >= ratio_floor[row] * sales[row]) & (rd[row] + rd_year[row] > 0.0)
    return may


@kernel
def may_be_of_city(alive: Flags, tier: Codes, above_scale: Flags, size: Codes, institution: Flags) -> Mask:
    """Without a centre: above-scale firms of medium size, or those with an institution, shape (n,)."""
    may = np.empty(alive.size, np.bool_)
    for j in range(alive.size):
        big = (above_scale[j] != 0) & (size[j] >= MEDIUM)
        may[j] = (alive[j] != 0) & (tier[j] == 0) & (big | (institution[j] != 0))
    return may
