"""Terms and states of the fiscal levers: what government sets, and what stays with those whom they reach."""

from __future__ import annotations


class FiscalTerms:
    """Provincial policy terms (row 0 of government), neutral at the start of each quarter."""


class FiscalState:
    """What stays with a firm."""
