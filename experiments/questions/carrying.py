"""Makes the plan of a question and gets its runs: every point, at the centre and at both ends of the evidence.

Each point is composed once; the ends are the same scenarios with the named parameters at the ends of their ranges in
the catalogue, which stand over drawn ones. Points that say the same are run once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from experiments.draws.variation import Variation
from experiments.machines import Report, Settings
from experiments.origin import origin_of, settle_origin
from experiments.outcomes import Results
from experiments.overrides import Overrides
from experiments.plan import MODEL, Plan, Point, without_duplicates
from experiments.points import points_of
from experiments.questions.finding import Case
from experiments.questions.kinds import module_of
from experiments.questions.question import CENTRAL, ENDS, STRONG, Evidence, Question, Variant
from experiments.reading import results_of
from experiments.store import Store
from experiments.study import run_plan
from sim.catalogue.loader import catalogue
from sim.scenario import Scenario
from sim.scenario_values import ScenarioError

VERB = "ask"
USUAL = Variation("posterior", "uncertain")  # what bands for planners must hold


@dataclass(frozen=True)
class Asked:
    """How a question is asked.

    Attributes
    ----------
    replicates : paired, of every point; evidence : whether both ends of the evidence are run as well.
    """

    population: str = "scaled"
    replicates: int = 16
    seed: int = 1
    workers: int | None = None
    results: Path = Path("results")
    variation: Variation = USUAL
    evidence: bool = True

    def arguments(self, name: str) -> list[str]:
        """The command line that asks the same, without what only says how."""
        return [name, f"population={self.population}", f"replicates={self.replicates}", f"seed={self.seed}",
                f"parameters={self.variation.parameters}", f"drivers={self.variation.drivers}",
                f"evidence={'yes' if self.evidence else 'no'}"]  # fmt: skip


@dataclass(frozen=True)
class Posed:
    """A question with its plan; `points` gives the number of the plan's point by end and variant."""

    question: Question
    plan: Plan
    points: Mapping[tuple[str, str], int]

    def ends(self) -> list[str]:
        """The ends of the evidence that are run, the centre first."""
        return list(dict.fromkeys(end for end, _ in self.points))


def ends_of(question: Question, asked: Asked) -> tuple[str, ...]:
    """The ends of the evidence that are run: the centre alone where none is named or asked for."""
    return ENDS if asked.evidence and question.evidence else (CENTRAL,)


def values_at(evidence: Sequence[Evidence], end: str) -> dict[str, float]:
    """Parameters at an end of the evidence: all where levers do least (weak), or all where they do most."""
    found = {}
    for one in evidence if end != CENTRAL else ():
        row = catalogue().parameter(one.address)
        found[one.address] = row.high if (one.stronger == "high") == (end == STRONG) else row.low
    return found


def at_end(scenario: Scenario, evidence: Sequence[Evidence], end: str) -> Scenario:
    """A scenario with the evidence at an end, over what it sets itself; names play no part."""
    return replace(scenario, mechanism={**scenario.mechanism, **values_at(evidence, end)})


def scenarios_of(question: Question, population: str) -> dict[str, Scenario]:
    """The checked scenarios of all points by their names. Raises ScenarioError with file and line."""
    groups: dict[tuple[str, ...], list[Variant]] = {}
    points = module_of(question.kind).points(question)
    for one in points:  # what sets the same keys of the same file is composed once
        groups.setdefault((one.scenario, *sorted(one.overrides)), []).append(one)
    found: dict[str, Scenario] = {}
    for rows in groups.values():
        try:
            made = _composed(question, rows, population)
        except ScenarioError:  # again one by one, so that each fault names its own line
            made = [point for row in rows for point in _composed(question, [row], population)]
        found |= {row.name: replace(one.scenario, name=row.name) for row, one in zip(rows, made, strict=True)}
    return {one.name: found[one.name] for one in points}


def _composed(question: Question, rows: Sequence[Variant], population: str) -> list[Point]:
    """Points of variants that set the same keys of the same file. Raises ScenarioError."""
    places = _places(question, rows[0].of or rows[0].name)
    fixed = Overrides({"population": population}, {}, {}, places)
    return points_of(rows[0].scenario, fixed, [row.overrides for row in rows])


def _places(question: Question, variant: str) -> dict[str, str]:
    """File and line of each override of a variant: its own block, or the sweep."""
    blocks = (("variants", variant, "overrides"), (question.kind, "sweep"))
    return {path[-1]: place for path, place in question.places.items() if path[:-1] in blocks}


def pose(question: Question, asked: Asked, function: str = MODEL) -> Posed:
    """The plan of a question. Raises ScenarioError, before anything is written."""
    points: list[Point] = []
    for end in ends_of(question, asked):
        for name, scenario in scenarios_of(question, asked.population).items() if end == CENTRAL else _central(points):
            label = name if end == CENTRAL else f"{name}+{end}"
            changed = replace(at_end(scenario, question.evidence, end), name=label)
            points.append(Point(label, changed, label))
    kept, _ = without_duplicates(points)
    place = {point.fingerprint: i for i, point in enumerate(kept)}
    known = {_split(point.name): place[point.fingerprint] for point in points}
    texts = {"verb": VERB, "arguments": asked.arguments(question.name)}
    plan = Plan(question.number, kept, asked.seed, asked.replicates, "full", function, texts, asked.variation)
    return Posed(question, plan, known)


def _central(points: Sequence[Point]) -> list[tuple[str, Scenario]]:
    return [(point.name, point.scenario) for point in points if "+" not in point.name]


def _split(label: str) -> tuple[str, str]:
    """End and variant of a point's name."""
    name, _, end = label.partition("+")
    return end or CENTRAL, name


def carry_out(posed: Posed, asked: Asked, flags: Collection[str] = ()) -> tuple[Store, Report, dict[str, Case]]:
    """Run what is missing; the cases by end of the evidence, those that have runs of every point.

    Raises StoreError where the folder cannot be used. The caller tells failures.
    """
    store = Store(asked.results / VERB / posed.question.number)
    store.probe()
    with store.lock():
        settle_origin(store, origin_of(posed.plan, posed.plan.texts["arguments"]), flags)
        report = run_plan(posed.plan, store, Settings(workers=asked.workers))
        return store, report, cases_of(posed, results_of(posed.plan, store, report.index))


def cases_of(posed: Posed, results: Sequence[Results]) -> dict[str, Case]:
    """The results by end of the evidence, each under the name of its point in the question."""
    held = {one.scenario.name: one for one in results}
    found: dict[str, Case] = {}
    for end in posed.ends():
        named = {}
        for (at, name), place in posed.points.items():
            one = held.get(posed.plan.points[place].name)
            if at == end and one is not None:
                named[name] = replace(one, scenario=replace(one.scenario, name=name))
        if len(named) == sum(at == end for at, _ in posed.points):
            found[end] = Case(posed.question, named)
    return found
