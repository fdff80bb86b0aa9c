"""Desired R&D: user cost, smoothing and adjustment by hand; thresholds raise reports more than R&D."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.firm import CERTIFIED, LARGE, PRIVATE, SMALL, STATE
from sim.mechanisms.desire_rd import Params, desire_rd, user_cost
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import params

AT_ONCE = 1e6  # a speed at which everything is adjusted within the quarter
DEAR = 1e12  # so dear that nobody relabels
PLAIN = {"elasticity_large": 1.0, "elasticity_small": 2.0, "elasticity_state": 0.0, "adjustment_y": AT_ONCE,
         "price_adjustment_y": 1.0, "relabel_curvature": DEAR, "smoothing_y": AT_ONCE, "peer_elasticity": 0.0,
         "take_up": 0.6, "carry_forward_value": 0.5, "notch_real_share": 0.7, "notch_safety": 0.0, "notch_noise": 0.0,
         "holder_reach": 0.5}  # fmt: skip
FIRM = {"has_rd": 1, "sales_y": 80.0, "sales_base": 80.0, "rd_intensity": 0.05, "margin": 0.06, "rd_intended_q": 1.0,
        "size_class": LARGE}  # fmt: skip


def want(n=1, push=1.0, peers=None, notch=0.5, changes=(), start="2014Q1", **columns):
    world = few(n, start, **(FIRM | columns))
    world.indices["push"] = np.array([push])
    if peers is not None:
        world.indices["peer_ratio"] = np.full(12, peers)
    desire_rd(world, params(Params, **(PLAIN | dict(changes))), Said(desire__notch=notch))
    return world.firms


@pytest.mark.parametrize(
    ("tax", "deduction", "cost"),
    [(0.25, 0.5, 0.833), (0.25, 0.75, 0.750), (0.25, 1.0, 0.667), (0.15, 0.5, 0.912), (0.15, 0.75, 0.868),
     (0.15, 1.0, 0.824), (0.25, 0.0, 1.0)],
)  # fmt: skip
def test_the_published_user_costs(tax, deduction, cost):
    assert round(user_cost(tax, deduction), 3) == cost


def test_without_policy_a_firm_wants_its_share_of_sales():
    assert want().rd_intended_q[0] == pytest.approx(0.05 * 80 / 4)


def test_who_carries_out_no_rd_wants_none_but_its_planning_base_follows_sales():
    firms = want(has_rd=0, sales_base=20.0, rd_intended_q=0.0, changes={"smoothing_y": 4 * np.log(2)})
    assert firms.rd_intended_q[0] == 0.0
    assert firms.sales_base[0] == pytest.approx(50.0), "half of the way in a quarter"


def test_adjustment_goes_half_of_the_way_in_logs():
    firms = want(rd_intended_q=4.0, changes={"adjustment_y": 4 * np.log(2)})
    assert firms.rd_intended_q[0] == pytest.approx(2.0), "from 4 half way to 1"


def test_rd_that_was_cut_is_built_up_again_from_what_was_carried_out():
    half = {"adjustment_y": 4 * np.log(2)}
    cut = want(rd_intended_q=1.0, rd_actual_q=0.25, changes=half | {"rebuild": 1.0})
    assert cut.rd_intended_q[0] == pytest.approx(0.5), "half of the way from 0.25 to 1 in logs"
    partly = want(rd_intended_q=1.0, rd_actual_q=0.25, changes=half | {"rebuild": 0.5})
    assert partly.rd_intended_q[0] == pytest.approx(0.625**0.5)
    kept = want(rd_intended_q=1.0, rd_actual_q=0.25, changes=half | {"rebuild": 0.0})
    assert kept.rd_intended_q[0] == pytest.approx(1.0)
    new = want(rd_intended_q=0.25, rd_actual_q=0.0, changes=half | {"rebuild": 1.0})
    assert new.rd_intended_q[0] == pytest.approx(0.5), "who has just begun has nothing to rebuild"
    more = want(rd_intended_q=1.0, rd_actual_q=3.0, changes=half | {"rebuild": 1.0})
    assert more.rd_intended_q[0] == pytest.approx(1.0), "a granted project of the last quarter is no plan of the next"


def test_a_holder_counts_what_it_reported_in_the_two_years_before():
    columns = {"is_high_tech_field": 1, "hnte_stage": CERTIFIED, "certificate_gain": 1.0, "certificate_threshold": 0.06,
               "notch_reach": 9.0, "sales_1y": 40.0, "sales_2y": 40.0, "rd_reported_1y": [2.4, 2.6, 1.0],
               "rd_reported_2y": 2.4}  # fmt: skip
    real = {"notch_real_share": 0.0}
    # 6 % of 80 is 4.8 a year, 1.2 a quarter; 0.2 spare in the year before leave 1.15; what was lacking is not made up
    firms = want(3, changes=real, **columns)
    assert first(firms, "rd_intended_q") == pytest.approx([1.0, 1.0, 1.0])
    assert first(firms, "notch_lift_q") == pytest.approx([0.2, 0.15, 0.2])
    others = want(3, changes=real, **(columns | {"hnte_stage": 0}))
    assert first(others, "notch_lift_q") == pytest.approx([0.2, 0.2, 0.2])


def test_the_deduction_raises_rd_by_the_elasticity_of_the_class():
    firms = want(3, deduction_rate=1.0, size_class=[LARGE, SMALL, LARGE], ownership=[PRIVATE, PRIVATE, STATE])
    assert first(firms, "rd_intended_q") == pytest.approx([1.5, 2.25, 1.0])


def test_small_firms_claim_by_rank_and_large_ones_always():
    firms = want(4, deduction_rate=1.0, size_class=[SMALL, SMALL, LARGE, LARGE], claim_rank=[0.59, 0.61, 0.59, 0.61])
    assert first(firms, "rd_intended_q") == pytest.approx([2.25, 1.0, 1.5, 1.5])


def test_a_loss_maker_counts_a_part_of_the_deduction():
    firms = want(2, deduction_rate=1.0, margin=[0.01, -0.01])
    assert first(firms, "rd_intended_q") == pytest.approx([1.5, 1.0 / user_cost(0.25, 0.5)])


def test_the_lower_tax_of_a_holder_makes_the_deduction_worth_less():
    firms = want(2, deduction_rate=1.0, tax_cut=0.1, hnte_stage=[0, CERTIFIED])
    assert first(firms, "rd_intended_q") == pytest.approx([1.5, 1.0 / user_cost(0.15, 1.0)])
    assert firms.rd_intended_q[1] < firms.rd_intended_q[0]


@pytest.mark.parametrize("curvature", [DEAR, 0.5, 0.01])
def test_what_was_law_in_2010_is_no_news(curvature):
    law = {"user_cost_base": user_cost(0.25, 0.5), "tax_value_base": 0.125}
    firms = want(deduction_rate=0.5, changes={"relabel_curvature": curvature}, **law)
    assert firms.rd_intended_q[0] == pytest.approx(1.0)


def test_a_part_of_the_published_answer_is_on_paper():
    firms = want(3, deduction_rate=1.0, tax_cut=0.1, hnte_stage=[0, CERTIFIED, 0], margin=[0.06, 0.06, -0.01],
                 changes={"relabel_curvature": 0.5})  # fmt: skip
    assert first(firms, "relabelled_share") == pytest.approx([0.25, 0.15, 0.0])
    reported = firms.rd_intended_q[:3] * (1.0 + firms.relabelled_share[:3])
    assert reported == pytest.approx([1.5, 1.0 / user_cost(0.15, 1.0), 1.0 / user_cost(0.25, 0.5)])


def test_who_hardly_answers_prices_hardly_relabels_for_them():
    changes = {"relabel_curvature": 0.1, "elasticity_state": 0.05}
    firms = want(2, deduction_rate=1.0, ownership=[STATE, PRIVATE], changes=changes)
    assert first(firms, "relabelled_share") == pytest.approx([1.5**0.05 - 1.0, 0.5]), "0.25 / 0.2 would be 1.25"
    assert first(firms, "rd_intended_q") == pytest.approx([1.0, 1.0])


def test_without_the_deduction_nothing_is_on_paper_and_what_was_comes_off():
    law = {"user_cost_base": user_cost(0.25, 0.5), "tax_value_base": 0.125}
    firms = want(deduction_rate=0.0, changes={"relabel_curvature": 0.5}, relabelled_share=0.125, **law)
    assert firms.relabelled_share[0] == 0.0
    assert firms.rd_intended_q[0] == pytest.approx(1.125 / 1.2), "it reported 1.125 and now 1 / 1.2 of that"


def test_the_answer_to_the_law_goes_its_own_way_a_part_of_it_each_year():
    half = {"price_adjustment_y": 0.5, "relabel_curvature": 0.5}
    slow = want(2, deduction_rate=1.0, rd_actual_q=[1.0, 0.0], rd_intended_q=[1.0, 0.7], changes=half)
    assert first(slow, "relabelled_share") == pytest.approx([0.125, 0.25]), "who begins does so under the law in force"
    assert first(slow, "rd_intended_q") == pytest.approx([1.5**0.5 / 1.125, 1.5 / 1.25])
    still = want(deduction_rate=1.0, rd_actual_q=1.0, changes=half | {"adjustment_y": 0.0, "rebuild": 0.0})
    assert still.rd_intended_q[0] == pytest.approx(1.5**0.5 / 1.125), "not slowed again by the adjustment to sales"


@pytest.mark.parametrize(("start", "part"), [("2014Q1", 0.35), ("2014Q2", 0.0), ("2014Q4", 0.0), ("2015Q1", 0.35)])
def test_budgets_answer_the_law_in_the_first_quarter_alone(start, part):
    """The yearly law that was measured: yearly R&D goes `part` of the way in the year of the reform."""
    firms = want(deduction_rate=1.0, rd_actual_q=1.0, changes={"price_adjustment_y": 0.35}, start=start)
    assert firms.price_answer[0] == pytest.approx(part * np.log(1.5))


def test_what_the_law_adds_is_not_taken_for_rd_that_lacked_money():
    still = {"adjustment_y": 0.0, "rebuild": 1.0}
    met = want(deduction_rate=1.0, rd_actual_q=1.0, changes=still)
    assert met.rd_intended_q[0] == pytest.approx(1.5), "all that was intended was carried out"
    cut = want(deduction_rate=1.0, rd_actual_q=0.25, changes=still)
    assert cut.rd_intended_q[0] == pytest.approx(0.25 * 1.5), "the law moves what was carried out"


def test_a_first_budget_is_made_at_the_prices_in_force():
    still = {"adjustment_y": 0.0, "price_adjustment_y": 0.35, "relabel_curvature": 0.5}
    law = {"deduction_rate": 1.0, "price_answer": 0.2, "relabelled_share": 0.1}  # of R&D it gave up some years ago
    new = want(rd_intended_q=0.7, rd_actual_q=0.0, changes=still, **law)
    assert new.rd_intended_q[0] == pytest.approx(0.7 * 1.5 / 1.25)
    dear = want(rd_intended_q=0.7, rd_actual_q=0.0, changes=still, cost_factor=0.5)
    assert dear.rd_intended_q[0] == pytest.approx(0.7 * 2.0), "and with the support that it has"


def test_support_of_another_kind_is_followed_at_once():
    firms = want(cost_factor=0.5, rd_actual_q=1.0, changes={"price_adjustment_y": 0.1, "relabel_curvature": 0.5})
    assert firms.rd_intended_q[0] == pytest.approx(2.0)
    assert firms.relabelled_share[0] == 0.0


def test_rd_rises_with_the_deduction():
    by_rate = [want(deduction_rate=d).rd_intended_q[0] for d in (0.0, 0.5, 0.75, 1.0, 2.0)]
    assert (np.diff(by_rate) > 0).all()


def test_peers_count_by_their_elasticity():
    assert want(peers=2.0, changes={"peer_elasticity": 1.0}).rd_intended_q[0] == pytest.approx(2.0)
    assert want(peers=2.0).rd_intended_q[0] == pytest.approx(1.0)


NOTCH = {"is_high_tech_field": 1, "certificate_gain": 1.0, "certificate_threshold": 0.06, "notch_reach": 0.3}


def test_a_firm_within_reach_rises_to_the_threshold_in_part_on_paper():
    firms = want(**NOTCH)
    # it needs 0.06 x 80 / 4 = 1.2 and wants 1.0: 0.7 of the rise is real, the rest is reported only
    assert firms.rd_intended_q[0] == pytest.approx(1.14)
    assert firms.notch_lift_q[0] == pytest.approx(0.06)


def test_what_is_on_paper_for_the_deduction_counts_towards_the_threshold():
    relabels = {"deduction_rate": 0.4, "user_cost_base": user_cost(0.25, 0.4), "tax_value_base": 0.1}
    firms = want(changes={"relabel_curvature": 0.5}, **(NOTCH | relabels))
    # 1.0 is carried out and 1.1 reported, 1.2 needed: the gap is 1.2 / 1.1 - 1
    assert firms.rd_intended_q[0] == pytest.approx(1.0 + 0.7 * (1.2 / 1.1 - 1.0))
    assert 1.1 * firms.rd_intended_q[0] + firms.notch_lift_q[0] == pytest.approx(1.2)


@pytest.mark.parametrize(
    "changes",
    [{"is_high_tech_field": 0}, {"certificate_gain": 0.0}, {"certificate_readiness": 0.9}, {"notch_reach": 0.19},
     {"certificate_threshold": 0.05}, {"certificate_threshold": 0.04}],
)  # fmt: skip
def test_who_cannot_does_not_need_or_gains_nothing_stays(changes):
    firms = want(push=0.8, **(NOTCH | changes))
    assert firms.rd_intended_q[0] == pytest.approx(1.0)
    assert firms.notch_lift_q[0] == 0.0


def test_holders_reach_further_and_are_ready_by_definition():
    far = NOTCH | {"notch_reach": 0.0, "certificate_readiness": 0.9}
    firms = want(2, push=0.8, hnte_stage=[0, CERTIFIED], **far)
    assert first(firms, "rd_intended_q") == pytest.approx([1.0, 1.14])


def test_safety_and_noise_move_what_is_needed():
    firms = want(3, notch=[0.0, 0.5, 1.0], changes={"notch_noise": 0.1, "notch_safety": 0.05}, **NOTCH)
    needed = 1.2 * np.array([1.0, 1.05, 1.1])
    assert firms.rd_intended_q[:2] == pytest.approx(1.0 + 0.7 * (needed[:2] - 1.0))
    assert firms.rd_intended_q[2] == pytest.approx(1.0), "1.32 is out of its reach of 1.3"


def test_the_dead_want_nothing():
    world = few(2, **FIRM)
    world.firms.alive[1] = 0
    world.firms.notch_lift_q[1] = 3.0
    desire_rd(world, params(Params, **PLAIN), Said())
    assert world.firms.rd_intended_q[1] == 1.0
    assert world.firms.notch_lift_q[1] == 0.0
