"""What a user looks at: a mix and its reference, read from the store, each under a name of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from experiments.dashboard.studies import Reader
from experiments.outcomes import Results
from experiments.pairs import REFERENCE, paired
from experiments.words import Pair
from sim.scenario_values import ScenarioError

MIX = "mix"


@dataclass(frozen=True)
class Where:
    """One scenario of a study."""

    study: str
    scenario: str


@dataclass(frozen=True)
class Shown:
    """A mix that a session can show.

    Attributes
    ----------
    name : as the user gave it, or a title; mix, reference : where the runs lie, the same for the reference itself.
    replicates : how many of each are read; seed : of both.
    """

    name: Pair
    mix: Where
    reference: Where | None
    replicates: int
    seed: int


@dataclass(frozen=True)
class Sight:
    """The runs of a mix and of its reference; None where it is the reference itself or has none."""

    name: Pair
    mix: Results
    reference: Results | None

    @property
    def all(self) -> list[Results]:
        """The reference first, where there is one."""
        return [self.mix] if self.reference is None else [self.reference, self.mix]


def one_of(results: Sequence[Results], name: str) -> Results:
    """The results of a scenario by its name. Raises ScenarioError where there is none."""
    for one in results:
        if one.scenario.name == name:
            return one
    raise ScenarioError([f"scenario {name}: is not in this study"])


def named(results: Results, name: str, title: Pair) -> Results:
    """The same runs under another name and title: names decide no number."""
    scenario = replace(results.scenario, name=name, title_en=title[0], title_zh=title[1])
    return replace(results, scenario=scenario)


def look(reader: Reader, shown: Shown, place: int = 1) -> Sight:
    """The runs of what is shown; the mix gets a name that no scenario has. Raises StoreError, ScenarioError."""
    mix = one_of(reader.open(shown.mix.study, shown.replicates), shown.mix.scenario)
    base = mix.scenario.name
    if shown.reference is None or shown.reference == shown.mix:
        return Sight(shown.name, named(mix, base, shown.name), None)
    reference = one_of(reader.open(shown.reference.study, shown.replicates), shown.reference.scenario)
    own = named(mix, f"{base}_{MIX}{place}", shown.name)
    return Sight(shown.name, own, named(reference, REFERENCE, _title(reference)))


def _title(results: Results) -> Pair:
    return results.scenario.title_en, results.scenario.title_zh


def are_pairs(one: Results, other: Results) -> bool:
    """Whether runs of two mixes were made with the same draws, so that replicate by replicate may be compared."""
    try:
        mine, _ = paired(one, other)
    except ValueError:
        return False
    return len(mine) > 0 and one.years == other.years and one.scenario.scale == other.scenario.scale
