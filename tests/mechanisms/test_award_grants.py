"""Project grants: ranking, ties by uid, instalments, and a budget that is never overspent."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.firm import LARGE, PRIVATE, STATE
from sim.core.quotas import fit_into
from sim.mechanisms.award_grants import Params, award_grants
from tests.mechanisms.few_firms import Said, few, first, tell
from tests.mechanisms.worlds import by_uid, next_quarter, params, received, small_world

LINE = "rd_grant"
PLAIN = {"apply_small": 0.2, "apply_large": 0.6, "noise": 0.0, "state_advantage": 0.4, "largest_ask": 3.0,
         "smallest_ask": 0.1, "non_performer_apply": 0.05, "trigger_share": 0.6, "paper_partner": 0.3}  # fmt: skip
FIRM = {
    "has_rd": 1,
    "can_innovate": 1,
    "size_class": LARGE,
    "rd_intended_q": 1.0,
    "rd_intensity": 0.05,
    "sales_y": 80.0,
}
ALL = {"grants__apply": 0.01}


def award(world, rate=0.5, budget=0, firm_share=1.0, said=None, **changes):
    world.governments.grant_rate[0] = rate
    world.governments.grant_firm_share[0] = firm_share
    if budget:
        world.accounts.appropriate(LINE, budget)
    award_grants(world, params(Params, **(PLAIN | changes)), Said(**(ALL if said is None else said)))
    line = world.accounts.number(LINE)
    assert received(world, LINE) == world.accounts.disbursed_q[line]
    assert world.accounts.left(LINE) >= 0
    return world.firms


def paid(world):
    return world.firms.received_yuan[world.firms.rows(), 0].tolist()


def test_without_a_rate_or_money_nothing_is_paid():
    for rate, budget in ((0.0, 10_000_000), (0.5, 0)):
        world = few(2, **FIRM)
        award(world, rate, budget)
        assert received(world, LINE) == 0
        assert not world.firms.grant_quarters.any()


def test_the_best_are_paid_a_part_of_their_project_in_four_instalments():
    world = few(3, quality=[0.0, 2.0, 1.0], **FIRM)
    award(world, 0.5, 4_500_000)
    assert paid(world) == [0, 500_000, 500_000], "half of four million a year; the third does not fit"
    for quarter in range(1, 5):
        next_quarter(world)
        award(world, 0.5)
        assert paid(world) == ([0, 500_000, 500_000] if quarter < 4 else [0, 0, 0])


def test_ties_go_to_the_lower_uid_on_whatever_row():
    world = few(3, **FIRM)
    world.firms.uid[:3] = [30, 10, 20]
    award(world, 0.5, 2_000_000)
    assert paid(world) == [0, 500_000, 0]


def test_state_firms_have_an_advantage():
    world = few(2, quality=[0.3, 0.0], ownership=[PRIVATE, STATE], **FIRM)
    award(world, 0.5, 2_000_000)
    assert paid(world) == [0, 500_000]
    world = few(2, quality=[0.5, 0.0], ownership=[PRIVATE, STATE], **FIRM)
    award(world, 0.5, 2_000_000)
    assert paid(world) == [500_000, 0]


def test_noise_in_the_score_is_a_standard_normal_times_its_size():
    columns = FIRM | {"quality": [0.0, 0.9]}
    for noise, winner in ((0.8, 1), (1.0, 0)):
        world = few(2, **columns)
        award(world, 0.5, 2_000_000, said=ALL | {"grants__noise": [0.8413447460685429, 0.5]}, noise=noise)
        assert paid(world)[winner] == 500_000


def test_asks_have_a_ceiling_and_a_floor():
    world = few(3, **(FIRM | {"rd_intended_q": [10.0, 0.049, 0.051]}))
    firms = award(world, 0.5, 90_000_000)
    assert paid(world) == [750_000, 0, 25_500]
    assert first(firms, "grant_quarters") == [3, 0, 3]


def test_who_applies():
    world = few(
        5, **(FIRM | {"size_class": [0, 3, 0, 3, 3], "has_rd": [1, 1, 1, 1, 0], "can_innovate": [1, 1, 1, 1, 0]})
    )
    award(world, 0.5, 90_000_000, said={"grants__apply": [0.19, 0.59, 0.21, 0.61, 0.0001]})
    assert [p > 0 for p in paid(world)] == [True, True, False, False, False]


def test_firms_without_rd_apply_rarely_and_most_grantees_start():
    columns = FIRM | {"has_rd": 0, "rd_intended_q": 0.0}
    world = few(3, **columns)
    firms = award(
        world, 0.5, 90_000_000, said={"grants__apply": [0.04, 0.04, 0.06], "grants__trigger": [0.59, 0.61, 0.1]}
    )
    assert paid(world) == [500_000, 500_000, 0], "half of 0.05 x 80 a year"
    assert first(firms, "has_rd") == [1, 0, 0]
    assert first(firms, "rd_intended_q") == pytest.approx([1.0, 0.0, 0.0])


def test_a_line_that_opens_in_the_third_quarter_pays_two_instalments():
    world = few(2, "2014Q3", **FIRM)
    award(world, 0.5, 1_000_000)
    assert paid(world) == [500_000, 0]
    next_quarter(world)
    award(world, 0.5)
    assert paid(world) == [500_000, 0]
    assert world.accounts.left(LINE) == 0
    next_quarter(world)
    award(world, 0.5)
    assert paid(world) == [0, 0]


def test_a_grant_ends_with_its_firm():
    world = few(2, **FIRM)
    award(world, 0.5, 8_000_000)
    next_quarter(world)
    world.firms.remove([0])
    award(world, 0.5)
    assert received(world, LINE) == 500_000


def test_the_part_not_kept_for_firms_goes_to_public_bodies_by_size():
    world = few(1, **FIRM)
    tell(world.universities, capacity_share=[0.75, 0.25])
    tell(world.institutes, capacity_share=[0.5, 0.5])
    for quarter in range(4):
        if quarter:
            next_quarter(world)
        award(world, 0.5, 0 if quarter else 10_000_000, firm_share=0.75)
        assert paid(world) == [500_000]
        assert world.universities.received_yuan[:2, 0].tolist() == [234_375, 78_125]
        assert world.institutes.received_yuan[:2, 0].tolist() == [156_250, 156_250]
    assert world.accounts.left(LINE) == 5_500_000


@pytest.mark.parametrize("budget", [1, 99_999, 1_234_567, 30_000_000, 10**12])
@pytest.mark.parametrize("firm_share", [0.0, 0.33, 0.95, 1.0])
def test_the_budget_is_never_overspent_over_two_years(budget, firm_share):
    world = small_world()
    world.firms.can_innovate[:] = 1
    world.firms.rd_intended_q[:] = world.firms.rd_reported_q
    for kind in (world.universities, world.institutes):
        kind.capacity_share[:] = 1.0 / kind.capacity
    for quarter in range(8):
        if quarter:
            next_quarter(world)
        award(world, 0.3, budget if quarter % 4 == 0 else 0, firm_share)
        line = world.accounts.number(LINE)
        assert world.accounts.disbursed_year[line] + world.accounts.left(LINE) == budget
    if budget == 10**12 and firm_share:
        assert 0 < world.firms.received_yuan.total().sum() < budget // 4, "beyond demand more money changes nothing"


def test_more_money_pays_no_fewer_firms():
    winners = []
    for budget in (0, 2_000_000, 10_000_000, 10**9, 10**10):
        world = small_world()
        world.firms.can_innovate[:] = 1
        world.firms.rd_intended_q[:] = world.firms.rd_reported_q
        award(world, 0.3, budget)
        winners.append(int((world.firms.received_yuan.total() > 0).sum()))
    assert winners == sorted(winners)
    assert winners[0] == 0 < winners[1] < winners[3] == winners[4]


def test_rows_do_not_matter():
    worlds = [small_world(), small_world(order=np.random.default_rng(3).permutation(200))]
    for world in worlds:
        world.firms.can_innovate[:] = 1
        world.firms.rd_intended_q[:] = world.firms.rd_reported_q
        world.governments.grant_rate[0], world.governments.grant_firm_share[0] = 0.3, 1.0
        world.accounts.appropriate(LINE, 5_000_000)
        award_grants(world, params(Params), world.draws)
    for name in ("received_yuan", "grant_quarters", "has_rd"):
        assert np.array_equal(by_uid(worlds[0].firms, name), by_uid(worlds[1].firms, name)), name
    assert worlds[0].firms.received_yuan.total().any()


def test_a_project_that_no_longer_fits_leaves_the_rest_to_the_next_that_does():
    costs = np.array([50, 60, 40, 20, 10])
    assert fit_into(costs, 100).tolist() == [True, False, True, False, True]
    assert not fit_into(costs, 9).any()
    assert fit_into(costs, 180).all()


def test_who_starts_for_the_grant_is_marked():
    world = few(2, **(FIRM | {"has_rd": [0, 1], "rd_intended_q": [0.0, 1.0]}))
    firms = award(world, 0.5, 90_000_000, said=ALL | {"grants__trigger": 0.1})
    assert first(firms, "induced_by_grant") == [1, 0]


def test_a_call_for_joint_bids_leaves_out_who_has_no_partner_and_finds_none():
    alone, paper = {"grants__joint": 0.1, "grants__paper": 0.5}, {"grants__joint": 0.1, "grants__paper": 0.1}
    partners = {"n_alliances": [0, 1, 0], "partner_university": [-1, -1, 2]}
    for strict, said, found in ((0.5, alone, [0, 1, 1]), (0.05, alone, [1, 1, 1]), (0.5, paper, [1, 1, 1])):
        world = few(3, **(FIRM | partners))
        world.governments.grant_joint_only[0] = strict
        award(world, 0.5, 90_000_000, said=ALL | said)
        assert [int(yuan > 0) for yuan in paid(world)] == found, (strict, said)


def test_without_the_rule_of_joint_bids_nothing_is_drawn_for_it():
    found = []
    for said in ({"grants__joint": 0.0, "grants__paper": 0.99}, {"grants__joint": 0.99, "grants__paper": 0.0}):
        world = few(3, **FIRM)
        award(world, 0.5, 4_500_000, said=ALL | said)
        found.append(paid(world))
    assert found[0] == found[1]
    assert sum(found[0]) > 0


def test_a_grant_fixes_the_cost_of_its_projects():
    world = few(3, **(FIRM | {"rd_intended_q": [1.0, 10.0, 0.01]}))
    firms = award(world, 0.3, 90_000_000)
    # 0.3 of four million a year; the largest ask of three million is 0.3 of ten million
    assert first(firms, "grant_project") == pytest.approx([1.0, 2.5, 0.0])
