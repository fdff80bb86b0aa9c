"""New products: the level is fixed once, success decides rises, and shares stay below the largest."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms.sell_new_products import Params, sell_new_products
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import params

AT_ONCE = 1e6
PLAIN = {"elasticity": 0.5, "adjustment_y": AT_ONCE, "success": 1.0, "voucher_gain": 0.2, "largest_share": 0.8,
         "sales_2010": 60.0}  # fmt: skip
FIRM = {"has_rd": 1, "is_above_scale": 1, "sales_y": 100.0, "knowledge": 4.0}  # (K / S)^e = 0.2


def sell(world, level=None, draw=0.0001, **changes):
    if level is not None:
        world.indices["product_level"] = np.array([level])
    sell_new_products(world, params(Params, **(PLAIN | changes)), Said(products__success=draw))
    return world.firms


def test_the_level_is_that_of_the_sales_of_2010_and_stays():
    world = few(3, **FIRM)
    firms = sell(world)
    # three firms with 0.2 x 100 are 60, as much as was sold, so the level is one
    assert world.indices["product_level"][0] == pytest.approx(1.0)
    assert first(firms, "new_product_share") == pytest.approx([0.2] * 3)
    world.firms.sales_y[:3] = 400.0
    sell(world)
    assert world.indices["product_level"][0] == pytest.approx(1.0)
    assert world.firms.new_product_share[0] == pytest.approx(0.1)


def test_only_above_scale_performers_make_the_level():
    world = few(4, **(FIRM | {"is_above_scale": [1, 0, 1, 1], "has_rd": [1, 1, 0, 1]}))
    sell(world)
    assert world.indices["product_level"][0] == pytest.approx(1.5)


def test_a_scaled_run_has_the_same_level():
    world = few(3, **FIRM)
    world.scale = 8
    sell(world, sales_2010=480.0)
    assert world.indices["product_level"][0] == pytest.approx(1.0)


def test_a_rise_needs_success_and_a_fall_does_not():
    quarter = 1 - 0.25**0.25
    for draw, share in ((quarter - 1e-9, 0.2), (quarter + 1e-9, 0.1)):
        assert sell(few(1, new_product_share=0.1, **FIRM), 1.0, draw, success=0.75).new_product_share[
            0
        ] == pytest.approx(share)
    assert sell(few(1, new_product_share=0.5, **FIRM), 1.0, 0.9999, success=0.75).new_product_share[0] == pytest.approx(
        0.2
    )


def test_the_share_goes_half_of_the_way():
    firms = sell(few(1, new_product_share=0.1, **FIRM), 1.0, adjustment_y=4 * np.log(2))
    assert firms.new_product_share[0] == pytest.approx(0.15)


def test_without_rd_it_fades():
    firms = sell(few(1, new_product_share=0.4, **(FIRM | {"has_rd": 0})), 1.0, 0.9999, adjustment_y=4 * np.log(2))
    assert firms.new_product_share[0] == pytest.approx(0.2)


def test_a_voucher_project_lifts_it_and_the_largest_share_holds():
    assert sell(few(1, voucher_effect=0.5, **FIRM), 1.0).new_product_share[0] == pytest.approx(0.22)
    assert sell(few(1, **FIRM), 9.0).new_product_share[0] == pytest.approx(0.8)


def test_the_share_rises_with_knowledge():
    firms = sell(few(4, **(FIRM | {"knowledge": [0.0, 1.0, 4.0, 9.0]})), 1.0)
    assert first(firms, "new_product_share") == pytest.approx([0.0, 0.1, 0.2, 0.3])
