"""A column agent is a view on its row: attributes, identity, removal, reuse of rows, copies."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref
from typing import Any

import numpy as np
import pytest

from sim.core.column_agents import ColumnAgent
from sim.core.column_model import ColumnModel
from sim.core.columns import Column


class Shop(ColumnAgent):
    mood = "calm"  # an ordinary attribute with a default on the class

    sales = Column("f8", "yuan", "sales", default=1.5)
    workers = Column("i4", "persons", "workers")
    is_open = Column("u1", "flag", "open", default=1)
    ages = Column("i2", "items", "by age", width=3)


class Bakery(Shop):
    ovens = Column("i1", "items", "ovens", default=2)

    def __init__(self, model: Any, ovens: int, **values: Any) -> None:
        super().__init__(model, ovens=ovens, **values)
        self.diary: list[str] = []


@pytest.fixture
def model() -> ColumnModel:
    made = ColumnModel(rng=1)
    made.register_kind(Shop, uid_offset=100, capacity=2)
    made.register_kind(Bakery, uid_offset=1000)
    return made


def test_declared_columns_include_inherited_ones():
    assert list(Shop.declared()) == ["sales", "workers", "is_open", "ages"]
    assert list(Bakery.declared()) == [*Shop.declared(), "ovens"]
    assert Bakery.declared()["sales"] is Shop.__dict__["sales"]


def test_a_name_taken_over_by_an_ordinary_attribute_is_no_column():
    class Kiosk(Shop):
        workers = 1

    assert "workers" not in Kiosk.declared()


def test_attributes_read_and_write_the_row(model):
    shop = Shop(model, sales=3.0)
    columns = model.kind_of(Shop).columns
    row = shop._row
    assert (shop.sales, shop.workers, shop.is_open) == (3.0, 0, 1)
    assert [type(v) for v in (shop.sales, shop.workers, shop.is_open)] == [float, int, int]
    shop.sales += 1
    assert columns.sales[row] == 4.0
    columns.sales[row] = 9.0  # as a kernel does
    assert shop.sales == 9.0
    shop.is_open = False
    assert columns.is_open[row] == 0


def test_a_column_with_width_reads_as_a_copy_and_is_written_whole(model):
    shop = Shop(model, ages=[1, 2, 3])
    ages = shop.ages
    ages[0] = 50
    assert shop.ages.tolist() == [1, 2, 3]
    shop.ages = ages
    assert shop.ages.tolist() == [50, 2, 3]
    shop.ages = 7
    assert shop.ages.tolist() == [7, 7, 7]


def test_what_a_column_cannot_hold_is_refused(model):
    shop = Shop(model)
    with pytest.raises(TypeError, match="workers holds integers"):
        shop.workers = 2.5
    with pytest.raises(OverflowError, match="is_open"):
        shop.is_open = -1
    with pytest.raises(TypeError, match="ages"):
        Shop.create_agents(model, 2, ages=[0.5, 1, 2])
    shop.workers = 3.0
    assert shop.workers == 3
    assert len(model.agents_by_type[Shop]) == 1


def test_unknown_columns_and_kinds_are_named(model):
    with pytest.raises(KeyError, match="'salse'"):
        Shop(model, salse=1.0)
    with pytest.raises(KeyError, match="'salse'"):
        Shop.create_agents(model, 3, salse=1.0)
    with pytest.raises(TypeError, match="by name"):
        Shop.create_agents(model, 3, 1.0)
    with pytest.raises(KeyError, match="register_kind"):
        Shop(ColumnModel(rng=1))
    assert len(model.agents) == 0


def test_create_agents_takes_one_value_for_all_or_one_each(model):
    made = Shop.create_agents(model, 3, sales=[1.0, 2.0, 3.0], workers=4, ages=[7, 8, 9])
    assert made.get("sales") == [1.0, 2.0, 3.0]
    assert made.get("workers") == [4, 4, 4]
    assert [v.tolist() for v in made.get("ages")] == [[7, 8, 9]] * 3
    each = Shop.create_agents(model, 2, ages=np.array([[1, 2, 3], [4, 5, 6]]))
    assert [v.tolist() for v in each.get("ages")] == [[1, 2, 3], [4, 5, 6]]
    assert made.get("unique_id") + each.get("unique_id") == [100, 101, 102, 103, 104]
    with pytest.raises(ValueError, match="broadcast"):
        Shop.create_agents(model, 3, sales=[1.0, 2.0])
    assert len(model.agents_by_type[Shop]) == 5  # nobody half-made
    assert len(Shop.create_agents(model, 0)) == 0


def test_a_constructor_of_ones_own_runs_for_every_agent(model):
    made = Bakery.create_agents(model, 3, [1, 2, 3], sales=5.0)
    assert made.get("ovens") == [1, 2, 3]
    assert made.get("diary") == [[], [], []]
    assert made.get("sales") == [5.0] * 3
    assert made.get("unique_id") == [1000, 1001, 1002]
    assert made.agent_class is Bakery


def test_uids_are_the_kinds_own_and_never_come_twice(model):
    first = Shop(model)
    first.remove()
    second = Shop(model)
    model.kind_of(Shop).columns.add([500], sales=1.0)  # a mechanism chose the uid
    third = Shop(model)
    assert [first.unique_id, second.unique_id, third.unique_id] == [100, 101, 501]
    assert second._row == 0  # the row is reused


def test_growth_of_the_columns_is_not_noticed(model):
    shop = Shop(model, sales=2.0)
    Shop.create_agents(model, 50, sales=1.0)
    shop.sales = 7.0
    assert shop.sales == 7.0
    assert model.kind_of(Shop).columns.sales[shop._row] == 7.0


def test_there_is_one_view_a_row_and_it_is_kept(model):
    live = model.agents_by_type[Shop]
    Shop.create_agents(model, 3)
    assert model.kind_of(Shop).views == {}  # lazy
    live[1].nickname = "corner"
    assert live[1] is live[1]
    gc.collect()
    assert live[1].nickname == "corner"
    assert live[1].mood == "calm"
    assert "corner" not in vars(live[0]).values()


def test_a_removed_agent_keeps_its_last_values_and_the_entrant_its_own(model):
    shop = Shop(model, sales=8.0, ages=[1, 2, 3])
    shop.nickname = "old"
    shop.remove()
    entrant = Shop(model, sales=1.0, ages=[9, 9, 9])
    assert entrant._row == 0
    assert (shop.sales, shop.ages.tolist(), shop.nickname, shop.is_alive) == (8.0, [1, 2, 3], "old", False)
    shop.sales = 80.0
    assert (shop.sales, entrant.sales) == (80.0, 1.0)
    assert not hasattr(entrant, "nickname")
    assert entrant is not shop
    assert entrant.unique_id != shop.unique_id
    shop.remove()  # twice does nothing, as in Mesa
    assert entrant.is_alive
    assert "removed" in repr(shop)


def test_removal_by_a_mechanism_keeps_the_last_values_too(model):
    Shop.create_agents(model, 4, sales=[1.0, 2.0, 3.0, 4.0])
    live = model.agents_by_type[Shop]
    seen, other = live[1], live[3]
    columns = model.kind_of(Shop).columns
    columns.remove(np.array([0, 1]))
    columns.add([900, 901], sales=[50.0, 60.0])
    assert seen.sales == 2.0
    assert seen not in live
    assert other in live
    assert sorted(live.get("sales")) == [3.0, 4.0, 50.0, 60.0]
    assert live.get("unique_id") == [102, 103, 900, 901]


def test_a_row_taken_over_without_notice_gives_a_new_view(model):
    Shop.create_agents(model, 2)
    live, columns = model.agents_by_type[Shop], model.kind_of(Shop).columns
    old = live[0]
    columns.uid[0] = 777  # no Columns.remove: nobody told the views
    fresh = model.kind_of(Shop).view(0)
    assert fresh is not old
    assert fresh.unique_id == 777
    assert not old.is_alive
    columns.remove([0])
    with pytest.raises(KeyError, match="free"):
        model.kind_of(Shop).view(0)


def test_a_removed_view_is_let_go(model):
    shop = Shop(model)
    gone = weakref.ref(shop)
    shop.remove()
    del shop
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("again", [copy.deepcopy, lambda agent: pickle.loads(pickle.dumps(agent))])  # noqa: S301
def test_copies_take_their_model_along(model, again):
    shop = Shop(model, sales=3.0)
    shop.friend = Shop(model, sales=4.0)
    shop.friend.friend = shop
    gone = Shop(model, sales=5.0)
    gone.remove()
    shop.gone = gone
    assert "_state" not in shop.__getstate__()  # the arrays are saved once, by the columns
    other = again(shop)
    assert other.model is not model
    assert other.model.agents_by_type[Shop][0] is other
    assert other.friend.friend is other
    assert (other.sales, other.friend.sales, other.gone.sales, other.gone.is_alive) == (3.0, 4.0, 5.0, False)
    other.sales = 30.0
    other.friend.remove()
    assert (shop.sales, shop.friend.is_alive, other.friend.is_alive, other.friend.sales) == (3.0, True, False, 4.0)
    assert other.model.kind_of(Shop).columns.sales[other._row] == 30.0
    assert Shop(other.model).unique_id == Shop(model).unique_id
