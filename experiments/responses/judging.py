"""What the seeds say of a row: median, band, share that agree, and whether sign and magnitude pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np

from experiments.outcomes import Array
from experiments.responses.experiment import Experiment, Measured
from experiments.responses.rows import Row, rows
from experiments.validity.summaries import made_by

AGREE = 0.9  # share of the seeds that have to show the sign
TELLING = 0.5  # part of the seeds that have to give a value at all
PASS, FAIL = "pass", "fail"
RESULTS = (PASS, FAIL, "void", "not_possible")


@dataclass(frozen=True)
class Judged:
    """One row with its result. seeds : seeds that gave a value; agree : share of all seeds with the sign, None without.

    sign, magnitude : pass, fail or nothing where the row asks for none; result : one of RESULTS.
    """

    row: Row
    seeds: int
    median: float
    p05: float
    p95: float
    agree: float | None
    sign: str
    magnitude: str
    result: str


def judge(row: Row, values: Array) -> Judged:
    """The result of a row from its statistic by seed, shape (n_seeds,); not a number where a seed cannot tell."""
    nothing = float("nan")
    if row.state != "run":
        return Judged(row, 0, nothing, nothing, nothing, None, "", "", row.state)
    told = values[np.isfinite(values)]
    if not len(values) or len(told) < TELLING * len(values):
        return Judged(row, len(told), nothing, nothing, nothing, None, "", "", FAIL)
    median, p05, p95 = (float(v) for v in np.quantile(told, (0.5, 0.05, 0.95)))
    agree = _agreeing(row.sign, told) / len(values) if row.sign else None
    sign = "" if agree is None else PASS if agree >= AGREE else FAIL
    inside = (row.low is None or median >= row.low) and (row.high is None or median <= row.high)
    magnitude = "" if row.low is None and row.high is None else PASS if inside else FAIL
    result = FAIL if FAIL in (sign, magnitude) else PASS
    return Judged(row, len(told), median, p05, p95, agree, sign, magnitude, result)


def _agreeing(sign: str, values: Array) -> int:
    """How many values show the sign."""
    level = 1.0 if sign.endswith("1") else 0.0
    is_above = sign in ("+", ">1")
    return int(np.count_nonzero(values > level if is_above else values < level))


def judge_all(
    tests: Sequence[int], tried: Mapping[int, Experiment], measured: Mapping[int, Sequence[Measured]]
) -> list[Judged]:
    """Results of all rows of the tests: of what was tried, and of what cannot be tried."""
    found: list[Judged] = []
    for row in rows().values():
        if row.number not in tests:
            continue
        by_seed = measured.get(row.number, [])
        pool = tried[row.number].pool if row.number in tried else None
        pooled = pool(by_seed) if pool is not None and by_seed else {}
        values = [pooled[row.row]] if row.row in pooled else [one.get(row.row, np.nan) for one in by_seed]
        found.append(judge(row, np.array(values, np.float64)))
    return found


def summary_row(one: Judged, reason: tuple[str, str]) -> dict[str, str]:
    """The texts of a row of the table that ships."""

    def number(value: float | None) -> str:
        return "" if value is None or not np.isfinite(value) else f"{value:.4g}"

    row = one.row
    return {
        "row": row.row,
        "test": str(row.number),
        "class": row.class_,
        "title_en": row.title_en,
        "title_zh": row.title_zh,
        "sign": row.sign,
        "low": number(row.low),
        "high": number(row.high),
        "unit": row.unit,
        "basis": row.basis,
        "sources": ";".join(row.sources),
        "seeds": str(one.seeds),
        "median": number(one.median),
        "p05": number(one.p05),
        "p95": number(one.p95),
        "agree": number(one.agree),
        "sign_result": one.sign,
        "magnitude_result": one.magnitude,
        "result": one.result,
        "reason_en": reason[0],
        "reason_zh": reason[1],
    }


def identity(k: int, parameters: str) -> dict[str, str | int]:
    """What decides the statistics of a seed, besides the seed."""
    return {"made_by": made_by(), "experiments": _code(), "k": k, "parameters": parameters}


@cache
def _code() -> str:
    """Digest of the experiments themselves: statistics of other experiments are other statistics."""
    digest = sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]
