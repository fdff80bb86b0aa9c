"""The ring of filings: a place of all rows is contiguous, in columns that grow too, and values keep their rows."""

from __future__ import annotations

from sim.agents.filing_ring import RingColumn
from sim.core.columns import Column, Columns


def test_places_stay_contiguous_when_columns_grow():
    columns = Columns("firm", {"pending": RingColumn("i2", "items", "ring", width=3), "x": Column("f8", "u", "x")}, 2)
    columns.add([5, 7], pending=[[1, 2, 3], [4, 5, 6]])
    columns.grow(4)
    columns.add([9], pending=[[7, 8, 9]])
    assert columns.pending.tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9], [0, 0, 0]]
    assert all(columns.pending[:, place].flags.c_contiguous for place in range(3))


def test_an_empty_ring_holds_the_default():
    ring = RingColumn("i2", "items", "ring", width=2, default=3)
    assert ring.empty(4).tolist() == [[3, 3]] * 4
