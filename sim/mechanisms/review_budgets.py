"""Reviews the budget lines every few years and moves money from those with the least measured worth to the best.

The review reads the closed books of last year: worth of a line = (additional R&D + own money pulled in) / appropriated,
so that unspent money counts against it. Where the books cannot tell (services, research, lines that act by what they
promise, lines for other ends than R&D), a yuan spent counts as much as the median of the lines that can be judged. At
most a share of the year's money moves, and at most a part of any one line; a line without books of last year is left
alone, and so is the city's own campaign. The total is kept to the yuan. The first review comes one interval after the
lever begins. Source: plans' rule R54; sizes assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.agents.budget import AWARD, BUDGET_LINES, NOT_FOR_RD, PROJECT, PROMISED, VOUCHER, lines_of
from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.steps import step
from sim.core.streams import Draws

I8 = npt.NDArray[np.int64]
UNSEEN = [BUDGET_LINES.index(line) for line in (*PROMISED, *NOT_FOR_RD)]  # what the yuan did once paid is not the point
JUDGED = np.setdiff1d(lines_of(PROJECT, AWARD, VOUCHER), UNSEEN)  # their books say what the money did
OF_A_CITY = ("coverage_campaign",)  # not the province's to move


@dataclass(frozen=True)
class Params:
    """The most that one line loses or gains in a review, as a share of its appropriation."""

    largest_change: float


@step(writes=("accounts", "notes.reviews"))
def review_budgets(world: World, params: Params, draws: Draws) -> None:
    """Move money in the first quarter of a year in which a review is due."""
    share = float(world.governments.review_share[PROVINCE])
    if share <= 0.0:
        return
    year = world.calendar.year
    log = world.notes.setdefault("reviews", {"since": year, "moves": []})
    if not world.calendar.is_first_of_year or year <= log["since"]:
        return
    interval = max(1, round(float(world.governments.review_interval[PROVINCE])))
    if (year - log["since"]) % interval != 0:
        return
    lines, worth = worth_of_lines(world)
    money = world.accounts.appropriated_year[lines]
    for out, into, yuan in moves(worth, money, share, params.largest_change):
        source, gains = BUDGET_LINES[lines[out]], BUDGET_LINES[lines[into]]
        world.accounts.transfer(source, gains, yuan)
        log["moves"].append((year, source, gains, yuan))


def worth_of_lines(world: World) -> tuple[I8, npt.NDArray[np.float64]]:
    """Lines that have money this year and had some last year, and the worth of a yuan appropriated to each."""
    books = world.accounts.years.get(world.calendar.year - 1, {})
    lines = np.array(
        [
            i
            for i in np.flatnonzero(world.accounts.appropriated_year)
            if books.get(BUDGET_LINES[i], {}).get("appropriated", 0) > 0 and BUDGET_LINES[i] not in OF_A_CITY
        ],
        np.int64,
    )
    rows = [books[BUDGET_LINES[i]] for i in lines]
    spent = np.array([row["disbursed"] for row in rows], float)
    gained = np.array([row["additional"] + row["leveraged"] for row in rows], float)
    judged = np.isin(lines, JUDGED) & (spent > 0.0)
    a_yuan = gained / np.maximum(spent, 1.0)
    a_yuan[~judged] = float(np.median(a_yuan[judged])) if judged.any() else 0.0
    return lines, a_yuan * spent / np.array([row["appropriated"] for row in rows], float)


def moves(
    worth: npt.NDArray[np.float64], money: I8, share: float, largest_change: float
) -> list[tuple[int, int, int]]:  # fmt: skip
    """(from, into, whole yuan) between lines, shape (n,) each: the worst gives to the best until the share is moved."""
    order = np.argsort(worth, kind="stable")
    room = np.floor(money * largest_change).astype(np.int64)
    left, found = int(share * int(money.sum())), []
    low, high = 0, len(order) - 1
    while low < high and left > 0 and worth[order[low]] < worth[order[high]]:
        out, into = int(order[low]), int(order[high])
        yuan = min(int(room[out]), int(room[into]), left)
        if yuan > 0:
            found.append((out, into, yuan))
        room[[out, into]] -= yuan
        left -= yuan
        low += int(room[out] == 0)
        high -= int(room[into] == 0)
    return found
