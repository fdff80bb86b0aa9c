"""Start-up grants: who draws, what is paid, protection that fades, entry that rises less than the money."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from sim.agents.firm import MEDIUM, PRIVATE, SMALL, STATE
from sim.mechanisms.support_startups import Params, protect, support_startups
from tests.mechanisms.few_firms import Said, few
from tests.mechanisms.worlds import by_uid, frozen, next_quarter, params, received, small_world

LINE = "startup_support"
FIRM = {"ownership": PRIVATE, "size_class": SMALL, "age_q": 2}
PLAIN = {"age_limit": 8.0, "apply_y": 0.5, "protects_for": 4, "protection": 0.4, "entry_lift": 0.1,
         "half_expected": 0.05}  # fmt: skip
LOTS = [0.6, 0.1, 0.5, 0.2, 0.4, 0.3, 0.9, 0.8]


def quarter(world, amount=0.1, yuan=4_000_000, said=None, **changes):
    world.governments.startup_amount[0] = amount
    if world.calendar.is_first_of_year and yuan:
        world.accounts.appropriate(LINE, yuan)
    draws = Said(startup__apply=0.0) if said is None else said
    support_startups(world, params(Params, **(PLAIN | changes)), draws)
    assert received(world, LINE) == world.accounts.disbursed_q[world.accounts.number(LINE)]
    return world


def test_only_new_small_private_firms_below_the_line_are_paid_and_only_once():
    columns = FIRM | {"age_q": [8, 2, 2, 2, 2], "ownership": [2, STATE, 2, 2, 2],
                      "size_class": [0, 0, MEDIUM, 0, 0], "is_above_scale": [0, 0, 0, 1, 0]}  # fmt: skip
    world = quarter(few(5, **columns))
    assert world.firms.received_yuan[:5, world.accounts.number(LINE)].tolist() == [0, 0, 0, 0, 100_000]
    next_quarter(world)
    quarter(world)
    assert received(world, LINE) == 0


def test_lots_decide_and_the_money_lasts_the_year():
    world = quarter(few(8, **FIRM), yuan=800_000, said=Said(startup__apply=0.0, startup__lottery=LOTS))
    assert world.firms.is_startup_grantee[:8].tolist() == [0, 1, 0, 1, 0, 0, 0, 0]
    for left in (400_000, 200_000, 0):
        next_quarter(world)
        quarter(world)
        assert world.accounts.left(LINE) == left


def test_protection_fades_and_ends():
    quarters, found = np.array([4], np.int8), []
    for _ in range(5):
        factor = np.ones(1)
        protect(np.zeros(1, np.int64), quarters, 4, 0.4, factor)
        found.append(factor[0])
    assert found == pytest.approx([0.6, 0.7, 0.8, 0.9, 1.0])


def test_entry_follows_the_expected_grant_with_falling_returns():
    lifts = [quarter(few(8, **FIRM), yuan=4 * n * 100_000).governments.entry_factor[0] - 1.0 for n in (1, 2, 4, 8, 16)]
    assert lifts[0] == pytest.approx(0.1 * (0.1 / 8) / (0.1 / 8 + 0.05))
    assert all(a < b < 2 * a for a, b in pairwise(lifts[:4]))
    assert lifts[4] == lifts[3], "all have one"


def test_without_amount_or_money_nothing_changes_bit_for_bit():
    for amount, yuan in ((0.0, 10**7), (0.1, 0)):
        world = few(2, **FIRM)
        world.governments.startup_amount[0] = amount
        before = frozen(world)
        quarter(world, amount, yuan)
        assert frozen(world) == before


def test_rows_do_not_matter():
    order = np.random.default_rng(3).permutation(200)
    worlds = [small_world(), small_world(order=order)]
    for world in worlds:
        world.firms.is_above_scale[:] = 0
        quarter(world, yuan=1_600_000, said=world.draws)
    assert worlds[0].firms.is_startup_grantee.sum() == 4
    for name in ("is_startup_grantee", "exit_factor", "received_yuan"):
        assert np.array_equal(by_uid(worlds[0].firms, name), by_uid(worlds[1].firms, name)), name
    assert np.array_equal(worlds[0].governments.entry_factor, worlds[1].governments.entry_factor)
