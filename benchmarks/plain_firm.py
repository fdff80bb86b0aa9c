"""A firm as an ordinary Mesa agent: the laws of nine mechanisms written a second time, in plain Python.

Nothing of the kernels is used here: sums, powers and quantiles are Python's own. A firm touches only itself, so the
order in which firms are called cannot matter. Draws are looked up by stream and by the firm's place.
"""

from __future__ import annotations

import math
from typing import Any

import mesa

KEY_STATE_OR_STATE, MEDIUM, NO_CERTIFICATE, IN_POOL, CERTIFIED = 1, 2, 0, 1, 2
LAST_HEAVY_SECTOR, RING, GRANT_LINE = 3, 12, 0
HEAVY, LIGHT, OTHER = 0, 1, 2
UNIT = 1 << 20  # sums over firms are kept in whole parts of this


def whole_parts(amount: float) -> int:
    """An amount in whole parts, rounded half away from zero."""
    return int(math.copysign(math.floor(abs(amount) * UNIT + 0.5), amount))


def quarterly(yearly: float) -> float:
    """Hazard of a quarter that compounds to the yearly one."""
    return float(1.0 - (1.0 - min(max(yearly, 0.0), 1.0)) ** 0.25)


def poisson_quantile(u: float, mean: float) -> int:
    """Smallest count whose cumulative Poisson probability reaches u."""
    count, term = 0, math.exp(-mean)
    reached = term
    while reached < u and count < 1000:
        count += 1
        term *= mean / count
        reached += term
    return count


def binomial_quantile(u: float, trials: int, share: float) -> int:
    """Smallest number of successes whose cumulative binomial probability reaches u."""
    reached = 0.0
    for count in range(trials + 1):
        reached += math.comb(trials, count) * share**count * (1.0 - share) ** (trials - count)
        if reached >= u:
            return count
    return trials


def soft_minimum(wanted: float, finance: float, sharpness: float) -> float:
    """(wanted^-g + finance^-g)^(-1/g), nothing without either."""
    if wanted <= 0.0 or finance <= 0.0:
        return 0.0
    small, large = min(wanted, finance), max(wanted, finance)
    return float(small * (1.0 + (small / large) ** sharpness) ** (-1.0 / sharpness))


def uses_of(paid: int, misused: int, rise: float, ratio: float, wage_share: float) -> tuple[int, ...]:
    """Whole yuan misused, relabelled, for wages, additional, displaced, and brought in beyond the payment."""
    total = int(max(rise, 0.0) * 1e6)
    relabelled = min(int(total * ratio), paid - misused)
    left = paid - misused - relabelled
    inside = min(total, left)
    wage = int(inside * wage_share)
    return misused, relabelled, wage, inside - wage, left - inside, total - inside


class SpendingFirm(mesa.Agent):  # type: ignore[misc]
    """A firm that earns, wants and pays for R&D; ordinary attributes, named as the columns of sim/agents/firm.py."""

    # what its laws write (traits and counters that they only read or add to come as they are)
    margin: float
    cash: float
    debt_overhang: float
    sales_y: float
    price_answer: float
    relabelled_share: float
    rd_intended_q: float
    rd_finance_q: float
    rd_actual_q: float
    rd_reported_q: float
    notch_lift_q: float
    losses_carried: list[float]
    deductions_carried: list[float]
    knowledge: float
    filings_q: int
    grants_q: int
    hnte_stage: int
    hnte_quarters_left: int
    new_certificate: int
    waiting_yuan: int
    induced_by_grant: int

    def __init__(self, model: Any, place: int, **attributes: Any) -> None:
        super().__init__(model)
        self.place = place
        self.uses = [0] * 6
        self.__dict__.update(attributes)

    def luck(self, stream: str) -> float:
        """This firm's draw of the quarter."""
        return float(self.model.luck[stream][self.place])

    @property
    def group(self) -> int:
        """Heavy or light above-scale industry, or other."""
        if not self.is_above_scale:
            return OTHER
        return HEAVY if self.sector <= LAST_HEAVY_SECTOR else LIGHT

    @property
    def claims(self) -> bool:
        """Whether it claims the super-deduction."""
        return bool(self.size_class >= MEDIUM or self.claim_rank < self.model.p.report_rd.take_up)

    @property
    def is_state(self) -> bool:
        """Whether it is owned by the state."""
        return bool(self.ownership <= KEY_STATE_OR_STATE)

    def earn_profit(self) -> None:
        """Earn the group's margin; serve arrears first, then fill the cash buffer."""
        p = self.model.p.earn_profit
        self.margin = self.model.margins[self.group] + self.margin_offset
        sales = self.sales_y / 4.0
        self.sales_year += sales
        self.profit_year += self.margin * sales
        hurdle = p.hurdle_heavy if self.group == HEAVY else p.hurdle_other
        surplus = p.cash_pass * (self.margin - hurdle) * sales
        self.debt_overhang *= 1.0 + p.arrears_interest_y / 4.0
        served = min(max(surplus, 0.0), self.debt_overhang) if self.debt_overhang > 0.0 else 0.0
        self.debt_overhang -= served
        cash = self.cash + surplus - served + p.cash_reversion * (p.normal_cash * self.sales_y - self.cash)
        if cash < 0.0:
            self.debt_overhang -= p.arrears_share * cash
        self.cash = min(max(cash, 0.0), p.cash_cap * self.sales_y)

    def desire_rd(self) -> None:
        """Move intended R&D towards what user cost, peers and a threshold in reach ask for."""
        p = self.model.p.desire_rd
        self.notch_lift_q = 0.0
        self.sales_base += (1.0 - math.exp(-p.smoothing_y / 4.0)) * (self.sales_y - self.sales_base)
        if not self.has_rd:
            return
        peers = self.model.peer_ratio[self.sector] ** p.peer_elasticity
        if self.rd_actual_q > 0.0:
            self.rd_intended_q -= p.rebuild * max(self.rd_intended_q - self.rd_actual_q, 0.0)
        wanted = self.rd_intensity * self.sales_base / 4.0 * self._answer_to_prices() * peers
        needed = self._threshold_in_reach(wanted, self.hnte_stage == CERTIFIED)
        if needed > 0.0:
            wanted += p.notch_real_share * (needed / (1.0 + self.relabelled_share) - wanted)
        before = max(self.rd_intended_q, 1e-6)
        self.rd_intended_q = before * (max(wanted, 1e-6) / before) ** (1.0 - math.exp(-p.adjustment_y / 4.0))
        self.notch_lift_q = max(needed - self.rd_intended_q * (1.0 + self.relabelled_share), 0.0)

    def _answer_to_prices(self) -> float:
        """R&D carried out relative to the law of 2010; what is on paper is part of it, both move once a year."""
        p = self.model.p.desire_rd
        elasticity = p.elasticity_small if self.size_class < MEDIUM else p.elasticity_large
        if self.is_state:
            elasticity = p.elasticity_state
        tax = p.profit_tax - (self.tax_cut if self.hnte_stage == CERTIFIED else 0.0)
        extra = self.deduction_rate if self.claims else 0.0
        share = tax * extra / (2.0 * p.relabel_curvature) if self.margin > 0.0 else 0.0
        extra *= 1.0 if self.margin > 0.0 else p.carry_forward_value
        by_law = ((1.0 - tax * (1.0 + extra)) / (1.0 - tax)) ** -elasticity
        by_law_2010 = self.user_cost_base**-elasticity
        before = math.exp(self.price_answer) / (1.0 + self.relabelled_share)
        part = p.price_adjustment_y * self.model.is_first_of_year if self.rd_actual_q > 0.0 else 1.0
        self.price_answer += part * (math.log(by_law / by_law_2010) - self.price_answer)
        self.relabelled_share += part * (min(share, by_law - 1.0) - self.relabelled_share)
        now = math.exp(self.price_answer) / (1.0 + self.relabelled_share)
        answer = float(now * (1.0 + min(self.tax_value_base / (2.0 * p.relabel_curvature), by_law_2010 - 1.0)))
        self.rd_intended_q *= now / before if self.rd_actual_q > 0.0 else answer
        return answer

    def _threshold_in_reach(self, wanted: float, certified: bool) -> float:
        """R&D of the quarter that a certificate asks for, where it pays and is within reach; else nothing."""
        p = self.model.p.desire_rd
        ready = certified or self.certificate_readiness <= self.model.push
        if not (self.is_high_tech_field and self.certificate_gain > 0.0 and ready):
            return 0.0
        margin = 1.0 + p.notch_safety + p.notch_noise * (self.luck("desire.notch") - 0.5)
        ratio = self.certificate_threshold * margin
        spare = self.rd_reported_1y + self.rd_reported_2y - ratio * (self.sales_1y + self.sales_2y)
        needed = max(float(ratio * self.sales_y - (max(spare, 0.0) if certified else 0.0)), 0.0) / 4.0
        reach = 1.0 + self.notch_reach + (p.holder_reach if certified else 0.0)
        said = wanted * (1.0 + self.relabelled_share)
        return needed if said < needed <= said * reach else 0.0

    def finance_rd(self) -> None:
        """Carry out what can be paid for; split the quarter's grant into its uses."""
        p = self.model.p.finance_rd
        before, paid = self.rd_actual_q, self.received_yuan[GRANT_LINE]
        self.rd_actual_q = self.rd_finance_q = rise = 0.0
        if self.has_rd:
            weight = p.weight_cash_flow_state if self.is_state else p.weight_cash_flow_private
            normal = max(self.rd_intensity * self.sales_base / 4.0, 1e-9)
            flow = min(max(self.margin / p.normal_margin, 0.0), 2.0)
            usual = max(p.normal_cash * self.sales_y, 1e-9)
            cash = min(max(self.cash / usual, 0.0), 2.0)
            reach = weight * flow + (1.0 - weight) * (p.weight_cash * cash + 1.0 - p.weight_cash)
            trust = 1.0 / (1.0 + p.overhang_caution * self.debt_overhang / usual)
            self.rd_finance_q = self.waiting_yuan / 1e6 + p.slack * normal * reach * trust
            self.rd_actual_q = soft_minimum(self.rd_intended_q, self.rd_finance_q, p.sharpness)
            if paid > 0:
                self.rd_finance_q += (1.0 - self.misuse_share) * paid / 1e6
                without = 0.0 if self.induced_by_grant else self.rd_actual_q
                self.rd_actual_q = soft_minimum(self.rd_intended_q, self.rd_finance_q, p.sharpness)
                rise = self.rd_actual_q - without
            else:
                self.induced_by_grant = 0
        self.waiting_yuan = 0
        if paid > 0:
            ratio = min(max(self.rd_reported_q / before - 1.0, 0.0), 0.5) if before > 0.0 else 0.0
            spent = uses_of(paid, int(self.misuse_share * paid), rise, ratio, p.wage_share)
            self.uses = [held + yuan for held, yuan in zip(self.uses, spent, strict=True)]


class LearningFirm(SpendingFirm):
    """A firm that also reports, learns and patents."""

    def report_rd(self) -> None:
        """Report what was done, what is relabelled, what a threshold asks for, and add to what may be deducted."""
        p = self.model.p.report_rd
        self.rd_reported_q = 0.0
        if self.has_rd:
            share = self.relabelled_share + (p.relabel_state if self.is_state else 0.0)
            kept = 1.0 - p.audit_cut
            self.rd_reported_q = self.rd_actual_q * (1.0 + kept * share) + kept * self.notch_lift_q
            self.rd_actual_year += self.rd_actual_q
            self.rd_reported_year += self.rd_reported_q
            self.deductible_year += self.deduction_rate * self.rd_reported_q if self.claims else 0.0
        self.tax_cut_year += self.tax_cut / 4.0

    def settle_tax(self) -> None:
        """Set old losses, the year's deduction and old deductions against profit; count the tax by lever."""
        tax = self.model.p.settle_tax.profit_tax
        taxable = max(self.profit_year, 0.0)
        taxable -= self._use(self.losses_carried, taxable)
        unused = max(self.deductible_year - taxable, 0.0)
        extra = min(self.deductible_year, taxable)
        extra += self._use(self.deductions_carried, taxable - extra)
        self.losses_carried = [max(-self.profit_year, 0.0), *self.losses_carried[:-1]]
        self.deductions_carried = [unused, *self.deductions_carried[:-1]]
        cut = self.tax_cut_year if self.hnte_stage == CERTIFIED else 0.0
        self.model.tax_not_collected[0] += whole_parts((tax - cut) * extra)
        self.model.tax_not_collected[1] += whole_parts(cut * (taxable - extra))

    @staticmethod
    def _use(carried: list[float], taxable: float) -> float:
        """Take what is carried off the profit, the oldest first; what was used."""
        total = 0.0
        for age in reversed(range(len(carried))):
            used = min(carried[age], taxable - total)
            carried[age] -= used
            total += used
        return total

    def accumulate_knowledge(self) -> None:
        """Depreciate knowledge; add own R&D and what is absorbed from outside."""
        p, real = self.model.p.accumulate_knowledge, self.model.real
        gained = 0.0
        if self.has_rd:
            own = self.rd_actual_q * real
            ratio = 4.0 * self.rd_actual_q / max(self.sales_y, 1e-9)
            ties = max(p.spillover_university * self.tie_strength, p.spillover_voucher * self.voucher_effect)
            ties += p.spillover_alliance * self.alliance_benefit
            peers = self.model.pool_ratio**p.spillover_peers - 1.0
            gained = own * (1.0 + ratio / (ratio + p.absorption_half) * min(peers + ties, p.spillover_cap))
        self.knowledge = (1.0 - quarterly(p.depreciation_y)) * self.knowledge + gained

    def file_patents(self) -> None:
        """Grants of old filings, lapses, new filings, other rights."""
        model, p = self.model, self.model.p.file_patents
        due = self.inventions_pending[(model.quarter - p.pendency_q) % RING]
        self.grants_q = binomial_quantile(self.luck("patents.grant"), due, model.throughput) if due else 0
        held = self.inventions_in_force
        lapsed = binomial_quantile(self.luck("patents.lapse"), held, model.lapse) if held else 0
        self.inventions_in_force += self.grants_q - lapsed
        self.filings_q = 0
        if self.knowledge > 1e-9:
            mean = model.filing_level * self.knowledge**p.elasticity * self.patent_propensity
            self.filings_q = poisson_quantile(self.luck("patents.file"), mean)
        self.inventions_pending[model.quarter % RING] = self.filings_q
        self.filings_year += self.filings_q
        if self.has_rd and self.luck("patents.soft_ip") < quarterly(p.soft_ip_hazard):
            self.soft_ip += 1
        for k, count in enumerate((self.filings_q, self.grants_q, lapsed)):
            model.patents[k] += count
