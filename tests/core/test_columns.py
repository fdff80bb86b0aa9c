"""Columns: declared arrays, free rows, uids, growth, policy terms."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from sim.core.columns import Column, Columns

DECLARED = {
    "sales": Column("f8", "yuan", "sales", default=2.0),
    "workers": Column("i4", "persons", "workers"),
    "ages": Column("i2", "items", "by age", width=3, default=-1),
    "support": Column("f8", "yuan", "a policy term", neutral=0.0),
    "price_factor": Column("f8", "factor", "a policy term", neutral=1.0),
}


@pytest.fixture
def columns() -> Columns:
    """Four rows, nobody there."""
    return Columns("shop", DECLARED, 4)


class Watcher:
    def __init__(self) -> None:
        self.left: list[Any] = []

    def rows_leave(self, rows):
        self.left.append(rows.tolist())


def test_arrays_have_the_declared_shape_type_and_default(columns):
    assert columns.sales.dtype == np.float64
    assert columns.ages.shape == (4, 3)
    assert columns["ages"].dtype == np.int16
    assert columns.sales.tolist() == [2.0] * 4
    assert columns.price_factor.tolist() == [1.0] * 4
    assert len(columns) == 0
    assert "sales" in columns
    assert "alive" not in columns


def test_an_unknown_column_is_named(columns):
    with pytest.raises(KeyError, match="shop has no column 'salse'"):
        columns["salse"]
    with pytest.raises(AttributeError, match="shop has no column 'salse'"):
        _ = columns.salse
    with pytest.raises(KeyError, match="'salse'"):
        columns.add([1], salse=1.0)
    with pytest.raises(KeyError):
        columns["uid"]


@pytest.mark.parametrize("name", ["kind", "alive", "uid", "rows", "grow", "capacity", "model", "unique_id", "pos"])
def test_a_column_cannot_take_a_name_that_means_something_else(name):
    with pytest.raises(ValueError, match=name):
        Columns("shop", {name: Column("f8", "1", "clash")}, 2)


def test_entrants_take_the_lowest_free_rows_with_defaults(columns):
    assert columns.add([10, 11, 12], sales=[1.0, 2.0, 3.0], ages=[7, 8, 9]).tolist() == [0, 1, 2]
    columns.support[1] = 5.0
    columns.remove([1])
    assert columns.rows().tolist() == [0, 2]
    assert columns.add([13]).tolist() == [1]
    assert columns.uid[:3].tolist() == [10, 13, 12]
    assert columns.sales[1] == 2.0
    assert columns.ages[1].tolist() == [-1, -1, -1]
    assert columns.support[1] == 0.0


def test_columns_grow_and_keep_their_rows(columns):
    columns.add([1, 2, 3], sales=[1.0, 2.0, 3.0])
    rows = columns.add(np.arange(4, 10), workers=6)
    assert rows.tolist() == [3, 4, 5, 6, 7, 8]
    assert columns.capacity == len(columns.alive) == len(columns.uid) == len(columns.ages) >= 9
    assert columns.sales[:4].tolist() == [1.0, 2.0, 3.0, 2.0]
    assert columns.uid[columns.rows()].tolist() == list(range(1, 10))
    assert columns.uid[9:].tolist() == [-1] * (columns.capacity - 9)
    before = columns.capacity
    columns.grow(2)
    assert columns.capacity == before


def test_uids_are_new_whatever_was_placed(columns):
    assert columns.new_uids(2).tolist() == [0, 1]
    columns.add([50])
    columns.remove([0])
    columns.add([51])  # takes the row of uid 50
    assert columns.new_uids(2).tolist() == [52, 53]
    columns.add([], sales=[])
    assert columns.new_uids(1).tolist() == [54]


def test_a_value_that_does_not_fit_leaves_nobody_behind(columns):
    with pytest.raises(ValueError, match="broadcast"):
        columns.add([1, 2], sales=[1.0, 2.0, 3.0])
    assert len(columns) == 0
    assert columns.uid.tolist() == [-1] * 4


def test_watchers_hear_before_the_values_are_gone(columns):
    columns.add([1, 2, 3])
    watcher = Watcher()
    columns.watchers.append(watcher)
    columns.remove(np.array([2, 0]))
    columns.remove([1])
    assert watcher.left == [[2, 0], [1]]
    assert len(columns) == 0


def test_only_policy_terms_turn_neutral(columns):
    assert columns.terms() == ["support", "price_factor"]
    for name in DECLARED:
        columns[name].fill(9)
    columns.neutralise()
    assert columns.support.tolist() == [0.0] * 4
    assert columns.price_factor.tolist() == [1.0] * 4
    assert columns.sales.tolist() == [9.0] * 4


def test_bytes_a_row_are_those_of_the_arrays(columns):
    state, terms = columns.bytes_per_row()
    total = sum(columns[name].nbytes for name in DECLARED) + columns.alive.nbytes + columns.uid.nbytes
    assert (state + terms) * columns.capacity == total
    assert terms == 16


def test_a_copy_shares_nothing_and_has_no_watchers(columns):
    columns.add([1, 2], sales=[1.0, 2.0])
    columns.watchers.append(Watcher())
    other = copy.deepcopy(columns)
    other.sales[0] = 8.0
    other.remove([1])
    assert columns.sales[0] == 1.0
    assert len(columns) == 2
    assert other.watchers == []
    assert other.new_uids(1) == columns.new_uids(1)


def test_agents_on_rows_anywhere_get_their_values_and_defaults_of_every_type(columns):
    columns.grow(6)
    columns.add(np.arange(6))
    for name in DECLARED:
        columns[name].fill(9)
    columns.remove([5, 0, 3])
    columns.place(
        np.array([5, 0, 3]), [20, 21, 22], {"workers": [4, 5, 6.0], "price_factor": 3.0, "ages": [[1, 2, 3]] * 3}
    )
    assert columns.workers.tolist() == [5, 9, 9, 6, 9, 4]
    assert columns.price_factor.tolist() == [3.0, 9.0, 9.0, 3.0, 9.0, 3.0]
    assert columns.sales.tolist() == [2.0, 9.0, 9.0, 2.0, 9.0, 2.0]
    assert columns.support.tolist() == [0.0, 9.0, 9.0, 0.0, 9.0, 0.0]
    assert columns.ages[[0, 5, 1]].tolist() == [[1, 2, 3], [1, 2, 3], [9, 9, 9]]
    assert columns.uid.tolist() == [21, 1, 2, 22, 4, 20]


@pytest.mark.parametrize("rows", [[1, 2], [2, 0]])
def test_an_unknown_column_is_named_when_agents_are_placed(columns, rows):
    with pytest.raises(KeyError, match="shop has no column 'salse'"):
        columns.place(np.array(rows), [1, 2], {"salse": 1.0})
    assert len(columns) == 0


def test_a_row_of_one_who_left_is_as_good_as_new(columns):
    columns.add([1, 2])
    for name in DECLARED:
        columns[name].fill(9)
    columns.remove([0, 1])
    columns.add([3, 4], sales=5.0)
    assert columns.sales.tolist() == [5.0, 5.0, 9.0, 9.0]
    assert columns.price_factor[:2].tolist() == [1.0, 1.0]
    assert columns.ages[:2].tolist() == [[-1] * 3] * 2


def test_rows_of_those_who_left_are_as_good_as_new_wherever_they_lie(columns):
    columns.add(np.arange(4))
    for name in DECLARED:
        columns[name].fill(9)
    columns.remove([0, 1, 3])
    assert columns.add([7]).tolist() == [0], "the lowest free row"
    columns.remove([0])
    columns.remove([2])
    columns.add([8, 9])
    columns.remove([1])
    columns.place(np.array([3, 1]), [10, 11], {})
    assert columns.ages.tolist() == [[-1] * 3, [-1] * 3, [9] * 3, [-1] * 3]
    assert columns.sales.tolist() == [2.0, 2.0, 9.0, 2.0]
    assert columns.support.tolist() == [0.0, 0.0, 9.0, 0.0]
