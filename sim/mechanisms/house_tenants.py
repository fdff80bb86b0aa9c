"""Houses young small firms in incubators and parks, shelters them, and lets them go.

While the line has money, it pays service and a part of the rent for tenants up to what it can pay; further candidates
come with a hazard that rises with the rent cut and are taken by merit plus noise while their city has space, so that
more space means weaker tenants. Inside, the hazard of closing is lower, growth a little higher (the more the better the
firm) and ties to universities of the city form. After their time, or once grown, tenants leave; then the shelter's loss
is felt for as long, so that over both periods about as many survive as elsewhere (H01, H02). Space may stand vacant;
when the money falls, the newest tenants leave first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import PRIVATE, SMALL
from sim.agents.government import PROVINCE
from sim.agents.intermediary import INCUBATOR, INTERMEDIARY
from sim.agents.world import World
from sim.core.arithmetic import normal_inverse, quarterly_hazard
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.kernels import kernel
from sim.core.money import to_yuan
from sim.core.quotas import best_first, in_order, places_due
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
LINE = "incubators_and_parks"
OPENED = "incubator_instalments"  # note: what the line pays a quarter, by year; from its first year on tenants may live


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
    world.notes.setdefault(OPENED, {})
    rent_cut = float(world.governments.incubator_rent_cut[PROVINCE])
    paid = tenants_paid(world, p, rent_cut)
    tenants = let_go(world, p, paid)
    if has_money:
        add_places(world)
        tenants = np.concatenate([tenants, admit(world, p, draws, tenants, paid - len(tenants), rent_cut)])
    pay_houses(world, p, tenants, rent_cut)
    shelter(
        tenants, firms.quality, p.inside_exit, p.growth_y, p.quality_slope, firms.exit_factor, firms.growth_add,
        firms.incubator_quarters,
    )  # fmt: skip
    tie_tenants(world, p, draws, tenants)
    feel_loss(
        (firms.graduate_quarters > 0).nonzero()[0], firms.alive, p.after_exit, firms.exit_factor,
        firms.graduate_quarters,
    )  # fmt: skip


def price_q(p: Params, rent_cut: float) -> int:
    """What the province pays for a tenant and quarter, whole yuan."""
    return to_yuan((p.service_cost_y + rent_cut * p.rent_y) / QUARTERS_A_YEAR)


def tenants_paid(world: World, p: Params, rent_cut: float) -> int:
    """Tenants whom the line can shelter in every quarter of the year that is left when it is first asked."""
    instalment = world.accounts.left(LINE) // (QUARTERS_A_YEAR - world.calendar.quarter_of_year)
    of_year: dict[int, int] = world.notes[OPENED]
    if instalment > 0:
        instalment = min(instalment, of_year.setdefault(world.calendar.year, instalment))
    return int(instalment // max(1, price_q(p, rent_cut)))


def let_go(world: World, p: Params, paid: int) -> Rows:
    """Tenants leave grown or after their time, and the newest when too few are paid; rows of those who stay."""
    firms, houses = world.firms, world.intermediaries
    inside = is_tenant(firms.alive, firms.incubator).nonzero()[0]
    done = has_left(inside, firms.incubator_quarters, firms.size_class, p.stay)
    gone, rest = inside[done], inside[~done]
    if len(gone):
        houses.graduates[:] += np.bincount(firms.incubator[gone], minlength=houses.capacity)
    if len(rest) > paid:
        by_stay = rest[in_order(-firms.incubator_quarters[rest].astype(np.float64), firms.uid[rest])]
        gone, rest = np.concatenate([gone, by_stay[paid:]]), by_stay[:paid]
    firms.graduate_quarters[gone] = firms.incubator_quarters[gone]
    firms.incubator[gone] = -1
    return rest


@kernel
def is_tenant(alive: npt.NDArray[np.uint8], incubator: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """Whether each is alive and in an incubator or park, shape (n,)."""
    found = np.empty(alive.size, np.bool_)
    for j in range(alive.size):  # one width a loop, so that the compiler takes many rows at once
        found[j] = incubator[j] >= 0
    for j in range(alive.size):
        found[j] &= alive[j] != 0
    return found


@kernel
def has_left(
    rows: Rows, quarters: npt.NDArray[np.int16], size_class: npt.NDArray[np.int8], stay: float
) -> npt.NDArray[np.bool_]:  # fmt: skip
    """Whether the time of each tenant is over or it has grown, shape (n_rows,)."""
    done = np.empty(rows.size, np.bool_)
    for k in range(rows.size):
        done[k] = (quarters[rows[k]] >= stay) | (size_class[rows[k]] > SMALL)
    return done


def add_places(world: World) -> None:
    """Once a year incubators grow by the places of the term: one each in turn, the fullest first."""
    places_y = float(world.governments.incubator_places_y[PROVINCE]) / world.scale
    houses = world.intermediaries
    if not world.calendar.is_first_of_year or places_y <= 0.0:
        return
    rows = ((houses.alive != 0) & (houses.role == INCUBATOR)).nonzero()[0]
    order = best_first(rows, houses.tenants / np.maximum(houses.places, 1), houses.uid)
    if len(order):
        new = np.arange(places_due(places_y, world.calendar.year)) % len(order)
        houses.places[:] += np.bincount(order[new], minlength=houses.capacity)


def candidates(world: World, p: Params, draws: Draws, rent_cut: float) -> Rows:
    """Rows of young small private firms that ask for a place, the best first."""
    firms = world.firms
    fit = eligible(firms.alive, firms.ownership, firms.size_class, firms.age_q, firms.incubator_quarters, p.entry_age)
    rows = fit.nonzero()[0]
    uids = firms.uid[rows]
    wish = quarterly_hazard(p.ask_y * (1.0 + p.rent_pull * rent_cut))
    rows, seen = asking(
        rows, draws.uniform_for("incubator.apply", uids), draws.uniform_for("incubator.merit", uids), firms.quality,
        wish, p.noise,
    )  # fmt: skip
    return rows[in_order(-seen, firms.uid[rows])]


@kernel
def asking(
    rows: Rows, apply: Floats, merit: Floats, quality: Floats, wish: float, noise: float
) -> tuple[Rows, Floats]:  # fmt: skip
    """Those of the rows that ask for a place, and what those who admit see of them; apply, merit by place."""
    found, seen = np.empty_like(rows), np.empty(rows.size)
    n = 0
    for k in range(rows.size):
        if apply[k] < wish:
            found[n], seen[n] = rows[k], quality[rows[k]] + noise * normal_inverse(merit[k])
            n += 1
    return found[:n], seen[:n]


@kernel
def eligible(
    alive: npt.NDArray[np.uint8], ownership: npt.NDArray[np.int8], size_class: npt.NDArray[np.int8],
    age: npt.NDArray[np.int32], been_inside: npt.NDArray[np.int16], entry_age: float,
) -> npt.NDArray[np.bool_]:  # fmt: skip
    """Whether each is a young small private firm that never was a tenant, shape (n,)."""
    found = np.empty(alive.size, np.bool_)
    for j in range(alive.size):
        found[j] = (alive[j] != 0) & (ownership[j] == PRIVATE) & (size_class[j] <= SMALL)
    for j in range(alive.size):
        found[j] &= (age[j] <= entry_age) & (been_inside[j] == 0)
    return found


def admit(world: World, p: Params, draws: Draws, tenants: Rows, places: int, rent_cut: float) -> Rows:
    """Take candidates in beside the tenants while their city has space and the money reaches; rows of the new."""
    firms, houses = world.firms, world.intermediaries
    held = np.bincount(firms.incubator[tenants], minlength=houses.capacity)
    open_to = (houses.alive != 0) & (houses.role != INTERMEDIARY)
    by_uid = houses.uid.argsort()
    free = np.where(open_to, houses.places - held, 0)[by_uid]
    if places <= 0 or (free <= 0).all():
        return tenants[:0]
    order = candidates(world, p, draws, rent_cut)
    place = np.full(len(order), -1, np.int64)
    fill_houses(firms.city[order], houses.city[by_uid], free, places, place)
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


def pay_houses(world: World, p: Params, tenants: Rows, rent_cut: float) -> None:
    """Let every house know how many tenants it has, and pay it for them."""
    houses = world.intermediaries
    houses.tenants[:] = np.bincount(world.firms.incubator[tenants], minlength=houses.capacity)
    rows = houses.tenants.nonzero()[0]
    world.pay(LINE, houses, rows, price_q(p, rent_cut) * houses.tenants[rows].astype(np.int64))


@kernel
def shelter(
    rows: Rows, quality: Floats, inside_exit: float, growth_y: float, slope: float, exit_factor: Floats,
    growth: Floats, quarters: npt.NDArray[np.int16],
) -> None:  # fmt: skip
    """Lower the hazard of closing of the tenants on the rows, help their growth, count the quarter; in place."""
    for j in rows:
        exit_factor[j] *= inside_exit
        growth[j] += growth_y * min(max(1.0 + slope * quality[j], 0.0), 2.0)
        quarters[j] += 1


@kernel
def feel_loss(
    rows: Rows, alive: npt.NDArray[np.uint8], after_exit: float, exit_factor: Floats, quarters: npt.NDArray[np.int16]
) -> None:  # fmt: skip
    """A quarter passes in which former tenants on the rows miss their shelter; in place."""
    for j in rows:
        if alive[j] != 0:
            exit_factor[j] *= after_exit
            quarters[j] -= 1


def tie_tenants(world: World, p: Params, draws: Draws, rows: Rows) -> None:
    """Tie some of the tenants without a university to one of their city."""
    firms, universities = world.firms, world.universities
    uids = firms.uid[rows]
    bodies = universities.rows()
    bodies = bodies[universities.uid[bodies].argsort()]
    meet_near(
        rows, draws.uniform_for("incubator.tie", uids), draws.uniform_for("incubator.partner", uids),
        quarterly_hazard(p.tie_y), firms.city, bodies, universities.city, p.tie_step, firms.partner_university,
        firms.tie_strength,
    )  # fmt: skip


@kernel
def meet_near(
    rows: Rows, u: Floats, rank: Floats, hazard: float, city: npt.NDArray[np.int8], bodies: Rows,
    body_city: npt.NDArray[np.int8], strength: float, partner: npt.NDArray[np.int32], tie: Floats,
) -> None:  # fmt: skip
    """Tie some untied firms on the rows to a body of their city, any with the same chance.

    u, rank : draws by place, whether and which, shape (n_rows,).
    """
    for k in range(rows.size):
        j = rows[k]
        if partner[j] >= 0 or u[k] >= hazard:
            continue
        near = 0
        for b in bodies:
            near += body_city[b] == city[j]
        place = int(rank[k] * near)
        for b in bodies:
            if body_city[b] == city[j]:
                if place == 0:
                    partner[j] = b
                    tie[j] = strength
                place -= 1
