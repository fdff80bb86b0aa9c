"""The facts as rows of facts.csv, the reasons why some fail, and the judgement of what seeds found."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from sim.scenario_values import decimal

FOLDER = Path(__file__).parent
BESIDE = "beside"  # shown for comparison, without a band
MEAN = "mean"  # over the seeds, else the median
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Statistic:
    """One row: a statistic of a fact and the band in which it should lie, either end None where there is none.

    over : how seeds are brought together, `median` or `mean`; kind : `published`, `report` (its band is a range in
    which it is expected), `beside`. source : as the literature list names it, with what was not verified.
    """

    number: str
    key: str
    title_en: str
    title_zh: str
    statistic_en: str
    statistic_zh: str
    low: float | None
    high: float | None
    over: str
    years: str
    kind: str
    source: str

    @property
    def is_judged(self) -> bool:
        """Whether the row has a band."""
        return self.kind != BESIDE

    def holds(self, value: float) -> bool:
        """Whether a value lies in the band; what is not a number does not."""
        above = self.low is None or value >= self.low
        return bool(np.isfinite(value)) and above and (self.high is None or value <= self.high)


@dataclass(frozen=True)
class Found:
    """A statistic with its values of the seeds, brought together."""

    row: Statistic
    value: float
    p05: float
    p95: float
    inside: float
    seeds: int

    @property
    def holds(self) -> bool:
        """Whether the value lies in the band."""
        return self.row.holds(self.value)


@cache
def statistics() -> tuple[Statistic, ...]:
    """All rows in the order of the table."""
    with (FOLDER / "facts.csv").open(newline="", encoding="utf-8") as file:
        return tuple(_row(texts) for texts in csv.DictReader(file))


def _row(texts: Mapping[str, str]) -> Statistic:
    ends = {name: float(texts[name]) if texts[name] else None for name in ("low", "high")}
    rest = {name: texts[name] for name in Statistic.__dataclass_fields__ if name not in ("low", "high", "kind")}
    return Statistic(**rest, **ends, kind=texts["class"])  # type: ignore[arg-type]


@cache
def reasons() -> dict[str, tuple[str, str]]:
    """Why a statistic lies outside its band, by key, in English and Chinese."""
    with (FOLDER / "reasons.csv").open(newline="", encoding="utf-8") as file:
        return {row["key"]: (row["reason_en"], row["reason_zh"]) for row in csv.DictReader(file)}


def judge(seeds: Sequence[Mapping[str, float]]) -> list[Found]:
    """Every statistic over the seeds; a seed in which it is not defined lies outside its band."""
    found = []
    for row in statistics():
        values = np.array([seed[row.key] for seed in seeds], float)
        known = values[np.isfinite(values)]
        if not len(known):
            found.append(Found(row, float("nan"), float("nan"), float("nan"), 0.0, len(values)))
            continue
        value = float(known.mean() if row.over == MEAN else np.median(known))
        low, high = np.quantile(known, [0.05, 0.95])
        inside = float(np.mean([row.holds(v) for v in values]))
        found.append(Found(row, value, float(low), float(high), inside, len(values)))
    return found


def passed(found: Sequence[Found]) -> dict[str, bool]:
    """Whether each fact holds: all of its statistics with a band do. By number, in the order of the table."""
    verdict: dict[str, bool] = {}
    for one in found:
        if one.row.is_judged:
            verdict[one.row.number] = verdict.get(one.row.number, True) and one.holds
    return verdict


def summary_row(one: Found) -> dict[str, str]:
    """The texts that ship: the statistic, its band, whether it holds and, where it does not, why."""
    row = one.row
    why = reasons().get(row.key, ("", "")) if row.is_judged and not one.holds else ("", "")
    return {
        "number": row.number, "key": row.key, "title_en": row.title_en, "title_zh": row.title_zh,
        "statistic_en": row.statistic_en, "statistic_zh": row.statistic_zh, "value": short(one.value),
        "p05": short(one.p05), "p95": short(one.p95), "low": _end(row.low), "high": _end(row.high),
        "inside": (YES if one.holds else NO) if row.is_judged else "",
        "seeds_inside": f"{one.inside:.2f}" if row.is_judged else "", "seeds": str(one.seeds), "over": row.over,
        "years": row.years, "class": row.kind, "source": row.source, "reason_en": why[0], "reason_zh": why[1],
    }  # fmt: skip


def short(value: float) -> str:
    """Three digits; nothing for what is not a number."""
    return f"{value:.3g}" if np.isfinite(value) else ""


def _end(value: float | None) -> str:
    return "" if value is None else decimal(value)
