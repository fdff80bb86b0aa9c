"""Universities train research and technical staff, who join the supply after a lag and leave again with a hazard.

Places are paid one by one, as far as places, money and the universities' staff reach. Of those who finish a share goes
into R&D, less the more of the province's staff was trained so before: join x (1 - trained / (largest share x staff)).
More supply lowers the price of R&D (price_talent). The line buys teaching; no firm receives R&D money. All assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.arithmetic import quarterly_hazard
from sim.core.calendar import QUARTERS_A_YEAR
from sim.core.fixed_point import fixed_sum, unfixed
from sim.core.money import to_yuan
from sim.core.quotas import in_order, places_due
from sim.core.steps import step
from sim.core.streams import Draws

LINE = "skills_training"
STOCK, COURSES = "trained_staff", "in_training"


@dataclass(frozen=True)
class Params:
    """Price and length of a course, what universities can teach, who goes into R&D and who leaves."""

    price: float  # million yuan a place
    course_quarters: float
    places_per_staff: float
    join_share: float
    largest_share: float  # of the province's R&D staff
    leave_y: float


@step(writes=("university.received_yuan", "line.skills_training", "indices.trained_staff", "indices.in_training"))
def train_staff(world: World, params: Params, draws: Draws) -> None:
    """Let those who finish join the supply, let some of the trained leave, and fill the places of the quarter."""
    wanted = float(world.governments.training_places_y[PROVINCE])
    if wanted <= 0.0 and STOCK not in world.indices:
        return
    length = int(params.course_quarters)
    stock = world.indices.setdefault(STOCK, np.zeros(1))
    courses = world.indices.setdefault(COURSES, np.zeros(length))
    slot = world.calendar.quarter % length
    teachers = fixed_sum(world.universities.rd_staff, world.universities.alive)
    others = (world.firms, world.institutes)
    staff = unfixed(teachers + sum(fixed_sum(kind.rd_staff, kind.alive) for kind in others))
    share = params.join_share * max(0.0, 1.0 - stock[0] / max(params.largest_share * staff, 1e-9))
    stock[0] = stock[0] * (1.0 - quarterly_hazard(params.leave_y)) + share * courses[slot]
    courses[slot] = teach(world, params, wanted, unfixed(teachers))


def teach(world: World, p: Params, wanted: float, staff: float) -> int:
    """Fill and pay the places of the quarter, as far as the universities' staff reaches; returns their number."""
    universities, price = world.universities, to_yuan(p.price)
    quarters_left = QUARTERS_A_YEAR - world.calendar.quarter_of_year
    payable = world.accounts.left(LINE) // quarters_left // price
    room = int(p.places_per_staff * staff / QUARTERS_A_YEAR)
    due = places_due(wanted / QUARTERS_A_YEAR / world.scale, world.calendar.quarter)
    rows = universities.rows()
    number = min(due, payable, room) if len(rows) else 0
    if number > 0:
        places = shared_out(number, universities.capacity_share[rows], universities.uid[rows])
        world.pay(LINE, universities, rows, places * price)
    return number


def shared_out(
    number: int, weight: npt.NDArray[np.float64], uid: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:  # fmt: skip
    """Whole places by weight, shape (n,), that sum to `number`; largest remainders first, ties by uid."""
    total = weight.sum()
    exact = number * (weight / total if total > 0.0 else np.full(len(weight), 1.0 / len(weight)))
    places: npt.NDArray[np.int64] = np.floor(exact).astype(np.int64)
    more = in_order(places - exact, uid, number - int(places.sum()))
    places[more] += 1
    return places
