"""One pass over all agents each quarter: integer sums by city, sector, size and ownership that the indicators read.

Amounts are in fixed point of million yuan (or of the column's unit), numbers are plain integers. The province is the
sum of its cities, exactly, and so is any other grouping.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.budget import SERVICE, lines_of
from sim.agents.industry import LAST_HEAVY_SECTOR
from sim.agents.world import World
from sim.core.fixed_point import ONE, check_range, fixed, fixed_sum_by
from sim.core.kernels import kernel
from sim.indicators.platform_counts import count_platforms

I8 = npt.NDArray[np.int64]
AMOUNTS = (
    "rd_reported", "rd_actual", "rd_staff", "support", "ind_rd", "ind_revenue", "ind_products", "key_rd",
    "key_revenue", "certified_sales", "high_tech_sales", "knowledge", "rd_universities", "rd_institutes",
    "staff_public", "support_small", "support_private", "ind_rd_constant",
)  # fmt: skip
NUMBERS = (
    "above", "above_rd", "above_institution", "above_inventions", "key", "key_collaborating", "state", "state_rd",
    "state_institution", "large", "large_institution", "certified", "tech_smes", "inventions", "zone_filings",
    "covered", "inventions_public", "filings", "grants", "first_certificates", "renewed_certificates",
    "certified_meeting", "changzhi", "changzhi_covered", "tied", "ties", "filings_public", "grants_public",
)  # fmt: skip
COUNTED_BY_QUARTER = (  # numbers that add up over the year, as all amounts do; the others are stocks
    "zone_filings", "filings", "grants", "first_certificates", "renewed_certificates", "filings_public",
    "grants_public",
)  # fmt: skip
N_AMOUNTS, N_NUMBERS = len(AMOUNTS), len(NUMBERS)  # constants of the kernel: known lengths let its loops unroll
N_SUMS = N_AMOUNTS + N_NUMBERS
NAMES = (*AMOUNTS, *NUMBERS)
FLOWS = [NUMBERS.index(name) for name in COUNTED_BY_QUARTER]
DIMENSIONS = {"city": (0, 11), "sector": (11, 12), "size": (23, 4), "ownership": (27, 3)}  # first row, groups
N_ROWS = 30
SERVICES = lines_of(SERVICE)
AT_A_TIME = 128  # firms that are counted together
CITIES = slice(0, 11)
CHANGZHI = 3


def take_census(world: World) -> tuple[I8, I8]:
    """Sums of the quarter: amounts (N_ROWS, n), numbers (N_ROWS, m); the province's are put in notes['census']."""
    paid = world.accounts.disbursed_q.copy()  # lines that paid nothing are empty: settle_accounts made sure
    paid[SERVICES] = 0  # help and training are no money for R&D
    lines = np.flatnonzero(paid)
    support, support_fixed = add_support(world, lines)
    rows = _counting(world, support)
    sums = _sums_of_firms(world, rows, support_fixed)
    amounts, numbers = sums[:, :N_AMOUNTS], sums[:, N_AMOUNTS:]
    for columns, name in ((world.universities, "rd_universities"), (world.institutes, "rd_institutes")):
        alive, city = columns.alive, columns.city
        amounts[CITIES, AMOUNTS.index(name)] += fixed_sum_by(columns.rd_q, alive, city, 11)
        amounts[CITIES, AMOUNTS.index("staff_public")] += fixed_sum_by(columns.rd_staff, alive, city, 11)
        for number, items in (
            ("inventions_public", columns.inventions_in_force), ("filings_public", columns.filings_q),
            ("grants_public", columns.grants_q),
        ):  # fmt: skip
            add_items(alive, city, items, numbers[CITIES, NUMBERS.index(number)])
    check_range(int(np.abs(amounts).max()))
    set_census(world, amounts[CITIES].sum(axis=0), numbers[CITIES].sum(axis=0))
    world.notes["platforms"] = count_platforms(world)
    keep_support(world, rows, support[rows])
    return amounts, numbers


def keep_support(world: World, rows: I8, yuan: I8) -> None:
    """Keep which of the rows received how much in the quarter, uids and yuan, for the year: they may leave in it."""
    if world.calendar.is_first_of_year:
        world.notes["support_year"] = {}
    paid = yuan > 0
    by_quarter = world.notes.setdefault("support_year", {})
    by_quarter[world.calendar.quarter] = (world.firms.uid[rows[paid]], yuan[paid])


@kernel
def add_items(alive: Any, city: Any, items: Any, sums: I8) -> None:
    """Add the items of the living to their city, shape (11,)."""
    for j in range(alive.size):
        if alive[j] != 0:
            sums[city[j]] += items[j]


def set_census(world: World, amounts: I8, numbers: I8) -> None:
    """Put the sums of the province, or of one group, where the indicators read them."""
    world.notes["census"] = dict(zip(NAMES, [*(amounts / ONE).tolist(), *numbers.astype(float).tolist()], strict=True))


def add_quarter(year: tuple[I8, I8] | None, quarter: tuple[I8, I8]) -> tuple[I8, I8]:
    """Sums of the year so far with one more quarter: flows add up, stocks are those of the quarter."""
    if year is None:
        return quarter[0].copy(), quarter[1].copy()
    numbers = quarter[1].copy()
    numbers[:, FLOWS] += year[1][:, FLOWS]
    return year[0] + quarter[0], numbers


def amount(world: World, name: str) -> float:
    """A sum of the census (scaled up by k)."""
    return float(world.notes["census"][name]) * world.scale


def _counting(world: World, support: I8) -> I8:
    """Rows of the firms that add to any sum; `support` are the yuan that each received."""
    f = world.firms
    counts = np.zeros(f.capacity, np.uint8)
    find_counting(
        f.alive, f.is_above_scale, f.is_tech_sme, f.hnte_stage, f.inventions_in_force, f.filings_q, f.rd_reported_q,
        f.grants_q, f.n_alliances, f.partner_university, f.rd_actual_q, f.rd_staff, f.knowledge, support, counts,
    )  # fmt: skip
    return np.flatnonzero(counts.view(np.bool_))


def _sums_of_firms(world: World, rows: I8, support: I8) -> I8:
    """Integer sums of the firms by row of group, amounts then numbers, shape (N_ROWS, N_SUMS)."""
    f = world.firms
    sums = np.zeros((N_ROWS, N_SUMS), np.int64)
    add_firms(
        rows, support, f.city, f.sector, f.size_class, f.ownership, f.is_above_scale,
        f.is_high_tech_field, f.hnte_stage, f.is_tech_sme, f.inventions_in_force, f.filings_q, f.grants_q, f.sales_y,
        f.rd_reported_q, f.rd_actual_q, f.rd_staff, f.knowledge, f.has_rd, f.has_rd_institution, f.n_alliances,
        f.partner_university, f.covered, f.new_product_share, f.certificate_q, f.certificate_threshold,
        float(world.indices["deflator"][0] * world.indices["price"][0]), sums,
    )  # fmt: skip
    return sums


@kernel
def find_counting(
    alive: Any, above: Any, tech_sme: Any, stage: Any, inventions: Any, filings: Any, reported: Any, grants: Any,
    ties: Any, partner: Any, actual: Any, staff: Any, knowledge: Any, support: I8, counts: Any,
) -> None:  # fmt: skip
    """Mark the firms that add to any sum: most small firms add to none."""
    for j in range(alive.size):
        money = (reported[j] != 0.0) | (actual[j] != 0.0) | (staff[j] != 0.0) | (knowledge[j] != 0.0)
        items = above[j] | tech_sme[j] | stage[j] | inventions[j] | filings[j] | grants[j] | ties[j] | (partner[j] + 1)
        counts[j] = (alive[j] != 0) & (money | (items != 0) | (support[j] != 0))


def add_support(world: World, lines: I8) -> tuple[I8, I8]:
    """Yuan that each firm received on the lines, and its fixed point in million yuan by line, shape (capacity,) each.

    A line's amount is rounded by itself, so that lines add up.
    """
    support, support_fixed = np.zeros((2, world.firms.capacity), np.int64)
    rows, yuan = world.firms.received_yuan.by_payee(lines)
    sum_lines(rows, yuan, support, support_fixed)
    return support, support_fixed


@kernel
def sum_lines(rows: I8, yuan: I8, support: I8, support_fixed: I8) -> None:
    """Put the sums over the lines of yuan, shape (n, n_lines), into the rows."""
    for i in range(rows.size):
        for k in range(yuan.shape[1]):
            support[rows[i]] += yuan[i, k]
            support_fixed[rows[i]] += fixed(yuan[i, k] / 1e6)


@kernel
def add_to_groups(rows: I8, city: Any, sector: Any, size: Any, ownership: Any, values: I8, sums: I8) -> None:
    """Add the values of each row, shape (n, N_SUMS), to its four groups in sums, shape (N_ROWS, N_SUMS)."""
    for i in range(rows.size):
        j = rows[i]
        a, b, c, d = city[j], 11 + sector[j], 23 + size[j], 27 + ownership[j]
        for k in range(N_SUMS):
            sums[a, k] += values[i, k]
            sums[b, k] += values[i, k]
            sums[c, k] += values[i, k]
            sums[d, k] += values[i, k]


@kernel
def count_firms(
    rows: I8, city: Any, field: Any, stage: Any, tech_sme: Any, inventions: Any, filings: Any, sales: Any,
    reported: Any, actual: Any, staff: Any, knowledge: Any, support: I8, v: I8,
) -> None:  # fmt: skip
    """What counts for every firm, into v, shape (n, N_SUMS)."""
    for i in range(rows.size):
        j = rows[i]
        v[i, 0] = fixed(reported[j])
        v[i, 1] = fixed(actual[j])
        v[i, 2] = fixed(staff[j])
        v[i, 3] = support[j]
        v[i, 11] = fixed(knowledge[j])
        if stage[j] == 2:
            v[i, 9] = fixed(sales[j] / 4.0)
            v[i, N_AMOUNTS + 11] = 1
        v[i, N_AMOUNTS + 12] = tech_sme[j]
        v[i, N_AMOUNTS + 13] = inventions[j]
        if field[j] != 0 and (city[j] == 0 or city[j] == 6):  # Taiyuan and Jinzhong stand for the demonstration zone
            v[i, N_AMOUNTS + 14] = filings[j]


@kernel
def count_industry(
    rows: I8, above: Any, sector: Any, ownership: Any, size: Any, field: Any, active: Any, institution: Any, ties: Any,
    partner: Any, inventions: Any, covered: Any, sales: Any, products: Any, reported: Any, v: I8,
) -> None:  # fmt: skip
    """What counts for above-scale industrial firms, into v, shape (n, N_SUMS)."""
    n = N_AMOUNTS
    for i in range(rows.size):
        j = rows[i]
        if above[j] == 0:
            continue
        v[i, 4] = fixed(reported[j])
        v[i, 5] = fixed(sales[j] / 4.0)
        v[i, 6] = fixed(sales[j] / 4.0 * products[j])
        if field[j] != 0 and sector[j] > LAST_HEAVY_SECTOR:
            v[i, 10] = v[i, 5]
        v[i, n] = 1
        v[i, n + 1] = active[j]
        v[i, n + 2] = institution[j]
        v[i, n + 3] = inventions[j]
        if ownership[j] == 0:
            v[i, 7] = v[i, 4]
            v[i, 8] = v[i, 5]
            v[i, n + 4] = 1
            v[i, n + 5] = 1 if ties[j] > 0 or partner[j] >= 0 else 0
        if ownership[j] <= 1:
            v[i, n + 6] = 1
            v[i, n + 7] = active[j]
            v[i, n + 8] = institution[j]
        if size[j] == 3:
            v[i, n + 9] = 1
            v[i, n + 10] = institution[j]
        if covered[j] != 0:
            v[i, n + 15] = 1


@kernel
def count_marks(
    rows: I8, city: Any, above: Any, covered: Any, size: Any, ownership: Any, stage: Any, certificate: Any,
    threshold: Any, actual: Any, reported: Any, sales: Any, filings: Any, grants: Any, alliances: Any, partner: Any,
    price: float, v: I8,
) -> None:  # fmt: skip
    """R&D at constant price, support to smaller and to private firms, patents, certificates, Changzhi, ties, into v."""
    n = N_AMOUNTS
    for i in range(rows.size):
        j = rows[i]
        if size[j] < 3:
            v[i, 15] = v[i, 3]
        if ownership[j] == 2:
            v[i, 16] = v[i, 3]
        v[i, n + 17] = filings[j]
        v[i, n + 18] = grants[j]
        v[i, n + 19] = 1 if certificate[j] == 1 else 0
        v[i, n + 20] = 1 if certificate[j] == 2 else 0
        if stage[j] == 2 and 4.0 * actual[j] >= threshold[j] * sales[j]:
            v[i, n + 21] = 1
        if above[j] != 0:
            v[i, 17] = fixed(reported[j] / price)
        if above[j] != 0 and city[j] == CHANGZHI:
            v[i, n + 22] = 1
            v[i, n + 23] = 1 if covered[j] != 0 else 0
        ties = alliances[j] + (1 if partner[j] >= 0 else 0)
        v[i, n + 24] = 1 if ties > 0 else 0
        v[i, n + 25] = ties


@kernel
def add_firms(
    rows: I8, support: I8, city: Any, sector: Any, size: Any, ownership: Any, above: Any,
    field: Any, stage: Any, tech_sme: Any, inventions: Any, filings: Any, grants: Any, sales: Any, reported: Any,
    actual: Any, staff: Any, knowledge: Any, active: Any, institution: Any, ties: Any, partner: Any, covered: Any,
    products: Any, certificate: Any, threshold: Any, price: float, sums: I8,
) -> None:  # fmt: skip
    """Count the firms on the rows and add them to sums, a few at a time: what is known of them stays in the cache."""
    values = np.zeros((AT_A_TIME, N_SUMS), np.int64)
    for first in range(0, rows.size, AT_A_TIME):
        some = rows[first : first + AT_A_TIME]
        v = values[: some.size]
        v[:] = 0
        count_firms(
            some, city, field, stage, tech_sme, inventions, filings, sales, reported, actual, staff, knowledge,
            support, v,
        )  # fmt: skip
        count_industry(
            some, above, sector, ownership, size, field, active, institution, ties, partner, inventions, covered,
            sales, products, reported, v,
        )  # fmt: skip
        count_marks(
            some, city, above, covered, size, ownership, stage, certificate, threshold, actual, reported, sales,
            filings, grants, ties, partner, price, v,
        )  # fmt: skip
        add_to_groups(some, city, sector, size, ownership, v, sums)
