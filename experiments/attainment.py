"""The answer first: which main targets are reached, under which scenario, how surely, and what that costs more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.costs import OutcomeCost
from experiments.outcomes import Results
from experiments.pairs import reference_of
from experiments.words import Pair, head
from sim.scenario import Scenario

SURE, EVEN, HARDLY = 0.9, 0.5, 0.1  # chances from which a target is reached, likely, and unlikely; below it is missed
APART = 0.5  # difference of chances from which it is the policy that decides


@dataclass(frozen=True)
class Tally:
    """How a scenario does over the main targets that can be tested: how many in each class of chance, best first.

    expected : sum of the chances, so how many are met in the mean; cost : extra public cost against the reference,
    million yuan, mean and 5-95 %; None for the reference itself.
    """

    scenario: Scenario
    counts: tuple[int, int, int, int]
    expected: float
    cost: tuple[float, float, float] | None

    @property
    def tested(self) -> int:
        """How many targets were tested."""
        return sum(self.counts)


def heads_of(scenario: Scenario) -> Pair:
    """A scenario's short name, English and Chinese."""
    return head(scenario.title_en), head(scenario.title_zh)


def class_of(chance: float) -> int:
    """0 reached, 1 likely, 2 unlikely, 3 missed."""
    return 0 if chance >= SURE else 1 if chance >= EVEN else 2 if chance >= HARDLY else 3


def _tally(place: int, one: Results, tested: Sequence[Mapping[str, Any]], costs: Sequence[OutcomeCost]) -> Tally:
    chances = [target["chances"][place] for target in tested]
    counts = [0, 0, 0, 0]
    for chance in chances:
        counts[class_of(chance)] += 1
    paid = next((row for row in costs if row.scenario == one.scenario.name), None)
    return Tally(
        one.scenario,
        (counts[0], counts[1], counts[2], counts[3]),
        float(sum(chances)),
        None if paid is None else (paid.cost, paid.cost_p05, paid.cost_p95),
    )


def attainment_view(
    results: Sequence[Results], targets: Sequence[Mapping[str, Any]], costs: Sequence[OutcomeCost]
) -> dict[str, Any] | None:
    """For the report's first lines; None where no main target can be tested.

    targets : as the report's list, each with its catalogue `row` and its `chances` by scenario. `always`, `never` and
    `decided` are targets that every scenario reaches, none does, and those where the scenario decides, each with the
    scenario of the highest chance.
    """
    tested = [one for one in targets if one["row"].main and None not in one["chances"]]
    if not tested:
        return None
    tallies = [_tally(place, one, tested, costs) for place, one in enumerate(results)]
    reference = reference_of(results)
    found: dict[str, list[dict[str, Any]]] = {"always": [], "never": [], "decided": []}
    for one in tested:
        chances = one["chances"]
        best = max(range(len(chances)), key=lambda place: chances[place])
        line = {"target": one, "best": heads_of(results[best].scenario), "chance": chances[best], "least": min(chances)}
        if min(chances) >= SURE:
            found["always"].append(line)
        elif max(chances) < HARDLY:
            found["never"].append(line)
        elif max(chances) - min(chances) >= APART:
            found["decided"].append(line)
    best_tally = max(tallies, key=lambda one: one.expected)
    return {
        "tallies": tallies,
        "tested": len(tested),
        "between": len(tested) - sum(map(len, found.values())),
        "main": sum(1 for one in targets if one["row"].main),
        "reference": next(one for one in tallies if one.scenario is reference.scenario),
        "best": best_tally,
        "best_head": heads_of(best_tally.scenario),
        **found,
    }
