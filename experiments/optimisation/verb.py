"""The verb `optimise`: the cheapest mix that reaches chosen targets with a wanted probability under a budget."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import yaml

from experiments.compose import variation_of
from experiments.number_texts import percent
from experiments.optimisation.answer import FIGURE, page_of
from experiments.optimisation.attainment import Reached, interval, reached
from experiments.optimisation.choice import Choice, choose
from experiments.optimisation.doses import row_of
from experiments.optimisation.found import Found
from experiments.optimisation.mixes import Bench, Frame, Row, longer
from experiments.optimisation.page import html, markdown
from experiments.optimisation.request import VERB, Asked, asked_of
from experiments.optimisation.search import Steps, Tried, Wanted, library, search
from experiments.optimisation.texts import spread
from experiments.optimisation.tightening import PART, tighten
from experiments.origin import origin_of, settle_origin
from experiments.outcomes import Results
from experiments.plan import MODEL
from experiments.plan_files import told_command, write_plan
from experiments.scorecard import write_number
from experiments.store import Store, write_file
from experiments.tables import csv_text
from sim.scenario_values import ScenarioError, decimal

FULL = "population=full"


class Trials:
    """Evaluates mixes of a request; remembers every row, for the plan of the whole study."""

    def __init__(self, asked: Asked, bench: Bench) -> None:
        self.asked, self.bench = asked, bench
        self.rows: list[Row] = [{}]

    def base(self, frame: Frame) -> Results:
        """The scenario without a mix. Raises ScenarioError where not all of its runs succeed."""
        found = self.bench.run(frame, [{}])[0]
        if found is None or len(found.replicates) < frame.replicates:
            told = next(iter(self.bench.failures), "")
            raise ScenarioError([f"scenario {self.asked.base.name}: runs without a mix fail: {told}"])
        return found

    def of(self, frame: Frame, mixes: Sequence[Mapping[str, float]]) -> list[Reached]:
        """What doses reach in a frame, in the order of the mixes."""
        asked, base = self.asked, self.base(frame)
        rows = [row_of(asked.base, asked.variables, mix, asked.first, asked.middle) for mix in mixes]
        self.rows += [row for row in rows if row not in self.rows]
        results = self.bench.run(frame, rows)
        return [reached(one, base, asked.targets, frame.replicates, asked.years) for one in results]

    def without(self, frame: Frame) -> Reached:
        """The scenario without a mix, as a mix of its own."""
        base = self.base(frame)
        return reached(base, base, self.asked.targets, frame.replicates, self.asked.years)


def carried_out(asked: Asked, flags: Collection[str] = (), function: str = MODEL) -> Found:
    """Search, choose and check. The store's lock is held meanwhile. Raises ScenarioError, StoreError."""
    store = Store(asked.folder)
    store.probe()
    with store.lock():
        trials = Trials(asked, Bench(store, asked.settings, function))
        settle_origin(store, origin_of(trials.bench.plan(asked.frame, [{}])[0], asked.given), flags)
        wanted, frame = Wanted(asked.probability, asked.budget), asked.frame
        variables = asked.variables

        def evaluate(generation: int, steps: Sequence[Steps]) -> list[Reached]:
            print(f"{VERB}: generation {generation + 1}, {len(steps)} mixes", file=sys.stderr, flush=True)
            return trials.of(frame, [{one.name: one.value(mix[one.name]) for one in variables} for mix in steps])

        count = asked.values["trials"]
        last = int(count * PART)
        found = search(variables, wanted, count - last, asked.values["size"], frame.seed, evaluate)
        found += tighten(found, variables, wanted, last, evaluate)
        further = longer(frame, frame.replicates + asked.values["fresh"])

        def fresh(mixes: Sequence[Mapping[str, float]]) -> list[Reached]:
            return [one.part(frame.replicates) for one in trials.of(further, mixes)]

        choice = choose(found, wanted, variables, fresh, lambda mixes: trials.of(frame, mixes))
        base, base_fresh = trials.without(frame), trials.without(further).part(frame.replicates)
        full = _full(trials, further, choice) if asked.values["check"] == "full" else None
        write_plan(store, trials.bench.plan(frame, trials.rows)[0])
    variation = variation_of({"parameters": frame.parameters, "drivers": frame.drivers})
    return Found(asked, wanted, found, choice, base, base_fresh, full, variation, trials.bench.failures)


def _full(trials: Trials, frame: Frame, choice: Choice) -> Reached | None:
    """The winner on fresh replicates at full size; None without one."""
    if choice.winner is None:
        return None
    kept = [text for text in frame.fixed if not text.startswith("population")]
    values = choice.winner.tried.values(trials.asked.variables)
    return trials.of(replace(frame, fixed=(*kept, FULL)), [values])[0].part(trials.asked.frame.replicates)


def write(found: Found) -> None:
    """answer.html, answer.md, figure.svg, front.csv, mixes.csv and, where there is a winner, winner.yaml."""
    folder, page = found.asked.folder, page_of(found, told_command(VERB, found.asked.given))
    write_file(folder / "answer.html", html(page))
    write_file(folder / "answer.md", markdown(page))
    figures = dict(figure for section in page.sections for figure in section.figures)
    write_file(folder / FIGURE, figures[FIGURE])
    write_file(folder / "front.csv", csv_text(_columns(found), [_cells(found, one) for one in found.choice.front]))
    write_file(folder / "mixes.csv", csv_text(_columns(found), [_cells(found, one) for one in found.tried]))
    winner = folder / "winner.yaml"
    if found.choice.winner is not None:
        write_file(winner, winner_text(found.asked, found.choice.winner.tried))
    elif winner.exists():
        winner.unlink()  # of an earlier request: now there is none


def _columns(found: Found) -> list[str]:
    doses = [one.name for one in found.asked.variables]
    levels = [f"{row.target_id}_{kind}" for row in found.asked.targets for kind in ("p05", "p50", "p95", "probability")]
    return ["generation", "cost", "cost_p05", "cost_p95", "probability", "probability_p05", "probability_p95",
            "keeps", *doses, *levels]  # fmt: skip


def _cells(found: Found, one: Tried) -> list[str]:
    """A row of front.csv: cost in million yuan a year beyond the scenario, values in the targets' units."""
    reached_, asked = one.reached, found.asked
    levels: list[float] = []
    for place in range(len(asked.targets)):
        values = reached_.values[:, place]
        low, high = spread(values)
        levels += [low, float(_median(values)), high, reached_.of_target(place)]
    numbers = [reached_.mean_cost, *spread(reached_.cost), reached_.probability,
               *interval(reached_.met, len(reached_.cost))]  # fmt: skip
    kept = "yes" if found.wanted.is_met(reached_) else "no"
    doses = [decimal(value) for value in one.values(asked.variables).values()]
    return [str(one.generation), *map(write_number, numbers), kept, *doses, *map(write_number, levels)]


def _median(values: object) -> float:
    import numpy as np

    there = np.asarray(values, np.float64)
    there = there[np.isfinite(there)]
    return float(np.median(there)) if len(there) else float("nan")


def winner_text(asked: Asked, tried: Tried) -> str:
    """The mix as a scenario and overrides, and the command that runs it."""
    row = row_of(asked.base, asked.variables, tried.values(asked.variables), asked.first, asked.middle)
    overrides = [*asked.frame.fixed, *(f"{key}={text}" for key, text in row.items())]
    settings = [f"{key}={getattr(asked.frame, key)}" for key in ("parameters", "drivers")]
    command = ["innopolicy", "run", f"scenario={asked.base.name}", *map(shlex.quote, [*overrides, *settings])]
    told = yaml.safe_dump({"scenario": asked.base.name, "overrides": overrides}, allow_unicode=True, sort_keys=False,
                          width=1000)  # fmt: skip
    return f"# {' '.join(command)}\n{told}"


def main(arguments: Sequence[str], flags: Collection[str] = (), function: str = MODEL) -> int:
    """Carry the verb out; 0 when done, 1 when runs failed. Raises ScenarioError before anything is written."""
    asked = asked_of(arguments)
    library("optuna")
    found = carried_out(asked, flags, function)
    write(found)
    for reason, count in sorted(found.failures.items(), key=lambda item: -item[1])[:3]:
        print(f"error: {count} runs failed: {reason}", file=sys.stderr)
    page = page_of(found, told_command(VERB, asked.given))
    print("\n".join(text for pair in page.answer for text in pair[::-1]))
    kept = sum(found.wanted.is_met(one.reached) for one in found.tried)
    print(f"{len(found.tried)} mixes tried, {kept} keep to the budget and to {percent(asked.probability)} %;"
          f" answer: {(asked.folder / 'answer.html').as_posix()}")  # fmt: skip
    return 1 if found.failures else 0
