"""Two further experiments inside the model: a lottery of vouchers, and many alliances at once.

Vouchers: of 300 firms with R&D that may apply, 150 get a voucher; what firms learn from outside is compared between
winners and losers 6 and 24 months on, as a survey of both would. Alliances: so many are recognised, each checked for
joint work, that what they achieve can be held against the distance of their partners.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from experiments.facts.estimators import FEWEST, NOTHING
from experiments.facts.panel import Change, built, changed, watch, with_step
from sim.agents.firm import MEDIUM, PRIVATE
from sim.agents.world import World
from sim.core.arithmetic import quarterly_hazard
from sim.scenario import Scenario

F8 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int64]
PLACES = 150  # winners, and as many losers
FIRST = 12  # quarter of the lottery, 2014Q1
SOON, LATER = 2, 8  # quarters after it
MOST = 2.0  # units of knowledge from one unit of own R&D
SURE = 1.96  # standard errors on each side of a 95 % interval
VOUCHERS = (
    "lever.innovation_voucher.start=2014Q1",
    "lever.innovation_voucher.budget_y={2014:60,2015:0}",
    "lever.innovation_voucher.face_value=0.1",
    "lever.innovation_voucher.own_share=0.5",
)
ALLIANCES = (
    "lever.alliance_support.start=2011Q1",
    "lever.alliance_support.places_y=40",
    "lever.alliance_support.work_check=1",
)


class Lottery:
    """A trial in the place of a lever: hands vouchers to the winners, who redeem them as any holder does."""

    def __init__(self, seed: int, validity: int) -> None:
        self.random, self.validity = np.random.default_rng(seed), validity
        self.winners, self.losers = np.zeros(0, np.int64), np.zeros(0, np.int64)

    def apply(self, world: World) -> None:
        """Draw winners and losers in the quarter of the lottery."""
        if world.calendar.quarter != FIRST:
            return
        firms = world.firms
        rows = firms.rows()
        able = (firms.has_rd[rows] != 0) & (firms.ownership[rows] == PRIVATE) & (firms.size_class[rows] <= MEDIUM)
        able &= (firms.is_high_tech_field[rows] != 0) | (firms.is_tech_sme[rows] != 0)
        applied = rows[able]
        applied = applied[np.argsort(firms.uid[applied])]
        drawn = self.random.permutation(len(applied))[: 2 * PLACES]
        half = len(drawn) // 2
        winners, losers = applied[drawn[:half]], applied[drawn[half:]]
        firms.voucher_quarters[winners] = self.validity
        self.winners, self.losers = np.sort(firms.uid[winners]), np.sort(firms.uid[losers])


def voucher_lottery(
    scenario: Scenario, seed: int, replicate: int = 0, change: Change | None = None
) -> tuple[float, float]:
    """Effect at 6 months, and 1.0 if the interval of the effect at 24 months covers nothing, else 0.0."""
    model = built(scenario, seed, replicate, change)
    changed(model, "redeem_vouchers", apply_y=0.0)
    lottery = Lottery(seed, int(scenario.number("redeem_vouchers.validity")))
    with_step(model, lottery)
    kept = 1.0 - quarterly_hazard(scenario.number("accumulate_knowledge.depreciation_y"))
    seen: list[dict[str, Any]] = []
    watch(model, lambda world: seen.append(_knowledge(world)))
    while model.steps <= FIRST + LATER:
        model.step()
    gaps = [
        gap(*(learned(seen[FIRST + q - 1], seen[FIRST + q], who, kept) for who in (lottery.winners, lottery.losers)))
        for q in (SOON, LATER)
    ]
    low, high = gaps[1][1]
    return gaps[0][0], float(low <= 0.0 <= high)


def _knowledge(world: World) -> dict[str, Any]:
    firms = world.firms
    rows = firms.rows()
    real = 1.0 / float(world.indices["price"][0] * world.indices["deflator"][0])
    return {"uid": firms.uid[rows], "knowledge": firms.knowledge[rows], "rd": firms.rd_actual_q[rows] * real}


def learned(before: dict[str, Any], now: dict[str, Any], uids: I8, kept: float) -> F8:
    """Knowledge that firms gained in a quarter for each unit of own R&D, of those of the uids that still do R&D.

    Up to MOST: what is beyond was handed to them with a house or an institute and is nothing that they learned.
    """
    _, here, there = np.intersect1d(before["uid"], now["uid"], assume_unique=True, return_indices=True)
    who = np.isin(now["uid"][there], uids) & (now["rd"][there] > 0.0)
    gained = now["knowledge"][there] - kept * before["knowledge"][here]
    ratio: F8 = np.minimum(gained[who] / now["rd"][there][who], MOST)
    return ratio


def gap(winners: F8, losers: F8) -> tuple[float, tuple[float, float]]:
    """Difference of means and its 95 % interval."""
    if min(len(winners), len(losers)) < FEWEST:
        return NOTHING, (NOTHING, NOTHING)
    found = float(winners.mean() - losers.mean())
    error = SURE * float(np.sqrt(winners.var(ddof=1) / len(winners) + losers.var(ddof=1) / len(losers)))
    return found, (found - error, found + error)


def work_by_distance(quarters: list[dict[str, Any]], youngest: int = 4) -> tuple[F8, F8]:
    """Mean distance of the partners of each alliance, and its joint projects as a mean of the quarters that it lived.

    Paper alliances and those that lived less than `youngest` quarters are left out.
    """
    works: dict[int, list[float]] = {}
    distances: dict[int, float] = {}
    for quarter in quarters:
        for uid, distance, paper, projects in zip(
            quarter["uid"].tolist(), quarter["distance"].tolist(), quarter["is_paper"].tolist(),
            quarter["n_projects"].tolist(), strict=True,
        ):  # fmt: skip
            if not paper:
                distances[uid] = distance
                works.setdefault(uid, []).append(float(projects))
    kept = [uid for uid, work in works.items() if len(work) >= youngest]
    return np.array([distances[uid] for uid in kept]), np.array([np.mean(works[uid]) for uid in kept])


def inverted_u(x: F8, y: F8) -> tuple[float, float]:
    """Quadratic term of y on x over the spread of y, and the x at which the parabola turns."""
    if len(x) < FEWEST or y.std() == 0.0:
        return NOTHING, NOTHING
    square, line, _ = np.polyfit(x, y / y.std(), 2)
    return float(square), float(-line / (2.0 * square)) if square != 0.0 else NOTHING
