"""Knowledge: perpetual inventory by hand, absorption, and a cap that no spillover breaks."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.accumulate_knowledge import Params, accumulate_knowledge
from tests.mechanisms.few_firms import Said, few, first, tell
from tests.mechanisms.worlds import params

KEEP = 0.8**0.25
PLAIN = {"depreciation_y": 0.2, "absorption_half": 0.05, "spillover_peers": 0.0, "spillover_alliance": 0.0,
         "spillover_university": 0.0, "spillover_voucher": 0.0, "spillover_cap": 0.5}  # fmt: skip
FIRM = {"has_rd": 1, "rd_actual_q": 2.0, "sales_y": 160.0, "knowledge": 100.0}  # intensity 0.05: half is absorbed


def learn(n=1, price=1.0, deflator=1.0, pool=None, changes=(), **columns):
    world = few(n, **(FIRM | columns))
    world.indices |= {"price": np.array([price]), "deflator": np.array([deflator])}
    if pool is not None:
        world.indices["pool_ratio"] = np.array([pool])
    accumulate_knowledge(world, params(Params, **(PLAIN | dict(changes))), Said())
    return world


def gain(**keywords):
    return float(learn(**keywords).firms.knowledge[0]) - KEEP * 100.0


def test_knowledge_depreciates_and_grows_by_rd_at_constant_price():
    assert gain() == pytest.approx(2.0)
    assert gain(price=1.25, deflator=1.6) == pytest.approx(1.0)


def test_without_rd_knowledge_only_fades_to_the_yearly_rate_in_a_year():
    world = learn(has_rd=0, rd_actual_q=0.0, alliance_benefit=1.0)
    for _ in range(3):
        accumulate_knowledge(world, params(Params, **PLAIN), Said())
    assert world.firms.knowledge[0] == pytest.approx(80.0)


@pytest.mark.parametrize(
    ("column", "parameter"),
    [("alliance_benefit", "spillover_alliance"), ("tie_strength", "spillover_university"),
     ("voucher_effect", "spillover_voucher")],
)  # fmt: skip
def test_each_source_adds_its_part_of_own_rd_as_far_as_it_is_absorbed(column, parameter):
    assert gain(**{column: 0.5}, changes={parameter: 0.4}) == pytest.approx(2.0 * (1 + 0.5 * 0.5 * 0.4))
    assert gain(**{column: 0.0}, changes={parameter: 0.4}) == pytest.approx(2.0)


def test_peers_add_what_their_pool_has_grown_by_to_the_elasticity():
    assert gain(pool=1.0, changes={"spillover_peers": 0.5}) == pytest.approx(2.0)
    assert gain(pool=1.44, changes={"spillover_peers": 0.5}) == pytest.approx(2.0 * (1 + 0.5 * 0.2))
    assert gain(pool=0.64, changes={"spillover_peers": 0.5}) == pytest.approx(2.0 * (1 - 0.5 * 0.2))


def test_a_unit_of_rd_brings_the_elasticity_to_all_together_whatever_their_sizes():
    sizes = np.array([1000.0, 30.0, 2.0, 2.0, 0.1])
    total = sizes.sum()
    keys = {"changes": {"spillover_peers": 0.4}, "rd_actual_q": sizes, "sales_y": 0.0, "knowledge": 0.0}  # all absorbed
    one, two = (float(learn(5, pool=1.0 + extra / total, **keys).firms.knowledge.sum()) for extra in (0.0, 1.0))
    assert two - one == pytest.approx(0.4, rel=1e-3)


def test_a_voucher_project_and_its_tie_are_one_cooperation():
    both = {"spillover_university": 0.4, "spillover_voucher": 0.2}
    assert gain(tie_strength=0.5, voucher_effect=0.5, changes=both) == pytest.approx(2.0 * (1 + 0.5 * 0.2))
    assert gain(tie_strength=0.1, voucher_effect=1.0, changes=both) == pytest.approx(2.0 * (1 + 0.5 * 0.2))


def test_absorption_rises_with_the_intensity_of_rd():
    gains = [gain(pool=1.25, sales_y=s, changes={"spillover_peers": 1.0}) for s in (1600.0, 160.0, 16.0)]
    assert gains == pytest.approx([2.0 + 0.5 / 11, 2.25, 2.0 + 0.5 / 1.1])


def test_no_spillover_exceeds_the_cap():
    assert gain(pool=4.0, changes={"spillover_peers": 1.6}) == pytest.approx(2.0 + 0.5 * 0.5 * 2.0)
    assert gain(pool=4.0, changes={"spillover_peers": 1.6, "spillover_cap": 0.0}) == pytest.approx(2.0)


def test_the_pool_and_the_means_of_sectors_are_kept_for_the_next_quarter():
    world = learn(4, has_rd=[1, 1, 1, 0], rd_actual_q=[2.0, 4.0, 9.0, 0.0], sector=[0, 0, 1, 2])
    assert world.indices["peer_ratio"][0] == world.indices["pool_ratio"][0] == 1.0
    tell(world.firms, rd_actual_q=[4.0, 8.0, 18.0, 0.0])
    accumulate_knowledge(world, params(Params, **PLAIN), Said())
    assert world.indices["peer_ratio"][0] == world.indices["pool_ratio"][0] == pytest.approx(2.0)
    tell(world.firms, has_rd=1, rd_actual_q=[4.0, 5.0, 9.0, 12.0], sector=[0, 0, 1, 0])
    world.indices["price"] = np.array([2.0])
    accumulate_knowledge(world, params(Params, **PLAIN), Said())
    assert world.indices["peer_ratio"][0] == pytest.approx(7.0 / 3.0), "the mean of the sector, as it is paid"
    assert world.indices["pool_ratio"][0] == pytest.approx(1.0), "the sum of all, at constant price"
    tell(world.firms, rd_actual_q=[4e3, 8e3, 18e3, 0.0])
    accumulate_knowledge(world, params(Params, **PLAIN), Said())
    assert world.indices["peer_ratio"][0] == world.indices["pool_ratio"][0] == 4.0


def test_the_pool_is_held_against_a_start_at_constant_price():
    assert learn(price=2.0).indices["pool_ratio"][0] == 1.0


def test_public_bodies_learn_from_their_own_research_only():
    world = few(1)
    tell(world.universities, knowledge=np.full(6, 80.0), rd_q=np.full(6, 3.0))
    accumulate_knowledge(world, params(Params, **PLAIN), Said())
    assert world.universities.knowledge[:6] == pytest.approx([KEEP * 80 + 3] * 6)


def test_the_dead_keep_nothing_new():
    world = few(2, **FIRM)
    world.firms.alive[1] = 0
    accumulate_knowledge(world, params(Params, **PLAIN), Said())
    assert first(world.firms, "knowledge") == pytest.approx([KEEP * 100 + 2])
    assert world.firms.knowledge[1] == 100.0
