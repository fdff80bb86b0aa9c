"""Tests 9 to 12: the threshold of the high-tech certificate, where firms bunch, what is missing below, what is real.

The world in which a certificate brings nothing, from 2011 on, tells where each firm would have been without the
threshold: only firms that carry out R&D in both worlds are compared, which no study can do. Firms that begin R&D for
the certificate's sake are left out of all four.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from experiments.responses.arms import LONG, STEADY
from experiments.responses.experiment import Experiment, Measured
from experiments.responses.lab import Lab, Trace, both
from experiments.responses.watching import lab_beside
from sim.agents.firm import CERTIFIED
from sim.agents.world import World

Array = npt.NDArray[np.float64]
NEVER = STEADY.always({"hnte_tax_rate.cut_points": 0.0, "hnte_pool.award": 0.0})
SPIKE = 0.005  # above the threshold, share of sales: where the published mass is counted
BELOW, NEAR = 0.03, 0.02  # how far below it firms are missed, and where their usual number is taken
FROM, TO = -0.016, 0.005  # firms near the threshold, from the widest published hole to the end of the spike
SMALL_OLD, SMALL_NEW = 0.06, 0.05  # thresholds of the smallest firms before and after the reform of 2016
REFORM_BEFORE, REFORM_AFTER = 2015, 2017
OTHERS = ("before", "after", "unreformed")  # where the other classes are looked at
WINDOW, STEP = 0.005, 0.0005  # of the look for a spike
STARTS = np.arange(-0.02, 0.03, STEP)  # where its windows begin
PERCENT = 100.0


@dataclass(frozen=True)
class Twins:
    """Firms of high-tech fields with R&D, with and without the threshold, shape (n,) each.

    ratio, free : reported R&D over sales with and without; reported, actual, free_reported, free_actual : million
    yuan; threshold : share of sales; certified : whether it holds the certificate.
    """

    ratio: Array
    free: Array
    reported: Array
    actual: Array
    free_reported: Array
    free_actual: Array
    sales: Array
    threshold: Array
    certified: npt.NDArray[np.bool_]

    @property
    def distance(self) -> Array:
        """Reported R&D over sales less the threshold."""
        return self.ratio - self.threshold

    @property
    def free_distance(self) -> Array:
        """The same without the threshold."""
        return self.free - self.threshold


def twins(lab: Lab, years: Sequence[int], seen: Trace | None = None) -> Twins:
    """All firms that carry out R&D in both worlds in the years, pooled; those of one threshold in both.

    seen : the world with the threshold, the steady one where nothing is given.
    """
    worlds = (seen or lab.trace(STEADY), lab.trace(NEVER))
    parts: list[list[npt.NDArray[np.float64]]] = []
    for year in years:
        one, two = (trace.firms(year) for trace in worlds)
        i, j = both(one, two)
        kept = (one["is_high_tech_field"][i] == 1) & (one["has_rd"][i] == 1) & (two["has_rd"][j] == 1)
        kept &= one["induced_by_certificate"][i] == 0
        kept &= (one["certificate_threshold"][i] == two["certificate_threshold"][j]) & (one["sales_year"][i] > 0.0)
        kept &= (two["sales_year"][j] > 0.0) & (one["rd_actual_year"][i] > 0.0) & (two["rd_actual_year"][j] > 0.0)
        i, j = i[kept], j[kept]
        parts.append([
            one["rd_reported_year"][i] / one["sales_year"][i], two["rd_reported_year"][j] / two["sales_year"][j],
            one["rd_reported_year"][i], one["rd_actual_year"][i], two["rd_reported_year"][j], two["rd_actual_year"][j],
            one["sales_year"][i], one["certificate_threshold"][i], one["hnte_stage"][i] == CERTIFIED,
        ])  # fmt: skip
    *values, certified = (np.concatenate(column) for column in zip(*parts, strict=True))
    ratio, free, reported, actual, free_reported, free_actual, sales, threshold = values
    return Twins(ratio, free, reported, actual, free_reported, free_actual, sales, threshold, certified.astype(bool))


def part(above: float | np.signedinteger[Any], below: float | np.signedinteger[Any]) -> float:
    """A quotient; not a number where there is nothing below."""
    return float(above) / float(below) if below > 0.0 else float("nan")


def spike_and_hole(lab: Lab) -> Measured:
    """Test 9: firms just above over those that would be there, and the width of what is missing below, in points."""
    firms = twins(lab, LONG)
    here, free = firms.distance, firms.free_distance
    mass = part(np.count_nonzero((here >= 0.0) & (here < SPIKE)), np.count_nonzero((free >= 0.0) & (free < SPIKE)))
    missing = np.count_nonzero((free >= -BELOW) & (free < 0.0)) - np.count_nonzero((here >= -BELOW) & (here < 0.0))
    usual = np.count_nonzero((free >= -NEAR) & (free < 0.0)) / NEAR  # firms in a point of the ratio
    return {"9_mass": mass, "9_hole": PERCENT * part(missing, usual) if usual > 0.0 else float("nan")}


def excess(distance: Array, free: Array) -> Array:
    """Firms beyond their usual number in each window of the look, shape (len(STARTS),)."""
    return np.array([_inside(distance, start) - _inside(free, start) for start in STARTS], np.float64)


def _inside(values: Array, start: float) -> int:
    return int(np.count_nonzero((values >= start) & (values < start + WINDOW)))


def place_of(beyond: Array) -> float:
    """Middle of the window with most firms beyond their usual number, in points off the threshold."""
    return PERCENT * float(STARTS[int(np.argmax(beyond))] + WINDOW / 2.0) if (beyond > 0.0).any() else float("nan")


def spike(distance: Array, free: Array) -> float:
    """Where firms pile up most beyond their usual number, in points off the threshold."""
    return place_of(excess(distance, free))


def unreformed(world: World) -> None:
    """The smallest firms are held to the threshold of before 2016."""
    world.exogenous["threshold_small"] = SMALL_OLD


def reform(lab: Lab) -> Measured:
    """Test 10, one seed: the spike of the smallest firms moves; where others stand, as notes for the pool.

    Others are seen before, after, and after without the reform: between the two years their R&D and sales change too.
    """
    without = lab_beside(lab, "weigh_certificate", before=unreformed).run(STEADY)
    before, after = twins(lab, (REFORM_BEFORE,)), twins(lab, (REFORM_AFTER,))
    notes = _notes(OTHERS[0], before, SMALL_OLD) | _notes(OTHERS[1], after, SMALL_NEW)
    notes |= _notes(OTHERS[2], twins(lab, (REFORM_AFTER,), without), SMALL_NEW)
    places = [
        PERCENT * threshold
        + spike(*(values[_small(firms, threshold)] for values in (firms.distance, firms.free_distance)))
        for firms, threshold in ((before, SMALL_OLD), (after, SMALL_NEW))
    ]
    return {"10_small": places[1] - places[0], "small_2015": places[0], "small_2017": places[1], **notes}


def _small(firms: Twins, threshold: float) -> npt.NDArray[np.bool_]:
    """Which firms belong to the smallest class, whose threshold is given, shape (n,)."""
    return np.isclose(firms.threshold, threshold)


def _notes(when: str, firms: Twins, threshold: float) -> dict[str, float]:
    """Firms of the other classes beyond their usual number, by window of the look."""
    others = ~_small(firms, threshold)
    beyond = excess(firms.distance[others], firms.free_distance[others])
    return {_note(when, window): float(number) for window, number in enumerate(beyond)}


def _note(when: str, window: int) -> str:
    return f"other_{when}_{window}"


def others_together(found: Sequence[Measured]) -> Measured:
    """Test 10, all seeds: one province has few firms of the other classes, the study has those of a nation.

    They have two thresholds, and keep them. `10_years` is what a study of the years alone would see of them.
    """
    before, after, without = (
        place_of(np.array([sum(one[_note(when, window)] for one in found) for window in range(len(STARTS))]))
        for when in OTHERS
    )
    return {"10_other": after - without, "10_years": after - before}


def relabelled(lab: Lab) -> Measured:
    """Test 11: expenses that became R&D on paper, of sales above less below; and in the R&D of those who rose."""
    firms = twins(lab, LONG)
    paper = (firms.reported - firms.actual) / firms.sales
    above = (firms.distance >= 0.0) & (firms.distance < SPIKE)
    below = (firms.distance >= -SPIKE) & (firms.distance < 0.0)
    rose = (firms.free_distance < 0.0) & (firms.distance >= 0.0) & firms.certified
    share = 1.0 - part(firms.actual[rose].sum(), firms.reported[rose].sum())
    jump = paper[above].mean() - paper[below].mean() if above.any() and below.any() else float("nan")
    return {"11_drop": PERCENT * -jump, "11_share": PERCENT * share}


def near_threshold(lab: Lab) -> Measured:
    """Test 12: reported and actual R&D of firms near the threshold, whether or not they rise to it."""
    firms = twins(lab, LONG)
    near = (firms.free_distance >= FROM) & (firms.free_distance < TO)
    reported = float(np.log(firms.reported[near] / firms.free_reported[near]).mean()) if near.any() else float("nan")
    actual = float(np.log(firms.actual[near] / firms.free_actual[near]).mean()) if near.any() else float("nan")
    return {"12_reported": PERCENT * reported, "12_real": PERCENT * part(actual, reported)}


EXPERIMENTS = (
    Experiment(9, spike_and_hole),
    Experiment(10, reform, others_together),
    Experiment(11, relabelled),
    Experiment(12, near_threshold),
)
