"""Views of the report: reported beside actual series, concentration of support and the network, by scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from experiments.outcomes import Array, Results
from sim.catalogue.loader import catalogue

PAIRS = (  # what is reported, what is done, and the one over the other
    ("rd_expenditure", "rd_actual", "rd_reported_over_actual"),
    ("tech_contracts_total", "tech_contracts_traded_value", "registered_share_of_contracts"),
    ("covered_firms", "ind_firms_with_rd", "covered_over_rd_firms"),
    ("hnte_stock", "hnte_meeting_threshold", "hnte_over_meeting"),
)
INDEX = "kpi_inflation_index"
CONCENTRATION = (
    "firm_support", "firms_supported", "support_gini_recipients", "support_gini_performers", "support_top_tenth_share",
    "support_top_20_share", "support_small_medium_share", "support_private_share",
)  # fmt: skip
NETWORK = (
    "tied_firms", "ties_per_tied_firm", "alliance_largest_component_share", "alliance_density",
    "university_ties_same_city_share",
)  # fmt: skip


def _values(results: Results, indicator: str) -> Array:
    """Yearly values of the province, shape (n_runs, n_years)."""
    found: Array = results.yearly[:, :, list(catalogue().indicators).index(indicator)]
    return found


def _median(values: Array) -> list[float | None]:
    """Median of the runs by year; None where a run has no value."""
    medians = np.median(values, axis=0)
    return [float(one) if np.isfinite(one) else None for one in medians]


def _last(results: Results, indicator: str) -> tuple[float, float, float] | None:
    """Median and band of the last year; None where a run has no value."""
    values = _values(results, indicator)[:, -1]
    if not np.isfinite(values).all():
        return None
    p05, p50, p95 = (float(q) for q in np.quantile(values, (0.05, 0.5, 0.95)))
    return p50, p05, p95


def reported_view(results: Sequence[Results], reference: Results) -> dict[str, Any]:
    """Pairs of series of the reference by year, and the index of every scenario by year."""
    known = catalogue().indicators
    return {
        "years": reference.years,
        "pairs": [
            [{"row": known[name], "by_year": _median(_values(reference, name))} for name in pair] for pair in PAIRS
        ],
        "row": known[INDEX],
        "index": [
            {"scenario": one.scenario, "by_year": _median(_values(one, INDEX)), "last": _last(one, INDEX)}
            for one in results
            if one.years == reference.years
        ],
    }


def last_year_view(results: Sequence[Results]) -> list[dict[str, Any]]:
    """Measures of concentration and of the network: median and band of the last year of every scenario."""
    known = catalogue().indicators
    return [
        {"row": known[name], "cells": [_last(one, name) for one in results], "is_first": name == names[0], "part": part}
        for part, names in enumerate((CONCENTRATION, NETWORK))
        for name in names
    ]
