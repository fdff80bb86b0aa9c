"""First sets: makers above the floor only, paid while money lasts, no gain from related buyers, and the gain fades."""

from __future__ import annotations

import numpy as np
import pytest

from sim.core.quotas import fit_into
from sim.mechanisms.buy_first_sets import Params, buy_first_sets
from tests.mechanisms.few_firms import Said, few, first
from tests.mechanisms.worlds import by_uid, frozen, params, received, small_world

LINE = "first_set"
PLAIN = {"smallest_maker": 50.0, "least_knowledge": 1.0, "item_y": 0.9999, "value_share": 0.05, "value_floor": 5.0,
         "value_cap": 50.0, "premium_rate": 0.03, "premium_sale": 0.5, "purchase_sale": 2.0, "related_share": 0.3,
         "gain": 0.05, "gain_not_large": 1.5, "fade_years": 2.0, "noise": 0.0}  # fmt: skip
EVERY = {"first_set__item": 0.0, "first_set__sale": 0.0, "first_set__related": 0.9}


def makers(n=3, **columns):
    usual = {"has_rd": 1, "is_industrial": 1, "sector": 4, "sales_y": 200.0, "knowledge": 5.0, "size_class": 3}
    return few(n, **(usual | columns))


def offer(world, million=100.0, premium=0.8, purchase=0.1):
    world.governments.first_set_premium[0] = premium
    world.governments.first_set_purchase[0] = purchase
    world.accounts.appropriate(LINE, int(million * 1e6))


def buy(world, said=None, **changes):
    world.firms.product_gain[:] = 0.0
    buy_first_sets(world, params(Params, **(PLAIN | changes)), Said(**(EVERY | (said or {}))))


def test_without_shares_or_money_nothing_changes():
    for premium, million in ((0.0, 100.0), (0.8, 0.0)):
        world = makers()
        offer(world, million, premium, 0.0)
        before = frozen(world)
        buy_first_sets(world, params(Params), None)
        assert frozen(world) == before
        assert "first_sets" not in world.notes


def test_premium_and_purchase_are_paid_on_the_value_between_floor_and_cap():
    world = makers(sales_y=[60.0, 200.0, 5000.0])
    offer(world)
    buy(world)
    line = world.accounts.number(LINE)
    assert world.firms.received_yuan[:3, line].tolist() == [620_000, 1_240_000, 6_200_000]
    assert received(world, LINE) == world.accounts.disbursed_q[line]


@pytest.mark.parametrize("wrong", [
    {"sector": 0}, {"sector": 11}, {"has_rd": 0}, {"sales_y": 49.0}, {"knowledge": 0.5}, {"is_industrial": 0},
    {"first_set_effect": 0.6},
])  # fmt: skip
def test_others_than_makers_above_the_floor_get_nothing(wrong):
    world = makers(**wrong)
    offer(world)
    buy(world)
    assert received(world, LINE) == 0


def test_the_best_come_first_and_the_budget_is_never_exceeded():
    world = makers(4, knowledge=[1.0, 9.0, 5.0, 7.0])
    offer(world, 3.0)
    buy(world)
    assert (world.firms.received_yuan[:4].sum(axis=1) > 0).tolist() == [False, True, False, True]
    assert fit_into(np.array([5, 3, 2, 0]), 8).tolist() == [True, True, False, False]


def test_money_beyond_the_items_stays_unspent():
    spent = []
    for million in (3.0, 100.0, 1000.0):
        world = makers(10)
        offer(world, million)
        buy(world)
        spent.append(received(world, LINE))
    assert spent[0] < spent[1] == spent[2] == 12_400_000


@pytest.mark.parametrize(("sale", "related", "gain"), [(0.0, 0.9, 0.05), (0.0, 0.2, 0.0), (0.9, 0.9, 0.0)])
def test_a_gain_needs_a_sale_that_is_not_to_a_related_party(sale, related, gain):
    world = makers()
    offer(world)
    buy(world, {"first_set__sale": sale, "first_set__related": related})
    assert received(world, LINE) > 0
    assert first(world.firms, "product_gain") == pytest.approx([gain] * 3)


@pytest.mark.parametrize(("premium", "purchase", "chance"), [(0.8, 0.0, 0.4), (0.0, 0.1, 0.2), (0.8, 0.1, 0.52)])
def test_the_chance_of_a_sale_grows_with_both_shares(premium, purchase, chance):
    for draw, sold in ((chance - 0.01, 1.0), (chance + 0.01, 0.0)):
        world = makers()
        offer(world, 100.0, premium, purchase)
        buy(world, {"first_set__sale": draw})
        assert first(world.firms, "first_set_effect") == [sold] * 3


def test_an_item_that_the_cap_keeps_small_beside_sales_moves_their_share_less():
    world = makers(sales_y=[60.0, 1000.0, 5000.0])
    offer(world)
    buy(world)
    # 5 % of sales up to 50 million: a fifth of the usual at 5 billion; what is sold does not grow beyond the item
    assert first(world.firms, "product_gain") == pytest.approx([0.05, 0.05, 0.01])


def test_firms_that_are_not_large_gain_more():
    world = makers(size_class=[3, 2, 1])
    offer(world)
    buy(world)
    assert first(world.firms, "product_gain") == pytest.approx([0.05, 0.075, 0.075])


def test_the_gain_fades_and_ends_when_support_ends():
    world = makers()
    offer(world)
    buy(world)
    offer(world, 0.0, 0.0, 0.0)
    seen = []
    for _ in range(40):
        buy(world)
        seen.append(first(world.firms, "product_gain")[0])
    assert seen[7] == pytest.approx(0.05 * np.exp(-1.0))
    assert seen[-1] == 0.0
    assert first(world.firms, "inventions_pending")[0] == [0] * 12


def test_rows_do_not_matter():
    worlds = [small_world(n=800), small_world(n=800, order=np.random.default_rng(3).permutation(800))]
    for world in worlds:
        world.firms.is_industrial[:] = 1
        offer(world, 5.0)
        buy_first_sets(world, params(Params, item_y=0.9), world.draws)
    paid = [by_uid(world.firms, "received_yuan").sum(axis=1) for world in worlds]
    assert (paid[0] > 0).sum() > 3
    assert np.array_equal(*paid)
    assert np.array_equal(*[by_uid(world.firms, "first_set_effect") for world in worlds])
