"""The table of policy-response tests: one row a band, as published, with what is known of it; checked when read."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("responses.csv")
REASONS = Path(__file__).with_name("reasons.csv")
CLASSES = {"H": "hard", "S": "soft", "X": "exploratory"}
SIGNS = ("", "+", "-", ">1", "<1")
BASES = ("published", "derived", "judgement")
STATES = ("run", "void", "not_possible")
_ROW = re.compile(r"([0-9]{1,2})(_[a-z0-9_]+)?")


@dataclass(frozen=True)
class Row:
    """One band of one test.

    row : number and part, such as 1_long; class_ : H, S or X; sign : what 90 % of the seeds have to show (a sign of the
    statistic, or its place against one), nothing where only the band counts; low, high : band of the median, None
    where it is open; basis : whether the band is published, derived from a published elasticity, or judgement;
    state : run, void (the parameter would read itself; the note says what is done instead), not_possible (the note says
    why); sources : ids of catalogue/sources.csv.
    """

    row: str
    class_: str
    title_en: str
    title_zh: str
    intervention: str
    observable: str
    sign: str
    low: float | None
    high: float | None
    unit: str
    basis: str
    sources: tuple[str, ...]
    state: str
    note_en: str
    note_zh: str

    @property
    def number(self) -> int:
        """Number of the test to which it belongs."""
        return int(self.row.partition("_")[0])


COLUMNS = tuple(field.name.rstrip("_") for field in fields(Row))


def _number(text: str) -> float | None:
    return float(text) if text else None


def _read(cells: Mapping[str, str]) -> Row:
    """A row of the table. Raises ValueError that names the row."""
    name = cells["row"]
    checks = (("class", tuple(CLASSES)), ("sign", SIGNS), ("basis", BASES), ("state", STATES))
    for column, known in checks:
        if cells[column] not in known:
            raise ValueError(f"responses.csv: {name}: {column} = {cells[column]!r} is none of {', '.join(known)}")
    if not _ROW.fullmatch(name) or not cells["title_en"] or not cells["title_zh"]:
        raise ValueError(f"responses.csv: {name!r}: needs a number with a part, and both titles")
    if cells["state"] != "run" and not (cells["note_en"] and cells["note_zh"]):
        raise ValueError(f"responses.csv: {name}: is {cells['state']} and does not say why in both languages")
    low, high = _number(cells["low"]), _number(cells["high"])
    if cells["state"] == "run" and low is None and high is None and not cells["sign"]:
        raise ValueError(f"responses.csv: {name}: has neither sign nor band")
    texts = {column: cells[column] for column in COLUMNS if column not in ("class", "low", "high", "sources")}
    sources = tuple(cells["sources"].split(";")) if cells["sources"] else ()
    return Row(**texts, class_=cells["class"], low=low, high=high, sources=sources)


@lru_cache(maxsize=1)
def rows() -> Mapping[str, Row]:
    """All rows by name, in the order of the tests. Raises ValueError for one that is wrong or stands twice."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        found = [_read(cells) for cells in csv.DictReader(file)]
    by_name = {one.row: one for one in sorted(found, key=lambda one: one.number)}
    if len(by_name) < len(found):
        raise ValueError("responses.csv: a row stands twice")
    return by_name


@lru_cache(maxsize=1)
def reasons() -> Mapping[str, tuple[str, str]]:
    """Why a row fails, by row, in English and Chinese; only for those that do."""
    with REASONS.open(newline="", encoding="utf-8") as file:
        return {one["row"]: (one["reason_en"], one["reason_zh"]) for one in csv.DictReader(file)}
