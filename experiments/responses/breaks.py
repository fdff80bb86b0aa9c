"""Each response test on a model that is broken on purpose, where it has to fail: a list of which break."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from experiments.durable import write_file
from experiments.responses.experiment import Measured
from experiments.responses.judging import FAIL, Judged, judge
from experiments.responses.lab import Lab
from experiments.responses.patches import PATCHES
from experiments.responses.registry import experiments
from experiments.responses.request import Asked
from experiments.responses.rows import rows
from experiments.spread import spread
from experiments.tables import short
from experiments.validity.summaries import ship, shipped, text_of

TABLE = Path(__file__).with_name("breaks.csv")
KIND = "response"


@dataclass(frozen=True)
class Break:
    """A row of the table of tests, and the model on which it has to fail.

    parameters : values by address, whatever their range; patch : name in PATCHES, or nothing.
    """

    row: str
    title_en: str
    title_zh: str
    parameters: tuple[tuple[str, float], ...]
    patch: str


@lru_cache(maxsize=1)
def breaks() -> Mapping[str, Break]:
    """All breaks by row."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        found = [
            Break(one["row"], one["title_en"], one["title_zh"], _parameters(one["parameters"]), one["patch"])
            for one in csv.DictReader(file)
        ]
    return {one.row: one for one in found}


def _parameters(text: str) -> tuple[tuple[str, float], ...]:
    pairs = (pair.partition("=") for pair in text.split(";") if pair)
    return tuple((address, float(value)) for address, _, value in pairs)


def value(row: str, by_seed: Sequence[Measured]) -> Judged:
    """The result of one row."""
    pool = experiments()[rows()[row].number].pool
    pooled = pool(by_seed) if pool is not None else {}
    values = [pooled[row]] if row in pooled else [one.get(row, np.nan) for one in by_seed]
    return judge(rows()[row], np.array(values, np.float64))


def try_break(one: Break, seeds: Sequence[int], k: int) -> tuple[Judged, Judged]:
    """Results on the whole and on the broken model, with the same seeds."""
    measure = experiments()[rows()[one.row].number].measure
    around = PATCHES[one.patch] if one.patch else nullcontext
    whole = [measure(Lab(seed, k)) for seed in seeds]
    broken = [measure(Lab(seed, k, dict(one.parameters), around)) for seed in seeds]
    return value(one.row, whole), value(one.row, broken)


def _row(one: Break, results: tuple[Judged, Judged], asked: Asked) -> dict[str, str]:
    """The texts of a row of the table that ships."""
    row, (whole, broken) = rows()[one.row], results
    return {
        "kind": KIND,
        "name": one.row,
        "title_en": row.title_en,
        "title_zh": row.title_zh,
        "broken_en": one.title_en,
        "broken_zh": one.title_zh,
        "whole": f"{whole.median:.4g}",
        "broken": f"{broken.median:.4g}",
        "whole_result": whole.result,
        "broken_result": broken.result,
        "runs": f"{asked.seeds} seeds, 1 for {asked.k}",
    }


def tell_breaks(asked: Asked) -> int:
    """Try all breaks of the tests that are asked for, print and keep the table; 1 where a test does not fail."""
    chosen = [one for one in breaks().values() if rows()[one.row].number in asked.tests]
    seeds = tuple(range(asked.seed, asked.seed + asked.seeds))
    found = spread(partial(try_break, seeds=seeds, k=asked.k), chosen, asked.workers, "breaks")
    told = [_row(one, results, asked) for one, results in zip(chosen, found, strict=True)]
    write_file(asked.results / "breaks.csv", text_of(asked.command, told))
    for row in told:
        whole, broken = (short(float(row[name])) for name in ("whole", "broken"))
        results = f"{whole:>8} {row['whole_result']:5} {broken:>8} {row['broken_result']:5}"
        print(f"{row['name']:18} {results} {row['broken_en']}")
    if asked.ship:
        before = shipped("breaks")
        others = [one for one in before.rows if one["kind"] != KIND] if before else []
        print(f"shipped: {ship('breaks', asked.command, [*others, *told])}")
    return 0 if all(row["broken_result"] == FAIL for row in told) else 1
