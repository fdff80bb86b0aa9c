"""The finance law: who is constrained adds, who is not displaces; a payment is split to the yuan."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from sim.agents.finance_law import USES, finance_within_reach, soft_cap, split_payment

MISUSED, RELABELLED, WAGE, ADDITIONAL, DISPLACED, LEVERAGED = range(6)
share = some.floats(0.0, 1.0)


def uses(paid, misused=0.0, rise=0.0, relabel=0.0, wage=0.0):
    found = np.zeros((1, 6), np.int64)
    split_payment(paid, misused, rise, relabel, wage, found, 0)
    return found[0].tolist()


def added_by_a_yuan(wanted, finance, support=0.01, sharpness=5.9):
    return (soft_cap(wanted, finance + support, sharpness) - soft_cap(wanted, finance, sharpness)) / support


def test_the_soft_cap_is_the_mean_of_its_formula():
    assert soft_cap(1.0, 1.0, 2.0) == pytest.approx(2.0**-0.5)
    assert soft_cap(3.0, 4.0, 1.0) == pytest.approx(12.0 / 7.0)
    assert soft_cap(2.0, 5.0, 3.0) == pytest.approx((2.0**-3 + 5.0**-3) ** (-1 / 3))


def test_the_cap_is_below_both_and_meets_the_smaller_when_the_other_is_large():
    for wanted, finance in ((1.0, 3.0), (3.0, 1.0), (1.0, 1.0), (1e-8, 1e9)):
        assert 0.0 < soft_cap(wanted, finance, 5.9) <= min(wanted, finance)
    assert soft_cap(1.0, 1e12, 5.9) == pytest.approx(1.0)
    assert soft_cap(1.0, 0.0, 5.9) == soft_cap(0.0, 1.0, 5.9) == soft_cap(1.0, -1.0, 5.9) == 0.0


def test_the_cap_rises_with_both():
    finance = np.linspace(0.1, 5.0, 60)
    assert (np.diff([soft_cap(1.0, f, 5.9) for f in finance]) > 0).all()
    assert (np.diff([soft_cap(w, 1.0, 5.9) for w in finance]) > 0).all()


def test_a_constrained_firm_adds_and_an_unconstrained_one_displaces():
    assert added_by_a_yuan(10.0, 1.0) == pytest.approx(1.0, abs=1e-3)
    assert added_by_a_yuan(1.0, 10.0) == pytest.approx(0.0, abs=1e-3)
    by_finance = [added_by_a_yuan(1.0, f) for f in (0.2, 0.6, 1.0, 1.4, 3.0)]
    assert by_finance == sorted(by_finance, reverse=True)


def test_finance_at_normal_cash_flow_and_cash_is_slack_times_normal():
    assert finance_within_reach(2.0, 1.0, 1.0, 5.8, 0.2, 0.85) == pytest.approx(11.6)
    assert finance_within_reach(2.0, 0.0, 0.0, 5.0, 0.2, 0.85) == pytest.approx(10.0 * 0.8 * 0.15)
    assert finance_within_reach(2.0, -3.0, 9.0, 5.0, 0.2, 0.5) == pytest.approx(10.0 * 0.8 * 1.5)
    assert finance_within_reach(2.0, 9.0, 1.0, 5.0, 0.2, 0.5) == pytest.approx(10.0 * (0.4 + 0.8))
    assert finance_within_reach(0.0, 1.0, 1.0, 5.0, 0.2, 0.5) == 0.0


def test_a_payment_by_hand():
    assert uses(1_000_000, 0.25, 0.6, 0.1, 0.35) == [250_000, 60_000, 210_000, 390_000, 90_000, 0]


def test_without_a_rise_everything_is_displaced_and_nothing_else():
    assert uses(700_000) == [0, 0, 0, 0, 700_000, 0]
    assert uses(700_000, rise=-0.5) == [0, 0, 0, 0, 700_000, 0]
    assert uses(0, 0.5, 1.0, 0.5, 0.5)[:5] == [0, 0, 0, 0, 0]


def test_a_rise_beyond_the_payment_is_leverage_of_own_money():
    assert uses(400_000, rise=1.0) == [0, 0, 0, 400_000, 0, 600_000]


@given(paid=some.integers(0, 10**12), misused=share, rise=some.floats(-1e6, 1e6), relabel=share, wage=share)
def test_uses_are_not_negative_and_sum_to_the_payment(paid, misused, rise, relabel, wage):
    found = uses(paid, misused, rise, relabel, wage)
    assert sum(found[:5]) == paid
    assert min(found) >= 0
    assert found[ADDITIONAL] + found[WAGE] + found[LEVERAGED] <= max(rise, 0.0) * 1e6 + 1


@given(some.lists(some.tuples(some.integers(0, 10**9), share, some.floats(0, 100), share, share), max_size=6))
def test_payments_to_one_line_add_up(payments):
    together = np.zeros((1, 6), np.int64)
    for payment in payments:
        split_payment(*payment, together, 0)
    assert (
        together[0].tolist() == [sum(part) for part in zip(*(uses(*p) for p in payments), strict=True)] or not payments
    )
    assert together[0, :5].sum() == sum(p[0] for p in payments)


def test_the_names_of_the_uses_are_in_the_order_of_the_row():
    assert USES == ("misused", "relabelled", "wage", "additional", "displaced", "leveraged", "services")
