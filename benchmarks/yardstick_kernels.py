"""The kernels of the yardstick: ten sub-processes of a small world of firms, on arrays, in blocks of 512 rows.

Nothing here is part of the model. It is what a bare columnar run costs on a machine: sixteen keyed draws a firm and
quarter, short loops without branches over a block that stays in the fastest cache, rare events gathered into a list
first. The numbers are such that all happens about as often as in a province.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.yardstick_state import ALLIANCES, BLOCK, CENTRES_A_CITY, NEAR, UNIVERSITIES, Firms, Places, Scratch
from sim.core.arithmetic import exp, log, normal_inverse
from sim.core.kernels import kernel
from sim.core.streams import philox

CERTIFICATE_QUARTERS, SHAPE, SMALL_FIRM, MOST_PATENTS = 12, 0.5, 50.0, 50
BUDGET_A_FIRM = 0.006  # million yuan of grants a quarter


@kernel
def draw(uid: Any, quarter: int, replicate: int, first: int, last: int, luck: Any) -> None:
    """Fill luck[4 first .. 4 last] with the uniforms of the firms of a block."""
    for block in range(first, last):
        i = 4 * block
        philox(uid, quarter, block, 1, replicate, luck[i], luck[i + 1], luck[i + 2], luck[i + 3])


@kernel
def list_below(values: Any, alive: Any, limit: float, listed: Any) -> int:
    """Gather the places of the living whose value lies below a limit; how many there are."""
    n = 0
    for j in range(BLOCK):
        listed[n] = j
        n += int((values[j] < limit) & (alive[j] != 0))
    return n


@kernel
def participate(firms: Firms, peers: Any, rows: slice, luck: Any, chance: Any) -> None:
    """Logit of doing R&D: `chance` is below one where a firm does."""
    sales, log_sales, knowledge = firms.sales[rows], firms.log_sales[rows], firms.knowledge[rows]
    group, grant, certified = firms.group[rows], firms.grant[rows], firms.certified[rows]
    for j in range(BLOCK):
        log_sales[j] = log(sales[j])
    for j in range(BLOCK):
        chance[j] = -1.6 + 0.1 * peers[group[j]]
    for j in range(BLOCK):
        chance[j] += (0.8 if grant[j] > 0.0 else 0.0) + (0.4 if certified[j] != 0 else 0.0)
    for j in range(BLOCK):
        chance[j] = luck[j] * (1.0 + exp(-(chance[j] + 0.25 * log_sales[j] + 0.2 * knowledge[j])))


@kernel
def spend(firms: Firms, rows: slice, n: int, s: Scratch) -> float:
    """R&D of the firms in the list; leaves ln R&D and noise in `first` and `second`; sum spent."""
    log_sales, rd, grant = firms.log_sales[rows], firms.rd[rows], firms.grant[rows]
    for d in range(n):
        j = s.listed[d]
        s.first[d] = -3.0 + 0.8 * log_sales[j] + 0.3 * normal_inverse(s.luck[1, j])
        s.second[d] = normal_inverse(s.luck[2, j])
    for j in range(BLOCK):
        rd[j] = 0.0
        grant[j] = 0.0
    total = 0.0
    for d in range(n):
        rd[s.listed[d]] = exp(s.first[d])
        total += rd[s.listed[d]]
    return total


@kernel
def apply_for_grants(firms: Firms, start: int, n: int, applicants: int, s: Scratch) -> int:
    """Some firms of the list apply: their score and cost; the number of applicants so far."""
    for d in range(n):
        j = s.listed[d]
        if s.luck[3, j] < 0.25:
            s.score[applicants] = -(0.5 * firms.knowledge[start + j] + 0.3 * s.first[d] + 0.5 * s.second[d])
            s.cost[applicants] = 0.3 * firms.rd[start + j]
            s.applicant[applicants] = start + j
            applicants += 1
    return applicants


@kernel
def award(firms: Firms, applicants: int, budget: float, s: Scratch) -> tuple[int, float]:
    """Grants in the order of the score (a stable sort) until the budget is spent: how many, how much."""
    order = np.argsort(s.score[:applicants], kind="mergesort")
    spent, given = 0.0, 0
    for k in order:
        if spent + s.cost[k] > budget:
            break
        spent += s.cost[k]
        firms.grant[s.applicant[k]] = s.cost[k]
        given += 1
    return given, spent


@kernel
def seek_help(firms: Firms, places: Places, rows: slice, s: Scratch) -> None:
    """Small firms redeem vouchers at a university, near or anywhere; some go to a technology centre of their city."""
    alive, sales, city = firms.alive[rows], firms.sales[rows], firms.city[rows]
    for j in range(BLOCK):
        s.boost[j] = 0.0
        s.first[j] = s.luck[4, j] if sales[j] < SMALL_FIRM else 1.0
    for d in range(list_below(s.first, alive, 0.05, s.listed)):
        j = s.listed[d]
        host = int(s.luck[6, j] * UNIVERSITIES)
        if s.luck[5, j] < 0.6:
            host = places.nearest[city[j], int(s.luck[6, j] * NEAR)]
        s.boost[j] = places.quality[host] / (1.0 + 0.01 * places.load_before[host])
        places.load[host] += 1
    for d in range(list_below(s.luck[7], alive, 0.1, s.listed)):
        j = s.listed[d]
        centre = city[j] * CENTRES_A_CITY + int(s.luck[8, j] * CENTRES_A_CITY)
        s.boost[j] += 0.3 * places.centre_quality[centre]
        places.centre_load[centre] += 1


@kernel
def learn(firms: Firms, places: Places, rows: slice, s: Scratch) -> None:
    """Knowledge: own R&D, what the group and the alliance know, help from outside, less what is forgotten."""
    knowledge, absorption, sales = firms.knowledge[rows], firms.absorption[rows], firms.sales[rows]
    rd, grant, group, alliance = firms.rd[rows], firms.grant[rows], firms.group[rows], firms.alliance[rows]
    for j in range(BLOCK):
        s.first[j] = places.group_mean[group[j]]
        s.second[j] = places.alliance_mean[alliance[j] + 1]
    for j in range(BLOCK):
        s.intensity[j] = (rd[j] + 1.2 * grant[j]) / sales[j]
    for j in range(BLOCK):
        own = 0.3 * np.sqrt(s.intensity[j])
        s.gained[j] = own + 0.02 * absorption[j] * s.first[j] + 0.01 * s.second[j] + 0.1 * s.boost[j]
    for j in range(BLOCK):
        knowledge[j] = 0.95 * knowledge[j] + s.gained[j]


@kernel
def patent(firms: Firms, rows: slice, s: Scratch) -> int:
    """Negative-binomial patents by inversion; firms whose draw stays below the chance of none are passed over."""
    knowledge, log_sales, patents = firms.knowledge[rows], firms.log_sales[rows], firms.patents[rows]
    for j in range(BLOCK):
        s.first[j] = SHAPE / (SHAPE + exp(-3.912 + 0.6 * log(knowledge[j]) + 0.3 * log_sales[j]))
    for j in range(BLOCK):
        s.second[j] = exp(SHAPE * log(s.first[j]))
    for j in range(BLOCK):
        s.boost[j] = s.second[j] - s.luck[9, j]
    total = 0
    for d in range(list_below(s.boost, firms.alive[rows], 0.0, s.listed)):
        j = s.listed[d]
        term = reached = s.second[j]
        count = 0
        while s.luck[9, j] > reached and count < MOST_PATENTS:
            term *= (count + SHAPE) / (count + 1.0) * (1.0 - s.first[j])
            reached += term
            count += 1
        patents[j] += count
        total += count
    return total


@kernel
def grow(firms: Firms, rows: slice, s: Scratch) -> None:
    """Laplace growth with memory; `first` is below one where a firm leaves."""
    sales, growth = firms.sales[rows], firms.growth[rows]
    log_sales, knowledge = firms.log_sales[rows], firms.knowledge[rows]
    for j in range(BLOCK):
        v = s.luck[10, j]
        step = log(2.0 * min(v, 1.0 - v))
        growth[j] = 0.3 * growth[j] + 0.04 * (step if v < 0.5 else -step) + 0.01 * s.gained[j] + 0.002
    for j in range(BLOCK):
        sales[j] *= exp(growth[j])
    for j in range(BLOCK):
        risk = -3.2 - 0.25 * (log_sales[j] + growth[j]) - 0.15 * knowledge[j]
        s.first[j] = s.luck[11, j] * (1.0 + exp(-risk))


@kernel
def certify(firms: Firms, rows: slice, quarter: int, s: Scratch) -> None:
    """Certificates are given, run out after twelve quarters, and are renewed or lost."""
    knowledge, certified, end = firms.knowledge[rows], firms.certified[rows], firms.certificate_end[rows]
    for j in range(BLOCK):
        meets = (knowledge[j] > 1.0) & (s.intensity[j] > 0.02)
        due = (certified[j] != 0) & (quarter >= end[j])
        renewed = due & meets & (s.luck[12, j] < 0.7)
        new = (certified[j] == 0) & meets & (s.luck[12, j] < 0.1)
        end[j] = quarter + CERTIFICATE_QUARTERS if renewed | new else end[j]
        certified[j] = 1 if new | renewed | ((certified[j] != 0) & (quarter < end[j])) else 0


@kernel
def ally(firms: Firms, rows: slice, s: Scratch) -> None:
    """Firms join an alliance, stay, or leave it; everybody grows older."""
    alliance, age = firms.alliance[rows], firms.age[rows]
    for j in range(BLOCK):
        joined = int(s.luck[14, j] * ALLIANCES) if s.luck[13, j] < 0.02 else -1
        stayed = -1 if s.luck[13, j] < 0.05 else alliance[j]
        alliance[j] = joined if alliance[j] < 0 else stayed
    for j in range(BLOCK):
        age[j] += 1


@kernel
def gather(firms: Firms, places: Places, start: int, leaves: Any, out: Any) -> None:
    """Let firms exit; add what the others know to their group and alliance, and all to the quarter's totals."""
    for j in range(BLOCK):
        i = np.uint64(start + j)
        if firms.alive[i] == 0:
            continue
        if leaves[j] < 1.0:
            firms.alive[i] = 0
            out[11] += 1.0
            continue
        out[0] += 1.0
        out[1] += firms.sales[i]
        out[2] += firms.knowledge[i]
        out[9] += firms.certified[i]
        places.group_sum[firms.group[i]] += firms.knowledge[i]
        places.group_size[firms.group[i]] += 1
        if firms.alliance[i] >= 0:
            out[10] += 1.0
            places.alliance_sum[firms.alliance[i]] += firms.knowledge[i]
            places.alliance_size[firms.alliance[i]] += 1


@kernel
def open_quarter(place: Places) -> None:
    """Means of the last quarter from its sums; nobody is counted yet in this one."""
    for sums, size, mean, first in ((place.group_sum, place.group_size, place.group_mean, 0),
                                    (place.alliance_sum, place.alliance_size, place.alliance_mean, 1)):  # fmt: skip
        for g in range(sums.size):
            mean[first + g] = sums[g] / size[g] if size[g] > 0 else 0.0
            sums[g] = 0.0
            size[g] = 0
    place.load_before[:] = place.load
    place.load[:] = 0
    place.centre_load[:] = 0


@kernel
def invest(firms: Firms, place: Places, s: Scratch, end: int, quarter: int, replicate: int, out: Any) -> int:
    """First pass over the firms up to row `end`: who does R&D, how much, who applies for a grant."""
    applicants = 0
    for start in range(0, end, BLOCK):
        rows = slice(start, start + BLOCK)
        draw(firms.uid[rows], quarter, replicate, 0, 1, s.luck)
        participate(firms, place.group_mean, rows, s.luck[0], s.first)
        n = list_below(s.first, firms.alive[rows], 1.0, s.listed)
        out[3] += n
        out[4] += spend(firms, rows, n, s)
        applicants = apply_for_grants(firms, start, n, applicants, s)
    out[5] = applicants
    return applicants


@kernel
def develop(firms: Firms, place: Places, s: Scratch, end: int, quarter: int, replicate: int, out: Any) -> None:
    """Second pass: help from outside, knowledge, patents, growth, certificates, alliances, exit."""
    for start in range(0, end, BLOCK):
        rows = slice(start, start + BLOCK)
        draw(firms.uid[rows], quarter, replicate, 1, 4, s.luck)
        seek_help(firms, place, rows, s)
        learn(firms, place, rows, s)
        out[8] += patent(firms, rows, s)
        grow(firms, rows, s)
        certify(firms, rows, quarter, s)
        ally(firms, rows, s)
        gather(firms, place, start, s.first, out)


@kernel
def simulate(firms: Firms, place: Places, s: Scratch, n: int, quarter: int, replicate: int, out: Any) -> None:
    """One quarter of those who are there, and its totals."""
    out[:] = 0.0
    end = BLOCK * (np.flatnonzero(firms.alive)[-1] // BLOCK + 1)
    open_quarter(place)
    applicants = invest(firms, place, s, end, quarter, replicate, out)
    out[6], out[7] = award(firms, applicants, BUDGET_A_FIRM * n, s)
    develop(firms, place, s, end, quarter, replicate, out)
