"""One pass over all agents each quarter: integer sums by city, sector, size and ownership that the indicators read.

Amounts are in fixed point of million yuan (or of the column's unit), numbers are plain integers. The province is the
sum of its cities, exactly, and so is any other grouping.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.core.fixed_point import ONE, fixed, fixed_sum_by
from sim.core.kernels import kernel

I8 = npt.NDArray[np.int64]
AMOUNTS = (
    "rd_reported", "rd_actual", "rd_staff", "support", "ind_rd", "ind_revenue", "ind_products", "key_rd",
    "key_revenue", "certified_sales", "high_tech_sales", "knowledge", "rd_universities", "rd_institutes",
    "staff_public",
)  # fmt: skip
NUMBERS = (
    "above", "above_rd", "above_institution", "above_inventions", "key", "key_collaborating", "state", "state_rd",
    "state_institution", "large", "large_institution", "certified", "tech_smes", "inventions", "zone_filings",
    "covered", "inventions_public",
)  # fmt: skip
DIMENSIONS = {"city": (0, 11), "sector": (11, 12), "size": (23, 4), "ownership": (27, 3)}  # first row, groups
N_ROWS = 30
CITIES = slice(0, 11)


def take_census(world: World) -> tuple[I8, I8]:
    """Sums of the quarter: amounts (N_ROWS, n), numbers (N_ROWS, m); the province's are put in notes['census']."""
    f = world.firms
    amounts, numbers = count(
        f.alive, f.sector, f.city, f.ownership, f.size_class, f.is_above_scale, f.is_high_tech_field, f.has_rd,
        f.has_rd_institution, f.hnte_stage, f.is_tech_sme, f.n_alliances, f.partner_university, f.inventions_in_force,
        f.filings_q, f.covered, f.sales_y, f.new_product_share, f.rd_reported_q, f.rd_actual_q, f.rd_staff, f.knowledge,
        f.received_yuan, N_ROWS, len(AMOUNTS), len(NUMBERS),
    )  # fmt: skip
    for columns, name in ((world.universities, "rd_universities"), (world.institutes, "rd_institutes")):
        amounts[CITIES, AMOUNTS.index(name)] += fixed_sum_by(columns.rd_q, columns.alive, columns.city, 11)
        amounts[CITIES, AMOUNTS.index("staff_public")] += fixed_sum_by(
            columns.rd_staff, columns.alive, columns.city, 11
        )
        held = np.bincount(columns.city, columns.inventions_in_force * columns.alive, 11)
        numbers[CITIES, NUMBERS.index("inventions_public")] += held.astype(np.int64)
    set_census(world, amounts[CITIES].sum(axis=0), numbers[CITIES].sum(axis=0))
    return amounts, numbers


def set_census(world: World, amounts: I8, numbers: I8) -> None:
    """Put the sums of the province, or of one group, where the indicators read them."""
    held = {name: int(v) / ONE for name, v in zip(AMOUNTS, amounts, strict=True)}
    held.update({name: float(v) for name, v in zip(NUMBERS, numbers, strict=True)})
    world.notes["census"] = held


def amount(world: World, name: str) -> float:
    """A sum of the census (scaled up by k)."""
    return float(world.notes["census"][name]) * world.scale


@kernel
def count(
    alive: Any, sector: Any, city: Any, ownership: Any, size: Any, above: Any, field: Any, active: Any,
    institution: Any, stage: Any, tech_sme: Any, ties: Any, partner: Any, inventions: Any, filings: Any, covered: Any,
    sales: Any, products: Any, reported: Any, actual: Any, staff: Any, knowledge: Any, received: Any, n_rows: int,
    n_amounts: int, n_numbers: int,
) -> tuple[I8, I8]:  # fmt: skip
    """Integer sums of the firms by row of group, in the order of AMOUNTS and NUMBERS."""
    a = np.zeros((n_rows, n_amounts), np.int64)
    n = np.zeros((n_rows, n_numbers), np.int64)
    v = np.zeros(n_amounts, np.int64)
    w = np.zeros(n_numbers, np.int64)
    for j in range(alive.size):
        if alive[j] == 0:
            continue
        v[:] = 0
        w[:] = 0
        _own(v, w, j, city, field, stage, tech_sme, inventions, filings, sales, reported, actual, staff, knowledge,
             received)  # fmt: skip
        if above[j] != 0:
            _industry(v, w, j, sector, ownership, size, field, active, institution, ties, partner, inventions, covered,
                      sales, products, reported)  # fmt: skip
        for row in (0 + city[j], 11 + sector[j], 23 + size[j], 27 + ownership[j]):
            for k in range(n_amounts):
                a[row, k] += v[k]
            for k in range(n_numbers):
                n[row, k] += w[k]
    return a, n


@kernel
def _own(
    v: Any, w: Any, j: int, city: Any, field: Any, stage: Any, tech_sme: Any, inventions: Any, filings: Any, sales: Any,
    reported: Any, actual: Any, staff: Any, knowledge: Any, received: Any,
) -> None:  # fmt: skip
    """What counts for every firm."""
    v[0] = fixed(reported[j])
    v[1] = fixed(actual[j])
    v[2] = fixed(staff[j])
    for k in range(received.shape[1]):
        v[3] += fixed(received[j, k] / 1e6)
    v[11] = fixed(knowledge[j])
    if stage[j] == 2:
        v[9] = fixed(sales[j] / 4.0)
        w[11] = 1
    w[12] = tech_sme[j]
    w[13] = inventions[j]
    if field[j] != 0 and (city[j] == 0 or city[j] == 6):  # Taiyuan and Jinzhong stand for the demonstration zone
        w[14] = filings[j]


@kernel
def _industry(
    v: Any, w: Any, j: int, sector: Any, ownership: Any, size: Any, field: Any, active: Any, institution: Any,
    ties: Any, partner: Any, inventions: Any, covered: Any, sales: Any, products: Any, reported: Any,
) -> None:  # fmt: skip
    """What counts for above-scale industrial firms."""
    v[4] = fixed(reported[j])
    v[5] = fixed(sales[j] / 4.0)
    v[6] = fixed(sales[j] / 4.0 * products[j])
    if field[j] != 0 and sector[j] > 3:
        v[10] = v[5]
    w[0] = 1
    w[1] = active[j]
    w[2] = institution[j]
    w[3] = inventions[j]
    if ownership[j] == 0:
        v[7] = v[4]
        v[8] = v[5]
        w[4] = 1
        if ties[j] > 0 or partner[j] >= 0:
            w[5] = 1
    if ownership[j] <= 1:
        w[6] = 1
        w[7] = active[j]
        w[8] = institution[j]
    if size[j] == 3:
        w[9] = 1
        w[10] = institution[j]
    if covered[j] != 0:
        w[15] = 1
