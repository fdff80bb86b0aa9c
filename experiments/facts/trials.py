"""Experiments inside the model: grants, deductions and vouchers tried on firms, some of them with a twin of the run.

A twin has the same seed and differs by the trial alone, so a firm's own difference is what the trial did to it. What an
econometrician without a twin would do (matching, comparing winners and losers) is done on one run.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from experiments.facts.estimators import FEWEST, NOTHING
from experiments.facts.panel import Array, Change, Panel, recorded, with_step
from sim.agents.firm import MEDIUM, PRIVATE
from sim.agents.world import World
from sim.scenario import Scenario

F8 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
PROFIT_TAX = 0.25
EXTRA = 0.25  # share of R&D that the reform lets firms deduct on top
LEAST = 1e-3  # million yuan of sales, keeps logarithms finite


def matched(treated: F8, others: F8, groups: Rows, other_groups: Rows) -> Rows:
    """Row of the nearest other of the same group for each treated, -1 where its group has none, shape (n_treated,).

    treated, others : covariates, shape (n, n_covariates), measured in standard deviations of the others.
    """
    spread = np.maximum(others.std(axis=0), 1e-9)
    found = np.full(len(treated), -1, np.int64)
    for group in np.unique(groups):
        rows = np.flatnonzero(other_groups == group)
        for i in np.flatnonzero(groups == group) if len(rows) else ():
            away = (((others[rows] - treated[i]) / spread) ** 2).sum(axis=1)
            found[i] = rows[int(np.argmin(away))]
    return found


def grant_additionality(panel: Panel, years: tuple[int, ...]) -> float:
    """Extra own R&D for each yuan of a first grant, winners against matched performers without, over all the years.

    Slope (through nothing) of the growth of own R&D beyond that of the match on the grant, both over last year's R&D.
    """
    columns = ("rd_reported_year", "received_rd_grant", "sales_year", "size_class", "ownership")
    rises, doses = [], []
    for year in years:
        before, now = panel.paired(year - 1, columns)
        able = (before["rd_reported_year"] > 0.0) & (now["rd_reported_year"] > 0.0) & (before["received_rd_grant"] == 0)
        wins = able & (now["received_rd_grant"] > 0.0)
        rest = able & (now["received_rd_grant"] == 0.0)
        if np.count_nonzero(rest) < FEWEST:
            continue
        last = np.where(able, before["rd_reported_year"], 1.0)
        near = np.column_stack([np.log(np.maximum(before["sales_year"], LEAST)), np.log(last)])
        group = 2 * (before["size_class"] >= MEDIUM) + (before["ownership"] < PRIVATE)
        match = matched(near[wins], near[rest], group[wins], group[rest])
        own = now["rd_reported_year"] - now["received_rd_grant"]
        growth = np.clip(own / last - 1.0, -1.0, 1.0)
        kept = match >= 0
        rises.append((growth[wins] - growth[rest][match])[kept])
        doses.append((now["received_rd_grant"] / last)[wins][kept])
    return slope_through_nothing(np.concatenate(doses), np.concatenate(rises)) if doses else NOTHING


def slope_through_nothing(x: F8, y: F8) -> float:
    """Slope of y on x without a constant; not a number where there are few."""
    return float(x @ y / (x @ x)) if len(x) >= FEWEST and float(x @ x) > 0.0 else NOTHING


def twin_effect(treated: dict[str, Array], twin: dict[str, Array], column: str) -> tuple[Rows, Rows, F8]:
    """Rows of the firms in both runs (of one, of the other) and the difference of a column, treated less twin."""
    _, here, there = np.intersect1d(treated["uid"], twin["uid"], assume_unique=True, return_indices=True)
    return here, there, treated[column][here] - twin[column][there]


def grants_by_need(small: Panel, none: Panel, large: Panel, year: int) -> tuple[float, float]:
    """Differences of R&D for each yuan of grant, by twins: young and short of money less old and not; first less more.

    small, large : runs with grants at a rate and at twice the rate, which the same firms win; none : without grants.
    First and more are of the same firms, those who got more: in the study as well only who had the first grant could
    get the second, and large firms, whose grants have a ceiling, get no more.
    """
    one, two = small.years[year], large.years[year]
    here, there, rise = twin_effect(one, none.years[year], "rd_reported_year")
    paid = one["received_rd_grant"][here]
    wins = (paid > 0.0) & (none.years[year]["rd_reported_year"][there] > 0.0)
    short = (none.years[year]["rd_actual_q"] / np.maximum(none.years[year]["rd_intended_q"], 1e-9))[there]
    age = one["age_q"][here]
    young, needy = age <= np.median(age[wins]), short <= np.median(short[wins])
    by_group = [per_yuan(rise, paid, wins & young & needy), per_yuan(rise, paid, wins & ~young & ~needy)]
    both, other, more = twin_effect(two, one, "rd_reported_year")
    added = two["received_rd_grant"][both] - one["received_rd_grant"][other]
    again = (one["received_rd_grant"][other] > 0.0) & (added > 0.0)
    same = wins & np.isin(one["uid"][here], one["uid"][other][again])
    return by_group[0] - by_group[1], per_yuan(rise, paid, same) - per_yuan(more, added, again)


def per_yuan(rise: F8, paid: F8, who: npt.NDArray[np.bool_]) -> float:
    """Sum of the rises over the sum of the payments."""
    return float(rise[who].sum() / paid[who].sum()) if np.count_nonzero(who) >= FEWEST else NOTHING


class DeductionBelow:
    """A trial in the place of a lever: from a quarter on, a higher deduction for firms below a line of sales."""

    def __init__(self, line: float, extra: float, first: int) -> None:
        self.line, self.extra, self.first, self.uids = line, extra, first, np.zeros(0, np.int64)

    def apply(self, world: World) -> None:
        """Raise the rate of those who were below the line when the trial began."""
        firms, calendar = world.firms, world.calendar
        if calendar.quarter < self.first:
            return
        if calendar.quarter == self.first:
            rows = firms.rows()
            self.uids = firms.uid[rows[firms.sales_1y[rows] < self.line]].copy()
        firms.deduction_rate[np.isin(firms.uid, self.uids) & (firms.alive != 0)] += self.extra


def deduction_trial(
    scenario: Scenario, seed: int, replicate: int, line: float, first: int, change: Change | None = None
) -> Panel:
    """A run in which firms below a line of sales (million yuan) deduct a quarter of their R&D more."""
    reform = DeductionBelow(line, EXTRA, first)
    return recorded(scenario, seed, replicate, change, lambda model: with_step(model, reform))


def user_cost(year: dict[str, Array]) -> F8:
    """Tax part of each firm's user cost of R&D by what it claimed in the year, shape (n,)."""
    certified = year["hnte_stage"] == 2
    tax = PROFIT_TAX - np.where(certified, year["tax_cut_year"], 0.0)
    claimed = year["deductible_year"] / np.maximum(year["rd_reported_year"], 1e-9)
    cost: F8 = (1.0 - tax * (1.0 + claimed)) / (1.0 - tax)
    return cost


def elasticity_at(
    trial: Panel, twin: Panel, line: float, origin: int, years: tuple[int, ...], reach: float = 3.0
) -> float:
    """Mean of the years' elasticities at a line."""
    return float(np.mean([elasticity_of_year(trial, twin, line, origin, year, reach) for year in years]))


def elasticity_of_year(trial: Panel, twin: Panel, line: float, origin: int, year: int, reach: float) -> float:
    """User-cost elasticity of R&D at the line: jump of ln R&D over the jump of ln user cost, of performers.

    Firms within a factor `reach` of the line, by their sales of the year before the trial; each is held against itself
    in the twin, so what is left is the jump between those below and above.
    """
    here, there, _ = twin_effect(trial.years[year], twin.years[year], "sales_year")
    one, two = ({n: v[rows] for n, v in p.years[year].items()} for p, rows in ((trial, here), (twin, there)))
    start = twin.years[origin]
    known = np.isin(one["uid"], start["uid"])
    place = np.searchsorted(start["uid"], one["uid"][known], sorter=np.argsort(start["uid"]))
    sales = np.full(len(one["uid"]), np.nan)
    sales[known] = start["sales_year"][np.argsort(start["uid"])[place]]
    kept = (one["rd_reported_year"] > 0) & (two["rd_reported_year"] > 0)
    kept &= (sales > line / reach) & (sales < line * reach) & (one["hnte_stage"] == two["hnte_stage"])
    below = sales < line
    rise = np.log(one["rd_reported_year"][kept] / two["rd_reported_year"][kept])
    cost = np.log(user_cost(one)[kept] / user_cost(two)[kept])
    if min(np.count_nonzero(below[kept]), np.count_nonzero(~below[kept])) < FEWEST:
        return NOTHING
    jumps = [float(x[below[kept]].mean() - x[~below[kept]].mean()) for x in (rise, cost)]
    return -jumps[0] / jumps[1] if jumps[1] != 0.0 else NOTHING
