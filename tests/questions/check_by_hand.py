"""Recomputes numbers of three answers from the stored runs alone, with DuckDB and plain Python.

It reads the sealed Parquet files and answer.json of a question's folder and knows nothing of the program that made
them: python tests/questions/check_by_hand.py RESULTS/ask/01 RESULTS/ask/05 RESULTS/ask/06
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

Check = tuple[str, float, float]  # what, as the answer says it, as it comes out here
TOLERANCE = 1e-9


class Stored:
    """The stored runs of one question."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: Mapping[str, Any] = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
        self.files = [str(path) for path in sorted(folder.glob("runs/*/*.parquet"))]
        self.books: dict[str, Any] = {}
        for path in self.files:
            self.books |= json.loads(pq.read_schema(path).metadata[b"books"])

    def runs(self, point: str) -> list[str]:
        """Ids of the runs of a point, in the order of their replicates."""
        found: list[str] = self.said["manifest"]["points"][point]["runs"]
        return found

    def values(self, point: str, column: str, year: int, group: str = "") -> list[float]:
        """A column of the runs of a point in a year, in the order of their replicates."""
        ids = self.runs(point)
        rows = duckdb.execute(
            f'SELECT run, "{column}" FROM read_parquet(?) WHERE period = ? AND "group" = ? AND list_contains(?, run)',
            [self.files, str(year), group, ids],
        ).fetchall()
        found = dict(rows)
        return [found[run] for run in ids]

    def line(self, point: str, lever: str, column: str) -> list[float]:
        """Million yuan of a column of a lever's line over all years, by run, for the whole province."""
        totals = []
        for run in self.runs(point):
            book = self.books[run]
            yuan = sum(lines[lever].get(column, 0) for lines in book["ledger"].values() if lever in lines)
            totals.append(yuan * book["scale"] / 1e6)
        return totals

    def number(self, key: str, end: str = "central") -> Mapping[str, Any]:
        """A number of the answer."""
        return next(one for one in self.said["numbers"][end] if one["key"] == key)

    def years(self) -> list[int]:
        """All full years of the runs."""
        rows = duckdb.execute("SELECT DISTINCT period FROM read_parquet(?)", [self.files]).fetchall()
        return sorted(int(period) for (period,) in rows if "Q" not in period)


def quantile(values: list[float], share: float) -> float:
    """A quantile with straight lines between the ordered values."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def banded(what: str, said: Mapping[str, Any], values: list[float]) -> list[Check]:
    """Mean and band of runs against those of the answer."""
    return [
        (f"{what}, mean", said["value"], sum(values) / len(values)),
        (f"{what}, p05", said["p05"], quantile(values, 0.05)),
        (f"{what}, p95", said["p95"], quantile(values, 0.95)),
    ]


def reached(stored: Stored) -> list[Check]:
    """01: R&D over GDP in 2020 with the levers of 2014, and how many runs are at 2.5 %."""
    found: list[Check] = []
    for point in ("levers_2014", "full_push"):
        spent, gdp = stored.values(point, "rd_expenditure", 2020), stored.values(point, "gdp_published", 2020)
        ratios = [100.0 * a / b for a, b in zip(spent, gdp, strict=True)]
        value, chance = (stored.number(f"{name}:{point}:a_rd_gdp") for name in ("value", "probability"))
        share = sum(ratio >= 2.5 for ratio in ratios) / len(ratios)
        found += [
            (f"{point}: R&D over GDP, median", value["value"], quantile(ratios, 0.5)),
            (f"{point}: R&D over GDP, p05", value["p05"], quantile(ratios, 0.05)),
            (f"{point}: probability", chance["value"], share),
        ]
    return found


def compared(stored: Stored) -> list[Check]:
    """05: paired differences of R&D and of firms with R&D when grants become vouchers, at all ends of the evidence."""
    found: list[Check] = []
    for end in stored.said["numbers"]:
        mark = "" if end == "central" else f"+{end}"
        for column, group in (("rd_actual", ""), ("ind_firms_with_rd", "size=medium")):
            here, there = (stored.values(f"{point}{mark}", column, 2020, group) for point in ("moved", "as_it_is"))
            change = [a - b for a, b in zip(here, there, strict=True)]
            said = stored.number(f"difference:moved:{column}:{group}:2020", end)
            found += banded(f"{end}: {column} {group}".strip(), said, change)
    return found


def divided(stored: Stored) -> list[Check]:
    """06: what part of each line was additional, and R&D carried out for each yuan paid, over all years."""
    found: list[Check] = []
    for point, lever in (("before", "rd_grant"), ("after", "post_completion_grant")):
        paid, added = stored.line(point, lever, "disbursed"), stored.line(point, lever, "additional")
        shares = [100.0 * a / b for a, b in zip(added, paid, strict=True)]
        found += banded(f"{point}: additional", stored.number(f"additional:{point}"), shares)
        change = [0.0] * len(paid)
        for year in stored.years():
            here, there = stored.values(point, "rd_actual", year), stored.values("law", "rd_actual", year)
            change = [sum(three) for three in zip(change, here, [-v for v in there], strict=True)]
        each = [100.0 * c / p for c, p in zip(change, paid, strict=True)]  # 100 million yuan over million yuan
        found += banded(f"{point}: R&D for each yuan", stored.number(f"a_yuan:{point}"), each)
    return found


CHECKS: Mapping[str, Callable[[Stored], list[Check]]] = {
    "01_rd_gdp_2020": reached,
    "05_grants_to_vouchers": compared,
    "06_before_or_after": divided,
}


def check(folder: Path) -> list[Check]:
    """All numbers of a folder that are recomputed. Raises KeyError for a question that is not among the three."""
    stored = Stored(folder)
    return CHECKS[stored.said["question"]["name"]](stored)


def is_same(said: float, here: float) -> bool:
    """Whether both are one number, but for the order of sums."""
    return abs(said - here) <= TOLERANCE * max(abs(said), abs(here), 1.0)


def main(folders: list[str]) -> int:
    """Print every number twice; 1 when one differs."""
    failed = 0
    for folder in folders:
        for what, said, here in check(Path(folder)):
            verdict = "same" if is_same(said, here) else "DIFFERENT"
            failed |= verdict != "same"
            print(f"{Path(folder).name}  {what:50} {said:14.6f} {here:14.6f}  {verdict}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
