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
from sim.core.money import to_yuan
from sim.core.quotas import best_first, places_due
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
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
    scored = np.flatnonzero(firms.centre_score > 0.0)
    seen = firms.centre_score.copy()
    seen[scored] += params.noise * normal_of(draws.uniform_for("centre.call", firms.uid[scored]))
    for tier in (NATIONAL, PROVINCIAL, CITY):
        rate = float(world.governments.centre_places_y[PROVINCE, tier - 1]) / world.scale
        places = places_due(rate, world.calendar.year)
        candidates = np.flatnonzero(may_enter(world, params, tier))
        winners = best_first(candidates, seen, firms.uid, places)
        raise_to(world, winners, tier)
        if tier >= PROVINCIAL:
            pay_award(world, winners)


def may_enter(world: World, p: Params, tier: int) -> Mask:
    """Firms that may enter a call, shape (n,)."""
    firms = world.firms
    alive, institution = firms.alive != 0, firms.has_rd_institution != 0
    waited = quarters_at_tier(world)
    rd = firms.rd_reported_1y
    found: Mask
    if tier == NATIONAL:
        found = alive & (firms.centre_tier == PROVINCIAL) & (waited >= p.national_wait) & (rd >= p.national_rd)
    elif tier == PROVINCIAL:
        feeder = (firms.centre_tier == CITY) & (waited >= p.provincial_wait)
        direct = (firms.centre_tier == 0) & (firms.size_class >= MEDIUM) & institution
        keeps = rd >= firms.ratio_floor * firms.sales_1y
        found = alive & (feeder | direct) & keeps & (rd + firms.rd_reported_year > 0.0)
    else:
        big = (firms.is_above_scale != 0) & (firms.size_class >= MEDIUM)
        found = alive & (firms.centre_tier == 0) & (big | institution)
    return found


def centres_of_firms(world: World) -> Rows:
    """Rows of the enterprise technology centres."""
    centres = world.centres
    return np.flatnonzero((centres.alive != 0) & (centres.host_kind == HOST_FIRM) & (centres.programme < NATIONAL))


def quarters_at_tier(world: World) -> npt.NDArray[np.int64]:
    """Time since recognition at the tier that a firm holds, shape (n,); 0 without a centre."""
    waited = np.zeros(world.firms.capacity, np.int64)
    rows = centres_of_firms(world)
    waited[world.centres.host[rows]] = world.centres.age_q[rows]
    return waited


def raise_to(world: World, winners: Rows, tier: int) -> None:
    """Give the firms the tier: their centre rises, or a new one is added for those without."""
    firms, centres = world.firms, world.centres
    rows = centres_of_firms(world)
    risen = rows[np.isin(centres.host_uid[rows], firms.uid[winners])]
    centres.programme[risen] = tier - 1
    centres.tier[risen] = tier
    centres.age_q[risen] = 0
    centres.score[risen] = firms.centre_score[centres.host[risen]]
    new = winners[firms.centre_tier[winners] == 0]
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
