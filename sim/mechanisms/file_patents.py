"""Knowledge becomes invention patents: filed, granted by the office after years, and lapsed when fees are not paid.

Filings of an owner in a quarter are Poisson with mean level x K^e x propensity x drift, the propensity of firms being
a squared normal (Poisson-Gamma with alpha 2); grants are binomial with the office's throughput of the filings of
`pendency` quarters before; lapse is binomial in the stock. Individuals are one owner. Patents of firms that close pass
to individuals. Sources: E01, E05, M02; driver patent_office_throughput; the stock identity of the province.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.firm import PIPELINE_QUARTERS
from sim.agents.world import World
from sim.core.arithmetic import binomial_inverse, exp, poisson_inverse, power, quarterly_hazard
from sim.core.columns import Columns
from sim.core.kernels import kernel
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
I2 = npt.NDArray[np.int16]
I4 = npt.NDArray[np.int32]
U1 = npt.NDArray[np.uint8]
MOST_FILINGS = np.iinfo(np.int16).max  # of one owner in a quarter: a ring of twelve quarters is long, so it is narrow
FIRMS, PUBLIC, INDIVIDUALS = 0, 1, 2
FIRM_DRAWS = ("patents.file", "patents.grant", "patents.lapse")
PUBLIC_DRAWS = ("public.file", "public.grant", "public.lapse")
NO_KNOWLEDGE = 1e-9  # million yuan: below it nothing is filed
LAPSE_YEARS = 6.0  # from 2011 to 2017


@dataclass(frozen=True)
class Params:
    """The filing law, the wait at the office and the lapse of patents in force."""

    elasticity: float
    drift_y: float
    step_2011: float
    pendency_q: int
    lapse_start_y: float
    lapse_end_y: float
    soft_ip_hazard: float
    individual_growth_y: float


@step(writes=("firm.inventions_pending", "firm.inventions_in_force", "firm.filings_q", "firm.grants_q", "firm.soft_ip",
              "university.inventions_in_force", "institute.inventions_in_force", "indices.individuals_in_force",
              "flows.filings", "flows.grants"))  # fmt: skip
def file_patents(world: World, params: Params, draws: Draws) -> None:
    """File, grant and lapse for firms, universities, institutes and individuals."""
    quarter, p = world.calendar.quarter, params
    years = (quarter + 0.5) / 4.0
    drift = p.step_2011 * exp(p.drift_y * years)
    # offices now grant what was filed `pendency` quarters ago; the drift of filing is already in the ring
    throughput = world.exogenous["patent_office_throughput"]
    slope = min(years / LAPSE_YEARS, 1.0)
    lapse = quarterly_hazard(p.lapse_start_y + slope * (p.lapse_end_y - p.lapse_start_y))
    now, due = quarter % PIPELINE_QUARTERS, (quarter - p.pendency_q) % PIPELINE_QUARTERS
    level = world.indices["filing_level"]
    totals = np.zeros(3, np.int64)
    for columns, streams, owner in (
        (world.firms, FIRM_DRAWS, FIRMS), (world.universities, PUBLIC_DRAWS, PUBLIC),
        (world.institutes, PUBLIC_DRAWS, PUBLIC),
    ):  # fmt: skip
        totals += _owner(columns, draws, streams, level[owner] * drift, p.elasticity, throughput, lapse, now, due)
    totals += _individuals(world, draws, level[INDIVIDUALS] * p.step_2011 * exp(p.individual_growth_y * years),
                           throughput, lapse, now, due)  # fmt: skip
    world.flows["filings"], world.flows["grants"], world.flows["lapses"] = (int(t) for t in totals)
    other_rights(world.firms.alive, world.firms.has_rd, draws.uniform("patents.soft_ip", world.firms),
                 quarterly_hazard(p.soft_ip_hazard), world.firms.soft_ip)  # fmt: skip


def _owner(
    columns: Columns, draws: Draws, streams: tuple[str, str, str], level: float, elasticity: float, throughput: float,
    lapse: float, now: int, due: int,
) -> Any:  # fmt: skip
    file, grant, lapse_draw = (draws.uniform(stream, columns) for stream in streams)
    totals = examine(
        columns.alive, columns.knowledge, columns.patent_propensity, columns.filing_factor, file, grant, lapse_draw,
        level, elasticity,
        throughput, lapse, now, due, columns.inventions_pending, columns.inventions_in_force, columns.filings_q,
        columns.grants_q, columns.filings_year,
    )  # fmt: skip
    if (most := int(columns.filings_q.max(initial=0))) > MOST_FILINGS:
        raise OverflowError(f"a {columns.kind} filed {most} inventions in a quarter, more than {MOST_FILINGS}")
    return totals


def _individuals(
    world: World, draws: Draws, mean: float, throughput: float, lapse: float, now: int, due: int
) -> npt.NDArray[np.int64]:
    pending, held = world.indices["individuals_pending"], world.indices["individuals_in_force"]
    granted = binomial_inverse(draws.province("individuals.grant"), int(pending[due]), throughput)
    lapsed = binomial_inverse(draws.province("individuals.lapse"), int(held[0]), lapse)
    held[0] += granted - lapsed
    pending[now] = poisson_inverse(draws.province("individuals.file"), mean)
    return np.array([pending[now], granted, lapsed], np.int64)


@kernel
def examine(
    alive: U1, knowledge: F8, propensity: F8, factor: F8, u_file: F8, u_grant: F8, u_lapse: F8, level: float,
    elasticity: float, throughput: float, lapse: float, now: int, due: int, pending: I2, in_force: I4, filed: I4,
    granted: I4, filed_year: I4,
) -> npt.NDArray[np.int64]:  # fmt: skip
    """Grants of old filings, lapse of the stock, new filings of each owner; totals (filed, granted, lapsed)."""
    totals = np.zeros(3, np.int64)
    filed[:] = 0
    granted[:] = 0
    rows = owners(alive, knowledge, in_force, pending, now, due)
    mean, none = expect(rows, knowledge, propensity, factor, level, elasticity)
    for i in range(rows.size):
        j = rows[i]
        if pending[j, due] > 0:
            granted[j] = binomial_inverse(u_grant[j], pending[j, due], throughput)
        if in_force[j] > 0:
            lapsed = binomial_inverse(u_lapse[j], in_force[j], lapse)
            in_force[j] -= lapsed
            totals[2] += lapsed
        in_force[j] += granted[j]
        if u_file[j] > none[i]:
            filed[j] = poisson_inverse(u_file[j], mean[i])
        pending[j, now] = filed[j]
        filed_year[j] += filed[j]
        totals[0] += filed[j]
        totals[1] += granted[j]
    return totals


@kernel
def owners(alive: U1, knowledge: F8, in_force: I4, pending: I2, now: int, due: int) -> npt.NDArray[np.uint64]:
    """Rows of the few that know or hold something, or whose filings wait."""
    marks = np.empty(alive.size, np.bool_)
    for j in range(alive.size):
        holds = (in_force[j] | pending[j, due] | pending[j, now]) != 0
        marks[j] = (alive[j] != 0) & (holds | (knowledge[j] > NO_KNOWLEDGE))
    rows = np.empty(alive.size, np.uint64)
    n = 0
    for j in range(alive.size):
        rows[n] = j  # written over unless it counts: no branch
        n += marks[j]
    return rows[:n]


@kernel
def expect(
    rows: npt.NDArray[np.uint64], knowledge: F8, propensity: F8, factor: F8, level: float, elasticity: float
) -> tuple[F8, F8]:
    """Mean filings of the owners on the rows, and the chance that there are none."""
    known, mean, none = np.empty(rows.size), np.empty(rows.size), np.empty(rows.size)
    for i in range(rows.size):  # gathered first: exponentials of neighbours are taken several at once
        known[i] = knowledge[rows[i]]
    for i in range(rows.size):
        mean[i] = level * power(known[i], elasticity)
    for i in range(rows.size):
        filed = mean[i] * propensity[rows[i]] * factor[rows[i]]
        mean[i] = filed if known[i] > NO_KNOWLEDGE else 0.0
    for i in range(rows.size):
        none[i] = exp(-mean[i])
    return mean, none


@kernel
def other_rights(alive: U1, active: U1, u: F8, hazard: float, soft_ip: I4) -> None:
    """Performers register utility models, software and the like."""
    for j in range(alive.size):
        soft_ip[j] += (alive[j] != 0) & (active[j] != 0) & (u[j] < hazard)
