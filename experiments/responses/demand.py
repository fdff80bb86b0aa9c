"""Tests of help and demand: 48 first sets of equipment, 50 help for firms that do not innovate, 35 who does the R&D."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from experiments.responses.arms import FIRST, LONG, STEADY, T0
from experiments.responses.experiment import Experiment, Measured
from experiments.responses.fading import noted, of_all
from experiments.responses.lab import Lab, percent
from experiments.responses.watching import Paid, inventions_of, lab_beside, of_firms, together
from sim.agents.firm import PRIVATE
from sim.agents.world import World

NO_SETS = STEADY.since(T0, {"first_set.budget_y": 0.0})
SET_YEARS = (FIRST, FIRST + 1, FIRST + 2, FIRST + 3)
HELP = "assistance_matching"
HELPED = {f"{HELP}.budget_y": 20.0, f"{HELP}.officials": 60.0, f"{HELP}.expert_teams": 10.0, f"{HELP}.mentors": 30.0}
NO_HELP = dict.fromkeys(HELPED, 0.0)
LAST_HELP = FIRST + 2
SHIFTED = 0.1  # part of all R&D of firms


def _first_sets(lab: Lab) -> Measured:
    """Test 48: points of new products in sales, and inventions filed, of the firms that were paid."""
    without = lab.trace(NO_SETS)
    points: list[float] = []
    filed = np.zeros(2)
    paid = {year: Paid("first_set", (year,)) for year in SET_YEARS}
    trace = lab.run(STEADY, together(*paid.values()))
    for year, one in paid.items():
        both = [of_firms(t.firms(year + 1), "new_product_share", one.uids, np.nan) for t in (without, trace)]
        points += (100.0 * (both[1] - both[0])).tolist()
        filed += [inventions_of(t, (year + 1, year + 2), one.uids).sum() for t in (without, trace)]
    return {"48": float(np.nanmean(points)), "48_patents": percent(*filed.tolist())}


@dataclass
class Advised:
    """Firms without R&D that get an adviser in the first year, by uid."""

    uids: set[int] = field(default_factory=set)

    def __call__(self, world: World) -> None:
        """Add those who have one."""
        firms = world.firms
        if world.calendar.year == FIRST:
            self.uids.update(firms.uid[np.flatnonzero((firms.alive != 0) & (firms.adviser > 0))].tolist())


def _help(lab: Lab) -> Measured:
    """Test 50: how many more of the helped begin R&D in two years, and how soon the gain fades once help ends."""
    seen = Advised()
    stopped = STEADY.since(T0, dict(HELPED)).since(f"{LAST_HELP + 1}Q1", dict(NO_HELP))
    helped, without = lab.run(stopped, seen), lab.trace(STEADY)
    uids = np.array(sorted(seen.uids), np.int64)
    started = [
        np.max([of_firms(trace.firms(year), "has_rd", uids) for year in (FIRST, FIRST + 1)], axis=0).mean()
        for trace in (without, helped)
    ]
    years = range(LAST_HELP, int(helped.scenario.end[:4]) + 1)
    more = [float(helped.firms(y)["has_rd"].sum()) - float(without.firms(y)["has_rd"].sum()) for y in years]
    return {"50_start": 100.0 * float(started[1] - started[0]), "helped": float(len(uids)), **noted(more)}


def _help_in_all(found: Sequence[Measured]) -> Measured:
    """Test 50, all seeds together."""
    return {"50_half": of_all(found)[0]}


def shift_rd(world: World) -> None:
    """Let private firms do a tenth of all R&D of firms in the place of state firms, each in proportion."""
    if world.calendar.year < FIRST:
        return
    firms, done = world.firms, world.firms.rd_actual_q
    state = (firms.alive != 0) & (firms.ownership < PRIVATE)
    private = (firms.alive != 0) & (firms.ownership == PRIVATE)
    of_state, of_private = float(done[state].sum()), float(done[private].sum())
    moved = min(SHIFTED * (of_state + of_private), of_state)
    done[state] *= 1.0 - moved / of_state
    done[private] *= 1.0 + moved / of_private


def _shift(lab: Lab) -> Measured:
    """Test 35: inventions that firms file when a tenth of their R&D moves from state to private firms."""
    base, moved = lab.trace(STEADY), lab_beside(lab, "finance_rd", after=shift_rd).run(STEADY)
    total = percent(base.of("firm_rd_actual", LONG), moved.of("firm_rd_actual", LONG))
    return {"35": percent(*(trace.inventions(LONG, of_firms=True) for trace in (base, moved))), "rd_change": total}


EXPERIMENTS = (Experiment(35, _shift), Experiment(48, _first_sets), Experiment(50, _help, _help_in_all))
