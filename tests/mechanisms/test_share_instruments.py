"""Shared instruments: cheaper R&D for small performers near public bodies, fees to the owners, and both are bounded."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.firm import PRIVATE
from sim.mechanisms.desire_rd import Params as DesireParams
from sim.mechanisms.desire_rd import desire_rd
from sim.mechanisms.redeem_vouchers import Params as VoucherParams
from sim.mechanisms.redeem_vouchers import reachable
from sim.mechanisms.share_instruments import Params, hours_wanted, lower_cost, share_instruments, small_performers
from tests.mechanisms.few_firms import Said, few
from tests.mechanisms.worlds import by_uid, frozen, params, received, small_world

LINE = "instrument_sharing"


def shared(coverage=0.5, yuan=0, public_rd=1000.0, order=None, **changes):
    world = small_world(order=order)
    world.firms.rd_actual_q[:] = world.firms.rd_reported_q
    for kind in (world.universities, world.institutes):
        kind.rd_q[:] = public_rd
    world.governments.instrument_coverage[0] = coverage
    if yuan:
        world.accounts.appropriate(LINE, yuan)
    share_instruments(world, params(Params, **changes), world.draws)
    return world


def test_without_coverage_nothing_changes():
    world = small_world()
    world.accounts.appropriate(LINE, 1_000_000)
    before = frozen(world)
    share_instruments(world, params(Params), world.draws)
    assert frozen(world) == before


def test_hours_and_cost_by_hand():
    alive, has_rd = np.ones(4, np.uint8), np.array([1, 1, 0, 1], np.uint8)
    size, city = np.array([0, 1, 1, 2], np.int8), np.array([0, 1, 0, 0], np.int8)
    reach = np.array([1.0, 0.4])
    rows = np.flatnonzero(small_performers(alive, has_rd, size))
    assert rows.tolist() == [0, 1]
    assert hours_wanted(rows, city, np.full(4, 10.0), reach) == 14 << 20
    factor, spared, knowledge = np.ones(4), np.zeros(4), np.zeros(4)
    lower_cost(rows, city, reach, 0.1, 0.5, np.full(4, 9.0), factor, spared, knowledge)
    assert factor == pytest.approx([0.9, 0.96, 1.0, 1.0]), "idle and larger firms do not use them"
    assert spared == pytest.approx([0.1, 0.04, 0.0, 0.0])
    assert knowledge == pytest.approx([0.5 * 1.0, 0.5 * 0.375, 0.0, 0.0]), "9 spent of 10, or of 9.375, carried out"


def test_what_is_done_on_instruments_of_others_is_no_spending_of_the_user():
    """At an elasticity of one a lower price leaves spending as it was; R&D at the old price rises."""
    wanted = []
    for coverage in (0.0, 0.5):
        world = few(1, has_rd=1, sales_y=100.0, sales_base=100.0, rd_intensity=0.04, rd_intended_q=1.0,
                    rd_actual_q=1.0, user_cost_base=1.0, ownership=PRIVATE)  # fmt: skip
        for kind in (world.universities, world.institutes):
            kind.rd_q[:] = 1000.0
        world.governments.instrument_coverage[0] = coverage
        share_instruments(world, params(Params, distance_reach=1.0), world.draws)
        plain = params(DesireParams, elasticity_small=1.0, adjustment_y=200.0, peer_elasticity=0.0)
        desire_rd(world, plain, Said())
        wanted.append(world.firms.rd_intended_q[0])
    assert world.firms.cost_factor[0] < 0.99
    assert wanted[1] == pytest.approx(wanted[0])
    assert world.firms.knowledge_add[0] > 0.01


def test_without_money_users_pay_the_fee_and_with_money_they_save_all():
    own, paid = shared(), shared(yuan=10**12)
    near = own.firms.cost_factor.min()
    assert near == pytest.approx(1.0 - 0.15 * 0.5 * 0.5 * 0.5)
    assert paid.firms.cost_factor.min() == pytest.approx(1.0 - 0.15 * 0.5 * 0.5)
    assert received(own, LINE) == 0


def test_fees_go_to_the_owners_and_money_beyond_them_is_unspent():
    some, more = shared(yuan=10**9), shared(yuan=10**12)
    assert received(some, LINE) == received(more, LINE) > 0
    assert not some.firms.received_yuan.total().any()
    assert some.accounts.disbursed_q[some.accounts.number(LINE)] == received(some, LINE)


def test_a_short_line_pays_a_quarter_of_itself_and_saves_in_between():
    world = shared(yuan=40_000)
    assert received(world, LINE) == 10_000
    assert (
        shared(yuan=10**12).firms.cost_factor.min() < world.firms.cost_factor.min() < shared().firms.cost_factor.min()
    )


def test_users_crowd_each_other_out_when_hours_are_few():
    few, many, none = (shared(public_rd=rd).firms.cost_factor.min() for rd in (0.1, 1000.0, 0.0))
    assert many < few < none == 1.0


def test_more_of_them_give_providers_of_voucher_projects_more_room():
    p = params(VoucherParams)
    with_them, without = (reachable(shared(c), p).free for c in (0.5, 0.0))
    assert set(without.tolist()) == {17}, "400 person-years x 0.04 and one"
    assert set(with_them.tolist()) == {19}, "a coverage of one half adds 15 % to the 16"


def test_rows_do_not_matter():
    a, b = shared(yuan=10**6), shared(yuan=10**6, order=np.random.default_rng(3).permutation(200))
    assert (by_uid(a.firms, "cost_factor") == by_uid(b.firms, "cost_factor")).all()
    assert (a.universities.received_yuan[:] == b.universities.received_yuan[:]).all()


def test_in_the_first_quarter_of_a_run_there_is_a_price_but_no_deflator_yet():
    world = small_world("2011Q1")
    world.indices["price"] = np.ones(1)
    world.firms.rd_actual_q[:] = 1.0
    for kind in (world.universities, world.institutes):
        kind.rd_q[:] = 1000.0
    world.governments.instrument_coverage[0] = 0.5
    share_instruments(world, params(Params), world.draws)
    assert world.firms.spared_share.any()
    assert not world.firms.knowledge_add.any()
