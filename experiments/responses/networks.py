"""Tests of ties: 37 distance and payoff of alliances that came about, 39 their support, 40 intermediaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log

import numpy as np

from experiments.outcomes import Array
from experiments.responses.arms import FIRST, LONG, STEADY, T0
from experiments.responses.experiment import Experiment, Measured
from experiments.responses.lab import Lab, percent
from experiments.responses.watching import lab_beside, together
from sim.agents.intermediary import INTERMEDIARY
from sim.agents.world import World

NO_SUPPORT = STEADY.since(
    T0, {"alliance_support.budget_y": 0.0, "alliance_support.places_y": 0.0, "alliance_support.amount_y": 0.0}
)
TRADED = "tech_contracts_traded_value"
BODIES = "technology_market.bodies_y"
MORE_BODIES = (12.0, 20.0)  # supported a year, beside 4 in the base
YEARS_OF_FAILURE = 3.0


@dataclass
class Life:
    """One alliance: what it was like and what became of it."""

    distance: float
    supported: bool
    first: int
    quarters: int = 0
    starts: int = 0
    ended: bool = False


@dataclass
class Alliances:
    """All alliances of a run, by uid; joint projects at risk and failed, by quarter of the run."""

    lives: dict[int, Life] = field(default_factory=dict)
    at_risk: int = 0
    failures: int = 0
    _left: Mapping[int, Array] = field(default_factory=dict)

    def before(self, world: World) -> None:
        """Right before alliances are managed: what is left of their projects."""
        kind = world.alliances
        self._left = {int(kind.uid[row]): kind.project_quarters[row].copy() for row in kind.rows()}

    def after(self, world: World) -> None:
        """Right after: who is there, which projects began, which ended before their time."""
        kind, now = world.alliances, 4 * world.calendar.year + world.calendar.quarter_of_year
        living = {int(kind.uid[row]): row for row in kind.rows()}
        for uid, row in living.items():
            life = self.lives.get(uid)
            if life is None:
                life = Life(float(kind.distance[row]), bool(kind.is_supported[row]), now)
                self.lives[uid] = life
            life.quarters += 1
            self._look(life, self._left.get(uid), kind.project_quarters[row])
        for uid in self._left.keys() - living.keys():
            if uid in self.lives:
                self.lives[uid].ended = True

    def _look(self, life: Life, left: Array | None, now: Array) -> None:
        """Compare the projects of an alliance with what they were: one that had more than a quarter left failed."""
        if left is None:
            life.starts += int((now > 0).sum())
            return
        ran = left > 1
        self.at_risk += int(ran.sum())
        failed = ran & (now != left - 1)
        self.failures += int(failed.sum())
        life.starts += int((now > np.maximum(left - 1, 0)).sum())

    def half_life(self, supported: bool | None = None, since: int = 0) -> float:
        """Years in which half of the alliances are dissolved, by the mean hazard of those of a kind."""
        chosen = [one for one in self.lives.values() if supported in (None, one.supported) and one.first >= since]
        ended, quarters = sum(one.ended for one in chosen), sum(one.quarters for one in chosen)
        return -log(2.0) / (4.0 * log(1.0 - ended / quarters)) if 0 < ended < quarters else float("nan")


def seen_alliances(lab: Lab, supported: bool = True) -> Alliances:
    """All alliances of a run of the base, or of one without support from T0 on."""
    seen = Alliances()
    lab_beside(lab, "manage_alliances", seen.before, seen.after).run(STEADY if supported else NO_SUPPORT)
    return seen


def _support(lab: Lab) -> Measured:
    """Test 39: formations, failure of joint projects, half-life, and that of supported against other alliances."""
    with_support, without = seen_alliances(lab), seen_alliances(lab, supported=False)
    formed = [sum(one.first >= 4 * FIRST for one in seen.lives.values()) for seen in (with_support, without)]
    failing = with_support.failures / max(with_support.at_risk, 1)
    return {
        "39_formed": percent(formed[1], formed[0]),
        "39_failure": 100.0 * (1.0 - exp(4.0 * YEARS_OF_FAILURE * log(1.0 - failing))),
        "39_half": with_support.half_life(),
        "39_supported": with_support.half_life(supported=True) - with_support.half_life(supported=False),
        "supported_half": with_support.half_life(supported=True),
        "other_half": with_support.half_life(supported=False),
    }


BINS = 12  # of distance, 0 to 1


def _by_distance(lab: Lab) -> Measured:
    """Test 37, one seed: alliance-quarters and joint projects begun by distance, as notes for the pool."""
    seen = seen_alliances(lab)
    found = np.zeros((2, BINS))
    for one in seen.lives.values():
        place = min(int(one.distance * BINS), BINS - 1)
        found[:, place] += (one.quarters, one.starts)
    return {
        f"{name}_{place}": float(found[kind, place])
        for kind, name in enumerate(("quarters", "starts"))
        for place in range(BINS)
    }


def peak_of(quarters: Array, starts: Array) -> tuple[float, float]:
    """Curvature and peak of projects a year over distance, by least squares weighed with the time at each distance.

    quarters, starts : shape (BINS,). The peak is not a number where the curve is no inverted U.
    """
    place = (np.arange(BINS) + 0.5) / BINS
    seen = quarters > 0
    rate, weight = 4.0 * starts[seen] / quarters[seen], np.sqrt(quarters[seen])
    terms = np.stack([np.ones(seen.sum()), place[seen], place[seen] ** 2], axis=1)
    _, slope, curve = np.linalg.lstsq(terms * weight[:, None], rate * weight, rcond=None)[0]
    return float(curve), float(-slope / (2.0 * curve)) if curve < 0.0 else float("nan")


def _pooled_distance(found: Sequence[Measured]) -> Measured:
    """Test 37, all seeds together: there are too few alliances in one."""
    sums = [
        np.array([sum(one[f"{name}_{b}"] for one in found) for b in range(BINS)]) for name in ("quarters", "starts")
    ]
    curve, peak = peak_of(*sums)
    return {"37": curve, "37_peak": peak}


@dataclass
class Bodies:
    """Technology intermediaries at work, mean over the quarters of some years."""

    years: Sequence[int]
    numbers: list[int] = field(default_factory=list)

    def __call__(self, world: World) -> None:
        """Count those of the quarter."""
        kind = world.intermediaries
        if world.calendar.year in self.years:
            self.numbers.append(int(((kind.alive != 0) & (kind.role == INTERMEDIARY) & (kind.places > 0)).sum()))

    @property
    def mean(self) -> float:
        """Their mean number."""
        return float(np.mean(self.numbers))


def _bodies(lab: Lab) -> Measured:
    """Test 40: technology traded at twice the intermediaries, by the elasticity of the arms; what further ones add."""
    found: list[tuple[float, float]] = []
    for bodies_y in (4.0, *MORE_BODIES):
        seen = Bodies(LONG)
        arm = STEADY.since(T0, {BODIES: bodies_y, "technology_market.budget_y": 200.0})
        trace = lab.run(arm, together(seen))
        found.append((seen.mean, trace.of(TRADED, LONG)))
    (few, low), (some, middle), (many, high) = found
    elasticity = log(high / low) / log(many / few)
    gains = ((middle - low) / (some - few), (high - middle) / (many - some))
    return {
        "40": 100.0 * (2.0**elasticity - 1.0),
        "40_concave": gains[0] / gains[1] if gains[1] > 0.0 else float("nan"),
        "bodies": few,
        "bodies_most": many,
    }


EXPERIMENTS = (
    Experiment(37, _by_distance, _pooled_distance),
    Experiment(39, _support),
    Experiment(40, _bodies),
)
