"""Terms and states of the governance levers: what government sets, and what stays with those whom they reach."""

from __future__ import annotations


class GovernanceTerms:
    """Provincial policy terms (row 0 of government), neutral at the start of each quarter."""


class GovernanceState:
    """What stays with a firm."""
