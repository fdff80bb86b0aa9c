"""Terms and states of the network levers: what government sets, and what stays with those whom they reach."""

from __future__ import annotations


class NetworkTerms:
    """Provincial policy terms (row 0 of government), neutral at the start of each quarter."""


class NetworkState:
    """What stays with a firm."""
