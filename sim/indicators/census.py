"""One pass over all agents each quarter: integer sums by city, sector, size and ownership that the indicators read.

Amounts are in fixed point of million yuan (or of the column's unit), numbers are plain integers. The province is the
sum of its cities, exactly, and so is any other grouping.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.budget import SERVICE, lines_of
from sim.agents.world import World
from sim.core.columns import Columns
from sim.core.fixed_point import ONE, check_range, fixed
from sim.core.kernels import kernel
from sim.indicators.firm_counts import (
    DIMENSIONS,
    FIRM_AMOUNTS,
    FIRM_NUMBERS,
    INDUSTRY_AMOUNTS,
    INDUSTRY_NUMBERS,
    N_FIRM,
    N_INDUSTRY,
    N_ROWS,
    SUPPORT_AMOUNTS,
    add_counties,
    add_firms,
    add_industry,
    add_support,
    find_counting,
)
from sim.indicators.platform_counts import ALL, count_platforms, set_platforms

I8 = npt.NDArray[np.int64]
Value = float | npt.NDArray[np.float64]  # of an indicator: a number for the province, or an array of its groups
PUBLIC_AMOUNTS = ("rd_universities", "rd_institutes", "staff_public")
PUBLIC_NUMBERS = ("inventions_public", "filings_public", "grants_public")
AMOUNTS = (*FIRM_AMOUNTS, *INDUSTRY_AMOUNTS, *SUPPORT_AMOUNTS, *PUBLIC_AMOUNTS)
NUMBERS = (*FIRM_NUMBERS, *INDUSTRY_NUMBERS, *PUBLIC_NUMBERS)
COUNTED_BY_QUARTER = (  # numbers that add up over the year, as all amounts do; the others are stocks
    "zone_filings", "filings", "grants", "first_certificates", "renewed_certificates", "filings_public",
    "grants_public",
)  # fmt: skip
NAMES = (*AMOUNTS, *NUMBERS)
FLOWS = [NUMBERS.index(name) for name in COUNTED_BY_QUARTER]
SERVICES = lines_of(SERVICE)
COUNTIES = 128  # more than counties.csv has: a code is one byte
CITIES = slice(0, DIMENSIONS["city"][1])


def take_census(world: World) -> tuple[I8, I8]:
    """Sums of the quarter: amounts (N_ROWS, n), numbers (N_ROWS, m); the province's are put in the world's notes."""
    firm, industry = _sums_of_firms(world), _sums_of_industry(world)
    public = np.zeros((N_ROWS, len(PUBLIC_AMOUNTS) + len(PUBLIC_NUMBERS)), np.int64)
    _add_public(world.universities, PUBLIC_AMOUNTS.index("rd_universities"), public)
    _add_public(world.institutes, PUBLIC_AMOUNTS.index("rd_institutes"), public)
    parts = (
        (firm, len(FIRM_AMOUNTS)), (industry, len(INDUSTRY_AMOUNTS)), (_support_by_group(world), len(SUPPORT_AMOUNTS)),
        (public, len(PUBLIC_AMOUNTS)),
    )  # fmt: skip
    amounts = np.concatenate([sums[:, :n] for sums, n in parts], axis=1)
    numbers = np.concatenate([sums[:, n:] for sums, n in parts], axis=1)
    check_range(int(np.abs(amounts).max()))
    world.notes["platforms_by_place"] = count_platforms(world)
    world.notes |= {"recipients": None, "memberships": None}  # what indicators share they make anew
    set_province(world, amounts, numbers)
    return amounts, numbers


def set_province(world: World, amounts: I8, numbers: I8) -> None:
    """Put what the indicators of the province read into the notes: sums of the cities, platforms of all places."""
    set_census(world, amounts[CITIES].sum(axis=0), numbers[CITIES].sum(axis=0))
    set_platforms(world, by_city=False)


def set_groups(world: World, amounts: I8, numbers: I8) -> None:
    """Put arrays of the N_ROWS groups where the province's numbers stand; of the cities where platforms do."""
    set_census(world, amounts, numbers)
    set_platforms(world, by_city=True)


def set_census(world: World, amounts: I8, numbers: I8) -> None:
    """Put sums where the indicators read them: of shape (n,) as a number each, of (n_groups, n) as an array each.

    Note `sums` holds the same as one table, in the order of NAMES.
    """
    sums = world.notes["sums"] = np.concatenate([amounts / ONE, numbers], axis=-1)
    world.notes["census"] = dict(zip(NAMES, sums.tolist() if sums.ndim == 1 else sums.T, strict=True))


def add_quarter(year: tuple[I8, I8] | None, quarter: tuple[I8, I8]) -> tuple[I8, I8]:
    """Sums of the year so far with one more quarter: flows add up, stocks are those of the quarter."""
    if year is None:
        return quarter[0].copy(), quarter[1].copy()
    numbers = quarter[1].copy()
    numbers[:, FLOWS] += year[1][:, FLOWS]
    return year[0] + quarter[0], numbers


def amount(world: World, name: str) -> Value:
    """A sum of the census (scaled up by k): a number for the province, an array where groups are measured."""
    value: Value = world.notes["census"][name] * world.scale
    return value


def platforms(world: World, kind: str, tier: int = ALL) -> Value:
    """Platforms of a kind, of one tier or of all (scaled up by k); an array of the cities where groups are measured."""
    value: Value = world.notes["platforms"][kind][tier] * world.scale
    return value


def keep_support(world: World, rows: I8, yuan: I8) -> None:
    """Keep which of the rows received how much in the quarter, uids and yuan, for the year: they may leave in it."""
    if world.calendar.is_first_of_year:
        world.notes["support_year"] = {}
    paid = yuan > 0
    by_quarter = world.notes.setdefault("support_year", {})
    by_quarter[world.calendar.quarter] = (world.firms.uid[rows[paid]], yuan[paid])


def _support_by_group(world: World) -> I8:
    """Support of living firms, integer sums by group, shape (N_ROWS, 3); who received it is kept for the year."""
    firms = world.firms
    paid = world.accounts.disbursed_q.copy()  # lines that paid nothing are empty: settle_accounts made sure
    paid[SERVICES] = 0  # help and training are no money for R&D
    rows, yuan = firms.received_yuan.by_payee(np.flatnonzero(paid))
    sums, total = np.zeros((N_ROWS, len(SUPPORT_AMOUNTS)), np.int64), np.empty(len(rows), np.int64)
    add_support(rows, yuan, firms.city, firms.sector, firms.size_class, firms.ownership, sums, total)
    keep_support(world, rows, total)
    return sums


def _sums_of_firms(world: World) -> I8:
    """Integer sums of all firms by group, shape (N_ROWS, N_FIRM)."""
    f = world.firms
    counts, sums = np.zeros(f.capacity, np.bool_), np.zeros((N_ROWS, N_FIRM), np.int64)
    find_counting(
        f.alive, f.is_tech_sme, f.hnte_stage, f.inventions_in_force, f.filings_q, f.grants_q, f.certificate_q,
        f.n_alliances, f.partner_university, f.rd_reported_q, f.rd_actual_q, f.rd_staff, f.knowledge, counts,
    )  # fmt: skip
    add_firms(
        np.flatnonzero(counts).view(np.uint64), f.city, f.sector, f.size_class, f.ownership, f.is_high_tech_field,
        f.hnte_stage, f.is_tech_sme, f.inventions_in_force, f.filings_q, f.grants_q, f.certificate_q,
        f.certificate_threshold, f.sales_y, f.rd_reported_q, f.rd_actual_q, f.rd_staff, f.knowledge, f.n_alliances,
        f.partner_university, sums,
    )  # fmt: skip
    return sums


def _sums_of_industry(world: World) -> I8:
    """Integer sums of the above-scale firms by group, shape (N_ROWS, N_INDUSTRY); Changzhi's counties in the notes."""
    f = world.firms
    rows = np.flatnonzero(f.alive.view(np.bool_) & f.is_above_scale.view(np.bool_)).view(np.uint64)
    counties = world.notes["counties"] = np.zeros((COUNTIES, 2), np.int64)
    add_counties(rows, f.city, f.county, f.covered, counties)
    sums = np.zeros((N_ROWS, N_INDUSTRY), np.int64)
    add_industry(
        rows, f.city, f.sector, f.size_class, f.ownership, f.is_high_tech_field, f.has_rd, f.has_rd_institution,
        f.inventions_in_force, f.n_alliances, f.partner_university, f.sales_y, f.new_product_share, f.rd_reported_q,
        f.covered, f.own_activity, f.has_helper, f.is_on_paper,
        float(world.indices["deflator"][0] * world.indices["price"][0]), sums,
    )  # fmt: skip
    return sums


def _add_public(columns: Columns, rd_column: int, sums: I8) -> None:
    """Add universities or institutes to their cities; only their R&D is kept apart."""
    add_public(
        columns.alive, columns.city, columns.rd_q, columns.rd_staff, columns.inventions_in_force, columns.filings_q,
        columns.grants_q, rd_column, sums,
    )  # fmt: skip


@kernel
def add_public(
    alive: Any, city: Any, rd: Any, staff: Any, inventions: Any, filings: Any, grants: Any, rd_column: int, sums: I8
) -> None:
    """Add each living body to its city: amounts of R&D and staff, then numbers, in sums, shape (N_ROWS, 6)."""
    for j in range(alive.size):
        if alive[j] != 0:
            sums[city[j], rd_column] += fixed(rd[j])
            sums[city[j], 2] += fixed(staff[j])
            sums[city[j], 3] += inventions[j]
            sums[city[j], 4] += filings[j]
            sums[city[j], 5] += grants[j]
