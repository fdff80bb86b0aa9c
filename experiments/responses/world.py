"""Tests 38, 54, 56 and 59: what R&D of one firm does for others, how late patents come, and what a coal slump does."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from experiments.responses.arms import FIRST, LONG, STEADY
from experiments.responses.experiment import Experiment, Measured
from experiments.responses.lab import Lab, Trace, both, change
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.calendar import QUARTERS_A_YEAR

FACTOR = 1.5  # R&D that firms want in a shock, relative to without
EACH = 10  # one firm in so many has the shock of test 38
SLUMP = STEADY.times("coal_price", 0.7, range(FIRST, 2031))
ENTRY_YEARS = range(FIRST, FIRST + 4)


def rd_shock(first: int, last: int | None, each: int) -> Callable[[World], None]:
    """A watch that raises the R&D which every `each`-th firm wants, from the first day of a year to the end of another.

    It acts in the last quarter of the year before, once that is measured.
    """
    chosen: set[int] = set()

    def act(world: World) -> None:
        if not world.calendar.is_last_of_year:
            return
        firms, year = world.firms, world.calendar.year
        if year == first - 1:
            uids = firms.uid[firms.alive.view(bool) & firms.has_rd.view(bool)]
            chosen.update(np.sort(uids)[::each].tolist())
        factor = FACTOR if year == first - 1 else 1.0 / FACTOR if year == last else 1.0
        if factor != 1.0:
            rows = np.flatnonzero(firms.alive.view(bool) & np.isin(firms.uid, list(chosen)))
            firms.rd_intensity[rows] *= factor

    return act


def returns(lab: Lab) -> Measured:
    """Test 38: knowledge gained by all firms over that of the firms which carry out more R&D."""
    base, other = lab.trace(STEADY), lab.run(STEADY, rd_shock(FIRST, None, EACH))
    started = base.firms(FIRST - 1)
    treated = np.sort(started["uid"][started["has_rd"] == 1])[::EACH]
    own = total = 0.0
    for year in LONG:
        one, two = base.firms(year), other.firms(year)
        i, j = both(one, two)
        gained = two["knowledge"][j] - one["knowledge"][i]
        total += gained.sum()
        own += gained[np.isin(one["uid"][i], treated)].sum()
    return {"38": float(total / own) if own > 0.0 else float("nan")}


def _extra(base: Trace, other: Trace, indicator: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Difference of an indicator by quarter, from the first quarter of the shock on."""
    start = QUARTERS_A_YEAR * (FIRST - int(base.scenario.start[:4]))
    return np.asarray(other.quarters(indicator)[start:] - base.quarters(indicator)[start:])


def delay(lab: Lab) -> Measured:
    """Test 54: when the inventions of one year of higher R&D are granted, and how many of those filed."""
    base, other = lab.trace(STEADY), lab.run(STEADY, rd_shock(FIRST, FIRST, 1))
    granted, filed = _extra(base, other, "patents_granted_invention"), _extra(base, other, "patent_applications_invention")
    years = granted.reshape(-1, QUARTERS_A_YEAR).sum(axis=1)
    smooth = np.convolve(years, np.ones(3) / 3.0, mode="valid")  # a year with its neighbours; the first is year 1
    wait = int(catalogue().parameters["file_patents.pendency_q"].value)
    asked = filed[: len(filed) - wait].sum()
    rate = 100.0 * granted[wait:].sum() / asked if asked > 0.0 else float("nan")
    mean = float((np.arange(len(years)) * years).sum() / years.sum()) if years.sum() > 0.0 else float("nan")
    return {"54_centre": 1.0 + float(np.argmax(smooth)), "54_rate": float(rate), "mean_delay": mean}


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
