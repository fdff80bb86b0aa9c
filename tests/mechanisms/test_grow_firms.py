"""Growth: the law at given draws, no mean of its own, a floor, and the growing age."""

from __future__ import annotations

import numpy as np
import pytest

from sim.core.arithmetic import laplace_quarter_inverse
from sim.mechanisms.grow_firms import Params, grow_firms
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import params

PLAIN = {"laplace_scale_y": 0.2, "size_variance": 0.0, "scale_reference": 50.0, "product_growth_y": 0.0,
         "least_sales": 0.3, "largest_scale_q": 0.4, "largest_step_q": 1.5}  # fmt: skip
B = 0.2  # the yearly scale
LUMP = laplace_quarter_inverse(0.75)


def grow(world, draw=0.5, **changes):
    grow_firms(world, params(Params, **(PLAIN | changes)), Said(grow__sales=draw))
    return world.firms


def test_the_law_at_given_draws():
    firms = grow(few(3, sales_y=100.0), [0.5, 0.25, 0.75])
    mean = (1 - B * B) ** 0.25
    assert first(firms, "sales_y") == pytest.approx([100 * mean * np.exp(B * x) for x in (0.0, -LUMP, LUMP)])
    assert first(firms, "age_q") == [1, 1, 1]


def test_growth_has_no_mean_of_its_own():
    n = 200_000
    world = few(1)
    world.firms.grow(n)
    world.firms.alive[:], world.firms.sales_y[:] = 1, 100.0
    firms = grow(world, (np.arange(n) + 0.5) / n)
    assert firms.sales_y.mean() == pytest.approx(100.0, rel=2e-4)


def test_a_year_of_growth_is_laplace():
    """Four quarters sum to the yearly law of the evidence: shares beyond one and three scales are e^-1 and e^-3."""
    n = 200_000
    world = few(1)
    world.firms.grow(n)
    world.firms.alive[:], world.firms.sales_y[:] = 1, 100.0
    random = np.random.default_rng(7)
    for _ in range(4):
        grow(world, random.uniform(1e-12, 1 - 1e-12, n))
    size = np.abs(np.log(world.firms.sales_y[:n] / 100.0) - np.log(1 - B * B)) / B
    for scales in (0.25, 1.0, 3.0):
        assert np.mean(size > scales) == pytest.approx(np.exp(-scales), abs=0.004)


def test_small_firms_vary_more():
    lump = laplace_quarter_inverse(0.9)
    up = {s: grow(few(1, sales_y=s), 0.9, size_variance=-0.17).sales_y[0] / s for s in (1.0, 50.0, 5000.0)}
    assert up[50.0] == pytest.approx((1 - B * B) ** 0.25 * np.exp(B * lump))
    b = B * 100**-0.17
    assert up[5000.0] == pytest.approx((1 - b * b) ** 0.25 * np.exp(b * lump))
    assert up[1.0] > up[50.0] > up[5000.0]


def test_a_quarter_moves_sales_by_a_bounded_factor():
    firms = grow(few(2, sales_y=100.0), [1e-15, 1 - 1e-15], laplace_scale_y=0.8)
    assert first(firms, "sales_y") == pytest.approx([100 * np.exp(-1.5), 100 * np.exp(1.5)])


def test_new_products_add_their_part():
    firms = grow(few(2, sales_y=100.0, new_product_share=[0.0, 0.5]), product_growth_y=0.08)
    assert firms.sales_y[1] / firms.sales_y[0] == pytest.approx(np.exp(0.01))


def test_sales_are_reflected_at_their_least():
    assert grow(few(1, sales_y=0.3), 0.01).sales_y[0] == 0.3


def test_without_dispersion_nothing_moves_and_the_dead_do_not_age():
    world = few(2, sales_y=[3.0, 4.0])
    world.firms.alive[1] = 0
    firms = grow(world, 0.9, laplace_scale_y=0.0)
    assert firms.sales_y[:2] == pytest.approx([3.0, 4.0])
    assert firms.age_q[:2].tolist() == [1, 0]
