"""Tests of innovation vouchers: 29 a double budget, 30 and 31 a lottery, 32 aggregate patents, 33 with advice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from experiments.outcomes import Array
from experiments.responses.arms import FIRST, LONG, SHORT, STEADY, T0, Arm, dose_of
from experiments.responses.experiment import Experiment, Measured
from experiments.responses.lab import Lab, percent
from experiments.responses.watching import Counted, Quarterly, Uids, of_firms
from sim.core.arithmetic import quarterly_hazard

BUDGET = "innovation_voucher.budget_y"
NO_VOUCHERS = STEADY.since(T0, {BUDGET: 0.0})
FLOWS = ("vouchers_issued", "vouchers_redeemed", "vouchers_additional", "vouchers_expired")
ALL_YEARS = tuple(range(FIRST, LONG[-1] + 1))
ONCE = NO_VOUCHERS.since("2022Q2", {BUDGET: 100.0}).since(f"{FIRST + 1}Q1", {BUDGET: 0.0})  # million yuan, one year
SOON, LATER = 2, 8  # quarters after the project: 6 and 24 months
WHEN = ("soon", "later")
TRAINING = "policy_training"
ENOUGH = 1000.0  # million yuan a year: more than firms ask for


def counts(lab: Lab, arm: Arm, years: Sequence[int]) -> Mapping[str, float]:
    """Vouchers issued, redeemed, additional and expired in some years."""
    seen = Counted(FLOWS, years)
    lab.run(arm, seen)
    return seen.sums


def _double(lab: Lab) -> Measured:
    """Test 29: projects with universities and institutes, and additional ones for each voucher."""
    twice = STEADY.since(T0, {BUDGET: 2.0 * dose_of(STEADY, BUDGET)})
    one, two = (counts(lab, arm, SHORT) for arm in (STEADY, twice))
    share = [seen["vouchers_additional"] / seen["vouchers_redeemed"] for seen in (one, two)]
    return {
        "29_contracts": percent(one["vouchers_redeemed"], two["vouchers_redeemed"]),
        "29_additional": percent(*share),
    }


def _lottery(lab: Lab) -> Measured:
    """Test 30: additional projects for each voucher issued, and the part of vouchers that expires."""
    seen = counts(lab, STEADY, ALL_YEARS)
    return {
        "30": seen["vouchers_additional"] / seen["vouchers_issued"],
        "30_unused": 100.0 * seen["vouchers_expired"] / seen["vouchers_issued"],
    }


def used_at(seen: Quarterly, before: Quarterly) -> dict[int, Uids]:
    """Firms whose first project with a voucher came in a quarter, by quarter; `before` is the world without."""
    found: dict[int, Uids] = {}
    known = np.zeros(0, np.int64)
    for quarter, panel in sorted(seen.by_quarter.items()):
        more = panel["vouchers_used"] > of_firms(before.by_quarter[quarter], "vouchers_used", panel["uid"])
        now = panel["uid"][more]
        found[quarter] = np.setdiff1d(now, known)
        known = np.union1d(known, now)
    return found


def learned(seen: Quarterly, quarter: int, uids: Uids, kept: float) -> Array:
    """Knowledge that firms gained in a quarter (million yuan of 2010), shape (n,); not a number for who has left."""
    before, now = (of_firms(seen.by_quarter[q], "knowledge", uids, float("nan")) for q in (quarter - 1, quarter))
    gained: Array = now - kept * before
    return gained


def _fading(lab: Lab) -> Measured:
    """Test 31: what winners learn and sell beyond the same firms without the lottery, 24 against 6 months on."""
    columns = ("vouchers_used", "knowledge", "new_product_share", "has_rd")
    with_vouchers, without = (Quarterly(columns, range(FIRST, FIRST + 4)) for _ in range(2))
    lab.run(ONCE, with_vouchers)
    scenario = lab.run(NO_VOUCHERS, without).scenario
    kept = 1.0 - quarterly_hazard(scenario.number("accumulate_knowledge.depreciation_y"))
    gaps = {name: np.zeros(2) for name in ("learned", "products")}
    for quarter, uids in used_at(with_vouchers, without).items():
        for place, later in enumerate((SOON, LATER)):
            at = quarter + later
            if at not in with_vouchers.by_quarter or quarter + LATER not in with_vouchers.by_quarter:
                continue
            worlds = (with_vouchers, without)
            one, two = (learned(world, at, uids, kept) for world in worlds)
            gaps["learned"][place] += np.nansum(one - two)
            one, two = (of_firms(w.by_quarter[at], "new_product_share", uids, np.nan) for w in worlds)
            gaps["products"][place] += np.nansum(one - two)
    notes = {f"{name}_{when}": gap[place] for name, gap in gaps.items() for place, when in enumerate(WHEN)}
    return {"31_products": _ratio(gaps["products"]), **notes}


def _fading_in_all(found: Sequence[Measured]) -> Measured:
    """Test 31, all seeds together: what a few winners of one seed learn is mostly chance."""
    return {"31": _ratio(np.array([sum(one[f"learned_{when}"] for one in found) for when in WHEN]))}


def _ratio(gap: Array) -> float:
    """The later gap over the earlier; not a number where there was none to begin with."""
    return float(gap[1] / gap[0]) if gap[0] > 0.0 else float("nan")


def _patents(lab: Lab) -> Measured:
    """Test 32: inventions filed in the province, vouchers against none."""
    return {"32": percent(*(trace.inventions(LONG) for trace in lab.pair(NO_VOUCHERS, STEADY)))}


def _advice(lab: Lab) -> Measured:
    """Test 33: additional projects where firms are trained on policy as well, relative to vouchers alone."""
    rich: dict[str, float | str] = {BUDGET: ENOUGH}
    arms = [
        STEADY.since(T0, {**rich, f"{TRAINING}.places_y": places, f"{TRAINING}.budget_y": money})
        for places, money in ((0.0, 0.0), (2000.0, 10.0))
    ]
    alone, advised = (counts(lab, arm, SHORT)["vouchers_additional"] for arm in arms)
    return {"33": advised / alone}


EXPERIMENTS = (
    Experiment(29, _double),
    Experiment(30, _lottery),
    Experiment(31, _fading, _fading_in_all),
    Experiment(32, _patents),
    Experiment(33, _advice),
)
