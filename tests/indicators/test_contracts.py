"""Contracts' indicators by hand: sold plus bought less what was traded inside."""

from __future__ import annotations

import pytest

from sim.core.fixed_point import fixed
from sim.indicators import contracts
from tests.indicators.three_firms import three_firms


@pytest.mark.parametrize(
    ("name", "value"),
    [("tech_contracts_output_value", 18.0), ("tech_contracts_absorbed_value", 50.0),
     ("tech_contracts_inside_value", 13.0), ("tech_contracts_total", 55.0), ("major_results_landed", 7.0),
     ("tech_contracts_traded", 80.0)],
)  # fmt: skip
@pytest.mark.parametrize("scale", [1, 8])
def test_by_hand(name, value, scale):
    world = three_firms()
    world.scale = scale
    world.flows |= {"contracts_output": fixed(1800.0), "contracts_absorbed": fixed(5000.0),
                    "contracts_inside": fixed(1300.0), "major_results_landed": fixed(7.0),
                    "contracts_traded": fixed(8000.0)}  # fmt: skip
    assert getattr(contracts, name)(world) == pytest.approx(value * scale)
