"""Houses young small firms in incubators and parks, shelters them, and lets them go.

While the line has money, it pays service and a part of the rent for tenants up to what it can pay; further candidates
come with a hazard that rises with the rent cut and are taken by merit plus noise while their city has space, so that
more space means weaker tenants. Inside, the hazard of closing is lower, growth a little higher (the more the better the
firm) and ties to universities of the city form. After their time, or once grown, tenants leave; then the shelter's loss
is felt for as long, so that over both periods about as many survive as elsewhere (H01, H02). Space may stand vacant.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import PRIVATE, SMALL
from sim.agents.government import PROVINCE
from sim.agents.intermediary import INCUBATOR, INTERMEDIARY
from sim.agents.world import World
from sim.core.arithmetic import normal_of, quarterly_hazard
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.kernels import kernel
from sim.core.money import to_yuan
from sim.core.quotas import best_first, places_due
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
LINE = "incubators_and_parks"
OPENED = "tenants_since"  # note: from then on there may be tenants


@dataclass(frozen=True)
class Params:
    """Who comes, how long, what shelter does and costs."""

    SHARED = ("redeem_vouchers.tie_step", "certify_tech_smes.noise")
    entry_age: float  # quarters
    stay: float  # quarters
    ask_y: float
    rent_pull: float
    noise: float  # standard deviations
    inside_exit: float
    after_exit: float
    growth_y: float
    quality_slope: float
    tie_y: float
    tie_step: float
    service_cost_y: float  # million yuan
    rent_y: float  # million yuan


@step(writes=("firm.incubator", "firm.incubator_quarters", "firm.graduate_quarters", "firm.partner_university",
              "firm.tie_strength", "firm.exit_factor", "firm.growth_add", "intermediary.places", "intermediary.tenants",
              "intermediary.graduates", "intermediary.received_yuan", "line.incubators_and_parks"))  # fmt: skip
def house_tenants(world: World, params: Params, draws: Draws) -> None:
    """Let tenants go, take new ones in, pay their houses, and write what shelter and its loss do this quarter."""
    firms, p = world.firms, params
    has_money = world.accounts.left(LINE) > 0
    if not has_money and OPENED not in world.notes:
        return
    world.notes.setdefault(OPENED, world.calendar.quarter)
    rent_cut = float(world.governments.incubator_rent_cut[PROVINCE])
    let_go(world, p)
    tenants = np.flatnonzero((firms.alive != 0) & (firms.incubator >= 0))
    paid = tenants_paid(world, p, rent_cut)
    if has_money:
        add_places(world)
        newcomers = admit(world, p, draws, paid - len(tenants), rent_cut)
        tenants = np.concatenate([tenants, newcomers])
    count_tenants(world, tenants)
    sheltered = best_first(tenants, firms.incubator_quarters.astype(np.float64), firms.uid)[:paid]
    pay_houses(world, p, sheltered, rent_cut)
    shelter(world, p, draws, sheltered)
    firms.incubator_quarters[tenants] += 1
    exposed = np.flatnonzero((firms.alive != 0) & (firms.graduate_quarters > 0))
    firms.exit_factor[exposed] *= p.after_exit
    firms.graduate_quarters[exposed] -= 1


def price_q(p: Params, rent_cut: float) -> int:
    """What the province pays for a tenant and quarter, whole yuan."""
    return to_yuan((p.service_cost_y + rent_cut * p.rent_y) / QUARTERS_A_YEAR)


def tenants_paid(world: World, p: Params, rent_cut: float) -> int:
    """Tenants whom this quarter's part of the line can shelter."""
    instalment = world.accounts.left(LINE) // (QUARTERS_A_YEAR - world.calendar.quarter_of_year)
    return int(instalment // max(1, price_q(p, rent_cut)))


def let_go(world: World, p: Params) -> None:
    """Tenants leave after their time or when they are no longer small; their house counts them."""
    firms = world.firms
    inside = (firms.alive != 0) & (firms.incubator >= 0)
    gone = np.flatnonzero(inside & ((firms.incubator_quarters >= p.stay) | (firms.size_class > SMALL)))
    world.intermediaries.graduates[:] += np.bincount(firms.incubator[gone], minlength=world.intermediaries.capacity)
    firms.graduate_quarters[gone] = firms.incubator_quarters[gone]
    firms.incubator[gone] = -1


def add_places(world: World) -> None:
    """Once a year incubators grow by the places of the term: one each in turn, the fullest first."""
    places_y = float(world.governments.incubator_places_y[PROVINCE]) / world.scale
    houses = world.intermediaries
    if not world.calendar.is_first_of_year or places_y <= 0.0:
        return
    rows = np.flatnonzero((houses.alive != 0) & (houses.role == INCUBATOR))
    order = best_first(rows, houses.tenants / np.maximum(houses.places, 1), houses.uid)
    if len(order):
        new = np.arange(places_due(places_y, world.calendar.year)) % len(order)
        houses.places[:] += np.bincount(order[new], minlength=houses.capacity)


def admit(world: World, p: Params, draws: Draws, places: int, rent_cut: float) -> Rows:
    """Take candidates in, the best first, while their city has space and the money reaches; rows of the new."""
    firms, houses = world.firms, world.intermediaries
    young = (firms.alive != 0) & (firms.age_q <= p.entry_age) & (firms.incubator_quarters == 0)
    rows = np.flatnonzero(young & (firms.ownership == PRIVATE) & (firms.size_class <= SMALL))
    wish = quarterly_hazard(p.ask_y * (1.0 + p.rent_pull * rent_cut))
    rows = rows[draws.uniform_for("incubator.apply", firms.uid[rows]) < wish]
    seen = np.zeros(firms.capacity)
    seen[rows] = firms.quality[rows] + p.noise * normal_of(draws.uniform_for("incubator.merit", firms.uid[rows]))
    order = best_first(rows, seen, firms.uid)
    held = np.bincount(firms.incubator[(firms.alive != 0) & (firms.incubator >= 0)], minlength=houses.capacity)
    open_to = (houses.alive != 0) & (houses.role != INTERMEDIARY)
    by_uid = np.argsort(houses.uid)
    free = np.where(open_to, houses.places - held, 0)[by_uid]
    place = np.full(len(order), -1, np.int64)
    fill_houses(firms.city[order], houses.city[by_uid], free, max(0, places), place)
    taken = order[place >= 0]
    firms.incubator[taken] = by_uid[place[place >= 0]]
    return taken


@kernel
def fill_houses(
    city: npt.NDArray[np.int8], house_city: npt.NDArray[np.int8], free: Rows, places: int, place: Rows
) -> None:  # fmt: skip
    """Each firm in turn takes the first free place of its city, into place, shape (n,), -1 without; free is used up."""
    left = places
    for i in range(city.size):
        if left == 0:
            return
        for h in range(free.size):
            if free[h] > 0 and house_city[h] == city[i]:
                place[i] = h
                free[h] -= 1
                left -= 1
                break


def count_tenants(world: World, tenants: Rows) -> None:
    """Let every house know how many tenants it has."""
    houses = world.intermediaries
    houses.tenants[:] = np.bincount(world.firms.incubator[tenants], minlength=houses.capacity)


def pay_houses(world: World, p: Params, sheltered: Rows, rent_cut: float) -> None:
    """Pay the houses for their sheltered tenants."""
    houses = world.intermediaries
    yuan = price_q(p, rent_cut) * np.bincount(world.firms.incubator[sheltered], minlength=houses.capacity)
    rows = np.flatnonzero(yuan)
    world.pay(LINE, houses, rows, yuan[rows].astype(np.int64))


def shelter(world: World, p: Params, draws: Draws, rows: Rows) -> None:
    """Lower the hazard of closing, help growth, and tie some of the tenants to a university of their city."""
    firms = world.firms
    firms.exit_factor[rows] *= p.inside_exit
    firms.growth_add[rows] += p.growth_y * np.clip(1.0 + p.quality_slope * firms.quality[rows], 0.0, 2.0)
    untied = rows[firms.partner_university[rows] < 0]
    meets = draws.uniform_for("incubator.tie", firms.uid[untied]) < quarterly_hazard(p.tie_y)
    rank = draws.uniform_for("incubator.partner", firms.uid[untied])
    bodies = world.universities.rows()
    bodies = bodies[np.argsort(world.universities.uid[bodies])]
    for j, u in zip(untied[meets].tolist(), rank[meets].tolist(), strict=True):
        near = bodies[world.universities.city[bodies] == firms.city[j]]
        if len(near):
            firms.partner_university[j] = near[int(u * len(near))]
            firms.tie_strength[j] = p.tie_step
