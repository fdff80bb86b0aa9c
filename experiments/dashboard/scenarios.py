"""The scenarios that can be chosen, as the page needs them: titles, and each as it stands."""

from __future__ import annotations

from functools import lru_cache

from experiments.compose import load_scenario
from experiments.dashboard.selection import COMPOSING
from experiments.outcomes import quarters_between
from experiments.pairs import REFERENCE
from experiments.scenario_files import options
from experiments.words import Pair
from sim.scenario import Scenario


@lru_cache(maxsize=64)
def base_scenario(name: str, population: str = "scaled") -> Scenario:
    """A scenario without changes. Raises ScenarioError."""
    with COMPOSING:
        return load_scenario(name, [f"population={population}"])


@lru_cache(maxsize=1)
def scenario_titles() -> dict[str, Pair]:
    """Titles by name, history first, then the plans; what was there when the server started."""
    names = sorted(options("scenario"), key=lambda name: (name != REFERENCE, not name.startswith("plan_"), name))
    return {name: (one.title_en, one.title_zh) for name in names for one in (base_scenario(name),)}


@lru_cache(maxsize=1)
def quarters() -> tuple[str, ...]:
    """Quarters of a usual run."""
    usual = base_scenario(REFERENCE)
    return tuple(quarters_between(usual.start, usual.end))
