"""The estimates behind response tests on data whose answer is known: fading, doses, distance, cut-off and matching."""

from __future__ import annotations

from dataclasses import replace
from math import inf, isnan, log

import numpy as np
import pytest

import sim.model
from experiments.responses.arms import scenario_of
from experiments.responses.beside import beside
from experiments.responses.demand import SHIFTED, shift_rd
from experiments.responses.fading import fading, noted, of_all
from experiments.responses.lab import Lab
from experiments.responses.networks import BINS, Alliances, Life, peak_of
from experiments.responses.platforms import like, movers
from experiments.responses.registry import experiments
from experiments.responses.rows import rows
from experiments.responses.selection import Call, cut_off, jump, matched
from experiments.responses.subsidies import GRANTS, NO_GRANTS, crossing
from experiments.responses.vouchers import Quarterly, learned, used_at
from experiments.responses.watching import Counted, Paid, of_firms, together
from sim.model import InnovationModel

MINE = (16, 17, 18, 20, 21, 22, 24, 26, 27, 28, 29, 30, 31, 32, 33, 35, 37, 39, 40, 41, 42, 44, 45, 48, 49, 50, 51, 52,
        53, 61)  # fmt: skip
K = 40


def short_model(end: str = "2012Q4"):
    return InnovationModel(replace(scenario_of(GRANTS, K), end=end), 1, 0)


def test_every_number_has_rows_and_what_is_run_an_experiment():
    known = rows().values()
    assert {row.number for row in known} >= set(MINE)
    assert {row.number for row in known if row.state == "run"} <= set(experiments())


@pytest.mark.parametrize("half", [1.5, 3.0])
def test_fading_finds_the_half_life_of_a_decay(half):
    effect = [100.0 * 0.5 ** (year / half) for year in range(12)]
    found, gone = fading(effect)
    assert found == pytest.approx(half, rel=0.05)
    assert gone == pytest.approx(half * log(10) / log(2), rel=0.05)


def test_fading_goes_on_at_the_pace_that_was_seen_and_an_effect_that_stays_never_fades():
    assert fading([100.0, 90.0, 81.0])[0] == pytest.approx(-log(0.5) / -log(0.9))
    assert fading([5.0, 5.0, 6.0]) == (inf, inf)
    assert all(isnan(value) for value in fading([0.0, 3.0]))


def test_effects_of_seeds_are_added_up_before_they_are_judged():
    assert of_all([noted([4.0, 4.0, 0.0]), noted([4.0, 0.0, 0.0])])[0] == pytest.approx(fading([8.0, 4.0, 0.0])[0])


def test_zero_is_crossed_beyond_the_peak_of_an_inverted_u_and_at_once_where_private_rd_only_falls():
    shares = np.array([0.1, 0.2, 0.4])
    assert crossing(shares, np.array([2.0, 1.0, -1.0])) == pytest.approx(0.3)
    assert crossing(shares, np.array([-1.0, -2.0, -3.0])) == 0.0
    assert crossing(shares, np.array([1.0, 2.0, 3.0])) == 0.4


def test_peak_of_projects_over_distance():
    place = (np.arange(BINS) + 0.5) / BINS
    quarters = np.full(BINS, 400.0)
    curve, peak = peak_of(quarters, quarters / 4.0 * (1.0 - 4.0 * (place - 0.4) ** 2))
    assert (curve, peak) == pytest.approx((-4.0, 0.4))
    curve, peak = peak_of(quarters, quarters / 4.0 * (place - 0.4) ** 2)
    assert curve > 0.0
    assert isnan(peak)


def applicants(effect, merit_seen, n=4000):
    """Applicants whose merit raises both score and patents; looks show it or not."""
    rng = np.random.default_rng(3)
    merit, noise, other = rng.normal(size=(3, n))
    scores = merit + noise
    won = scores >= 0.0
    usual = 10.0 + 3.0 * merit + 0.5 * rng.normal(size=n)
    return scores, won, usual, usual * (1.0 + effect * won), np.column_stack([merit if merit_seen else other, other])


@pytest.mark.parametrize("effect", [0.0, 0.3])
def test_cut_off_finds_the_effect_where_matching_takes_merit_for_it(effect):
    scores, won, usual, outcome, seen = applicants(effect, merit_seen=False)
    cell = np.zeros(len(won), np.int64)
    assert jump(scores, won.astype(float), outcome - usual, usual) == pytest.approx(100.0 * effect, abs=2.0)
    assert matched(seen[:, 1:], won, cell, outcome) > 100.0 * effect + 20.0
    _, _, _, _, known = applicants(effect, merit_seen=True)
    assert matched(known, won, cell, outcome) == pytest.approx(100.0 * effect, abs=8.0)


def test_cut_off_is_where_winners_and_losers_part():
    scores = np.array([0.5, 2.0, 1.0, 3.0, 1.5])
    assert cut_off(Call(np.arange(5), scores, scores > 1.2)) == 1.5


def panel(**columns):
    n = len(columns["uid"])
    usual = {
        "incubator": -1, "ownership": 2, "size_class": 0, "age_q": 4, "has_rd": 0, "is_high_tech_field": 1,
        "is_industrial": 0, "sales_y": 1.0,
    }  # fmt: skip
    return {name: np.full(n, value) for name, value in usual.items()} | {k: np.array(v) for k, v in columns.items()}


def test_tenants_are_matched_with_young_firms_outside_of_their_kind_and_size():
    before = panel(uid=[1, 2, 9], incubator=[-1, 0, -1])
    now = panel(
        uid=[1, 2, 3, 4, 5, 6, 7], incubator=[0, 0, -1, -1, -1, -1, -1], has_rd=[1, 1, 1, 1, 0, 1, 1],
        sales_y=[2.0, 2.0, 2.1, 1.9, 2.0, 50.0, 3.0], age_q=[4, 9, 4, 4, 4, 4, 60],
    )  # fmt: skip
    assert movers(before, now).tolist() == [0]
    tenants, alike = like(now, movers(before, now))
    assert tenants.tolist() == [0, 0, 0]
    assert now["uid"][alike].tolist() == [3, 4, 6]


def test_columns_of_firms_by_uid():
    found = of_firms(panel(uid=[2, 5, 7], sales_y=[1.0, 2.0, 3.0]), "sales_y", np.array([7, 1, 5, 9]), -1.0)
    assert found.tolist() == [3.0, -1.0, 2.0, -1.0]


def test_projects_that_end_before_their_time_are_failures():
    seen, life = Alliances(), Life(0.4, True, 0)
    seen._look(life, np.array([5, 2, 1, 0]), np.array([4, 0, 0, 0]))
    assert (seen.at_risk, seen.failures, life.starts) == (2, 1, 0)
    seen._look(life, np.array([4, 0, 0, 0]), np.array([3, 0, 0, 7]))
    assert (seen.at_risk, seen.failures, life.starts) == (3, 1, 1)


def test_half_life_of_alliances_by_kind():
    seen = Alliances()
    for uid in range(40):
        seen.lives[uid] = Life(0.4, uid % 2 == 0, 0, quarters=10, ended=uid % 4 != 0)
    assert seen.half_life() == pytest.approx(-log(2.0) / (4.0 * log(1.0 - 30 / 400)))
    assert seen.half_life(supported=True) > seen.half_life(supported=False)


def test_first_projects_with_a_voucher_by_quarter_and_what_was_learned():
    with_one, without = Quarterly((), ()), Quarterly((), ())
    for quarter, used, known in ((1, [0, 1], [1.0, 1.0]), (2, [1, 2], [1.0, 3.0])):
        with_one.by_quarter[quarter] = {
            "uid": np.array([3, 4]), "vouchers_used": np.array(used), "knowledge": np.array(known)
        }  # fmt: skip
        without.by_quarter[quarter] = {"uid": np.array([3, 4]), "vouchers_used": np.array([0, 0])}
    found = used_at(with_one, without)
    assert {quarter: uids.tolist() for quarter, uids in found.items()} == {1: [4], 2: [3]}
    assert learned(with_one, 2, np.array([3, 4, 5]), 0.9)[:2] == pytest.approx([0.1, 2.1])


def test_what_is_done_beside_a_step_is_done_in_order_and_the_schedule_is_put_back():
    usual, told = sim.model.SCHEDULE, []
    model = short_model("2011Q2")
    with (
        beside("desire_rd", after=lambda world: told.append("after")),
        beside("desire_rd", before=lambda world: told.append("before")),
    ):
        model.run()
    assert told == ["before", "after"] * 2
    assert usual is sim.model.SCHEDULE


def test_payments_and_counts_are_those_of_the_books():
    early, late = Paid("rd_grant", (2016,)), Paid("rd_grant", (2022,))
    counted = Counted(("vouchers_issued", "vouchers_redeemed"), (2016,))
    lab = Lab(0, K)
    trace = lab.run(GRANTS, together(early, late, counted))
    assert sum(late.amounts) * K == pytest.approx(trace.spent((2022,), "rd_grant"))
    assert 0.0 < sum(early.amounts) * K < trace.spent((2016,), "rd_grant")  # bodies have a part before T0
    paid = trace.spent((2016,), "innovation_voucher")
    price = 0.1 * 0.5  # face value and the part of it that government pays
    assert counted.sums["vouchers_redeemed"] * price == pytest.approx(paid)
    assert lab.trace(NO_GRANTS).spent((2022,), "rd_grant") == 0.0


def test_shifted_rd_keeps_its_sum_and_moves_a_tenth_to_private_firms():
    model = short_model("2011Q1")
    model.run()
    world = model.world
    firms = world.firms
    firms.rd_actual_q[:] = 0.0
    rows_of = firms.rows()
    firms.rd_actual_q[rows_of] = 1.0
    state = firms.alive.astype(bool) & (firms.ownership < 2)
    before = firms.rd_actual_q.copy()
    shift_rd(world)
    assert (firms.rd_actual_q == before).all()  # not before T0
    world.calendar.quarter = 4 * (2022 - 2011)
    shift_rd(world)
    assert firms.rd_actual_q.sum() == pytest.approx(before.sum())
    moved = before[state].sum() - firms.rd_actual_q[state].sum()
    assert moved == pytest.approx(min(SHIFTED * before.sum(), before[state].sum()))
