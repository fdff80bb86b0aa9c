"""Tests 1 to 8: the super-deduction, as a whole, by owner, certificate and size, and for each yuan of tax."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from experiments.responses.arms import FIRST, LONG, STEADY, T0
from experiments.responses.experiment import Experiment, Measured
from experiments.responses.lab import Lab, Panel, Trace, both, change, short_and_long
from sim.agents.firm import CERTIFIED, MEDIUM, PRIVATE
from sim.catalogue.loader import catalogue
from sim.core.fixed_point import unfixed
from sim.mechanisms.settle_tax import settle

RATE = "super_deduction.rate"
BASE = STEADY.since("2018Q1", {RATE: 0.75})
WITHOUT = BASE.since(T0, {RATE: 0.0})
HIGHER = BASE.since(T0, {RATE: 1.0})
OF_FIRMS = "rd_performed_by_firms"
MILLION_IN_100M = 100.0
CARRIED = ("losses_carried", "deductions_carried")
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


def certified_years(trace: Trace, last: int, uids: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """In how many years from the change to the last each firm holds the certificate, shape (n,)."""
    years = np.zeros(len(uids), np.int64)
    for year in range(FIRST, last + 1):
        firms = trace.firms(year)
        years += np.isin(uids, firms["uid"][firms["hnte_stage"] == CERTIFIED], assume_unique=True)
    return years


def by_certificate(lab: Lab) -> Measured:
    """Test 4: log change of the median private firm of medium and large size that is in profit.

    The band is what the law says of one firm at either rate, so that firms whose rate changes are left out, and the
    few whose threshold or money moves with the deduction do not decide.
    """
    found: dict[bool, list[float]] = {True: [], False: []}
    pair = lab.pair(BASE, HIGHER)
    for year in LONG:
        base, other = (trace.firms(year) for trace in pair)
        here, there = both(base, other)
        one, two = base["rd_reported_year"][here], other["rd_reported_year"][there]
        alike = (base["ownership"] == PRIVATE) & (base["size_class"] >= MEDIUM) & (base["margin"] > 0.0)
        kept = alike[here] & (one > 0.0) & (two > 0.0)
        held = np.array([certified_years(trace, year, base["uid"][here]) for trace in pair])
        for is_certified, values in found.items():
            years = year - FIRST + 1 if is_certified else 0
            rows = kept & (held == years).all(axis=0)
            values.extend(np.log(two[rows] / one[rows]))
    middle = {key: float(np.median(values)) if values else float("nan") for key, values in found.items()}
    return {"4": over(middle[True], middle[False]), "certified": middle[True], "others": middle[False]}


def by_size(lab: Lab) -> Measured:
    """Test 5."""
    small = group_change(lab, lambda firms: is_private(firms) & is_small(firms))
    large = group_change(lab, lambda firms: is_private(firms) & ~is_small(firms))
    return {"5": over(small, large), "small": small, "large": large}


def claimed_tax(before: Panel, firms: Panel, chosen: npt.NDArray[np.bool_]) -> float:
    """Million yuan that the deduction saves the chosen firms in a year, as the model settles it.

    before : the firms at the end of the year before, with the losses and deductions that they carry over.
    """
    known = np.isin(firms["uid"], before["uid"], assume_unique=True)
    place = np.searchsorted(before["uid"], firms["uid"][known])
    carried = [np.zeros_like(firms[name]) for name in CARRIED]
    for name, amounts in zip(CARRIED, carried, strict=True):
        amounts[known] = before[name][place]
    rate = catalogue().parameter("desire_rd.profit_tax").value
    spared = settle(np.flatnonzero(chosen), firms["hnte_stage"], firms["tax_cut_year"], firms["profit_year"],
                    firms["deductible_year"], rate, *carried)  # fmt: skip
    return unfixed(spared[0])


def per_yuan(lab: Lab) -> Measured:
    """Test 7: what the deduction of 75 % brings for each yuan that it costs, six to eight years on."""
    with_it, without = lab.pair(BASE, WITHOUT)
    extra = MILLION_IN_100M * (with_it.of(OF_FIRMS, LONG) - without.of(OF_FIRMS, LONG)) * len(LONG)
    found = {"7": over(extra, with_it.forgone(LONG) - without.forgone(LONG))}
    groups: dict[str, Chosen] = {"7_small": is_small, "7_state": is_state}
    for row, chosen in groups.items():
        gained = saved = 0.0
        for year in LONG:
            panel, other = with_it.firms(year), without.firms(year)
            here, there = both(panel, other)
            one, two = panel["rd_reported_year"][here], other["rd_reported_year"][there]
            kept = chosen(panel)[here] & (one > 0.0) & (two > 0.0)
            gained += (one - two)[kept].sum()
            flags = np.isin(panel["uid"], panel["uid"][here][kept], assume_unique=True)
            saved += claimed_tax(with_it.firms(year - 1), panel, flags)
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
