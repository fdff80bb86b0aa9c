"""A grant makes the R&D that it shares cheaper: by its share, less what is misused, only while it is in force."""

from __future__ import annotations

import pytest

from sim.mechanisms.share_project_cost import Params, share_project_cost
from tests.mechanisms.few_firms import few, first
from tests.mechanisms.worlds import params

HOLDER = {"has_rd": 1, "grant_quarters": 3, "grant_award": 0.5, "rd_intended_q": 2.0, "misuse_share": 0.0}


def factors(tied_share: float = 1.0, n: int = 3, **changes):
    world = few(n, **(HOLDER | changes))
    share_project_cost(world, params(Params, tied_share=tied_share), None)
    return first(world.firms, "cost_factor")


def test_the_cost_falls_by_the_part_that_the_grant_pays_less_what_is_misused():
    assert factors(misuse_share=[0.0, 0.4, 1.0]) == pytest.approx([0.75, 1 - 0.6 * 0.25, 1.0])
    assert factors(tied_share=0.0) == [1.0, 1.0, 1.0]


def test_only_performers_with_a_grant_in_force_count_on_it():
    assert factors(grant_quarters=[0, 3, 3], has_rd=[1, 0, 1]) == pytest.approx([1.0, 1.0, 0.75])


def test_no_project_is_for_nothing():
    assert factors(grant_award=[2.0, 9.0, 1.9], rd_intended_q=2.0) == pytest.approx([0.1, 0.1, 0.1])
