"""Which published effects of policy were tried on the levers of a question, and where the model fails them.

`tests_of_levers.csv` says which tests touch a lever; what came of them is the table that ships with the project
(experiments/validity/responses.csv). A lever without a row was never held against a published effect.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from experiments.questions.telling import decimals_of, digits
from experiments.validity.counts import CLASSES, FAIL, PASS, RUN, Row
from experiments.validity.summaries import Summary, shipped
from experiments.validity.view import UNITS
from experiments.words import Pair, words
from sim.catalogue.loader import catalogue

TABLE = Path(__file__).with_name("tests_of_levers.csv")
SIGNS: Mapping[str, Pair] = {
    "+": ("above zero", "大于0"),
    "-": ("below zero", "小于0"),
    ">1": ("above one", "大于1"),
    "<1": ("below one", "小于1"),
}
NO_REASON: Pair = ("No reason is known.", "原因未知。")


@dataclass(frozen=True)
class Failed:
    """A row of a test that the model fails: what was found with its band, what was wanted, and why, where known."""

    row: str
    title: Pair
    class_: Pair
    found: Pair
    wanted: Pair
    reason: Pair

    @property
    def number(self) -> str:
        """The number of the test that the row belongs to."""
        return self.row.partition("_")[0]


@dataclass(frozen=True)
class Trials:
    """Tests that touch the levers of a question.

    passed : rows that the model passes; failed : those that it fails; untried : rows that it cannot be tested by.
    untested : titles of levers that no test touches. is_current : whether this version of the model made the table.
    """

    passed: int
    failed: Sequence[Failed]
    untried: int
    untested: Sequence[Pair]
    is_current: bool

    @property
    def sentences(self) -> list[Pair]:
        """How many rows are passed and failed, and which levers nothing was held against."""
        found, tried = list[Pair](), self.passed + len(self.failed)
        if tried:
            found.append((f"Of {tried} comparisons with published effects of these levers the model passes"
                          f" {self.passed} and fails {len(self.failed)}.",
                          f"与已发表政策效果对照的{tried}项检验中，模型通过{self.passed}项，"
                          f"未通过{len(self.failed)}项。"))  # fmt: skip
        if self.untried:
            found.append((f"{self.untried} more cannot be tried on this model.",
                          f"另有{self.untried}项无法用本模型检验。"))  # fmt: skip
        if self.untested:
            names = "; ".join(one[0] for one in self.untested), "、".join(one[1] for one in self.untested)
            found.append((f"Never held against a published effect: {names[0]}.",
                          f"尚无已发表效果可供对照的政策工具：{names[1]}。"))  # fmt: skip
        if (tried or self.untried) and not self.is_current:
            found.append(("The tests were made by another version of the model.", "检验由模型的另一版本完成。"))
        return found


@lru_cache(maxsize=1)
def trials_by_lever() -> Mapping[str, tuple[str, ...]]:
    """Numbers of tests by lever. Raises KeyError for a lever that the catalogue does not have."""
    found = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[catalogue().levers[row["lever"]].lever] = tuple(row["tests"].split(";"))
    return found


def trials_of(levers: Sequence[str], table: Summary | None = None) -> Trials:
    """What the shipped tests, or those of another table, say of these levers."""
    known, rows = trials_by_lever(), catalogue().levers
    table = table or shipped("responses")
    numbers = {number for name in levers for number in known.get(name, ())}
    touching = [row for row in (table.rows if table else ()) if row["test"] in numbers]
    untested = [(rows[name].title_en, rows[name].title_zh) for name in levers if name not in known]
    return Trials(
        sum(row["result"] == PASS for row in touching), [_failed(row) for row in touching if row["result"] == FAIL],
        sum(row["result"] not in RUN for row in touching), untested, table is None or table.is_current,
    )  # fmt: skip


def _failed(row: Row) -> Failed:
    english, chinese = _unit(row["unit"])
    found: Pair = ("–", "–")
    if row["median"]:
        values = [float(row[name]) for name in ("median", "p05", "p95")]
        places = decimals_of(*values)
        middle, low, high = (digits(value, places) for value in values)
        found = (f"{middle}{english} (5–95 %: {low} to {high})", f"{middle}{chinese}（5–95%区间{low}至{high}）")
    reason = (row["reason_en"], row["reason_zh"]) if row["reason_en"] else NO_REASON
    return Failed(
        row["row"], (row["title_en"], row["title_zh"]), words(CLASSES, row["class"]), found, _wanted(row), reason
    )


def _unit(name: str) -> Pair:
    """The unit behind a number; nothing for a plain ratio."""
    row = catalogue().units.get(name)
    english, chinese = UNITS.get(name) or ((row.title_en, row.title_zh) if row else (name, name))
    if row is not None and row.dimension == "ratio" and name != "log points":
        return "", ""
    return f" {english}", chinese if chinese.startswith("%") else f" {chinese}"


def _wanted(row: Row) -> Pair:
    """The band and the sign that the test asks for."""
    english, chinese = _unit(row["unit"])
    low, high = row["low"], row["high"]
    if low and high:
        return f"{low} to {high}{english}", f"{low}至{high}{chinese}"
    if low or high:
        sign = f"≥ {low}" if low else f"≤ {high}"
        return f"{sign}{english}", f"{sign}{chinese}"
    return words(SIGNS, row["sign"])
