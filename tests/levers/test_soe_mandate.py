"""The duties of state firms are written each for itself, and no budget."""

from __future__ import annotations

import pytest

from sim.levers.soe_mandate import SoeMandate
from tests.levers.contract import RELATIONS, Case
from tests.mechanisms.worlds import small_world

CASE = Case(
    lever="soe_mandate",
    doses={"ratio": 0.015, "active": 0.7, "cooperation": 0.6, "institution": 0.3},
    writes={
        "government.duty_ratio": 0.015,
        "government.duty_active": 0.7,
        "government.duty_cooperation": 0.6,
        "government.duty_institution": 0.3,
    },
)


@pytest.mark.parametrize("relation", RELATIONS)
def test_contract(relation):
    relation(CASE)


@pytest.mark.parametrize("dose", range(4))
def test_each_dose_stands_alone(dose):
    world = small_world()
    doses = [0.0] * 4
    doses[dose] = 0.5
    SoeMandate(*doses).apply(world)
    assert [
        float(world.governments[name][0])
        for name in ("duty_ratio", "duty_active", "duty_cooperation", "duty_institution")
    ] == doses
