"""Terms and states of the talent levers: what government sets, and what stays with those whom they reach."""

from __future__ import annotations


class TalentTerms:
    """Provincial policy terms (row 0 of government), neutral at the start of each quarter."""


class TalentState:
    """What stays with a firm."""
