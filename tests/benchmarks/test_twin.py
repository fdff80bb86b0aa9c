"""The plain-Mesa twin and the kernels, 300 firms for twenty quarters: equal counts, amounts to 1e-12."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.plain_firm import UNIT
from benchmarks.plain_mesa import AMOUNTS, COUNTS, PlainProvince, TwinFirm, columnar_quarter, next_quarter
from experiments import load_scenario
from sim.model import InnovationModel

FIRMS, QUARTERS, FIRST_YEAR = 300, 20, 4
TOLERANCE = 1e-12
LEAST_AMOUNT = 1e-3  # million yuan: below it differences are held against this, so to a billionth of a yuan
TABLES = ("losses_carried", "deductions_carried")


def started():
    """A model after its first year in which 300 firms are left, two thirds of them with R&D, and some policy."""
    model = InnovationModel(load_scenario("history", []), seed=3)
    for _ in range(FIRST_YEAR):
        model.step()
    firms = model.world.firms
    rows = firms.rows()
    rows = rows[np.lexsort((firms.uid[rows], -firms.has_rd[rows].astype(int)))]
    chosen = np.concatenate([rows[: 2 * FIRMS // 3], rows[-FIRMS // 3 :]])
    gone = np.setdiff1d(rows, chosen)
    firms.alive[gone] = 0
    firms.received_yuan.clear()
    firms.received_yuan.record(chosen[:20], 0, 250_000)
    model.world.accounts.disbursed_q[0] = 250_000 * 20  # the books are not checked here, but say which lines paid
    firms.cost_factor.fill(1.0)  # of the last quarter's support, which the twin knows nothing of
    firms.project_rd_q.fill(0.0)  # nor of projects beside what a firm intends
    firms.waiting_yuan[chosen[10:30]] = 100_000
    firms.deduction_rate[chosen[:150]] = 1.0  # a law that is news to them
    firms.hnte_stage[chosen[30:60]] = 1
    firms.certificate_gain[chosen[:150]] = np.maximum(firms.certificate_gain[chosen[:150]], 1.0)
    firms.hnte_quarters_left[chosen] = np.minimum(firms.hnte_quarters_left[chosen], 5)
    model.world.calendar.quarter = FIRST_YEAR - 1
    return model


def apart(model, twin):
    """Names of attributes in which twin and columns differ, with the largest difference."""
    firms, found = model.world.firms, {}
    agents = sorted(twin.firms, key=lambda firm: firm.place)
    rows = np.array([firm.place for firm in agents])
    for name in COUNTS:
        ours, theirs = firms[name][rows], np.array([getattr(firm, name) for firm in agents])
        if not np.array_equal(ours, theirs):
            found[name] = float(np.abs(ours - theirs).max())
    if not np.array_equal(firms.inventions_pending[rows], [firm.inventions_pending for firm in agents]):
        found["inventions_pending"] = 1.0
    for name in AMOUNTS + TABLES:
        ours, theirs = firms[name][rows], np.array([getattr(firm, name) for firm in agents])
        scale = np.maximum(np.abs(ours), LEAST_AMOUNT)
        if name in ("cash", "debt_overhang"):  # what is left of larger sums
            scale = np.maximum(scale, firms.sales_y[rows])
        difference = np.abs(ours - theirs) / scale
        if difference.max() > TOLERANCE:
            found[name] = float(difference.max())
    return found


def driven(firm_class=None):
    """Model and twin side by side for twenty quarters; yields both after each quarter."""
    model = started()
    twin = PlainProvince(model, firm_class or TwinFirm)
    for _ in range(QUARTERS):
        next_quarter(model)
        twin.open_quarter(model.world)
        columnar_quarter(model)
        twin.step()
        yield model, twin


def test_twin_and_kernels_agree_quarter_by_quarter():
    happened = np.zeros(5, int)
    for quarter, (model, twin) in enumerate(driven()):
        assert len(twin.firms) == FIRMS
        assert apart(model, twin) == {}, f"quarter {quarter}"
        firms, flows = model.world.firms, model.world.flows
        assert twin.patents[0] == firms.filings_q[firms.rows()].sum()
        assert twin.patents[1] == firms.grants_q[firms.rows()].sum()
        given = [firm.new_certificate for firm in twin.firms]
        assert (given.count(1), given.count(2)) == (flows["hnte_new"], flows["hnte_renewed"])
        happened += [*twin.patents, given.count(1), given.count(2)]
    assert (happened > 0).all(), f"filed, granted, lapsed, certified, renewed: {happened}; nothing was compared"


def test_uses_of_grants_and_tax_agree():
    for model, twin in driven():
        year = model.world.calendar.year
        if model.world.calendar.is_last_of_year:
            lost = list(model.world.notes["tax_expenditure"][year].values())
            assert twin.tax_not_collected == [round(amount * UNIT) for amount in lost]
            assert min(lost) > 0.0
    assert sum(firm.uses[3] for firm in twin.firms) > 0
    uses = sum(model.world.notes["uses"][y][0] for y in range(2012, 2017))
    assert [sum(firm.uses[k] for firm in twin.firms) for k in range(6)] == uses[:6].tolist()


class SlowForgetting(TwinFirm):
    """A firm with a broken law: it keeps a little more of its knowledge."""

    def accumulate_knowledge(self):
        super().accumulate_knowledge()
        self.knowledge *= 1.0 + 1e-11


class EarlyRenewal(TwinFirm):
    """A firm with a broken law: its certificate is reviewed a quarter too early."""

    def certify_firms(self):
        self.hnte_quarters_left -= self.hnte_quarters_left == 2
        super().certify_firms()


@pytest.mark.parametrize(("broken", "seen"), [(SlowForgetting, "knowledge"), (EarlyRenewal, "hnte_quarters_left")])
def test_a_broken_law_is_seen(broken, seen):
    assert any(seen in apart(model, twin) for model, twin in driven(broken))
