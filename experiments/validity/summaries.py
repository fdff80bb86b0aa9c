"""The tables that ship with the project as evidence of validity: written by the verbs, read by documents and report.

Each is a CSV file in this folder whose first line is a comment that says what made it: the command, the model's version
and the digest of its code and catalogue. A table made by another version of the model says so where it is shown.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.durable import write_file
from sim.catalogue.loader import catalogue
from sim.scenario_identity import model_version

FOLDER = Path(__file__).parent
NAMES = ("fit", "judgement", "facts", "responses", "breaks", "sensitivity", "identifiability", "variance")
MARK = "# made by "


def made_by() -> str:
    """The model's version with the digest of its code, and the first digits of that of its catalogue."""
    return f"{model_version()}/{catalogue().digest()[:8]}"


@dataclass(frozen=True)
class Summary:
    """One shipped table. command: what made it; version: the model's; rows: texts by column."""

    name: str
    command: str
    version: str
    rows: tuple[Mapping[str, str], ...]

    @property
    def is_current(self) -> bool:
        """Whether the model's code and catalogue are still those that made it."""
        return self.version == made_by()


def text_of(command: str, rows: Sequence[Mapping[str, str]]) -> str:
    """The CSV text of a table. Raises ValueError where rows have other columns than the first."""
    file = io.StringIO()
    file.write(f"{MARK}{command}; model {made_by()}\n")
    writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def ship(name: str, command: str, rows: Sequence[Mapping[str, str]], folder: Path = FOLDER) -> Path:
    """Write a table of NAMES as part of the project. Raises ValueError for another name or an empty table."""
    if name not in NAMES or not rows:
        raise ValueError(f"{name}: no such table of validity, or no rows")
    path = folder / f"{name}.csv"
    write_file(path, text_of(command, rows))
    return path


def shipped(name: str, folder: Path = FOLDER) -> Summary | None:
    """A table of NAMES, None where it was not made yet."""
    path = folder / f"{name}.csv"
    if not path.is_file():
        return None
    first, _, rest = path.read_text(encoding="utf-8").partition("\n")
    command, _, version = first.removeprefix(MARK).rpartition("; model ")
    return Summary(name, command, version, tuple(csv.DictReader(io.StringIO(rest))))
