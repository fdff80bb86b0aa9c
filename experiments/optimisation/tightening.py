"""The last part of a search: the best mix so far, with single doses moved, as long as that makes it better.

A genetic search comes near the cheapest mix but rarely takes the last yuan off it. Where a mix keeps to what is wanted
its doses are lowered; where none does they are moved both ways towards the best that the budget allows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from experiments.optimisation.attainment import Reached
from experiments.optimisation.choice import rank
from experiments.optimisation.doses import STEPS, Variable
from experiments.optimisation.search import Steps, Tried, Wanted

MOVES = (16, 8, 4, 2, 1)  # steps of a range
PART = 0.25  # of the trials


def tighten(
    found: Sequence[Tried], variables: Sequence[Variable], wanted: Wanted, trials: int,
    evaluate: Callable[[int, Sequence[Steps]], Sequence[Reached]],
) -> list[Tried]:  # fmt: skip
    """Further mixes, at most so many, around the best one; none where nothing tried stays inside the budget."""
    best, further = best_of(found, wanted), list[Tried]()
    generation = max(one.generation for one in found) + 1
    while best is not None and len(further) < trials:
        known = {_key(one.steps) for one in (*found, *further)}
        steps = [mix for mix in moved(best, variables, wanted) if _key(mix) not in known][: trials - len(further)]
        if not steps:
            break
        mine = [Tried(mix, generation, one) for mix, one in zip(steps, evaluate(generation, steps), strict=True)]
        further, generation = [*further, *mine], generation + 1
        better = best_of([best, *mine], wanted)
        if better is best:
            break
        best = better
    return further


def best_of(found: Sequence[Tried], wanted: Wanted) -> Tried | None:
    """The cheapest mix that keeps to what is wanted; without one the best inside the budget; None without that."""
    kept = [one for one in found if wanted.is_met(one.reached)]
    if kept:
        return min(kept, key=lambda one: one.reached.mean_cost)
    inside = [one for one in found if one.reached.mean_cost <= wanted.budget]
    return max(inside, key=lambda one: rank(one, wanted), default=None)


def moved(best: Tried, variables: Sequence[Variable], wanted: Wanted) -> list[Steps]:
    """The best mix with one dose moved at a time, the largest moves first."""
    signs = (-1,) if wanted.is_met(best.reached) else (1, -1)
    found: list[Steps] = []
    for move in MOVES:
        for one in variables:
            for sign in signs:
                step = min(max(best.steps[one.name] + sign * move, 0), STEPS)
                if step != best.steps[one.name]:
                    found.append({**best.steps, one.name: step})
    return found


def _key(steps: Steps) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(steps.items()))
