"""The verb `facts`: measures the battery on each seed, judges, prints the table, and ships it where asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

from experiments.durable import write_file
from experiments.facts.battery import Trial, measure
from experiments.facts.request import Asked, read
from experiments.facts.table import Found, judge, passed, reasons, short, statistics, summary_row
from experiments.spread import spread
from experiments.validity.summaries import made_by, ship, shipped, text_of


def main(arguments: Sequence[str]) -> int:
    """Carry out one command; 0 whatever the facts say: a fact that fails is a finding."""
    asked = read(arguments)
    if asked.breaks:
        return _tell_breaks(asked)
    found = judge(measured(asked))
    rows = [summary_row(one) for one in found]
    path = asked.results / "facts.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, text_of(asked.command, rows))
    print(table(found))
    print(f"\ntable: {path.as_posix()}")
    if asked.ship:
        print(f"shipped: {ship('facts', asked.command, rows).as_posix()}")
    return 0


def _tell_breaks(asked: Asked) -> int:
    """Try the broken models; 1 where one of them leaves its fact as it was."""
    from experiments.facts.breaks import BREAKS, KIND, broken_row

    rows = []
    for one in BREAKS:  # in this process: a change of a model cannot be sent to another
        rows.append(row := broken_row(one, asked.trials()))
        results = f"{row['whole']:>8} {row['whole_result']:5} {row['broken']:>8} {row['broken_result']:5}"
        print(f"{row['name']:24} {results} {row['broken_en']}", flush=True)
    path = asked.results / "breaks.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, text_of(asked.command, rows))
    if asked.ship:
        before = shipped("breaks")
        others = [one for one in before.rows if one["kind"] != KIND] if before else []
        print(f"shipped: {ship('breaks', asked.command, [*others, *rows]).as_posix()}")
    return 0 if all(row["broken_result"] == "fail" for row in rows) else 1


def kept_at(results: Path, trial: Trial) -> Path:
    """File of a seed: its name tells the model, the catalogue and all that was asked of it."""
    said = json.dumps([made_by(), *astuple(trial)])
    return results / "seeds" / f"{hashlib.sha256(said.encode()).hexdigest()[:16]}.json"


def measured(asked: Asked) -> list[dict[str, float]]:
    """Statistics of all seeds; those that are kept are not measured again, each new one is kept at once."""
    trials = asked.trials()
    paths = {trial: kept_at(asked.results, trial) for trial in trials}
    found = {trial: kept for trial in trials if (kept := _read(paths[trial])) is not None}
    missing = [trial for trial in trials if trial not in found]
    (asked.results / "seeds").mkdir(parents=True, exist_ok=True)
    for trial, values in zip(missing, spread(measure, missing, asked.workers, "facts"), strict=True):
        write_file(paths[trial], json.dumps(values))
        found[trial] = values
    return [found[trial] for trial in trials]


def _read(path: Path) -> dict[str, float] | None:
    """Statistics of a kept seed; None where there is no file, or one that is not whole."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return {row.key: float(values[row.key]) for row in statistics()}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def table(found: Sequence[Found]) -> str:
    """All statistics for the terminal, each failing one with its reason, and how many facts hold."""
    lines = [f"{'fact':4} {'':6} {'value':>8}  {'5..95 % of seeds':20} {'band':14} {'inside':>6}  statistic"]
    for one in found:
        row = one.row
        ends = ["" if end is None else f"{end:g}" for end in (row.low, row.high)]
        said = ("holds" if one.holds else "FAILS") if row.is_judged else ""
        spread_text, inside = f"{short(one.p05)}..{short(one.p95)}", f"{one.inside:.0%}" if row.is_judged else ""
        band = "..".join(ends) if any(ends) else ""
        lines.append(f"{row.number:4} {said:6} {short(one.value):>8}  {spread_text:20} {band:14} {inside:>6}  "
                     f"{row.title_en}: {row.statistic_en}")  # fmt: skip
        if said == "FAILS" and row.key in reasons():
            lines.append(f"{'':12}{reasons()[row.key][0]}")
    verdict = passed(found)
    return "\n".join([*lines, "", f"{sum(verdict.values())} of {len(verdict)} facts hold"])
