"""Terms and states of the finance levers: what government sets, and what stays with those whom they reach."""

from __future__ import annotations


class FinanceTerms:
    """Provincial policy terms (row 0 of government), neutral at the start of each quarter."""


class FinanceState:
    """What stays with a firm."""
