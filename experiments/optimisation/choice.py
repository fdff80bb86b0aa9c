"""Chooses the cheapest mix that keeps to what is wanted, tries it on fresh seeds, or says why there is none.

A mix that was best in a search is partly lucky: the mixes of the front that keep to everything are run on replicates
that the search never saw, the cheapest first, until one keeps to it there as well. Where no mix does in the search, the
best one inside the budget is told with what binds it, and each bound is relaxed once to see what that would bring.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from experiments.optimisation.attainment import Reached
from experiments.optimisation.doses import BUDGET, CATALOGUE, DIGITS, STEPS, Variable
from experiments.optimisation.search import Tried, Wanted, front

MOST_CHECKED = 5
NEAR_BOUND = 0.96  # of the steps of a range: as good as its end
NEAR_BUDGET = 0.9  # of the budget: as good as all of it
RELAXED_BY = 0.5  # of a range, or of a budget
Values = Mapping[str, float]
Evaluate = Callable[[Sequence[Values]], Sequence[Reached]]


@dataclass(frozen=True)
class Checked:
    """A mix of the front on fresh replicates."""

    tried: Tried
    fresh: Reached


@dataclass(frozen=True)
class Relaxed:
    """What one bound further out would bring: what was relaxed (BUDGET or a variable's name), to which dose."""

    what: str
    values: Values
    reached: Reached


@dataclass(frozen=True)
class Choice:
    """What the search led to.

    Attributes
    ----------
    winner : the cheapest mix that kept to everything; None where no mix did.
    is_confirmed : whether it did so on fresh replicates too.
    best : the best mix inside the budget (None where none is); anything : the best whatever it costs.
    """

    front: tuple[Tried, ...]
    winner: Checked | None
    is_confirmed: bool
    checks: tuple[Checked, ...]
    best: Tried | None
    anything: Tried
    relaxed: tuple[Relaxed, ...]


def rank(one: Tried, wanted: Wanted) -> tuple[float, float, float]:
    """The better the larger: chance, then the margin at the wanted chance, then cheapness."""
    return one.reached.probability, one.reached.margin_at(wanted.probability), -one.reached.mean_cost


def choose(
    found: Sequence[Tried], wanted: Wanted, variables: Sequence[Variable], fresh: Evaluate, again: Evaluate
) -> Choice:  # fmt: skip
    """The choice among all mixes. fresh : what doses reach on fresh replicates; again : on those of the search."""
    on_front = front(found, wanted)
    inside = [one for one in found if one.reached.mean_cost <= wanted.budget]
    best = max(inside, key=lambda one: rank(one, wanted), default=None)
    anything = max(found, key=lambda one: rank(one, wanted))
    kept = [one for one in on_front if wanted.is_met(one.reached)][:MOST_CHECKED]
    checks: list[Checked] = []
    for one in kept:
        checks.append(Checked(one, fresh([one.values(variables)])[0]))
        if wanted.is_met(checks[-1].fresh):
            return Choice(tuple(on_front), checks[-1], True, tuple(checks), best, anything, ())
    if checks:
        winner = max(checks, key=lambda one: (one.fresh.probability, -one.fresh.mean_cost))
        return Choice(tuple(on_front), winner, False, tuple(checks), best, anything, ())
    relaxed = relaxations(best, wanted, variables, again) if best is not None else ()
    return Choice(tuple(on_front), None, False, (), best, anything, tuple(relaxed))


def at_top(variable: Variable, tried: Tried) -> bool:
    """Whether a dose of a mix stands at the upper end of its range."""
    return tried.steps[variable.name] >= NEAR_BOUND * STEPS


def spends_all(tried: Tried, wanted: Wanted) -> bool:
    """Whether a mix uses up the budget."""
    return tried.reached.mean_cost >= NEAR_BUDGET * wanted.budget


def relaxations(best: Tried, wanted: Wanted, variables: Sequence[Variable], again: Evaluate) -> list[Relaxed]:
    """Each bound that the best mix stands at, further out by RELAXED_BY, the most helpful first."""
    values = best.values(variables)
    steps: list[tuple[str, Values]] = []
    money = [one for one in variables if one.is_money]
    is_spent = bool(money) and spends_all(best, wanted)
    if is_spent:
        more = {one.name: _rounded(min(one.row.high, values[one.name] * (1.0 + RELAXED_BY))) for one in money}
        steps.append((BUDGET, {**values, **more}))
    for one in variables:
        if at_top(one, best) and one.limit != CATALOGUE and not (is_spent and one.limit == BUDGET):
            further = min(one.row.high, one.high + RELAXED_BY * (one.high - one.low))
            steps.append((one.name, {**values, one.name: _rounded(further)}))
    reached = again([mix for _, mix in steps]) if steps else ()
    found = [Relaxed(what, mix, one) for (what, mix), one in zip(steps, reached, strict=True)]
    return sorted(found, key=lambda one: (-one.reached.probability, -one.reached.margin_at(wanted.probability)))


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
