"""Tests of project grants: by size (16), by dose (17, 18), on average (20), misuse (21), once (24), on completion (26).

Grants go to firms alone here, in both arms, so that what universities do with their part is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from experiments.outcomes import Array
from experiments.responses.arms import FIRST, SHORT, STEADY, T0, dose_of
from experiments.responses.experiment import Experiment, Measured
from experiments.responses.fading import noted, of_all
from experiments.responses.lab import Lab, Trace
from experiments.responses.watching import Paid, of_firms
from sim.agents.firm import MEDIUM, PRIVATE

LINE, BUDGET, RATE = "rd_grant", "rd_grant.budget_y", "rd_grant.rate"
ENOUGH = 5000.0  # million yuan a year: more than firms ask for
GRANTS = STEADY.since(T0, {"rd_grant.firm_share": 1.0})
NO_GRANTS = STEADY.since(T0, {"rd_grant.firm_share": 1.0, BUDGET: 0.0})
RATES = (0.05, 0.10, 0.20, 0.30, 0.40, 0.50, 0.65, 0.80)  # of the cost of a project: to half of the R&D of recipients
SMALL_RATES = (0.01, 0.02, 0.03)
MISUSE = "population.misuse_mean"
EARLY_MISUSE = 0.53  # part of the money that was diverted before 2012 (C03)
CUSHION = 1.2  # finance over intended R&D below which a firm is held to lack finance, as in guarantee_credit
HUNDRED_MILLION = 100.0
FOLLOWED = range(FIRST, FIRST + 13)  # beyond the years of scenarios: a tenth is left about then, so little is continued


def per_yuan(lab: Lab, parameters: Mapping[str, float]) -> float:
    """R&D of firms that grants add for each yuan, in the first two years."""
    without, with_grants = lab.pair(NO_GRANTS.where(parameters), GRANTS.where(parameters))
    return _added(without, with_grants) / (with_grants.spent(SHORT, LINE) or float("nan"))


def _added(without: Trace, with_grants: Trace) -> float:
    """Further R&D of firms in the first two years, million yuan."""
    years = [with_grants.of("firm_rd_actual", (year,)) - without.of("firm_rd_actual", (year,)) for year in SHORT]
    return HUNDRED_MILLION * sum(years)


def _on_average(lab: Lab) -> Measured:
    """Test 20: ΔR per yuan, now and with the misuse of the years before 2012."""
    return {"20": per_yuan(lab, {}), "20_early": per_yuan(lab, {MISUSE: EARLY_MISUSE})}


def recipients(lab: Lab, parameters: Mapping[str, float]) -> tuple[Array, Array, npt.NDArray[np.bool_]]:
    """Of those who were paid in the first year: what they got, what they did more for it, whether they are small."""
    paid = Paid(LINE, (FIRST,))
    granted = lab.run(GRANTS.where(parameters), paid)
    without = lab.trace(NO_GRANTS.where(parameters))
    uids, name = paid.uids, "rd_actual_year"
    more = of_firms(granted.firms(FIRST), name, uids) - of_firms(without.firms(FIRST), name, uids)
    return paid.amounts, more, of_firms(granted.firms(FIRST), "size_class", uids) < MEDIUM


def _over(more: Array, amounts: Array) -> float:
    """What some recipients did more for each yuan; not a number where nobody was paid."""
    return float(more.sum() / amounts.sum()) if len(amounts) else float("nan")


def _by_size(lab: Lab) -> Measured:
    """Test 16: ΔR of recipients per yuan, by their size."""
    amounts, more, small = recipients(lab, {})
    of_small = _over(more[small], amounts[small])
    of_large = _over(more[~small], amounts[~small])
    return {"16": of_small - of_large, "16_small": of_small, "16_large": of_large}


def _without_misuse(lab: Lab) -> Measured:
    """Test 21: what the end of misuse adds per yuan, in small recipients relative to large ones."""
    gains: list[float] = []
    at = [recipients(lab, {MISUSE: share}) for share in (EARLY_MISUSE, 0.0)]
    for is_small in (True, False):
        means = [_over(more[small == is_small], amounts[small == is_small]) for amounts, more, small in at]
        gains.append(means[1] - means[0])
    factor = per_yuan(lab, {MISUSE: 0.0}) / per_yuan(lab, {MISUSE: EARLY_MISUSE})
    return {"21": factor, "21_size": gains[0] / gains[1] if gains[1] > 0.0 else float("nan")}


def dose_response(lab: Lab, rate: float) -> tuple[float, float]:
    """Grants over the R&D of a recipient (mean of all) and the change of R&D that firms pay themselves, in percent.

    Grants pay `rate` of the projects for two years. Studies count what a firm got against all R&D that it carried out,
    the further R&D included, so their dose is less than what a programme pays of a project.
    """
    paid = Paid(LINE, (FIRST,))
    arm = STEADY.since(T0, {"rd_grant.firm_share": 1.0, BUDGET: ENOUGH, RATE: rate})
    without, granted = lab.trace(NO_GRANTS), lab.run(arm, paid)
    before = HUNDRED_MILLION * sum(without.of("firm_rd_actual", (year,)) for year in SHORT)
    reached = sum(granted.ledger[y][LINE]["disbursed"] - granted.ledger[y][LINE]["misused"] for y in SHORT)
    done = of_firms(granted.firms(FIRST), "rd_actual_year", paid.uids)
    with_rd = done > 0.0
    dose = float(np.minimum(paid.amounts[with_rd] / done[with_rd], 1.0).mean()) if with_rd.any() else float("nan")
    return dose, 100.0 * (_added(without, granted) - reached * granted.scenario.scale / 1e6) / before


def crossing(shares: Array, effects: Array) -> float:
    """Share beyond the peak at which the effect falls to nothing; 0 where it is never above, the last where it stays.

    shares, effects : shape (n,), the shares ascending; between them the effect is a straight line, from nothing at 0.
    """
    points: list[tuple[float, float]] = [(0.0, 0.0), *zip(shares.tolist(), effects.tolist(), strict=True)]
    peak = int(np.argmax([effect for _, effect in points]))
    for (low, above), (high, below) in pairwise(points[peak:]):
        if below < 0.0:
            return low + (high - low) * above / (above - below)
    return points[-1][0]


def _by_dose(lab: Lab) -> Measured:
    """Test 17: the share at which private R&D is highest, and that beyond which it is lower than without grants."""
    found = [dose_response(lab, rate) for rate in RATES]
    doses, effects = (np.array(column) for column in zip(*found, strict=True))
    best = int(np.argmax(effects))
    notes = {f"private_at_{100 * rate:g}": effect for rate, (_, effect) in zip(RATES, found, strict=True)}
    notes |= {f"dose_at_{100 * rate:g}": 100.0 * dose for rate, (dose, _) in zip(RATES, found, strict=True)}
    peak = 100.0 * float(doses[best]) if effects[best] > 0.0 else 0.0
    return {"17": float(effects[best]), "17_peak": peak, "17_zero": 100.0 * crossing(doses, effects), **notes}


def _very_small(lab: Lab) -> Measured:
    """Test 18: the largest change of private R&D by very small grants, either way."""
    effects = [dose_response(lab, rate)[1] for rate in SMALL_RATES]
    return {"18": max(effects, key=abs)}


def _once(lab: Lab) -> Measured:
    """Test 24: firms that one year of grants brings to R&D, and how soon they are gone."""
    none = NO_GRANTS.until(FOLLOWED[-1])
    once = none.since(T0, {BUDGET: ENOUGH}).since(f"{FIRST + 1}Q1", {BUDGET: 0.0})
    without, granted = lab.pair(none, once)
    more = [float(granted.firms(y)["has_rd"].sum()) - float(without.firms(y)["has_rd"].sum()) for y in FOLLOWED]
    return {"24": more[0] * lab.k, **noted(more)}


def _once_in_all(found: Sequence[Measured]) -> Measured:
    """Test 24, all seeds together."""
    half, gone = of_all(found)
    return {"24_half": half, "24_gone": gone}


def lacking(trace: Trace, year: int) -> Array:
    """Uids of the small private performers that lack finance at the end of a year."""
    panel = trace.firms(year)
    is_small = (panel["has_rd"] != 0) & (panel["size_class"] < MEDIUM) & (panel["ownership"] == PRIVATE)
    found: Array = panel["uid"][is_small & (panel["rd_finance_q"] < CUSHION * panel["rd_intended_q"])]
    return found


def _on_completion(lab: Lab) -> Measured:
    """Test 26: R&D of small firms short of finance, and misuse, when the same money is paid on completion."""
    budget, post = dose_of(GRANTS, BUDGET), "post_completion_grant"
    off: dict[str, float | str] = {"rd_grant.firm_share": 1.0, BUDGET: 0.0, f"{post}.budget_y": 0.0}
    promised = {f"{post}.budget_y": budget, f"{post}.rate": dose_of(GRANTS, RATE), f"{post}.pass_share": 1.0}
    arms = [STEADY.since(T0, {**off, **more}) for more in ({}, {BUDGET: budget}, promised)]
    none, ante, later = (lab.trace(arm) for arm in arms)
    firms = lacking(none, FIRST - 1).astype(np.int64)

    def done(trace: Trace) -> float:
        return float(sum(of_firms(trace.firms(year), "rd_actual_year", firms).sum() for year in SHORT))

    added = [done(trace) - done(none) for trace in (ante, later)]
    line = [later.ledger[year][post] for year in SHORT]
    misused = sum(year["misused"] for year in line) / max(sum(year["disbursed"] for year in line), 1)
    ratio = added[1] / added[0] if added[0] > 0.0 else float("nan")
    return {"26": ratio, "26_diversion": 100.0 * misused}


EXPERIMENTS = (
    Experiment(16, _by_size),
    Experiment(17, _by_dose),
    Experiment(18, _very_small),
    Experiment(20, _on_average),
    Experiment(21, _without_misuse),
    Experiment(24, _once, _once_in_all),
    Experiment(26, _on_completion),
)
