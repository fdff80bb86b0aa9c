"""What each firm adds to the sums of the census: kernels over those rows alone that add anything.

Firms are counted a few at a time and without branches: what is known of them stays in the cache. The sums of a kernel
have one row a group and one column a name, in the order given here: amounts in fixed point, then plain numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.campaign import BASIC, CHANGZHI
from sim.agents.firm import CERTIFIED, LARGE, PRIVATE, STATE, STATE_KEY
from sim.agents.industry import LAST_HEAVY_SECTOR
from sim.core.fixed_point import fixed
from sim.core.kernels import kernel

I8 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint64]  # rows: an index that cannot be negative costs no check
FIRM_AMOUNTS = ("rd_reported", "rd_actual", "rd_staff", "knowledge", "certified_sales")
FIRM_NUMBERS = (
    "certified", "tech_smes", "inventions", "zone_filings", "filings", "grants", "first_certificates",
    "renewed_certificates", "certified_meeting", "tied", "ties",
)  # fmt: skip
INDUSTRY_AMOUNTS = (  # of above-scale firms alone
    "ind_rd", "ind_revenue", "ind_products", "key_rd", "key_revenue", "high_tech_sales", "ind_rd_constant",
)  # fmt: skip
INDUSTRY_NUMBERS = (
    "above", "above_rd", "above_institution", "above_inventions", "key", "key_collaborating", "state", "state_rd",
    "state_institution", "large", "large_institution", "covered", "changzhi", "changzhi_covered", "changzhi_inactive",
    "changzhi_assisted", "changzhi_on_paper", "changzhi_without_rd", "changzhi_basic",
)  # fmt: skip
SUPPORT_AMOUNTS = ("support", "support_small", "support_private")
DIMENSIONS = {"city": (0, 11), "sector": (11, 12), "size": (23, 4), "ownership": (27, 3)}  # first row, groups
FIRST_CITY, FIRST_SECTOR, FIRST_SIZE, FIRST_OWNER, N_ROWS = 0, 11, 23, 27, 30
N_CITIES, N_SECTORS, N_SIZES, N_OWNERS = 11, 12, 4, 3
FIRST_PAIR = N_CITIES * N_SIZES  # pairs of city and size, then pairs of sector and ownership
N_PAIRS = FIRST_PAIR + N_SECTORS * N_OWNERS
N_FIRM = len(FIRM_AMOUNTS) + len(FIRM_NUMBERS)  # constants of the kernels: known lengths let their loops unroll
N_INDUSTRY = len(INDUSTRY_AMOUNTS) + len(INDUSTRY_NUMBERS)
AT_A_TIME = 64  # firms that are counted together
TAIYUAN, JINZHONG = 0, 6  # rows of cities.csv


@kernel
def find_counting(
    alive: Any, tech_sme: Any, stage: Any, inventions: Any, filings: Any, grants: Any, certificate: Any, ties: Any,
    partner: Any, reported: Any, actual: Any, staff: Any, knowledge: Any, counts: Any,
) -> None:  # fmt: skip
    """Mark the firms that `count_firms` finds anything of: most small firms add to no sum.

    A loop for a few columns each: the compiler takes many firms at once.
    """
    for j in range(counts.size):
        counts[j] = (reported[j] != 0.0) | (actual[j] != 0.0) | (staff[j] != 0.0) | (knowledge[j] != 0.0)
    for j in range(counts.size):
        counts[j] |= (inventions[j] | filings[j] | grants[j]) != 0
    for j in range(counts.size):
        counts[j] |= ((certificate[j] | tech_sme[j]) != 0) | (stage[j] == CERTIFIED)
    for j in range(counts.size):
        counts[j] = (alive[j] != 0) & (counts[j] | (ties[j] != 0) | (partner[j] >= 0))


@kernel
def count_firms(
    rows: U8, city: Any, field: Any, stage: Any, tech_sme: Any, inventions: Any, filings: Any, grants: Any,
    certificate: Any, threshold: Any, sales: Any, reported: Any, actual: Any, staff: Any, knowledge: Any,
    alliances: Any, partner: Any, v: I8,
) -> None:  # fmt: skip
    """What counts of every firm, into v, shape (n, N_FIRM)."""
    for i in range(rows.size):
        j = rows[i]
        certified = 1 if stage[j] == CERTIFIED else 0
        ties = alliances[j] + (1 if partner[j] >= 0 else 0)
        # high-tech firms of Taiyuan and Jinzhong stand for the demonstration zone
        in_zone = (field[j] != 0) & ((city[j] == TAIYUAN) | (city[j] == JINZHONG))
        v[i, 0] = fixed(reported[j])
        v[i, 1] = fixed(actual[j])
        v[i, 2] = fixed(staff[j])
        v[i, 3] = fixed(knowledge[j])
        v[i, 4] = certified * fixed(sales[j] / 4.0)
        v[i, 5] = certified
        v[i, 6] = tech_sme[j]
        v[i, 7] = inventions[j]
        v[i, 8] = filings[j] if in_zone else 0
        v[i, 9] = filings[j]
        v[i, 10] = grants[j]
        v[i, 11] = 1 if certificate[j] == 1 else 0
        v[i, 12] = 1 if certificate[j] == 2 else 0
        v[i, 13] = certified if 4.0 * actual[j] >= threshold[j] * sales[j] else 0
        v[i, 14] = 1 if ties > 0 else 0
        v[i, 15] = ties


@kernel
def count_industry(
    rows: U8, city: Any, sector: Any, size: Any, ownership: Any, field: Any, active: Any, institution: Any,
    inventions: Any, alliances: Any, partner: Any, sales: Any, products: Any, reported: Any, covered: Any, own: Any,
    helper: Any, on_paper: Any, price: float, v: I8,
) -> None:  # fmt: skip
    """What counts of above-scale industrial firms, into v, shape (n, N_INDUSTRY)."""
    for i in range(rows.size):
        j = rows[i]
        rd, revenue = fixed(reported[j]), fixed(sales[j] / 4.0)
        key, state = 1 if ownership[j] == STATE_KEY else 0, 1 if ownership[j] <= STATE else 0
        large, shows = 1 if size[j] == LARGE else 0, 1 if covered[j] != 0 else 0
        here = 1 if city[j] == CHANGZHI else 0
        idle, shown = here if own[j] == 0 else 0, here * shows
        v[i, 0] = rd
        v[i, 1] = revenue
        v[i, 2] = fixed(sales[j] / 4.0 * products[j])
        v[i, 3] = key * rd
        v[i, 4] = key * revenue
        v[i, 5] = revenue if (field[j] != 0) & (sector[j] > LAST_HEAVY_SECTOR) else 0
        v[i, 6] = fixed(reported[j] / price)
        v[i, 7] = 1
        v[i, 8] = active[j]
        v[i, 9] = institution[j]
        v[i, 10] = inventions[j]
        v[i, 11] = key
        v[i, 12] = key if (alliances[j] > 0) | (partner[j] >= 0) else 0
        v[i, 13] = state
        v[i, 14] = state * active[j]
        v[i, 15] = state * institution[j]
        v[i, 16] = large
        v[i, 17] = large * institution[j]
        v[i, 18] = shows
        v[i, 19] = here
        v[i, 20] = shown
        v[i, 21] = idle
        v[i, 22] = idle if helper[j] != 0 else 0
        v[i, 23] = idle if on_paper[j] != 0 else 0
        v[i, 24] = shown if active[j] == 0 else 0
        v[i, 25] = shown if (covered[j] | BASIC) == BASIC else 0


@kernel
def add_pairs(pairs: I8, sums: I8) -> None:
    """Add sums by pair of groups, shape (N_PAIRS, n), to those of each group: a firm is added twice, not four times."""
    for k in range(pairs.shape[1]):
        for city in range(N_CITIES):
            for size in range(N_SIZES):
                sums[FIRST_CITY + city, k] += pairs[N_SIZES * city + size, k]
                sums[FIRST_SIZE + size, k] += pairs[N_SIZES * city + size, k]
        for sector in range(N_SECTORS):
            for owner in range(N_OWNERS):
                sums[FIRST_SECTOR + sector, k] += pairs[FIRST_PAIR + N_OWNERS * sector + owner, k]
                sums[FIRST_OWNER + owner, k] += pairs[FIRST_PAIR + N_OWNERS * sector + owner, k]


@kernel
def add_firms(
    rows: U8, city: Any, sector: Any, size: Any, ownership: Any, field: Any, stage: Any, tech_sme: Any,
    inventions: Any, filings: Any, grants: Any, certificate: Any, threshold: Any, sales: Any, reported: Any,
    actual: Any, staff: Any, knowledge: Any, alliances: Any, partner: Any, sums: I8,
) -> None:  # fmt: skip
    """Add what counts of the firms on the rows to their four groups in sums, shape (N_ROWS, N_FIRM)."""
    values, pairs = np.zeros((AT_A_TIME, N_FIRM), np.int64), np.zeros((N_PAIRS, N_FIRM), np.int64)
    for first in range(0, rows.size, AT_A_TIME):
        some = rows[first : first + AT_A_TIME]
        count_firms(
            some, city, field, stage, tech_sme, inventions, filings, grants, certificate, threshold, sales, reported,
            actual, staff, knowledge, alliances, partner, values,
        )  # fmt: skip
        for i in range(some.size):
            j = some[i]
            a, b = N_SIZES * city[j] + size[j], FIRST_PAIR + N_OWNERS * sector[j] + ownership[j]
            for k in range(N_FIRM):
                pairs[a, k] += values[i, k]
                pairs[b, k] += values[i, k]
    add_pairs(pairs, sums)


@kernel
def add_industry(
    rows: U8, city: Any, sector: Any, size: Any, ownership: Any, field: Any, active: Any, institution: Any,
    inventions: Any, alliances: Any, partner: Any, sales: Any, products: Any, reported: Any, covered: Any, own: Any,
    helper: Any, on_paper: Any, price: float, sums: I8,
) -> None:  # fmt: skip
    """Add what counts of the above-scale firms on the rows to their four groups, shape (N_ROWS, N_INDUSTRY)."""
    values, pairs = np.zeros((AT_A_TIME, N_INDUSTRY), np.int64), np.zeros((N_PAIRS, N_INDUSTRY), np.int64)
    for first in range(0, rows.size, AT_A_TIME):
        some = rows[first : first + AT_A_TIME]
        count_industry(
            some, city, sector, size, ownership, field, active, institution, inventions, alliances, partner, sales,
            products, reported, covered, own, helper, on_paper, price, values,
        )  # fmt: skip
        for i in range(some.size):
            j = some[i]
            a, b = N_SIZES * city[j] + size[j], FIRST_PAIR + N_OWNERS * sector[j] + ownership[j]
            for k in range(N_INDUSTRY):
                pairs[a, k] += values[i, k]
                pairs[b, k] += values[i, k]
    add_pairs(pairs, sums)


@kernel
def add_counties(rows: U8, city: Any, county: Any, covered: Any, counties: I8) -> None:
    """Count the above-scale firms of Changzhi on the rows by county: all, and those covered, shape (n, 2)."""
    for i in range(rows.size):
        j = rows[i]
        if city[j] == CHANGZHI:
            counties[county[j], 0] += 1
            counties[county[j], 1] += covered[j] != 0


@kernel
def add_support(
    rows: I8, yuan: I8, city: Any, sector: Any, size: Any, ownership: Any, sums: I8, total: I8
) -> None:  # fmt: skip
    """Add the yuan of each budget line, shape (n, n_lines), to the groups of the firms on the rows, (N_ROWS, 3).

    A line's amount is rounded by itself, so that lines add up. `total` receives the yuan of all lines, shape (n,).
    """
    for i in range(rows.size):
        j = rows[i]
        million, total[i] = 0, 0
        for k in range(yuan.shape[1]):
            million += fixed(yuan[i, k] / 1e6)
            total[i] += yuan[i, k]
        small = million if size[j] < LARGE else 0
        private = million if ownership[j] == PRIVATE else 0
        for group in (FIRST_CITY + city[j], FIRST_SECTOR + sector[j], FIRST_SIZE + size[j], FIRST_OWNER + ownership[j]):
            sums[group, 0] += million
            sums[group, 1] += small
            sums[group, 2] += private
