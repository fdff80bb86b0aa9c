"""Vouchers: the books close, the lottery decides, use and additionality follow the evidence, and saturate."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.providers import choose_providers
from sim.core.fixed_point import unfixed
from sim.mechanisms.redeem_vouchers import Params, age, redeem_vouchers
from tests.mechanisms.worlds import by_uid, next_quarter, params, received, small_world

LINE = "innovation_voucher"


def offer(world, budget_y=2.0, face=0.06, own=0.5):
    world.governments.voucher_face_value[0] = face
    world.governments.voucher_own_share[0] = own
    if world.calendar.is_first_of_year:
        world.accounts.appropriate(LINE, int(budget_y * 1e6))


def run(world, quarters, budget_y=2.0, **changes):
    """Totals of issued, redeemed, additional, expired over the quarters."""
    totals = np.zeros(4)
    names = ("vouchers_issued", "vouchers_redeemed", "vouchers_additional", "vouchers_expired")
    for quarter in range(quarters):
        if quarter:
            next_quarter(world)
        offer(world, budget_y)
        redeem_vouchers(world, params(Params, **changes), world.draws)
        assert received(world, LINE) == world.accounts.disbursed_q[world.accounts.number(LINE)]
        totals += [unfixed(world.flows[name]) for name in names]
    return totals


def open_to_all(n=2000, **keywords):
    """A world in which every firm is eligible and every provider is in reach and has staff."""
    world = small_world(n=n, **keywords)
    world.firms.is_high_tech_field[:] = 1
    world.firms.ownership[:] = 2
    world.firms.size_class[:] = 0
    world.firms.sales_y[:] = 10.0
    for kind in (world.universities, world.institutes):
        kind.rd_staff[:] = 1e6
        kind.city[:] = 0
    world.firms.city[:] = 0
    return world


def test_a_quarter_shortens_vouchers_and_fades_effect_and_tie():
    quarters, effect, tie = np.array([2, 1, 0], np.int8), np.array([1.0, 0.5, 0.0]), np.array([1.0, 1.0, 0.0])
    assert age(np.ones(3, np.uint8), quarters, effect, tie, 0.8, 0.9) == 1
    assert quarters.tolist() == [1, 0, 0]
    assert effect == pytest.approx([0.8, 0.4, 0.0])
    assert tie == pytest.approx([0.9, 0.9, 0.0])


def test_providers_are_taken_in_turn_within_reach_until_their_staff_is_used():
    chosen = np.full(3, -1, np.int64)
    free = np.array([1, 1, 5])
    choose_providers(
        np.zeros(3, np.int8), np.zeros(3, np.int8), np.full(3, -1, np.int32), np.array([0.1, 0.1, 0.1]),
        np.arange(3), np.ones(3, np.bool_), np.array([0, 0, 7], np.int8), np.array([9, 9, 9], np.int8), np.ones(3),
        free, 1.0, 0.5, 3.0, chosen,
    )  # fmt: skip
    assert chosen.tolist() == [0, 1, -1], "the third body is in another city and field"
    assert free.tolist() == [0, 0, 5]


def test_without_a_face_value_nothing_is_issued_paid_or_tied():
    world = small_world()
    redeem_vouchers(world, params(Params), world.draws)
    assert not any(world.flows.values())
    assert not world.firms.voucher_quarters.any()
    assert not world.firms.received_yuan.total().any()


def test_vouchers_stay_within_the_budget_and_what_is_not_redeemed_is_unspent():
    world = open_to_all()
    run(world, 4, budget_y=0.3)
    number = world.accounts.number(LINE)
    assert 0 < world.accounts.disbursed_year[number] <= 300_000
    in_hand = np.count_nonzero(world.firms.voucher_quarters > 0)
    assert in_hand * 30_000 <= world.accounts.left(LINE)


def test_per_voucher_additional_and_unused_lie_in_the_band_of_the_dutch_lottery():
    issued, redeemed, additional, expired = run(open_to_all(), 16, budget_y=4.0)
    assert issued > 300
    closed = redeemed + expired
    assert 0.5 <= additional / closed <= 0.85
    assert 0.05 <= expired / closed <= 0.6


def test_twice_the_budget_gives_less_than_twice_the_additional_projects():
    once, twice = (run(open_to_all(), 12, budget_y=b) for b in (1.5, 3.0))
    assert twice[1] > 1.5 * once[1]
    kept = 1.0 - 0.1  # a tenth of the pool is served at the larger budget
    full = run(open_to_all(), 12, budget_y=6.0, saturation=0.0)
    served = run(open_to_all(), 12, budget_y=6.0)
    assert served[1] == full[1]
    assert 0.7 < (served[2] / served[1]) / (full[2] / full[1]) < kept + 0.02


def test_the_effect_at_two_years_is_at_most_half_of_that_at_half_a_year():
    world = open_to_all()
    world.firms.voucher_effect[:5] = 1.0
    seen = []
    for _ in range(8):
        redeem_vouchers(world, params(Params), world.draws)
        seen.append(world.firms.voucher_effect[0])
        next_quarter(world)
    assert seen[7] <= 0.5 * seen[1]


def test_only_additional_projects_leave_an_effect_a_tie_and_contracts():
    world = open_to_all()
    totals = run(world, 1, redeem_y=1.0, additional_share=0.0)
    assert totals[1] > 0
    assert totals[2] == 0
    assert not world.firms.voucher_effect.any()
    assert world.flows["voucher_contracts"] == 0
    world = open_to_all()
    totals = run(world, 1, redeem_y=1.0, additional_share=1.0, saturation=0.0)
    assert totals[2] == totals[1] == np.count_nonzero(world.firms.voucher_effect == 1.0)
    assert unfixed(world.flows["voucher_contracts"]) == pytest.approx(0.06 * totals[2], rel=1e-4)
    income = world.universities.contract_income_q.sum() + world.institutes.contract_income_q.sum()
    assert income == pytest.approx(0.06 * totals[2])
    assert (world.firms.tie_strength > 0).sum() == (world.firms.partner_university >= 0).sum() > 0


def test_rows_do_not_matter():
    order = np.random.default_rng(3).permutation(200)
    worlds = [small_world(), small_world(order=order)]
    for world in worlds:
        run(world, 6, budget_y=1.0, apply_y=0.8)
    for name in ("voucher_quarters", "voucher_effect", "partner_university", "tie_strength", "received_yuan"):
        assert np.array_equal(by_uid(worlds[0].firms, name), by_uid(worlds[1].firms, name)), name
    assert worlds[0].flows == worlds[1].flows
    assert worlds[0].firms.vouchers_used.sum() > 0


def test_training_on_policy_brings_more_applications():
    issued = []
    for trained in (0.0, 0.5, 1.0):
        world = open_to_all()
        world.firms.trained[:] = trained
        issued.append(run(world, 1, budget_y=1000.0)[0])
    assert issued[1] / issued[0] == pytest.approx(1.5, rel=0.2)
    assert issued[2] / issued[0] == pytest.approx(2.0, rel=0.2)
