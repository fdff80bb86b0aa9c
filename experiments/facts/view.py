"""The facts as the report shows them: the shipped table with its verdicts, failing facts as visible as the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from experiments.facts.table import NO, YES
from experiments.validity.summaries import FOLDER, shipped


@dataclass(frozen=True)
class FactsView:
    """Rows of the shipped table, how many facts hold of how many, and whether this model's code made it."""

    rows: tuple[Mapping[str, str], ...]
    held: int
    facts: int
    is_current: bool
    command: str


def verdicts(rows: tuple[Mapping[str, str], ...]) -> dict[str, bool]:
    """Whether all judged statistics of each fact lie inside their band, by number."""
    found: dict[str, bool] = {}
    for row in rows:
        if row["inside"] in (YES, NO):
            found[row["number"]] = found.get(row["number"], True) and row["inside"] == YES
    return found


def facts_view(folder: Path = FOLDER) -> FactsView | None:
    """What the report shows; None where no table of facts was made yet."""
    table = shipped("facts", folder)
    if table is None:
        return None
    held = verdicts(table.rows)
    return FactsView(table.rows, sum(held.values()), len(held), table.is_current, table.command)
