"""Tests 1 to 8: the super-deduction, as a whole, by owner, certificate and size, and for each yuan of tax."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from experiments.responses.arms import LONG, STEADY, T0
from experiments.responses.experiment import Experiment, Measured
from experiments.responses.lab import Lab, Panel, both, change, short_and_long
from sim.agents.firm import CERTIFIED, MEDIUM, PRIVATE

RATE = "super_deduction.rate"
BASE = STEADY.since("2018Q1", {RATE: 0.75})
WITHOUT = BASE.since(T0, {RATE: 0.0})
HIGHER = BASE.since(T0, {RATE: 1.0})
OF_FIRMS = "rd_performed_by_firms"
MILLION_IN_100M = 100.0
PROFIT_TAX, CERTIFIED_TAX = 0.25, 0.15
Chosen = Callable[[Panel], npt.NDArray[np.bool_]]


def is_state(firms: Panel) -> npt.NDArray[np.bool_]:
    """State firms, shape (n,)."""
    return np.asarray(firms["ownership"] < PRIVATE)


def is_private(firms: Panel) -> npt.NDArray[np.bool_]:
    """Private firms, shape (n,)."""
    return np.asarray(firms["ownership"] == PRIVATE)


def is_small(firms: Panel) -> npt.NDArray[np.bool_]:
    """Micro and small firms, shape (n,)."""
    return np.asarray(firms["size_class"] < MEDIUM)


def remove(lab: Lab) -> Measured:
    """Test 1."""
    short, long = short_and_long(lab, BASE, WITHOUT, OF_FIRMS)
    return {"1_short": short, "1_long": long, "actual_long": change(lab, BASE, WITHOUT, "firm_rd_actual", LONG)}


def raise_rate(lab: Lab) -> Measured:
    """Test 2."""
    short, long = short_and_long(lab, BASE, HIGHER, OF_FIRMS)
    return {"2_short": short, "2_long": long, "actual_long": change(lab, BASE, HIGHER, "firm_rd_actual", LONG)}


def group_change(lab: Lab, chosen: Chosen, column: str = "rd_reported_year") -> float:
    """Relative change of the R&D of a group at the higher rate, LONG: firms that carry out R&D in both runs.

    A firm belongs to the group by what it is without the change.
    """
    sums = np.zeros(2)
    for year in LONG:
        base, other = (trace.firms(year) for trace in lab.pair(BASE, HIGHER))
        here, there = both(base, other)
        kept = chosen(base)[here] & (base[column][here] > 0.0) & (other[column][there] > 0.0)
        sums += base[column][here][kept].sum(), other[column][there][kept].sum()
    return float(sums[1] / sums[0] - 1.0) if sums[0] > 0.0 else float("nan")


def over(above: float, below: float) -> float:
    """A ratio of two answers; not a number where the second is none."""
    return above / below if below > 0.0 else float("nan")


def by_owner(lab: Lab) -> Measured:
    """Test 3."""
    state, private = group_change(lab, is_state), group_change(lab, is_private)
    actual = group_change(lab, is_state, "rd_actual_year"), group_change(lab, is_private, "rd_actual_year")
    return {"3": over(state, private), "state": state, "private": private, "actual": over(*actual)}


def by_certificate(lab: Lab) -> Measured:
    """Test 4: mean log change of private firms of medium and large size that are in profit."""
    found: dict[bool, list[float]] = {True: [], False: []}
    for year in LONG:
        base, other = (trace.firms(year) for trace in lab.pair(BASE, HIGHER))
        here, there = both(base, other)
        one, two = base["rd_reported_year"][here], other["rd_reported_year"][there]
        alike = (base["ownership"] == PRIVATE) & (base["size_class"] >= MEDIUM) & (base["margin"] > 0.0)
        settled = (base["hnte_stage"][here] == CERTIFIED) == (other["hnte_stage"][there] == CERTIFIED)
        kept = alike[here] & settled & (one > 0.0) & (two > 0.0)
        grown = np.log(two[kept] / one[kept])
        certified = base["hnte_stage"][here][kept] == CERTIFIED
        for is_certified, values in found.items():
            values.extend(grown[certified == is_certified])
    means = {key: float(np.mean(values)) if values else float("nan") for key, values in found.items()}
    return {"4": over(means[True], means[False]), "certified": means[True], "others": means[False]}


def by_size(lab: Lab) -> Measured:
    """Test 5."""
    small = group_change(lab, lambda firms: is_private(firms) & is_small(firms))
    large = group_change(lab, lambda firms: is_private(firms) & ~is_small(firms))
    return {"5": over(small, large), "small": small, "large": large}


def claimed_tax(firms: Panel, chosen: npt.NDArray[np.bool_]) -> float:
    """Million yuan that the deduction of the year's R&D saves the chosen firms, within the year's profit."""
    rate = np.where(firms["hnte_stage"] == CERTIFIED, CERTIFIED_TAX, PROFIT_TAX)
    saved = rate * np.minimum(firms["deductible_year"], np.maximum(firms["profit_year"], 0.0))
    return float(saved[chosen].sum())


def per_yuan(lab: Lab) -> Measured:
    """Test 7: what the deduction of 75 % brings for each yuan that it costs, six to eight years on."""
    with_it, without = lab.pair(BASE, WITHOUT)
    extra = MILLION_IN_100M * (with_it.of(OF_FIRMS, LONG) - without.of(OF_FIRMS, LONG)) * len(LONG)
    found = {"7": over(extra, with_it.forgone(LONG) - without.forgone(LONG))}
    groups: dict[str, Chosen] = {"7_small": is_small, "7_state": is_state}
    for row, chosen in groups.items():
        gained = saved = 0.0
        for year in LONG:
            here, there = with_it.firms(year), without.firms(year)
            gained += here["rd_reported_year"][chosen(here)].sum() - there["rd_reported_year"][chosen(there)].sum()
            saved += claimed_tax(here, chosen(here))
        found[row] = over(gained, saved)
    return found


EXPERIMENTS = (
    Experiment(1, remove),
    Experiment(2, raise_rate),
    Experiment(3, by_owner),
    Experiment(4, by_certificate),
    Experiment(5, by_size),
    Experiment(7, per_yuan),
)
