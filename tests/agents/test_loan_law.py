"""Loans: who lacks finance, draws and repayments by hand, and when a firm defaults."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.loan_law import carry_loans, lacking, with_loans

ONE = np.ones(1)


def test_a_firm_lacks_what_its_finance_falls_short_of_its_plans_with_a_cushion():
    assert [lacking(1.2, 2.0, finance) for finance in (1.0, 5.0)] == pytest.approx([1.4, 0.0])


def test_only_the_living_that_draw_or_owe_have_a_loan():
    alive, quarters = np.array([1, 1, 1, 0, 0], np.uint8), np.array([2, 0, 0, 1, 0], np.int8)
    assert with_loans(alive, quarters, np.array([0.0, 0.5, 0.0, 0.0, 0.5])).tolist() == [True, True] + [False] * 3


def test_only_the_loans_on_the_rows_are_carried():
    debt, cash = np.array([1.0, 1.0]), np.array([5.0, 5.0])
    carry_loans(
        np.array([1]), np.ones(2, np.uint8), np.zeros(2, np.int8), np.ones(2), debt, 2, 4, np.zeros(2), cash,
        np.zeros(2),
    )  # fmt: skip
    assert debt.tolist() == [1.0, 0.5]
    assert cash.tolist() == [5.0, 4.5]


def quarters_of(n, cash=10.0, margin=0.05, has_rd=1):
    """Credit, debt and loss of each of n quarters of a loan of 1 a quarter, drawn over 2, paid back over 4."""
    left, loan, debt, money = np.array([2], np.int8), ONE.copy(), np.zeros(1), np.array([cash])
    found = []
    for _ in range(n):
        credit = np.zeros(1)
        lost = carry_loans(
            np.zeros(1, np.int64), np.array([has_rd], np.uint8), left, loan, debt, 2, 4, np.array([margin]), money,
            credit,
        )  # fmt: skip
        found.append((float(credit[0]), float(debt[0]), float(lost[0])))
    return found, float(money[0])


def test_a_loan_is_drawn_and_then_paid_back_out_of_cash():
    found, money = quarters_of(7)
    assert [c for c, _, _ in found] == [1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    assert [d for _, d, _ in found] == pytest.approx([1.0, 2.0, 1.5, 1.0, 0.5, 0.0, 0.0])
    assert money == pytest.approx(8.0), "what was drawn was paid back"


def test_without_rd_nothing_is_drawn_and_nothing_owed():
    found, money = quarters_of(4, has_rd=0)
    assert found == [(0.0, 0.0, 0.0)] * 4
    assert money == 10.0


def test_who_cannot_pay_waits_with_a_profit_and_defaults_with_a_loss():
    assert [d for _, d, _ in quarters_of(5, cash=0.2)[0]] == pytest.approx([1.0, 2.0, 1.8, 1.8, 1.8])
    found, _ = quarters_of(5, cash=0.2, margin=-0.05)
    assert [x for _, _, x in found] == pytest.approx([0.0, 0.0, 1.8, 0.0, 0.0])
    assert found[-1][1] == 0.0
