"""Duties: each reaches its own firms, tokens are small and only for those that cannot, and no duty no change."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.oblige_state_firms import Params, oblige_state_firms, pick
from tests.mechanisms.few_firms import Said, few, first, tell
from tests.mechanisms.worlds import by_uid, frozen, params, small_world

STRONG = {"start_y": 0.4, "stop_cut": 0.8, "token_y": 0.5, "token_ratio": 0.0004, "sign_y": 0.6, "duty_tie": 0.3,
          "institution_y": 0.4}  # fmt: skip


def firms(**columns):
    usual = {"ownership": [0, 0, 1, 2], "can_innovate": [1, 0, 0, 1], "sales_y": 1000.0, "rd_intensity": 0.02}
    return few(4, **(usual | columns))


def oblige(world, said=None, quarter=0, **duties):
    for name, value in duties.items():
        world.governments[f"duty_{name}"][0] = value
    world.calendar.quarter = quarter
    oblige_state_firms(world, params(Params, **STRONG), Said(**(said or {})))
    return world


def test_without_a_duty_nothing_changes():
    world = firms()
    before = frozen(world)
    oblige_state_firms(world, params(Params), None)
    assert frozen(world) == before


def test_the_ratio_binds_key_state_firms_that_can_innovate_and_never_lowers_another_duty():
    assert first(oblige(firms(), ratio=0.015).firms, "rd_duty") == [0.015, 0.0, 0.0, 0.0]
    world = firms(rd_duty=0.03)
    assert first(oblige(world, ratio=0.015).firms, "rd_duty") == [0.03] * 4


def test_the_duty_of_activity_moves_the_hazards_of_state_firms_by_its_strictness():
    world = oblige(firms(), active=0.5)
    assert first(world.firms, "start_lift") == pytest.approx([0.2, 0.2, 0.2, 0.0])
    assert first(world.firms, "stop_factor") == pytest.approx([0.6, 0.6, 0.6, 1.0])


def test_those_that_cannot_innovate_begin_a_token_in_the_first_quarter():
    world = oblige(firms(), {"duty__token": 0.4}, active=1.0)
    assert first(world.firms, "has_rd") == [0, 1, 1, 0]
    assert first(world.firms, "rd_intended_q") == pytest.approx([0.0, 0.1, 0.1, 0.0])
    assert first(world.firms, "rd_intensity") == [0.02, 0.0004, 0.0004, 0.02]
    assert first(world.firms, "knowledge") == [0.0] * 4


@pytest.mark.parametrize(("draw", "quarter", "active"), [(0.6, 0, 1.0), (0.4, 1, 1.0), (0.4, 0, 0.5)])
def test_no_token_by_chance_in_other_quarters_or_under_a_lax_duty(draw, quarter, active):
    world = oblige(firms(), {"duty__token": draw}, quarter, active=active)
    assert first(world.firms, "has_rd") == [0] * 4


def test_performers_are_left_as_they_are():
    world = oblige(firms(has_rd=1, rd_intended_q=3.0), {"duty__token": 0.0}, active=1.0)
    assert first(world.firms, "rd_intended_q") == [3.0] * 4
    assert first(world.firms, "rd_intensity") == [0.02] * 4


def test_key_state_firms_sign_and_keep_a_weak_tie_while_the_duty_lasts():
    world = firms(partner_university=[-1, 2, -1, -1], tie_strength=[0.0, 0.1, 0.0, 0.0])
    oblige(world, {"duty__sign": 0.0}, cooperation=0.5)
    found = first(world.firms, "partner_university")
    assert found[0] >= 0
    assert found[1:] == [2, -1, -1]
    assert first(world.firms, "tie_strength") == pytest.approx([0.15, 0.15, 0.0, 0.0])
    oblige(firms(), {"duty__sign": 0.99}, cooperation=0.5)
    world.governments.duty_cooperation[0] = 0.0
    world.firms.tie_strength[:] = 0.01
    oblige(world)
    assert first(world.firms, "tie_strength") == pytest.approx([0.01] * 4)


def test_a_university_in_reach_is_more_likely():
    chosen = np.full(2, -1, np.int64)
    pick(np.array([0, 5], np.int8), np.array([3, 3], np.int8), np.array([0.7, 0.7]), np.arange(3),
         np.array([0, 1, 2], np.int8), np.array([3, 7, 7], np.int8), np.ones(3), 4.0, 2.0, chosen)  # fmt: skip
    assert chosen.tolist() == [0, 1], "weights 7, 1, 1 in the city and field, 3, 1, 1 in the field alone"


def test_nobody_signs_by_an_unlucky_draw_or_without_universities():
    world = oblige(firms(), {"duty__sign": 0.99}, cooperation=1.0)
    assert first(world.firms, "partner_university") == [-1] * 4
    world = firms()
    tell(world.universities, quality=1.0)
    world.universities.alive[:] = 0
    oblige(world, {"duty__sign": 0.0}, cooperation=1.0)
    assert first(world.firms, "partner_university") == [-1] * 4
    assert first(world.firms, "tie_strength") == [0.0] * 4


def test_the_duty_of_an_institution_reaches_state_and_large_industrial_firms():
    world = firms(ownership=[1, 2, 2, 2], size_class=[0, 3, 3, 2], is_above_scale=[0, 1, 0, 1])
    oblige(world, institution=0.5)
    assert first(world.firms, "institution_lift") == pytest.approx([0.2, 0.2, 0.0, 0.0])


def test_rows_do_not_matter():
    worlds = [small_world(), small_world(order=np.random.default_rng(3).permutation(200))]
    for world in worlds:
        state = world.firms.uid % 3
        world.firms.ownership[:] = np.where(world.firms.uid > 0, state, 2)
        oblige_with = params(Params, **STRONG)
        for term in ("duty_active", "duty_cooperation"):
            world.governments[term][0] = 1.0
        oblige_state_firms(world, oblige_with, world.draws)
    for name in ("has_rd", "rd_intensity", "partner_university"):
        found = [by_uid(world.firms, name) for world in worlds]
        assert np.array_equal(*found)
    assert (found[0] >= 0).sum() > 5
