"""What the report shows of the shipped split of the spread: shares by outcome, year and part, in both languages."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from experiments.draws.variance import PARTS
from experiments.validity.summaries import FOLDER, shipped
from sim.catalogue.loader import catalogue

TITLES = {
    "parameters": ("Parameters", "参数"),
    "chance": ("Chance", "随机性"),
    "drivers": ("Drivers", "外生变量"),
}


def _share(text: str) -> float | None:
    """A share inside 0..1 (an estimate may lie a little beyond); None for an empty cell."""
    return min(max(float(text), 0.0), 1.0) if text else None


def variance_view(scenarios: Collection[str], folder: Path = FOLDER) -> dict[str, Any] | None:
    """The rows of the shipped table whose scenarios are in the study; None where there are none.

    Each row has its indicator's catalogue row, its year, band, and by part the first-order and total share with their
    intervals.
    """
    summary = shipped("variance", folder)
    study = set(scenarios)
    kept = (
        [row for row in summary.rows if {row["scenario"], row["against"] or row["scenario"]} <= study]
        if summary
        else []
    )
    if summary is None or not kept:
        return None
    known = catalogue().indicators
    rows = [
        {
            "title": (row["title_en"], row["title_zh"]),
            "unit": known[row["indicator"]].unit if row["indicator"] in known else row["unit"],
            "scenario": row["scenario"],
            "against": row["against"],
            "year": row["year"],
            "band": [float(row["p05"]), float(row["p95"])],
            "parts": [
                {end: _share(row[f"{part}_{end}"]) for end in ("first", "first_p05", "first_p95", "total")}
                for part in PARTS
            ],
        }
        for row in kept
    ]
    return {
        "rows": rows,
        "titles": [TITLES[part] for part in PARTS],
        "samples": kept[0]["samples"],
        "command": summary.command,
        "is_current": summary.is_current,
    }
