"""The verb `discover`: robustness of mixes over what is not known, when they fail, which number to measure first."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from dataclasses import astuple

from experiments.compose import variation_of
from experiments.discovery.answer import page_of, unknown_cells
from experiments.discovery.boxes import boxes_of, library
from experiments.discovery.found import Found
from experiments.discovery.gaps import chance_share, gaps_of
from experiments.discovery.request import VERB, Asked, asked_of
from experiments.discovery.robustness import COLUMNS, Table, by_state, most_robust, robust
from experiments.discovery.worlds import states_asked, strongest, table_of
from experiments.optimisation.mixes import SCENARIO, Bench
from experiments.optimisation.page import html, markdown
from experiments.origin import origin_of, settle_origin
from experiments.plan import MODEL
from experiments.plan_files import told_command, write_plan
from experiments.scorecard import write_number
from experiments.store import Store, write_file
from experiments.tables import csv_text

UNKNOWN = ("input", "title_en", "title_zh", "unit", "kind", "grade", "source")
BOX_COLUMNS = ("mix", "box", "density", "coverage", "mass", *UNKNOWN, "low", "high", "range_low", "range_high",
               "quasi_p")  # fmt: skip
GAP_COLUMNS = ("outcome", *UNKNOWN, "range_low", "range_high", "first", "first_p05", "first_p95", "by_chance", "score",
               "narrowing")  # fmt: skip


def carried_out(asked: Asked, flags: Collection[str] = (), function: str = MODEL) -> Found:
    """Run the mixes in all states and read what came of it. Raises ScenarioError, StoreError."""
    store = Store(asked.folder)
    store.probe()
    with store.lock():
        bench = Bench(store, asked.settings, function)
        first = [{SCENARIO: mix.scenario, **mix.values} for mix in asked.mixes]
        settle_origin(store, origin_of(bench.plan(asked.frame, first)[0], asked.given), flags)
        states = states_asked(asked, strongest(asked, bench))
        table, rows = table_of(asked, bench, states)
        write_plan(store, bench.plan(asked.frame, rows)[0])
    ranked = robust(table)
    chosen = most_robust(ranked)
    boxes = [box for m, name in enumerate(table.mixes) for box in boxes_of(name, states, 1.0 - table.met[m])]
    gaps = gaps_of(table, chosen, asked.frame.seed)
    chance = {row.target_id: chance_share(table, chosen, t) for t, row in enumerate(table.targets)}
    variation = variation_of({"parameters": asked.frame.parameters, "drivers": asked.frame.drivers})
    return Found(asked, table, tuple(ranked), chosen, tuple(boxes), tuple(gaps), chance, variation, bench.failures)


def write(found: Found) -> None:
    """answer.html, answer.md, regret.csv, boxes.csv, gaps.csv, states.csv and the figures."""
    folder, page = found.asked.folder, page_of(found, told_command(VERB, found.asked.given))
    write_file(folder / "answer.html", html(page))
    write_file(folder / "answer.md", markdown(page))
    kept = {name: text for section in page.sections for name, text in section.figures}
    for old in folder.glob("*.svg"):
        if old.name not in kept:
            old.unlink()  # of an earlier request
    for name, text in kept.items():
        write_file(folder / name, text)
    write_file(folder / "regret.csv", csv_text(COLUMNS, (map(write_number, astuple(one)) for one in found.robust)))  # type: ignore[misc]
    write_file(folder / "boxes.csv", csv_text(BOX_COLUMNS, box_rows(found)))
    write_file(folder / "gaps.csv", csv_text(GAP_COLUMNS, gap_rows(found)))
    write_file(folder / "states.csv", csv_text(*states_rows(found.table)))


def box_rows(found: Found) -> list[list[str]]:
    """A row for each limit of each box."""
    states, rows = found.table.states, list[list[str]]()
    for box in found.boxes:
        for one in box.limits:
            column = states.values[:, one.place]
            numbers = (one.low, one.high, float(column.min()), float(column.max()), one.quasi_p)
            told = map(write_number, (box.density, box.coverage, box.mass))
            rows.append([box.mix, str(box.number), *told, *unknown_cells(states.unknowns[one.place]),
                         *map(write_number, numbers)])  # fmt: skip
    return rows


def gap_rows(found: Found) -> list[list[str]]:
    """A row for each outcome and number, by outcome the most narrowing first."""
    return [
        [one.outcome, *unknown_cells(one.unknown),
         *map(write_number, (one.low, one.high, one.first, one.first_p05, one.first_p95, one.by_chance, one.score,
                             one.narrowing))]
        for one in found.gaps
    ]  # fmt: skip


def states_rows(table: Table) -> tuple[list[str], list[list[str]]]:
    """Every state with its numbers, and of each mix the share of its runs that meet all targets and their margin."""
    header = ["state", *(one.key for one in table.states.unknowns)]
    header += [f"{mix}_{what}" for mix in table.mixes for what in ("met", "margin")]
    met, margin = table.met.mean(axis=2), by_state(table.worst)
    rows = []
    for state, values in enumerate(table.states.values):
        of_mixes = [float(v) for m in range(len(table.mixes)) for v in (met[m, state], margin[m, state])]
        rows.append([str(state), *map(write_number, map(float, values)), *map(write_number, of_mixes)])
    return header, rows


def main(arguments: Sequence[str], flags: Collection[str] = (), function: str = MODEL) -> int:
    """Carry the verb out; 0 when done, 1 when runs failed. Raises ScenarioError before anything is written."""
    asked = asked_of(arguments)
    library("analysis.prim")
    found = carried_out(asked, flags, function)
    write(found)
    for reason, count in sorted(found.failures.items(), key=lambda item: -item[1])[:3]:
        print(f"error: {count} runs failed: {reason}", file=sys.stderr)
    page = page_of(found, told_command(VERB, asked.given))
    print("\n".join(text for pair in page.answer for text in pair[::-1]))
    print(f"answer: {(asked.folder / 'answer.html').as_posix()}")
    return 1 if found.failures else 0
