"""A stand-in for sim.model whose answers are known: each outcome follows from doses by a line that the tests know.

R&D rises by a hundredth of the grants and two hundredths of the vouchers (million yuan a year, into 100 million yuan),
and by a unit a replicate; the stock of high-tech firms by two for each million yuan of the pool; centres fall with
removal; patents rise with the money of alliances up to twenty million yuan; firms with R&D by fifty while help is in
force and by half of that afterwards; contracts fall by a tenth where the coal price is another than observed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from experiments.outcomes import SIZES, full_years, periods
from experiments.plan import Plan, Run
from experiments.questions.carrying import Asked, Posed, cases_of, pose
from experiments.questions.finding import Case
from experiments.questions.question import Question
from experiments.reading import gathered, runs_of
from experiments.shards import table_of
from experiments.store import Store, shard_id
from sim.catalogue.loader import catalogue
from sim.scenario import Scenario

MILLION = 1_000_000
LINES = ("rd_grant", "post_completion_grant", "innovation_voucher", "hnte_pool", "alliance_support")
SHARES = {"additional": 0.4, "displaced": 0.3, "relabelled": 0.1, "wage": 0.0, "misused": 0.1, "services": 0.1}
SPENT = 0.8  # of every appropriation
SIZE_SHARES = (0.1, 0.2, 0.3, 0.4)


@dataclass(frozen=True)
class Planted:
    """As sim.model.Outcome."""

    quarterly: np.ndarray
    groups: Mapping[tuple[str, str], np.ndarray]
    ledger: Mapping[int, Mapping[str, Mapping[str, int]]]
    tax_expenditure: Mapping[int, Mapping[str, float]] = field(default_factory=dict)
    totals: Sequence[Mapping[str, Any]] = ()


def money(scenario: Scenario, lever: str, year: int, quarter: int = 4) -> float:
    """Million yuan a year of a lever's line that is given as a number, else nothing."""
    dose = scenario.dose(lever, "budget_y", year, quarter) if scenario.in_force(lever, year, quarter) else 0.0
    return 0.0 if isinstance(dose, str) else float(dose)


def levels(scenario: Scenario, replicate: int) -> dict[int, dict[str, float]]:
    """Indicators by year: flows of the year, stocks of its end."""
    found, has_had_help = {}, False
    for year in full_years(scenario):
        grants, vouchers = money(scenario, "rd_grant", year), money(scenario, "innovation_voucher", year)
        grants += money(scenario, "post_completion_grant", year)
        help_now = money(scenario, "assistance_matching", year) > 0.0
        has_had_help |= help_now
        removal = scenario.dose_value("centre_recognition", "elimination", year, 4)
        actual = 100.0 + replicate + 0.01 * grants + 0.02 * vouchers
        found[year] = {
            "rd_actual": actual,
            "rd_expenditure": actual + 0.002 * grants,
            "gdp_published": 10_000.0,
            "hnte_stock": 800.0 + 10.0 * replicate + 2.0 * money(scenario, "hnte_pool", year),
            "etc_three_tier": 1100.0 - 10.0 * replicate - 1000.0 * removal,
            "firm_patent_applications": 1000.0 + replicate + min(money(scenario, "alliance_support", year), 20.0),
            "ind_firms_with_rd": 500.0 + replicate + (50.0 if help_now else 25.0 if has_had_help else 0.0),
            "tech_contracts_total": (300.0 + replicate)
            * (0.9 if year in scenario.driver.get("coal_price", {}) else 1.0),
        }
    return found


def run(scenario: Scenario, seed: int = 1, replicate: int = 0) -> Planted:
    """One run; the seed decides nothing."""
    place, rows = {name: i for i, name in enumerate(catalogue().indicators)}, catalogue().indicators
    by_year, quarters = levels(scenario, replicate), periods(scenario)
    quarterly = np.zeros((len(quarters), len(rows)))
    for t, quarter in enumerate(quarters):
        for name, value in by_year[int(quarter[:4])].items():
            quarterly[t, place[name]] = value / 4.0 if rows[name].kind == "flow" else value
    firms = np.array([found["ind_firms_with_rd"] for found in by_year.values()])
    groups = {("ind_firms_with_rd", "size"): np.outer(firms, SIZE_SHARES)}
    assert len(SIZES) == len(SIZE_SHARES)
    return Planted(quarterly, groups, {year: _ledger(scenario, year) for year in by_year})


def _ledger(scenario: Scenario, year: int) -> dict[str, dict[str, int]]:
    """Books of a year in simulated yuan: a k-th of what the province pays."""
    found = {}
    for lever in LINES:
        appropriated = round(money(scenario, lever, year) * MILLION / scenario.scale)
        paid = round(SPENT * appropriated)
        if appropriated:
            parts = {name: round(part * paid) for name, part in SHARES.items()}
            found[lever] = {"appropriated": appropriated, "disbursed": paid, "unspent": appropriated - paid, **parts}
    return found


def posed_of(question: Question, replicates: int = 4, **changes: Any) -> tuple[Posed, Asked]:
    """A question posed with the stand-in as the model, everything central."""
    from experiments.draws.variation import AS_IT_STANDS

    asked = Asked("tiny", replicates, variation=AS_IT_STANDS, **changes)
    return pose(question, asked, f"{__name__}:run"), asked


def cases(posed: Posed) -> dict[str, Case]:
    """The cases of a posed question, its runs turned to a shard's table and back without a store."""
    return cases_of(posed, gathered(posed.plan, dict(runs_of(_table(posed.plan)))))


def keep(posed: Posed, store: Store) -> None:
    """Seal the runs in a store, as a worker would."""
    table = _table(posed.plan)
    ids = [posed.plan.run_id(Run(p, r)) for p in range(len(posed.plan.points)) for r in range(posed.plan.replicates)]
    store.write_shard(shard_id("full", *ids), table)


def _table(plan: Plan) -> Any:
    runs = [Run(p, r) for p in range(len(plan.points)) for r in range(plan.replicates)]
    return table_of(plan, [(one, run(plan.points[one.point].scenario, plan.seed, one.replicate)) for one in runs])
