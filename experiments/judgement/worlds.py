"""The runs that are judged, each world in a store of its own below the study, so that an interrupted judgement goes on.

The fit runs history to 2017 on the posterior of 2011-2017. The inner test takes the posterior of 2011-2014 twice: once
with drivers and law as they came, once as somebody at the end of 2014 would have had to guess them. Observations that
a user brings are judged in the same way, from 2017 to 2022, on the posterior of 2011-2017.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from experiments.compose import Request, compose_request, load_scenario
from experiments.draws.variation import CENTRAL, Variation
from experiments.judgement.foresight import as_known_in
from experiments.machines import Report
from experiments.origin import origin_of, settle_origin
from experiments.outcomes import Results
from experiments.plan import MODEL, Plan, Point
from experiments.reading import results_of
from experiments.store import Store
from experiments.study import run_plan, settings_of, tell
from sim.scenario import Scenario

SCENARIO = "history"
POSTERIOR, UNCERTAIN = "posterior", "uncertain"
FIT, INNER, INNER_FORECAST = "fit", "inner_conditional", "inner_unconditional"
LATER, LATER_FORECAST = "later_conditional", "later_unconditional"
INNER_ORIGIN, FIT_ORIGIN, LAST_YEAR = 2014, 2017, 2022
OF_THE_RUNS = ("population", "population.k")  # overrides that change the runs; all others say how many or where


class RunsFailedError(Exception):
    """Runs failed; what they said is told already."""


@dataclass(frozen=True)
class World:
    """History to the end of a year.

    Attributes
    ----------
    fitted_to : last year of the data that the parameters were fitted to; end : last year of the runs.
    is_forecast : whether drivers, law and levers after `fitted_to` are unknown.
    """

    name: str
    fitted_to: int
    end: int
    is_forecast: bool = False

    def scenario(self, overrides: Sequence[str]) -> Scenario:
        """Its scenario. Raises ScenarioError for an override out of range."""
        found = load_scenario(SCENARIO, [*overrides, f"end={self.end}Q4"])
        found = as_known_in(found, self.fitted_to) if self.is_forecast else found
        return replace(found, name=self.name)

    def variation(self, parameters: str) -> Variation:
        """What its replicates draw; `parameters` is central (the catalogue's values) or posterior."""
        is_inner = parameters == POSTERIOR and self.fitted_to < FIT_ORIGIN
        table = f"{parameters}_{self.fitted_to}" if is_inner else parameters
        origin = self.fitted_to if self.is_forecast else None
        return Variation(table, UNCERTAIN if self.is_forecast else CENTRAL, origin)


WORLDS = (
    World(FIT, FIT_ORIGIN, FIT_ORIGIN),
    World(INNER, INNER_ORIGIN, FIT_ORIGIN),
    World(INNER_FORECAST, INNER_ORIGIN, FIT_ORIGIN, is_forecast=True),
)
LATER_WORLDS = (
    World(LATER, FIT_ORIGIN, LAST_YEAR),
    World(LATER_FORECAST, FIT_ORIGIN, LAST_YEAR, is_forecast=True),
)


def overrides_of(request: Request) -> list[str]:
    """The overrides of a request that change its runs."""
    return [text for text in request.overrides if text.partition("=")[0] in OF_THE_RUNS]


def plan_of_world(world: World, request: Request, parameters: str, function: str = MODEL) -> Plan:
    """The plan of one world. Raises ScenarioError where there is nothing to draw parameters or drivers from."""
    scenario, variation = world.scenario(overrides_of(request)), world.variation(parameters)
    variation.check()
    texts = {"verb": "validate", "arguments": [*request.overrides, f"parameters={parameters}", f"world={world.name}"]}
    return Plan(world.name, (Point(world.name, scenario, world.name),), request.seed, request.replicates, "yearly",
                function, texts, variation)  # fmt: skip


def plan_again(arguments: Sequence[str], function: str = MODEL) -> Plan:
    """The plan of a plan file's arguments, those of `plan_of_world`. Raises StopIteration for an unknown world."""
    own = dict(text.split("=", 1) for text in arguments if text.startswith(("parameters=", "world=")))
    rest = [text for text in arguments if text.partition("=")[0] not in own]
    request = compose_request([*rest, f"scenario={SCENARIO}"])
    world = next(one for one in (*WORLDS, *LATER_WORLDS) if one.name == own["world"])
    return plan_of_world(world, replace(request, overrides=tuple(rest)), own["parameters"], function)


def run_world(plan: Plan, request: Request, flags: Collection[str]) -> Results:
    """Run what is missing of a world and read it back. Raises RunsFailedError where a run failed."""
    store = Store(request.results / request.study / plan.study)
    store.probe()
    with store.lock():
        settle_origin(store, origin_of(plan, overrides_of(request)), flags)
        print(f"{plan.study}:", file=sys.stderr, flush=True)
        report: Report = run_plan(plan, store, settings_of(request))
        if report.failures:
            tell(report, "--debug" in flags)
            raise RunsFailedError
        return results_of(plan, store, report.index)[0]
