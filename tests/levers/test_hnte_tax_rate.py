"""The tax lever writes every firm's cut in shares of profit, and nothing at zero."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.levers.contract import RELATIONS, Case, it_writes_what_its_row_says

CASE = Case(
    lever="hnte_tax_rate",
    doses={"cut_points": 10.0},
    writes={"firm.tax_cut": 0.1},
    neutral=[{"cut_points": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)


@pytest.mark.parametrize(("points", "cut"), [(25.0, 0.25), (0.5, 0.005)])
def test_points_become_a_share_and_nothing_else_changes(points, cut):
    it_writes_what_its_row_says(replace(CASE, doses={"cut_points": points}, writes={"firm.tax_cut": cut}))
