"""Opens supported technology intermediaries, lets some of them close again, and lists idle patents of public bodies.

A new body is paid by the quarter for some years; once support ends it closes with a hazard a year. More bodies raise
contracts with the small elasticity of trade_technology, so each further one brings less. Under the listing rule a
public body offers more: lift = (1 - openness) x idle share x e^(-years / age) x (market + inventors) x patented part;
shorter years list more, and what nobody wants stays unsold. Sources: G01, G06; the rest assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.government import PROVINCE
from sim.agents.intermediary import INTERMEDIARY
from sim.agents.traits import category_edges
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.arithmetic import exp, quarterly_hazard
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.fixed_point import fixed_sum, unfixed
from sim.core.kernels import kernel
from sim.core.money import to_yuan
from sim.core.quotas import places_due
from sim.core.steps import step
from sim.core.streams import Draws

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int64]
LINE = "technology_market"


@dataclass(frozen=True)
class Params:
    """Support of a body, how good and lasting it is, and what listing brings to the market."""

    SHARED = ("population_platforms.places_intermediary",)
    places_intermediary: float
    support_y: float  # million yuan a year and body
    support_years: float
    new_efficiency: float
    body_close_y: float
    idle_share: float
    patent_age: float  # years
    listed_take_up: float
    inventor_take_up: float
    patented_part: float


@step(
    writes=(
        "intermediary.*",
        "university.openness_lift",
        "institute.openness_lift",
        "line.technology_market",
    )
)
def broker_technology(world: World, params: Params, draws: Draws) -> None:
    """Keep, close and open supported intermediaries; raise the openness of bodies that must list."""
    places_y = float(world.governments.broker_places_y[PROVINCE])
    years = float(world.governments.listing_years[PROVINCE])
    price = to_yuan(params.support_y / QUARTERS_A_YEAR)
    if world.intermediaries.was_supported.any():
        keep_bodies(world, params, draws, price)
    if places_y > 0.0:
        open_bodies(world, params, draws, price, places_y)
    if years > 0.0:
        listed = params.idle_share * exp(-years / params.patent_age)
        list_patents(world, params, listed * (params.listed_take_up + params.inventor_take_up))


def keep_bodies(world: World, p: Params, draws: Draws, price: int) -> None:
    """Pay those in support, oldest first, while the line lasts; those without support may close."""
    bodies = world.intermediaries
    rows = supported_by_uid(bodies.alive, bodies.was_supported, bodies.uid)
    in_support = bodies.support_quarters[rows] > 0
    due, alone = rows[in_support], rows[~in_support]
    number = min(len(due), world.accounts.left(LINE) // price) if price > 0 else len(due)
    paid, unpaid = due[:number], due[number:]
    if len(unpaid):
        bodies.support_quarters[unpaid] = 0  # money ran out: it stands alone from here on
        alone = np.concatenate((alone, unpaid))
    if number:
        world.pay(LINE, bodies, paid, price)
        bodies.support_quarters[paid] -= 1
    if not bodies.places[rows].all():
        # a body that closed has no places and is paid by nobody; it leaves once its last quarter's books are closed
        bodies.remove(rows[(bodies.places[rows] == 0) & (bodies.received_yuan.total()[rows] == 0)])
        alone = alone[bodies.alive[alone] != 0]
    ends = draws.uniform_for("network.body_close", bodies.uid[alone]) < quarterly_hazard(p.body_close_y)
    bodies.places[alone[ends]] = 0


def open_bodies(world: World, p: Params, draws: Draws, price: int, places_y: float) -> None:
    """Open the bodies that fall due and that the line can pay to the end of the year, in cities with performers."""
    if "trade_start" not in world.indices:  # the market of 2010 is measured first
        return
    bodies, calendar = world.intermediaries, world.calendar
    due = places_due(places_y / (QUARTERS_A_YEAR * world.scale), calendar.first + calendar.quarter)
    quarters_left = QUARTERS_A_YEAR - calendar.quarter_of_year
    in_support = int(np.count_nonzero((bodies.alive != 0) & (bodies.support_quarters > 0)))
    promised = in_support * price * (quarters_left - 1)
    number = min(due, max(world.accounts.left(LINE) - promised, 0) // max(price * quarters_left, 1))
    if number <= 0:
        return
    uids = bodies.new_uids(number)
    edges = category_edges(catalogue(), "city_share_performers")
    city = np.searchsorted(edges, draws.uniform_for("network.body_city", uids), side="right")
    rows = bodies.add(
        uids, role=INTERMEDIARY, city=city, places=p.places_intermediary,
        efficiency=p.new_efficiency,
        support_quarters=int(p.support_years * QUARTERS_A_YEAR) - 1, was_supported=1,
    )  # fmt: skip
    world.pay(LINE, bodies, rows, price)


def list_patents(world: World, p: Params, taken: float) -> None:
    """Raise the openness of universities and institutes by what of their listed patents finds a taker."""
    kinds = (world.universities, world.institutes)
    patents = unfixed(sum(fixed_sum(k.inventions_in_force, k.alive) for k in kinds))
    knowledge = unfixed(sum(fixed_sum(k.knowledge, k.alive) for k in kinds))
    if patents <= 0.0 or knowledge <= 0.0:
        return
    for kind in kinds:
        lift_openness(
            kind.alive, kind.openness, kind.knowledge, kind.inventions_in_force, taken,
            p.patented_part * knowledge / patents, kind.openness_lift,
        )  # fmt: skip


@kernel
def supported_by_uid(alive: Flags, was_supported: Flags, uid: Rows) -> Rows:
    """Rows of the living bodies that were founded with support, the oldest first."""
    rows = np.flatnonzero((alive != 0) & (was_supported != 0))
    return rows[np.argsort(uid[rows])]


@kernel
def lift_openness(
    alive: Flags, openness: Floats, knowledge: Floats, patents: npt.NDArray[np.int32], taken: float,
    knowledge_a_patent: float, lift: Floats,
) -> None:  # fmt: skip
    """Add to the lift of each body, in place: the closed part of knowledge behind patents, as far as it is taken."""
    for j in range(alive.size):
        if alive[j] != 0 and knowledge[j] > 0.0:
            behind = min(patents[j] * knowledge_a_patent / knowledge[j], 1.0)
            lift[j] += (1.0 - openness[j]) * behind * taken
