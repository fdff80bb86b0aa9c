"""Late payments: weighed by the same law as grants, line by line to the yuan, and waiting for the next quarter."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.budget import BUDGET_LINES
from sim.agents.finance_law import USES, soft_cap
from sim.core.fixed_point import fixed
from sim.mechanisms.book_support import AWARDS, Params, book_support
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import params

FIRM = {"has_rd": 1, "rd_intended_q": 1.0, "rd_finance_q": 2.0, "rd_actual_q": soft_cap(1.0, 2.0, 6.0),
        "rd_reported_q": soft_cap(1.0, 2.0, 6.0)}  # fmt: skip
AWARD, VOUCHER, CENTRE = (BUDGET_LINES.index(n) for n in ("hnte_award", "innovation_voucher", "centre_recognition"))
PUBLIC = BUDGET_LINES.index("public_research")


def book(n=1, pay=(), redeemed=0, additional=0, **columns):
    """Pay (row, line, yuan) and book it; numbers of vouchers redeemed and additional."""
    world = few(n, **(FIRM | columns))
    world.flows |= {"vouchers_redeemed": fixed(redeemed), "vouchers_additional": fixed(additional)}
    for row, line, yuan in pay:
        world.accounts.appropriate(BUDGET_LINES[line], yuan)
        world.pay(BUDGET_LINES[line], world.firms, np.array([row]), yuan)
    book_support(world, params(Params, sharpness=6.0, wage_share=0.35, evaluated_misuse=0.2), Said())
    return world


def uses(world):
    return world.notes["uses"][2014]


def test_without_payments_nothing_is_booked_but_the_year_is_there():
    world = book()
    assert uses(world).shape == (len(BUDGET_LINES), len(USES))
    assert not uses(world).any()
    assert not world.firms.waiting_yuan.any()


def test_a_payment_by_hand():
    world = book(pay=[(0, AWARD, 200_000)], misuse_share=0.5)
    rise = int((soft_cap(1.0, 2.1, 6.0) - soft_cap(1.0, 2.0, 6.0)) * 1e6)
    wage = int(0.35 * rise)
    assert uses(world)[AWARD].tolist() == [100_000, 0, pytest.approx(wage, abs=1), pytest.approx(rise - wage, abs=1),
                                           pytest.approx(100_000 - rise, abs=1), 0, 0]  # fmt: skip
    assert world.firms.waiting_yuan[0] == 100_000, "what is misused is not within reach"
    assert world.firms.rd_actual_q[0] == FIRM["rd_actual_q"], "this quarter's R&D is done"


def test_two_lines_of_a_firm_share_the_rise_by_what_they_paid():
    world = book(pay=[(0, AWARD, 300_000), (0, CENTRE, 100_000)], rd_intended_q=50.0, rd_finance_q=1.0,
                 rd_actual_q=soft_cap(50.0, 1.0, 6.0), rd_reported_q=1.0)  # fmt: skip
    assert uses(world)[AWARD, 2:4].sum() == pytest.approx(300_000, abs=3)
    assert uses(world)[CENTRE, 2:4].sum() == pytest.approx(100_000, abs=3)
    assert uses(world)[[AWARD, CENTRE], 5].tolist() == pytest.approx([0, 0], abs=3), "no yuan of the rise counts twice"
    assert world.firms.waiting_yuan[0] == 400_000


def test_a_firm_without_rd_displaces_and_its_money_waits():
    world = book(2, pay=[(1, AWARD, 60_000)], has_rd=[1, 0], rd_actual_q=[1.0, 0.0])
    assert uses(world)[AWARD].tolist() == [0, 0, 0, 0, 60_000, 0, 0]
    assert first(world.firms, "waiting_yuan") == [0, 60_000]


def test_relabelled_is_what_the_firm_reports_beyond_what_it_does_up_to_a_half():
    poor = {"rd_intended_q": 50.0, "rd_finance_q": 1.0, "rd_actual_q": soft_cap(50.0, 1.0, 6.0)}
    for reported, share in ((1.2, 0.2), (9.0, 0.5), (0.5, 0.0)):
        found = uses(book(pay=[(0, AWARD, 100_000)], rd_reported_q=reported, **poor))[AWARD]
        assert found[1] == pytest.approx(share * 100_000, abs=10)
        assert found[:5].sum() == 100_000


def test_grants_are_not_booked_twice_and_public_research_is_additional():
    world = few(1, **FIRM)
    world.flows |= {"vouchers_redeemed": 0, "vouchers_additional": 0}
    for line, yuan, kind in (
        ("rd_grant", 500, world.firms), ("public_research", 900, world.universities),
        ("public_research", 70, world.firms), ("hnte_award", 3, world.intermediaries),
    ):  # fmt: skip
        world.accounts.appropriate(line, yuan)
        world.pay(line, kind, np.array([0]), yuan)
    book_support(world, params(Params), Said())
    assert not uses(world)[0].any()
    assert uses(world)[PUBLIC].tolist() == [0, 0, 0, 970, 0, 0, 0], "firms may host a part of research"
    assert uses(world)[AWARD].tolist() == [0, 0, 0, 0, 0, 0, 3], "helpers are bought"
    assert world.firms.waiting_yuan[0] == 0
    assert "rd_grant" not in [BUDGET_LINES[i] for i in AWARDS]


@pytest.mark.parametrize(("redeemed", "additional", "share"), [(3, 2, 2 / 3), (3, 0, 0.0), (3, 3, 1.0)])
def test_voucher_money_passes_through_and_is_additional_as_often_as_its_project(redeemed, additional, share):
    world = book(1, pay=[(0, VOUCHER, 100_001)], redeemed=redeemed, additional=additional)
    found = uses(world)[VOUCHER].tolist()
    assert found == [0, 0, 0, int(share * 100_001), 100_001 - int(share * 100_001), 0, 0]
    assert world.firms.waiting_yuan[0] == 0, "the provider has it"


def test_every_line_sums_to_its_payments():
    random = np.random.default_rng(1)
    pay = [
        (int(random.integers(0, 4)), int(random.choice([1, 3, 4])), int(random.integers(1, 10**7))) for _ in range(30)
    ]
    world = book(4, pay=pay, misuse_share=[0.0, 0.6, 1.0, 0.2], has_rd=[1, 1, 1, 0], rd_actual_q=[0.5, 0.9, 0.9, 0.0],
                 rd_reported_q=[0.5, 1.2, 3.0, 0.0])  # fmt: skip
    for line in (1, 3, 4):
        assert uses(world)[line, :5].sum() == sum(yuan for _, at, yuan in pay if at == line)
    assert uses(world).min() >= 0
    kept = sum(yuan - int([0.0, 0.6, 1.0, 0.2][row] * yuan) for row, _, yuan in pay)
    assert world.firms.waiting_yuan.sum() == pytest.approx(kept, abs=len(pay)), "misused money is gone"
