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


def projects(worth, paid=True, changes=(), **columns):
    """R&D of further projects of firms with these ranks; all are paid, or those said."""
    world = few(len(worth), **(HOLDER | columns), project_worth=worth)
    rows = np.arange(len(worth)) if paid is True else np.flatnonzero(paid)
    world.accounts.appropriate("rd_grant", 10**9)
    world.pay("rd_grant", world.firms, rows, 300_000)
    share_project_cost(world, params(Params, **(PLAIN | dict(changes))), None)
    return first(world.firms, "project_rd_q")


def test_a_project_is_further_where_its_worth_lies_between_the_own_part_and_the_cost():
    # 1 - 0.7^2 = 0.51 in small firms, 1 - 0.7 = 0.3 in large ones, nothing where prices do not count
    assert projects([0.50, 0.52]) == [1.0, 0.0]
    assert projects([0.29, 0.31], size_class=LARGE) == [1.0, 0.0]
    assert projects([0.0, 0.5], ownership=STATE) == [0.0, 0.0]


def test_who_misuses_the_money_pays_more_itself_and_rarely_has_a_further_project():
    # half misused: 1 - 0.85^2 = 0.2775
    assert projects([0.27, 0.28], misuse_share=0.5) == [1.0, 0.0]
    assert projects([0.0001], misuse_share=1.0) == [0.0]


def test_a_project_is_done_whole_or_not_at_all():
    assert projects([0.1, 0.9], grant_award=1.5, grant_project=5.0) == [5.0, 0.0]


def test_a_call_that_tells_what_is_done_anyway_takes_part_of_it():
    assert projects([0.25, 0.26], changes={"tied_share": 0.5}) == [1.0, 0.0]
    assert projects([0.0], changes={"tied_share": 0.0}) == [0.0]


def test_only_performers_who_are_paid_this_quarter_have_a_project():
    assert projects([0.1] * 4, paid=[1, 0, 1, 1], has_rd=[1, 1, 0, 1], induced_by_grant=[0, 0, 0, 1]) == [1, 0, 0, 0]


def test_a_project_ends_with_its_grant():
    world = few(1, **HOLDER, project_worth=0.1, project_rd_q=1.0)
    share_project_cost(world, params(Params, **PLAIN), None)
    assert first(world.firms, "project_rd_q") == [0.0]


@pytest.mark.parametrize("elasticity", [0.5, 1.0, 1.6])
def test_the_first_part_of_a_grant_adds_no_less_for_each_yuan_where_firms_answer_prices_strongly(elasticity):
    ranks = np.linspace(0.0005, 0.9995, 1000)
    changes = {"elasticity_small": elasticity}
    added = [sum(projects(ranks, grant_award=part, changes=changes)) / part for part in (0.3, 0.6)]
    assert (added[0] >= added[1] - 5.0) == (elasticity >= 1.0)


def test_a_grant_that_pays_all_makes_every_project_worth_while():
    assert projects([0.99], grant_award=1.0) == [1.0]
