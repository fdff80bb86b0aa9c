"""The voucher lever writes its two terms and its line, and nothing at zero."""

from __future__ import annotations

import pytest

from tests.levers.contract import RELATIONS, Case

CASE = Case(
    lever="innovation_voucher",
    doses={"budget_y": 20.0, "face_value": 0.06, "own_share": 0.4},
    writes={"government.voucher_face_value": 0.06, "government.voucher_own_share": 0.4},
    budget_y=20.0,
    neutral=[{"budget_y": 0.0}, {"face_value": 0.0}],
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)
