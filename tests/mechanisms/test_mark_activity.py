"""Innovation activity in the administrative sense: each kind by its own bit, none for those who do nothing."""

from __future__ import annotations

import pytest

from sim.mechanisms.mark_activity import Params, mark_activity
from tests.mechanisms.few_firms import Said, few
from tests.mechanisms.worlds import params


def bits(**columns):
    world = few(1, covered=63, **columns)
    mark_activity(world, params(Params, product_share=0.05), Said())
    return int(world.firms.covered[0])


@pytest.mark.parametrize(
    ("columns", "expected"),
    [({}, 0), ({"has_rd": 1}, 1), ({"talent": 0.5}, 2), ({"n_alliances": 1}, 2), ({"new_product_share": 0.05}, 4),
     ({"new_product_share": 0.0499}, 0), ({"soft_ip": 1}, 4), ({"has_rd_institution": 1}, 8), ({"centre_tier": 1}, 8),
     ({"inventions_in_force": 1}, 16), ({"has_rd": 1, "talent": 1.0, "n_alliances": 2, "soft_ip": 3, "centre_tier": 2,
                                        "has_rd_institution": 1, "inventions_in_force": 9}, 31)],
)  # fmt: skip
def test_by_hand(columns, expected):
    assert bits(**columns) == expected


def test_the_dead_show_nothing():
    world = few(2, has_rd=1, covered=1)
    world.firms.alive[1] = 0
    mark_activity(world, params(Params), Said())
    assert world.firms.covered[:2].tolist() == [1, 0]


def test_what_the_campaign_brought_is_joined_and_kept_apart():
    world = few(3, has_rd=[1, 0, 0], campaign_bits=[8, 2, 0])
    mark_activity(world, params(Params), Said())
    assert world.firms.covered[:3].tolist() == [9, 2, 0]
    assert world.firms.own_activity[:3].tolist() == [1, 0, 0]
    world.firms.alive[1] = 0
    mark_activity(world, params(Params), Said())
    assert world.firms.covered[:2].tolist() == [9, 0]
