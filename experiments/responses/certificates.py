"""Tests 14, 15 and 65: the certificate at the margin of the score, a double nursery pool, and no relabelling at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from experiments.responses.arms import LONG, STEADY, T0, dose_of
from experiments.responses.experiment import Experiment, Measured
from experiments.responses.lab import Lab, Trace, both
from sim.agents.firm import CERTIFIED
from sim.agents.world import World
from sim.catalogue.loader import catalogue
from sim.core.arithmetic import quarterly_hazard
from sim.mechanisms.certify_firms import reported_ratio

MARGIN = 0.1  # of the score, on either side of what passes
YEARS = range(2022, 2028)
DOUBLE = STEADY.since(T0, {"hnte_pool.places_y": 2.0 * dose_of(STEADY, "hnte_pool.places_y")})
AUDITED = STEADY.where({"report_rd.audit_cut": 1.0})
FIRST = 1  # certificate_q of a first certificate
PERCENT = 100.0


class Examiner:
    """Notes who applied for a first certificate with a score close to what passes, quarter by quarter."""

    def __init__(self, number: Any) -> None:
        self.apply = quarterly_hazard(number("certify_firms.apply_y"))
        self.passing = number("certify_firms.pass_share")
        self.passed: dict[int, list[npt.NDArray[np.int64]]] = {}
        self.failed: dict[int, list[npt.NDArray[np.int64]]] = {}

    def __call__(self, world: World) -> None:
        """Look at the world at the end of a quarter: its draws are still those by which was decided."""
        if world.calendar.year not in YEARS:
            return
        firms = world.firms
        rows = np.flatnonzero(firms.alive.view(bool) & firms.is_high_tech_field.view(bool) & firms.has_rd.view(bool))
        rows = rows[(firms.certificate_gain[rows] > 0.0) & (firms.certificate_readiness[rows] <= 1.0)]
        ratio = reported_ratio(rows, firms.rd_reported_q, firms.sales_y, firms.rd_reported_1y, firms.sales_1y,
                               firms.rd_reported_2y, firms.sales_2y, firms.has_rd, firms.age_q)  # fmt: skip
        rows = rows[ratio >= firms.certificate_threshold[rows]]
        uids = firms.uid[rows]
        applied = world.draws.uniform_for("certify.apply", uids) < self.apply
        score = world.draws.uniform_for("certify.score", uids)
        has_right = (firms.soft_ip[rows] + firms.inventions_in_force[rows]) > 0
        failed = applied & has_right & (firms.hnte_stage[rows] != CERTIFIED)
        failed &= (score >= self.passing) & (score < self.passing + MARGIN)
        passed = applied & (firms.certificate_q[rows] == FIRST) & (score >= self.passing - MARGIN)
        self.passed.setdefault(world.calendar.year, []).append(uids[passed])
        self.failed.setdefault(world.calendar.year, []).append(uids[failed])


def growth(trace: Trace, year: int, uids: npt.NDArray[np.int64], column: str) -> npt.NDArray[np.float64]:
    """Log change of a column from the year before to the year after, of those of the firms that have it in both."""
    before, after = trace.firms(year - 1), trace.firms(year + 1)
    i, j = both(before, after)
    kept = np.isin(before["uid"][i], uids) & (before[column][i] > 0.0) & (after[column][j] > 0.0)
    return np.asarray(np.log(after[column][j][kept] / before[column][i][kept]))


def at_the_margin(lab: Lab) -> Measured:
    """Test 14: firms that just passed against firms that just failed, from the year before to the year after."""
    examiner = Examiner(lambda address: lab.parameters.get(address, catalogue().parameters[address].value))
    trace = lab.run(STEADY, examiner)
    found: dict[str, float] = {}
    for row, column in (("14_rd", "rd_actual_year"), ("knowledge", "knowledge")):
        groups = [
            np.concatenate([growth(trace, year, np.concatenate(uids), column) for year, uids in side.items()])
            for side in (examiner.passed, examiner.failed)
        ]
        sizes = [len(group) for group in groups]
        found[row] = PERCENT * float(groups[0].mean() - groups[1].mean()) if min(sizes) else float("nan")
    elasticity = catalogue().parameters["growth.knowledge_elasticity"].value
    return {"14_rd": found["14_rd"], "14_productivity": elasticity * found["knowledge"]}


def intensity_of_new(trace: Trace) -> float:
    """Actual R&D over sales of the firms that got their first certificate, as a whole, LONG."""
    sums = np.zeros(2)
    for year in LONG:
        firms = trace.firms(year)
        new = firms["certificate_q"] == FIRST
        sums += firms["rd_actual_year"][new].sum(), firms["sales_year"][new].sum()
    return float(sums[0] / sums[1]) if sums[1] > 0.0 else float("nan")


def larger_pool(lab: Lab) -> Measured:
    """Test 15: stock of certificates and quality of new ones with twice the places."""
    one, two = lab.pair(STEADY, DOUBLE)
    return {
        "15_stock": two.of("hnte_stock", LONG) / one.of("hnte_stock", LONG),
        "15_quality": PERCENT * (intensity_of_new(two) / intensity_of_new(one) - 1.0),
    }


def no_relabelling(lab: Lab) -> Measured:
    """Test 65: certificates, and knowledge for each of them, where audits find all that is relabelled."""
    one, two = lab.pair(STEADY, AUDITED)
    stock = [trace.of("hnte_stock", LONG) for trace in (one, two)]
    gains = [PERCENT * _knowledge_of_holders(trace) for trace in (one, two)]
    return {"65_stock": PERCENT * (stock[1] / stock[0] - 1.0), "65_knowledge": PERCENT * (gains[1] / gains[0] - 1.0)}


def _knowledge_of_holders(trace: Trace) -> float:
    """Knowledge over sales of certified firms, the median, mean of LONG."""
    found = []
    for year in LONG:
        firms = trace.firms(year)
        holds = (firms["hnte_stage"] == CERTIFIED) & (firms["sales_year"] > 0.0)
        found.append(np.median(firms["knowledge"][holds] / firms["sales_year"][holds]) if holds.any() else np.nan)
    return float(np.mean(found))


EXPERIMENTS = (Experiment(14, at_the_margin), Experiment(15, larger_pool), Experiment(65, no_relabelling))
