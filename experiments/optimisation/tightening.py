"""The last part of a search: the best mix so far, with single doses moved and exchanged in smaller and smaller steps.

A genetic search comes near the cheapest mix but rarely takes the last yuan off it. Where a mix keeps to what is wanted
its doses are lowered; where none does they are raised towards the best that the budget allows. In both cases one dose
gives way to another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from experiments.optimisation.attainment import Reached
from experiments.optimisation.choice import rank
from experiments.optimisation.doses import STEPS, Variable
from experiments.optimisation.search import Steps, Tried, Wanted

FIRST_MOVE = 8  # steps of a range; halved where a round brings nothing better
MOST_A_ROUND = 16
PART = 0.4  # of the trials


def tighten(
    found: Sequence[Tried], variables: Sequence[Variable], wanted: Wanted, trials: int,
    evaluate: Callable[[int, Sequence[Steps]], Sequence[Reached]],
) -> list[Tried]:  # fmt: skip
    """Further mixes, at most so many, around the best one; none where nothing tried stays inside the budget."""
    best, further = best_of(found, wanted), list[Tried]()
    generation, move = max(one.generation for one in found) + 1, FIRST_MOVE
    known = {_key(one.steps) for one in found}
    while best is not None and len(further) < trials and move:
        steps = [mix for mix in moved(best, variables, wanted, move, generation) if _key(mix) not in known]
        steps = steps[: min(trials - len(further), MOST_A_ROUND)]
        if not steps:
            move //= 2
            continue
        mine = [Tried(mix, generation, one) for mix, one in zip(steps, evaluate(generation, steps), strict=True)]
        known |= {_key(mix) for mix in steps}
        further, generation = [*further, *mine], generation + 1
        better = best_of([best, *mine], wanted)
        if better is best:
            move //= 2
        best = better
    return further


def best_of(found: Sequence[Tried], wanted: Wanted) -> Tried | None:
    """The cheapest mix that keeps to what is wanted; without one the best inside the budget; None without that."""
    kept = [one for one in found if wanted.is_met(one.reached)]
    if kept:
        return min(kept, key=lambda one: one.reached.mean_cost)
    inside = [one for one in found if one.reached.mean_cost <= wanted.budget]
    return max(inside, key=lambda one: rank(one, wanted), default=None)


def moved(
    best: Tried, variables: Sequence[Variable], wanted: Wanted, move: int, turn: int
) -> list[Steps]:  # fmt: skip
    """The best mix with one dose moved, then with one dose moved down and another up, each mix once.

    turn : with which exchange to begin, so that all have their turn where a round has no room for them.
    """
    sign = -1 if wanted.is_met(best.reached) else 1
    alone = [_with(best.steps, {one.name: sign * move}) for one in variables]
    pairs = [(down, up) for down in variables for up in variables if down is not up]
    first = turn * MOST_A_ROUND % len(pairs) if pairs else 0
    exchanged = [_with(best.steps, {down.name: -move, up.name: move}) for down, up in pairs[first:] + pairs[:first]]
    return list({_key(mix): mix for mix in [*alone, *exchanged] if mix != best.steps}.values())


def _with(steps: Steps, moves: Steps) -> Steps:
    """Steps with some moved, inside the range."""
    return {name: min(max(step + moves.get(name, 0), 0), STEPS) for name, step in steps.items()}


def _key(steps: Steps) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(steps.items()))
