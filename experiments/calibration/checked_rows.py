"""Reads a CSV table that a user may have written: every fault is told with file and line, all of them at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from experiments.scenario_files import display
from sim.scenario_values import ScenarioError, nearest, number, shown

LARGEST = 10_000_000  # bytes; more is no table of targets or priors


@dataclass(frozen=True)
class Line:
    """A row of a table with the line on which it ends; cells by column, stripped."""

    number: int
    cells: Mapping[str, str]


@dataclass
class TableFaults:
    """Collects what is wrong with a table, one line each with file and line."""

    path: Path
    told: list[str] = field(default_factory=list)

    def add(self, line: int, text: str) -> None:
        """Note a fault of a line."""
        self.told.append(f"{display(self.path)}:{line}: {text}")

    def refuse(self) -> None:
        """Raise ScenarioError with all faults, if there are any."""
        if self.told:
            raise ScenarioError(self.told)

    def number(self, row: Line, column: str) -> float | None:
        """The number in a cell; the fault is noted and None returned where there is none."""
        try:
            return number(row.cells[column])
        except ValueError as wrong:
            self.add(row.number, f"{column} = {shown(row.cells[column])} {wrong}")
            return None

    def word(self, row: Line, column: str, known: Collection[str]) -> str:
        """One of a few words; the fault is noted where it is another."""
        found = row.cells[column]
        if found not in known:
            listed = f"; there are: {', '.join(known)}" if len(known) <= 12 else ""
            self.add(row.number, f"{column} = {shown(found)} is unknown{listed}.{nearest(found, known)}")
        return found


def read_lines(faults: TableFaults, columns: Sequence[str]) -> list[Line]:
    """Rows of the table at faults.path; lines that begin with # before the header are left out.

    Raises ScenarioError where the file cannot be read or its header is another; a row with too many or too few cells is
    noted and left out.
    """
    path, text = faults.path, _text(faults.path)
    comments = 0
    while text.startswith("#"):
        text, comments = text.partition("\n")[2], comments + 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found = []
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if header != list(columns):
            place = f"{display(path)}:{comments + 1}"
            raise ScenarioError([f"{place}: columns are {shown(','.join(header))}, expected {','.join(columns)}"])
        for cells in reader:
            line = reader.line_num + comments
            if len(cells) != len(columns):
                faults.add(line, f"{len(cells)} cells, expected {len(columns)} ({','.join(columns)})")
                continue
            found.append(Line(line, dict(zip(columns, (cell.strip() for cell in cells), strict=True))))
    except csv.Error as broken:
        faults.add(reader.line_num + comments, f"is no CSV: {broken}")
    if not found and not faults.told:
        faults.add(comments + 1, "has no rows")
    return found


def _text(path: Path) -> str:
    """The text of a file. Raises ScenarioError where it cannot be read."""
    try:
        if path.is_file() and path.stat().st_size > LARGEST:
            raise ScenarioError([f"{display(path)}: is larger than {LARGEST} bytes"])
        return path.read_text(encoding="utf-8-sig")
    except OSError as failed:
        raise ScenarioError([f"{display(path)}: cannot be read: {failed.strerror or failed}"]) from None
    except UnicodeDecodeError:
        raise ScenarioError([f"{display(path)}: is no UTF-8 text"]) from None
