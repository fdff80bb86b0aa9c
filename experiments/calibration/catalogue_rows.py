"""Writes fitted values into the catalogue's table of parameters: those rows alone, every other byte as it was."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import sim.catalogue.loader
from experiments.calibration.central import Marginal
from experiments.durable import write_file
from sim.scenario_values import ScenarioError, decimal

TABLE = Path(sim.catalogue.loader.__file__).parent / "parameters.csv"
SOURCE = "abc_fit"
GRADE = "C"
MARK = "posterior 5 to 95 %:"
HEADER = ["address", "title", "unit", "kind", "value", "low", "high", "source", "grade", "note"]


def changed(marginals: Sequence[Marginal], table: Path = TABLE) -> list[tuple[int, str, str]]:
    """(line, old row, new row) of each fitted parameter: value, kind, source, grade and note; the range stays.

    Raises ScenarioError where the table is not as expected.
    """
    fitted = {one.prior.address: one for one in marginals}
    lines = table.read_text(encoding="utf-8").split("\n")
    if next(csv.reader([lines[0]])) != HEADER:
        raise ScenarioError([f"{table.name}:1: has other columns than {','.join(HEADER)}"])
    found = []
    for number, line in enumerate(lines[1:], 1):
        cells = next(csv.reader([line], strict=True), [])
        one = fitted.pop(cells[0], None) if cells else None
        if one is None:
            continue
        note = cells[9].partition(MARK)[0].rstrip("; ")
        low, _, high = one.after
        said = f"{MARK} {low:.3g} to {high:.3g}{'' if one.is_moved else ', which the data do not move'}"
        cells[3:5] = ["calibrated", decimal(one.centre)]
        cells[7:10] = [SOURCE, GRADE, f"{note}; {said}" if note else said]
        text = io.StringIO()
        csv.writer(text, lineterminator="").writerow(cells)
        found.append((number, line, text.getvalue()))
    if fitted:
        raise ScenarioError([f"{table.name}: has no row {', '.join(fitted)}"])
    return found


def write(rows: Sequence[tuple[int, str, str]], table: Path = TABLE) -> None:
    """Put new rows in their places. Raises StoreError."""
    lines = table.read_text(encoding="utf-8").split("\n")
    for number, _, new in rows:
        lines[number] = new
    write_file(table, "\n".join(lines))
