"""Tests of finance: 27 and 28 subsidised loans, 44 the guidance fund, 45 venture capital after a grant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from experiments.outcomes import Array
from experiments.responses.arms import FIRST, LONG, SHORT, STEADY, T0, Arm, dose_of
from experiments.responses.experiment import Experiment, Measured
from experiments.responses.lab import Lab, Panel, Trace, change, percent
from experiments.responses.subsidies import CUSHION
from experiments.responses.watching import Paid, Uids, of_firms, together
from sim.agents.firm import MEDIUM, PRIVATE
from sim.agents.world import World

INTEREST = "interest_subsidy.budget_y"
NO_LOANS = STEADY.since(T0, {INTEREST: 0.0})
ONE_POINT = STEADY.since(T0, {INTEREST: 2000.0, "interest_subsidy.points": 1.0})
FUND = "guidance_fund.budget_y"
YEARS = tuple(range(FIRST, LONG[-1] + 1))
YOUNG_Q = 40  # quarters of age up to which a firm counts as young
LEAST = 0.01  # percent: a response below it is held to be as much, so that a ratio stays finite
TOP_FUND = 5000.0  # million yuan a year: more than there are deals for


def _is_short(panel: Panel) -> Array:
    """Which performers lack finance, and which do not, as flags of the panel, shape (2, n)."""
    active = panel["has_rd"] != 0
    lacks = panel["rd_finance_q"] < CUSHION * panel["rd_intended_q"]
    return np.array([active & lacks, active & ~lacks])


def _one_point(lab: Lab) -> Measured:
    """Test 27: R&D of firms, of all and of those short of finance against the others."""
    without, helped = lab.pair(NO_LOANS, ONE_POINT)
    panel = without.firms(FIRST - 1)
    response = [_response(without, helped, panel["uid"][mask].astype(np.int64)) for mask in _is_short(panel)]
    return {
        "27": change(lab, NO_LOANS, ONE_POINT, "firm_rd_actual", SHORT),
        "27_constrained": response[0] / max(response[1], LEAST),
    }


def _response(without: Trace, helped: Trace, uids: Uids) -> float:
    """Change of the R&D of some firms in percent, in the first two years."""
    total = [sum(of_firms(t.firms(year), "rd_actual_year", uids).sum() for year in SHORT) for t in (without, helped)]
    return percent(*total)


@dataclass
class Borrowers:
    """Firms without R&D to which a bank lends with the subsidy, in the first year."""

    uids: set[int] = field(default_factory=set)

    def __call__(self, world: World) -> None:
        """Add those whose loan is new this quarter."""
        firms = world.firms
        if world.calendar.year != FIRST:
            return
        lent = (firms.alive != 0) & (firms.subsidised_quarters > 0) & (firms.subsidised_loan_q > 0.0)
        rows = np.flatnonzero(lent & (firms.can_innovate != 0))
        self.uids.update(firms.uid[rows].tolist())


def _borrowers(lab: Lab) -> Measured:
    """Test 28: how much more often firms without R&D do it within two years once a bank lends to them."""
    seen = Borrowers()
    helped = lab.run(STEADY.since(T0, {INTEREST: 2000.0}), seen)
    without = lab.trace(NO_LOANS)
    uids = np.array(sorted(seen.uids), np.int64)
    uids = uids[(of_firms(without.firms(FIRST - 1), "has_rd", uids, 1.0) == 0.0)]
    started = [_ever_active(trace, uids) for trace in (without, helped)]
    return {"28": 100.0 * float(started[1].mean() - started[0].mean()) if len(uids) else float("nan")}


def _ever_active(trace: Trace, uids: Uids) -> Array:
    """Whether each carries out R&D at the end of one of the first two years after the first, shape (n,)."""
    found: Array = np.max([of_firms(trace.firms(year), "has_rd", uids) for year in (FIRST, *SHORT)], axis=0)
    return found


def _double_fund(lab: Lab) -> Measured:
    """Test 44: deals, private capital for each yuan of the fund, and entry where the fund does not invest."""
    twice = STEADY.since(T0, {FUND: 2.0 * dose_of(STEADY, FUND)})
    one, two = lab.pair(STEADY, twice)
    public = two.spent(YEARS, "guidance_fund") - one.spent(YEARS, "guidance_fund")
    private = 100.0 * sum(two.of("venture_private", (y,)) - one.of("venture_private", (y,)) for y in YEARS)
    deals = percent(one.of("venture_deals", YEARS), two.of("venture_deals", YEARS))
    entry = percent(_entrants(one), _entrants(two))
    return {
        "44_deals": deals,
        "44_deals_size": deals,
        "44_private": private / public if public > 0.0 else float("nan"),
        "44_entry": entry,
        "44_entry_size": entry,
    }


def _entrants(trace: Trace) -> float:
    """Firms outside the fields of the fund that came after the first year and live at the end of theirs."""
    known, number = trace.firms(FIRST - 1)["uid"], 0
    for year in YEARS:
        panel = trace.firms(year)
        new = ~np.isin(panel["uid"], known, assume_unique=True)
        number += int((new & (panel["is_high_tech_field"] == 0)).sum())
        known = panel["uid"]
    return float(number)


@dataclass
class Funded:
    """Firms with a deal of venture capital after the first year."""

    years: Sequence[int]
    uids: set[int] = field(default_factory=set)
    held: Mapping[int, int] = field(default_factory=dict)

    def __call__(self, world: World) -> None:
        """Add those whose rest has begun anew: investors have just bought."""
        firms = world.firms
        rows = np.flatnonzero((firms.alive != 0) & (firms.venture_quarters > 0))
        now = dict(zip(firms.uid[rows].tolist(), firms.venture_quarters[rows].tolist(), strict=True))
        if world.calendar.year in self.years:
            self.uids.update(uid for uid, left in now.items() if left > self.held.get(uid, 0))
        self.held = now


def _seed_grants(lab: Lab) -> Measured:
    """Test 45: venture capital of young small firms of high-tech fields after a grant, relative to without."""
    rich: dict[str, float | str] = {FUND: TOP_FUND, "rd_grant.firm_share": 1.0}
    granted: Arm = STEADY.since(T0, rich)
    denied = STEADY.since(T0, {**rich, "rd_grant.budget_y": 0.0})
    paid, after, control = Paid("rd_grant", (FIRST,)), Funded(YEARS[1:]), Funded(YEARS[1:])
    trace = lab.run(granted, together(paid, after))
    lab.run(denied, control)
    panel, uids = trace.firms(FIRST), paid.uids
    young = (of_firms(panel, "age_q", uids) < YOUNG_Q) & (of_firms(panel, "size_class", uids) < MEDIUM)
    fit = young & (of_firms(panel, "is_high_tech_field", uids) != 0) & (of_firms(panel, "ownership", uids) == PRIVATE)
    chosen = set(uids[fit].tolist())
    with_grant, without = len(chosen & after.uids), len(chosen & control.uids)
    return {"45": with_grant / without if without else float("nan"), "grantees": float(len(chosen))}


EXPERIMENTS = (
    Experiment(27, _one_point),
    Experiment(28, _borrowers),
    Experiment(44, _double_fund),
    Experiment(45, _seed_grants),
)
