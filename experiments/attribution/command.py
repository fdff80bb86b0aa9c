"""The verb `attribute`: runs all coalitions of the groups of levers and writes whose part of the outcomes is how large.

Each scenario has a store of its own, results/attribute/SCENARIO/; the tables of the five plans together lie in plans/.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from experiments.attribution.answer import LANGUAGES, answer_text
from experiments.attribution.overview import overview
from experiments.attribution.parts import Parts, game_of, parts_of
from experiments.attribution.questions import cost_question
from experiments.attribution.request import Asked, Game, asked_of
from experiments.attribution.rows import Attribution, write_tables
from experiments.origin import origin_of, settle_origin
from experiments.outcomes import Results
from experiments.plan import MODEL, Plan
from experiments.reading import results_of
from experiments.store import Store, write_file
from experiments.study import run_plan, settings_of, tell
from experiments.sweep import estimate

ALL_PLANS = "plans"


def plan_again(arguments: Sequence[str], function: str = MODEL) -> Plan:
    """The plan of the texts in a plan file, which name one scenario. Raises ScenarioError."""
    asked = asked_of(arguments, may_be_idle=True)
    return asked.games[0].plan(asked.request, function)


def _coalitions(asked: Asked, game: Game, flags: Collection[str], function: str) -> list[Results] | None:
    """Runs of all coalitions in the order of the game; None where one has no run at all."""
    plan, store = game.plan(asked.request, function), Store(asked.folder / game.scenario.name)
    settings = settings_of(asked.request)
    print(f"{game.scenario.name}: {estimate(plan, settings.processes)}", file=sys.stderr, flush=True)
    store.probe()
    with store.lock():
        settle_origin(store, origin_of(plan, game.arguments), flags)
        report = run_plan(plan, store, settings)
        found = results_of(plan, store, report.index)
    tell(report, "--debug" in flags)
    whole = len(found) == len(plan.points) and set.intersection(*(set(one.replicates) for one in found))
    return found if whole else None


def attributed(game: Game, results: Sequence[Results], seed: int) -> Attribution:
    """The parts of all questions; a question that some coalition has no value for is left out, and that is told."""
    found: list[Parts] = []
    for question in game.questions:
        values = game_of(question, results)
        if values is None:
            told = f"{game.scenario.name}: {question.name} has no value in some coalition and is left out"
            print(told, file=sys.stderr)
        else:
            found.append(parts_of(question, game.groups, values, seed))
    costs = game_of(cost := cost_question(game.year), results)
    assert costs is not None
    return Attribution(game.scenario, parts_of(cost, game.groups, costs, seed), tuple(found))


def write(folder: Path, found: Sequence[Attribution], asked: Asked) -> str:
    """The tables, the answer and the figures; returns what the terminal shows: of many scenarios the overview."""
    from experiments.figures.waterfall import waterfall

    write_tables(folder, found)
    for one in found:
        for parts in one.every:
            if (parts.values == parts.values[:, :1]).all():
                continue  # no group changes anything: there is nothing to draw
            name = f"waterfall_{parts.question.name}.svg"
            place = folder if len(found) == 1 else asked.folder / one.scenario.name
            write_file(place / name, waterfall(parts, one.scenario))
    text = answer_text(found, asked)
    write_file(folder / "answer.md", text)
    return text if len(found) == 1 else "\n".join(line for one in LANGUAGES for line in overview(found, one))


def main(arguments: Sequence[str], flags: Collection[str] = (), function: str = MODEL) -> int:
    """Carry the verb out; 0 when done, 1 when a coalition has no run. Raises ScenarioError, StoreError."""
    asked = asked_of(arguments)
    found = []
    for game in asked.games:
        results = _coalitions(asked, game, flags, function)
        if results is None:
            print(f"error: {game.scenario.name}: a coalition has no run; nothing is attributed", file=sys.stderr)
            return 1
        found.append(attributed(game, results, asked.request.seed))
    folder = asked.folder / (ALL_PLANS if asked.is_plans else asked.games[0].scenario.name)
    folder.mkdir(parents=True, exist_ok=True)
    print(write(folder, found, asked))
    print(f"tables and figures: {folder.as_posix()}/ (shapley.csv, synergy.csv, coalitions.csv, answer.md)")
    return 0
