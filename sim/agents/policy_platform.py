"""Terms and states of the platform levers: what government sets, and what stays with those whom they reach."""

from __future__ import annotations


class PlatformTerms:
    """Provincial policy terms (row 0 of government), neutral at the start of each quarter."""


class PlatformState:
    """What stays with a firm."""
