"""The plain-Mesa twin: a province of ordinary agents, one AgentSet.shuffle_do for each mechanism, as Mesa's books do.

It starts from a copy of an InnovationModel's columns and is given the same drivers and the same keyed draws, quarter by
quarter. tests/benchmarks/test_twin.py holds it against the kernels; `python -m benchmarks` measures both.
"""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np
import numpy.typing as npt

from benchmarks.plain_firm import CERTIFIED, IN_POOL, NO_CERTIFICATE, UNIT, LearningFirm, quarterly, whole_parts
from sim.agents.world import World
from sim.core.arithmetic import laplace_quarter_inverse
from sim.model import InnovationModel
from sim.schedule import SCHEDULE

MECHANISMS = (
    "earn_profit", "desire_rd", "finance_rd", "report_rd", "accumulate_knowledge", "file_patents", "certify_firms",
    "settle_tax", "grow_firms",
)  # fmt: skip
WORDS = ("desire.notch", "patents.file", "patents.grant", "patents.lapse", "patents.soft_ip", "certify.apply",
         "certify.score", "certify.renew")  # fmt: skip
COUNTS = ("filings_q", "grants_q", "inventions_in_force", "filings_year", "soft_ip", "hnte_stage",
          "hnte_quarters_left", "pool_quarters", "age_q", "waiting_yuan",
          "induced_by_grant")  # fmt: skip
AMOUNTS = ("margin", "cash", "debt_overhang", "sales_year", "profit_year", "sales_base", "price_answer",
           "relabelled_share", "rd_intended_q", "notch_lift_q", "rd_finance_q", "rd_actual_q", "rd_reported_q",
           "rd_actual_year", "rd_reported_year", "deductible_year", "tax_cut_year", "knowledge", "sales_y")  # fmt: skip
TRAITS = ("uid", "sector", "city", "ownership", "size_class", "is_above_scale", "is_high_tech_field", "margin_offset",
          "patent_propensity", "misuse_share", "notch_reach", "claim_rank", "user_cost_base", "tax_value_base",
          "certificate_readiness",
          "has_rd", "rd_intensity", "rd_reported_1y", "rd_reported_2y", "sales_1y", "sales_2y", "new_product_share",
          "certificate_gain", "certificate_threshold", "alliance_benefit", "tie_strength", "voucher_effect",
          "inventions_pending", "losses_carried", "deductions_carried", "received_yuan", "deduction_rate",
          "tax_cut")  # fmt: skip
YEAR_SUMS = ("rd_actual_year", "rd_reported_year", "sales_year", "profit_year", "deductible_year", "tax_cut_year",
             "filings_year")  # fmt: skip
YEARS_BEFORE = (("rd_reported_2y", "rd_reported_1y"), ("rd_reported_1y", "rd_reported_year"), ("sales_2y", "sales_1y"),
                ("sales_1y", "sales_year"))  # fmt: skip


class TwinFirm(LearningFirm):
    """Certificates and growth of a firm (the other laws stand in plain_firm.py)."""

    def open_year(self) -> None:
        """The year's sums become those of the year before, and start at nothing."""
        for older, newer in YEARS_BEFORE:
            setattr(self, older, getattr(self, newer))
        for name in YEAR_SUMS:
            setattr(self, name, 0)

    def certify_firms(self) -> None:
        """Renew or lose a certificate; leave the pool; apply."""
        p = self.model.p.certify_firms
        self.new_certificate = 0
        meets = self._reported_ratio() >= self.certificate_threshold
        if self.hnte_stage == CERTIFIED:
            self.hnte_quarters_left -= 1
            if self.hnte_quarters_left <= 0:
                renewed = meets and self.certificate_gain > 0.0 and self.luck("certify.renew") < p.renew
                self.hnte_quarters_left = p.validity_q if renewed else 0
                self.hnte_stage = CERTIFIED if renewed else NO_CERTIFICATE
                self.new_certificate = 2 if renewed else 0
            return
        if self.hnte_stage == IN_POOL:
            self.pool_quarters += 1
            if self.pool_quarters > p.pool_stay_q:
                self.hnte_stage = NO_CERTIFICATE
        may = self.is_high_tech_field and meets and self.certificate_gain > 0.0 and self.age_q >= p.least_age_q
        ready = self.hnte_stage == IN_POOL or self.certificate_readiness <= self.model.ready
        if not (may and ready and self.soft_ip + self.inventions_in_force > 0):
            return
        if self.luck("certify.apply") < quarterly(p.apply_y) and self.luck("certify.score") < p.pass_share:
            self.hnte_stage, self.hnte_quarters_left, self.new_certificate = CERTIFIED, p.validity_q, 1

    def _reported_ratio(self) -> float:
        """Reported R&D over sales of this year's rate and of the two years before, as far as the firm existed."""
        if not self.has_rd:
            return 0.0
        years = [(4.0 * self.rd_reported_q, self.sales_y)]
        before = ((self.rd_reported_1y, self.sales_1y), (self.rd_reported_2y, self.sales_2y))
        years += [pair for age, pair in zip((4, 8), before, strict=True) if self.age_q >= age]
        return float(sum(rd for rd, _ in years) / max(sum(sales for _, sales in years), 1e-9))

    def grow_firms(self) -> None:
        """A step of ln sales, a fourth of Laplace growth whose scale falls with size, less the mean that it brings."""
        p = self.model.p.grow_firms
        self.age_q += 1
        scale = p.laplace_scale_y * (max(self.sales_y, 1.0) / p.scale_reference) ** p.size_variance
        scale = min(scale, 2.0 * p.largest_scale_q)
        step = scale * laplace_quarter_inverse(self.luck("grow.sales"))
        step = step + 0.25 * math.log(1.0 - scale * scale) + p.product_growth_y / 4.0 * self.new_product_share
        self.sales_y = max(self.sales_y * math.exp(min(max(step, -p.largest_step_q), p.largest_step_q)), p.least_sales)


class PlainProvince(mesa.Model):  # type: ignore[misc]
    """The twin of nine mechanisms. `open_quarter(world)` gives it the quarter's drivers and draws, `step` runs it."""

    def __init__(self, source: InnovationModel, firm_class: type[TwinFirm] = TwinFirm) -> None:
        super().__init__(rng=source.world.draws.seed)
        world = source.world
        found = {s.name: p for s, p in zip(SCHEDULE, source.parameters, strict=True) if s.name in MECHANISMS}
        self.p = SimpleNamespace(**found)
        self.peer_ratio = _copied(world.indices.get("peer_ratio", np.ones(12)))
        self.pool_ratio = float(world.indices["pool_ratio"][0])
        self.sector_rd_start = _copied(world.indices["sector_rd_start"])
        self.pool_start = float(world.indices["pool_start"][0])
        self.push_start = float(world.notes.get("push_2011", world.indices["push"][0]))
        self.tax_not_collected = [0, 0]  # of the year, in whole parts
        rows = world.firms.rows()
        names = COUNTS + AMOUNTS + TRAITS
        table = {n: (world.firms.uid if n == "uid" else world.firms[n])[rows].tolist() for n in names}
        for i, row in enumerate(rows.tolist()):
            firm_class(self, row, **{name: values[i] for name, values in table.items()})
        self.firms = self.agents_by_type[firm_class]

    def open_quarter(self, world: World) -> None:
        """Take the drivers and the draws of the quarter; nothing else of the world is read."""
        self.now, self.quarter = dict(world.exogenous), world.calendar.quarter
        self.is_first_of_year, self.is_last_of_year = world.calendar.is_first_of_year, world.calendar.is_last_of_year
        self.push = float(world.indices["push"][0])
        self.real = 1.0 / float(world.indices["deflator"][0] * world.indices["price"][0])
        self.first_level = float(world.indices["filing_level"][0])
        self.luck = {stream: world.draws.uniform(stream, world.firms).tolist() for stream in WORDS}
        if world.calendar.is_first_of_year:
            self.tax_not_collected = [0, 0]
            self.firms.shuffle_do("open_year")
        self.luck["grow.sales"] = world.draws.uniform53("grow.sales", world.firms).tolist()

    def step(self) -> None:
        """The nine mechanisms in the order of the schedule."""
        self.patents = [0, 0, 0]
        self._set_margins()
        for name in ("earn_profit", "desire_rd", "finance_rd", "report_rd"):
            self.firms.shuffle_do(name)
        self.firms.shuffle_do("accumulate_knowledge")
        self._gather_rd()
        self._set_patent_terms()
        self.firms.shuffle_do("file_patents")
        start = self.push_start
        lead = max(self.push - start, 0.0) / max(1.0 - start, 1e-9)
        self.ready = self.p.certify_firms.ready_start + (1.0 - self.p.certify_firms.ready_start) * lead
        self.firms.shuffle_do("certify_firms")
        if self.is_last_of_year:
            self.firms.shuffle_do("settle_tax")
        self.firms.shuffle_do("grow_firms")

    def _set_margins(self) -> None:
        """Margin of each group such that above-scale industry meets the province's margin."""
        p, now = self.p.earn_profit, self.now
        sales, offsets = [0, 0, 0], [0, 0, 0]
        for firm in self.firms:
            sales[firm.group] += whole_parts(firm.sales_y)
            offsets[firm.group] += whole_parts(firm.sales_y * firm.margin_offset)
        heavy, light, other = (max(s / UNIT, 1e-9) for s in sales)
        total = now["ind_profit_margin"] / 100.0 * (heavy + light)
        own = (total - p.margin_light * light) / heavy
        own += p.coal_pass * math.log(now["coal_price"] / now["coal_price_observed"])
        levels = zip((own, p.margin_light, p.margin_services), offsets, (heavy, light, other), strict=True)
        self.margins = [level - offset / UNIT / sold for level, offset, sold in levels]

    def _gather_rd(self) -> None:
        """Mean R&D of performers by sector, and R&D of all, against the start; read in the next quarter."""
        parts, numbers = [0] * 12, [0] * 12
        for firm in self.firms:
            if firm.has_rd:
                parts[firm.sector] += whole_parts(firm.rd_actual_q)
                numbers[firm.sector] += 1
        for sector, start in enumerate(self.sector_rd_start):
            mean = parts[sector] / max(numbers[sector], 1) / UNIT
            self.peer_ratio[sector] = min(max(mean / start, 0.25), 4.0)
        self.pool_ratio = min(max(self.real * sum(parts) / UNIT / self.pool_start, 0.25), 4.0)

    def _set_patent_terms(self) -> None:
        """Level of filing, throughput of the office and hazard of lapse in this quarter."""
        p, years = self.p.file_patents, (self.quarter + 0.5) / 4.0
        self.filing_level = self.first_level * p.step_2011 * math.exp(p.drift_y * years)
        self.throughput = self.now["patent_office_throughput"]
        slope = min(years / 6.0, 1.0)
        self.lapse = quarterly(p.lapse_start_y + slope * (p.lapse_end_y - p.lapse_start_y))


def _copied(values: npt.NDArray[Any]) -> Any:
    return values.tolist()


def columnar_quarter(source: InnovationModel) -> None:
    """The same nine mechanisms on the columns of a model: the step functions of the schedule, in its order."""
    world = source.world
    for step, parameters in zip(SCHEDULE, source.parameters, strict=True):
        if step.name in MECHANISMS:
            step.run(world, parameters, world.draws)


def next_quarter(source: InnovationModel) -> None:
    """Move clock, draws and drivers of a model to its next quarter without simulating it."""
    world = source.world
    world.calendar.quarter += 1
    world.draws.open_quarter(world.calendar.quarter)
    world.exogenous = {name: float(path[world.calendar.quarter]) for name, path in world.paths.items()}
    world.flows.clear()
    if world.calendar.is_first_of_year:
        for older, newer in YEARS_BEFORE:
            world.firms[older][:] = world.firms[newer]
        for name in YEAR_SUMS:
            world.firms[name].fill(0)
