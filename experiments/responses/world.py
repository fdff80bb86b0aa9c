"""Tests 38, 54, 56 and 59: what R&D of one firm does for others, how late patents come, and what a coal slump does."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from experiments.outcomes import Array
from experiments.responses.arms import FIRST, STEADY
from experiments.responses.experiment import Experiment, Measured
from experiments.responses.lab import Lab, Trace, Watch, both, change
from experiments.responses.watching import lab_beside
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.arithmetic import quarterly_hazard
from sim.core.calendar import QUARTERS_A_YEAR

FACTOR = 1.5  # R&D in a shock, relative to without
EACH = 10  # one firm in so many has the shock of test 38
SLUMP = STEADY.times("coal_price", 0.7, range(FIRST, 2031))
ENTRY_YEARS = range(FIRST, FIRST + 4)


def rd_shock(first: int, each: int) -> Watch:
    """A watch that raises the R&D which every `each`-th firm wants, from the first day of a year on.

    It acts in the last quarter of the year before, once that is measured.
    """

    def act(world: World) -> None:
        if not world.calendar.is_last_of_year:
            return
        firms = world.firms
        if world.calendar.year == first - 1:
            active = np.flatnonzero(firms.alive.view(bool) & firms.has_rd.view(bool))
            firms.rd_intensity[active[np.argsort(firms.uid[active])][::each]] *= FACTOR

    return act


class OwnRd:
    """Knowledge that each firm's own R&D alone leaves, quarter by quarter from FIRST on, beside what the model says."""

    def __init__(self, also: Watch | None = None) -> None:
        rate = catalogue().parameters["accumulate_knowledge.depreciation_y"].value
        self.keep = 1.0 - quarterly_hazard(rate)
        self.also = also
        self.uids = np.empty(0, np.int64)
        self.stock = np.empty(0)

    def __call__(self, world: World) -> None:
        """Add the quarter's R&D at the prices by which the model turned it into knowledge."""
        if world.calendar.year >= FIRST:
            rows = np.flatnonzero(world.firms.alive)
            rows = rows[np.argsort(world.firms.uid[rows])]
            price = float(world.indices["price"][0] * world.indices["deflator"][0])
            self.stock = self.keep * self.of(world.firms.uid[rows]) + world.firms.rd_actual_q[rows] / price
            self.uids = world.firms.uid[rows].copy()
        if self.also is not None:
            self.also(world)

    def of(self, uids: npt.NDArray[np.int64]) -> Array:
        """The stock of firms, zero for those that are new."""
        found = np.zeros(len(uids))
        _, here, there = np.intersect1d(uids, self.uids, return_indices=True)
        found[here] = self.stock[there]
        return found


def returns(lab: Lab) -> Measured:
    """Test 38: knowledge that a rise in the R&D of some brings to all, over what it brings to themselves.

    What others gain is what they learn: their change of knowledge less that by R&D of their own, which falls as staff
    becomes dearer (`with_crowding` counts that too).
    """
    without, with_it = OwnRd(), OwnRd(rd_shock(FIRST, EACH))
    base, other = lab.run(STEADY, without), lab.run(STEADY, with_it)
    started, year = base.firms(FIRST - 1), int(base.scenario.end[:4])
    treated = np.sort(started["uid"][started["has_rd"] == 1])[::EACH]
    one, two = base.firms(year), other.firms(year)
    i, j = both(one, two)
    uids = one["uid"][i]
    gained = two["knowledge"][j] - one["knowledge"][i]
    is_own = np.isin(uids, treated)
    own, learned = gained[is_own].sum(), (gained - with_it.of(uids) + without.of(uids))[~is_own].sum()
    if own <= 0.0:
        return {"38": float("nan"), "with_crowding": float("nan")}
    return {"38": float(1.0 + learned / own), "with_crowding": float(gained.sum() / own)}


def _extra(base: Trace, other: Trace, indicator: str) -> Array:
    """Difference of an indicator by quarter, from the first quarter of the shock on."""
    start = QUARTERS_A_YEAR * (FIRST - int(base.scenario.start[:4]))
    return other.quarters(indicator)[start:] - base.quarters(indicator)[start:]


def one_year_more(world: World) -> None:
    """All firms carry out more R&D in one year. What they want would take years to rise and to come back."""
    if world.calendar.year == FIRST:
        world.firms.rd_actual_q[:] *= FACTOR


def delay(lab: Lab) -> Measured:
    """Test 54: years from the middle of the extra R&D of a shock of one year to that of the quarters of most grants."""
    base, other = lab.trace(STEADY), lab_beside(lab, "finance_rd", after=one_year_more).run(STEADY)
    granted, spent = (_extra(base, other, name) for name in ("patents_granted_invention", "firm_rd_actual"))
    rise = spent[: 3 * QUARTERS_A_YEAR]
    middle = float((np.arange(len(rise)) * rise).sum() / rise.sum())
    by_year = np.convolve(granted, np.ones(QUARTERS_A_YEAR), mode="valid")  # a wide window would lean to the slow side
    peak = float(np.argmax(by_year)) + (QUARTERS_A_YEAR - 1) / 2.0
    return {"54_centre": (peak - middle) / QUARTERS_A_YEAR}


def slump(lab: Lab) -> Measured:
    """Test 56: R&D of the province in the second year of a coal price that is 30 % lower."""
    return {"56": change(lab, STEADY, SLUMP, "rd_expenditure", (FIRST + 1,))}


def entrants(trace: Trace) -> int:
    """Firms outside coal, coking and power that came in ENTRY_YEARS and lived to the end of their year."""
    found = 0
    for year in ENTRY_YEARS:
        firms = trace.firms(year)
        found += int(np.count_nonzero((firms["is_energy"] == 0) & (firms["age_q"] < QUARTERS_A_YEAR)))
    return found


def entry(lab: Lab) -> Measured:
    """Test 59: new firms outside coal in the four years of a coal price that is 30 % lower."""
    one, two = (entrants(trace) for trace in lab.pair(STEADY, SLUMP))
    return {"59": 100.0 * (two / one - 1.0) if one else float("nan")}


EXPERIMENTS = (Experiment(38, returns), Experiment(54, delay), Experiment(56, slump), Experiment(59, entry))
