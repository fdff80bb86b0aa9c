"""Knowledge becomes invention patents: filed, granted by the office after years, and lapsed when fees are not paid.

Filings of an owner in a quarter are Poisson with mean level x K^e x propensity x drift, the propensity of firms being
a squared normal (Poisson-Gamma with alpha 2); grants are binomial with the office's throughput of the filings of
`pendency` quarters before; lapse is binomial in the stock. Individuals are one owner. Patents of firms that close pass
to individuals. Sources: E01, E05, M02; driver patent_office_throughput; the stock identity of the province.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.firm import PIPELINE_QUARTERS
from sim.agents.world import World
from sim.core.arithmetic import binomial_inverse, exp, log, poisson_inverse, power, quarterly_hazard
from sim.core.columns import Columns
from sim.core.kernels import kernel
from sim.core.steps import step
from sim.core.streams import Draws

F8 = npt.NDArray[np.float64]
I2 = npt.NDArray[np.int16]
I4 = npt.NDArray[np.int32]
I8 = npt.NDArray[np.int64]
U1 = npt.NDArray[np.uint8]
MOST_FILINGS = np.iinfo(np.int16).max  # of one owner in a quarter: a ring of twelve quarters is long, so it is narrow
FIRMS, PUBLIC, INDIVIDUALS = 0, 1, 2
FIRM_DRAWS = ("patents.file", "patents.grant", "patents.lapse")
PUBLIC_DRAWS = ("public.file", "public.grant", "public.lapse")
NO_KNOWLEDGE = 1e-9  # million yuan: below it nothing is filed
FEW_LAPSES = 100.0  # up to so many expected, their law is the binomial itself (sim/core/arithmetic.py) and not a normal
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
    office = (p.elasticity, throughput, lapse, now, due)
    totals, rows = _owners(world.firms, world.firms.has_rd, draws, FIRM_DRAWS, level[FIRMS] * drift, office)
    for columns in (world.universities, world.institutes):
        totals += _owners(columns, columns.alive, draws, PUBLIC_DRAWS, level[PUBLIC] * drift, office)[0]
    totals += _individuals(world, draws, level[INDIVIDUALS] * p.step_2011 * exp(p.individual_growth_y * years),
                           throughput, lapse, now, due)  # fmt: skip
    world.flows["filings"], world.flows["grants"], world.flows["lapses"] = totals.tolist()
    other_rights(rows, world.firms.has_rd, draws.uniform_for("patents.soft_ip", world.firms.uid[rows]),
                 quarterly_hazard(p.soft_ip_hazard), world.firms.soft_ip)  # fmt: skip


def _owners(
    columns: Columns, active: U1, draws: Draws, streams: tuple[str, str, str], level: float,
    office: tuple[float, float, float, int, int],
) -> tuple[I8, I8]:  # fmt: skip
    """Totals of one kind of owners and the rows that were looked at, the active among them."""
    elasticity, throughput, lapse, now, due = office
    waiting, place = columns.inventions_pending[:, due], columns.inventions_pending[:, now]
    rows = owners(columns.alive, active, columns.knowledge, columns.inventions_in_force, waiting, place)
    file, grant, lapse_draw = (draws.uniform_for(stream, columns.uid[rows]) for stream in streams)
    mean, none = expect(rows, columns.knowledge, columns.patent_propensity, columns.filing_factor, level, elasticity)
    kept = chance_of_no_lapse(rows, columns.inventions_in_force, lapse)
    totals = examine(
        rows, mean, none, kept, file, grant, lapse_draw, throughput, lapse, waiting, place, columns.inventions_in_force,
        columns.filings_q, columns.grants_q, columns.filings_year,
    )  # fmt: skip
    if (most := int(totals[3])) > MOST_FILINGS:
        raise OverflowError(f"a {columns.kind} filed {most} inventions in a quarter, more than {MOST_FILINGS}")
    return totals[:3], rows


def _individuals(world: World, draws: Draws, mean: float, throughput: float, lapse: float, now: int, due: int) -> I8:
    pending, held = world.indices["individuals_pending"], world.indices["individuals_in_force"]
    granted = binomial_inverse(draws.province("individuals.grant"), int(pending[due]), throughput)
    lapsed = binomial_inverse(draws.province("individuals.lapse"), int(held[0]), lapse)
    held[0] += granted - lapsed
    pending[now] = poisson_inverse(draws.province("individuals.file"), mean)
    return np.array([pending[now], granted, lapsed], np.int64)


@kernel
def examine(
    rows: I8, mean: F8, none: F8, kept: F8, u_file: F8, u_grant: F8, u_lapse: F8, throughput: float, lapse: float,
    waiting: I2, place: I2, in_force: I4, filed: I4, granted: I4, filed_year: I4,
) -> I8:  # fmt: skip
    """Grants of old filings, lapse of the stock, new filings of the owners on the rows.

    mean, none, kept, u_file, u_grant, u_lapse : shape (n_rows,); waiting, place : the ring's place of the quarter that
    is due and of this one, shape (capacity,). Returns totals filed, granted and lapsed, and the most of one owner.
    """
    totals = np.zeros(4, np.int64)
    filed[:] = 0
    granted[:] = 0
    for i in range(rows.size):
        j = rows[i]
        given, lapsed, new = 0, 0, 0
        if waiting[j] > 0:
            given = binomial_inverse(u_grant[i], waiting[j], throughput)
        if u_lapse[i] > kept[i]:
            lapsed = binomial_inverse(u_lapse[i], in_force[j], lapse)
        if u_file[i] > none[i]:
            new = poisson_inverse(u_file[i], mean[i])
        in_force[j] += given - lapsed
        granted[j], filed[j], place[j] = given, new, new
        filed_year[j] += new
        totals[0] += new
        totals[1] += given
        totals[2] += lapsed
        totals[3] = max(totals[3], new)
    return totals


@kernel
def owners(alive: U1, active: U1, knowledge: F8, in_force: I4, waiting: I2, place: I2) -> I8:
    """Rows of the few that are active, know or hold something, or whose filings wait, ascending."""
    rows = np.empty(alive.size, np.int64)
    marks = np.empty(alive.size, np.bool_)
    for j in range(alive.size):  # a loop for a few columns each: the compiler takes many rows at once
        marks[j] = (in_force[j] != 0) | (knowledge[j] > NO_KNOWLEDGE)
    for j in range(alive.size):
        marks[j] = (alive[j] != 0) & (marks[j] | (active[j] != 0) | ((waiting[j] | place[j]) != 0))
    n = 0
    for j in range(alive.size):
        rows[n] = j  # written over unless it counts: no branch
        n += marks[j]
    return rows[:n]


@kernel
def expect(rows: I8, knowledge: F8, propensity: F8, factor: F8, level: float, elasticity: float) -> tuple[F8, F8]:
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
def chance_of_no_lapse(rows: I8, in_force: I4, lapse: float) -> F8:
    """Chance that none of the inventions of the owners on the rows lapses, shape (n_rows,); 0 where it is tiny."""
    kept = np.empty(rows.size)
    for i in range(rows.size):
        kept[i] = in_force[rows[i]]
    log_kept = log(1.0 - lapse) if lapse < 0.5 else -700.0  # a chance of nearly 0: it is looked at
    for i in range(rows.size):  # by itself, so that several exponentials are taken at once
        few = kept[i] * lapse < FEW_LAPSES
        kept[i] = exp(kept[i] * log_kept) if few else 0.0
    return kept


@kernel
def other_rights(rows: I8, active: U1, u: F8, hazard: float, soft_ip: I4) -> None:
    """Performers on the rows register utility models, software and the like; `u` has shape (n_rows,)."""
    for i in range(rows.size):
        j = rows[i]
        soft_ip[j] += (active[j] != 0) & (u[i] < hazard)
