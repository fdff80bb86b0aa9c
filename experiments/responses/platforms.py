"""Tests of markets and houses: 41 pressure on registration, 42 incubators, 52 evaluation of centres."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from experiments.outcomes import Array
from experiments.responses.arms import FIRST, LONG, SHORT, STEADY, T0
from experiments.responses.experiment import Experiment, Measured
from experiments.responses.lab import Lab, Panel, Trace, percent
from experiments.responses.watching import of_firms
from sim.agents.firm import PRIVATE, SMALL

PUSHED = STEADY.since(T0, {"technology_market.registration_push": 1.0, "technology_market.contract_relief": 0.06})
COHORTS = range(2013, 2021)  # years of moving in of which ten years are seen
TEN_YEARS, INSIDE = 10, 2
YOUNG_Q = 12  # quarters of age up to which incubators take a firm in
MATCHES = 3  # firms outside for each tenant
HARSH = STEADY.since(T0, {"centre_recognition.elimination": 0.10})
Rows = npt.NDArray[np.int64]


def _registration(lab: Lab) -> Measured:
    """Test 41: points of registered over traded contracts, and of public patents put to use a year."""
    base, pushed = lab.pair(STEADY, PUSHED)

    def used(trace: Trace) -> float:
        return 100.0 * trace.of("public_patents_used", SHORT) / trace.of("public_patents_valid", SHORT)

    gap = [100.0 * trace.of("registered_share_of_contracts", SHORT) for trace in (base, pushed)]
    return {"41": gap[1] - gap[0], "41_use": used(pushed) - used(base)}


def movers(before: Panel, now: Panel) -> Rows:
    """Places in the panel of the tenants who were none a year before, shape (n,)."""
    was = of_firms(before, "incubator", now["uid"], -1.0) >= 0.0
    return np.flatnonzero((now["incubator"] >= 0) & ~was)


def like(now: Panel, tenants: Rows) -> tuple[Rows, Rows]:
    """For each tenant the firms outside that resemble it most; tenant and match, shape (n,) each.

    Young small private firms with the same R&D status, field and branch (industry or not), the nearest in log sales.
    """
    young = (now["ownership"] == PRIVATE) & (now["size_class"] <= SMALL) & (now["age_q"] <= YOUNG_Q + 4)
    cell = now["has_rd"].astype(np.int64) + 2 * now["is_high_tech_field"] + 4 * (now["is_industrial"] != 0)
    outside = np.flatnonzero(young & (now["incubator"] < 0))
    size = np.log(np.maximum(now["sales_y"], 1e-6))
    pairs: list[tuple[int, int]] = []
    for tenant in tenants[young[tenants]]:
        near = outside[cell[outside] == cell[tenant]]
        order = near[np.argsort(np.abs(size[near] - size[tenant]), kind="stable")[:MATCHES]]
        pairs += [(int(tenant), int(row)) for row in order]
    found = np.array(pairs, np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _growth(now: Panel, later: Panel, rows: Rows) -> Array:
    """Growth of sales a year from one panel to the later, shape (n,); not a number for who has left."""
    uids = now["uid"][rows]
    grown: Array = np.log(of_firms(later, "sales_y", uids, np.nan) / now["sales_y"][rows]) / INSIDE
    return grown


def _tenants(lab: Lab) -> Measured:
    """Test 42: survival of tenants over ten years and their growth inside, against firms like them."""
    trace = lab.trace(STEADY)
    survival, growth = np.zeros(2), [np.zeros(0), np.zeros(0)]
    n = 0
    for year in COHORTS:
        now = trace.firms(year)
        groups = like(now, movers(trace.firms(year - 1), now))
        last = trace.firms(year + TEN_YEARS)
        for place, rows in enumerate(groups):
            survival[place] += np.isin(now["uid"][rows], last["uid"]).sum()
            growth[place] = np.append(growth[place], _growth(now, trace.firms(year + INSIDE), rows))
        n += len(groups[0])
    if not n:
        return {"42_survival": float("nan"), "42_growth": float("nan")}
    means = [float(np.nanmean(one)) for one in growth]
    return {
        "42_survival": 100.0 * float(survival[0] - survival[1]) / n,
        "42_growth": 100.0 * (means[0] - means[1]),
        "tenants": n / MATCHES,
    }


def _evaluation(lab: Lab) -> Measured:
    """Test 52: other rights that hosts of centres register in the years of evaluation against the years between."""
    trace = lab.trace(HARSH)
    rights = {year: _registered(trace, year) for year in range(FIRST, LONG[-1] + 1)}
    even, odd = (np.mean([value for year, value in rights.items() if year % 2 == part]) for part in (0, 1))
    return {"52_rights": percent(float(odd), float(even))}


def _registered(trace: Trace, year: int) -> float:
    """Other rights of a year for each host of a centre."""
    before, now = trace.firms(year - 1), trace.firms(year)
    hosts = now["uid"][now["centre_tier"] > 0]
    added = of_firms(now, "soft_ip", hosts) - of_firms(before, "soft_ip", hosts, np.nan)
    return float(np.nanmean(added))


EXPERIMENTS = (Experiment(41, _registration), Experiment(42, _tenants), Experiment(52, _evaluation))
