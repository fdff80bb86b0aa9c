"""A grant is for one project: done anyway or a further one, by what it is worth and by what the firm pays itself."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.firm import LARGE, PRIVATE, SMALL, STATE
from sim.mechanisms.share_project_cost import Params, share_project_cost
from tests.mechanisms.few_firms import few, first
from tests.mechanisms.worlds import params

HOLDER = {"has_rd": 1, "grant_award": 0.3, "grant_project": 1.0, "misuse_share": 0.0, "size_class": SMALL,
          "ownership": PRIVATE}  # fmt: skip
PLAIN = {"elasticity_small": 2.0, "elasticity_large": 1.0, "elasticity_state": 0.0, "tied_share": 1.0}


def projects(n=1, paid=None, changes=(), **columns):
    """R&D of further projects of n firms; all are paid, or those said."""
    world = few(n, **(HOLDER | columns))
    rows = np.arange(n) if paid is None else np.flatnonzero(paid)
    world.accounts.appropriate("rd_grant", 10**9)
    world.pay("rd_grant", world.firms, rows, 300_000)
    share_project_cost(world, params(Params, **(PLAIN | dict(changes))), None)
    return first(world.firms, "project_rd_q")


def test_further_is_what_is_worth_its_own_part_but_not_its_cost():
    found = projects(3, size_class=[SMALL, LARGE, LARGE], ownership=[PRIVATE, PRIVATE, STATE])
    assert found == pytest.approx([1 - 0.7**2, 1 - 0.7, 0.0])


def test_who_misuses_the_money_pays_more_itself():
    assert projects(3, misuse_share=[0.0, 0.5, 1.0]) == pytest.approx([0.51, 1 - 0.85**2, 0.0])


def test_projects_are_done_at_their_cost_and_not_at_that_of_the_grant():
    assert projects(2, grant_award=[0.3, 1.5], grant_project=[1.0, 5.0]) == pytest.approx([0.51, 5 * 0.51])


def test_a_call_that_tells_what_is_done_anyway_takes_part_of_it():
    assert projects(changes={"tied_share": 0.5}) == pytest.approx([0.255])
    assert projects(changes={"tied_share": 0.0}) == [0.0]


def test_only_performers_who_are_paid_this_quarter_have_projects():
    found = projects(4, paid=[1, 0, 1, 1], has_rd=[1, 1, 0, 1], induced_by_grant=[0, 0, 0, 1])
    assert [project > 0.0 for project in found] == [True, False, False, False]


def test_projects_end_with_their_grant():
    world = few(1, **HOLDER, project_rd_q=1.0)
    share_project_cost(world, params(Params, **PLAIN), None)
    assert first(world.firms, "project_rd_q") == [0.0]


@pytest.mark.parametrize("elasticity", [0.5, 0.8, 1.2, 1.6])
def test_the_first_part_of_a_grant_adds_more_for_each_yuan_where_firms_answer_prices_strongly(elasticity):
    changes = {"elasticity_small": elasticity}
    per_yuan = [projects(grant_award=part, changes=changes)[0] / part for part in (0.3, 0.6)]
    assert (per_yuan[0] > per_yuan[1]) == (elasticity > 1.0)


def test_a_grant_that_pays_all_makes_every_project_worth_while():
    assert projects(grant_award=1.0) == pytest.approx([1.0])
