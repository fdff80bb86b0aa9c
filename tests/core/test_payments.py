"""The log of a quarter's payments: reads like a table, follows rows and their holders, is told apart from agents."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

from sim.core.column_agents import ColumnAgent
from sim.core.column_model import ColumnModel
from sim.core.columns import Column, Columns
from sim.core.payments import FIRST_LENGTH, PaymentColumn

N_LINES = 5


class Payee(ColumnAgent):
    sales = Column("f8", "yuan", "sales")
    received_yuan = PaymentColumn(N_LINES, "payments by line")


@pytest.fixture
def columns() -> Columns:
    """Six rows, uids 11 to 14 on the first four."""
    made = Columns("payee", Payee.declared(), 6)
    made.add([11, 12, 13, 14])
    return made


def paid(columns, *entries):
    """Record (rows, line, yuan)."""
    for rows, line, yuan in entries:
        columns.received_yuan.record(np.array(rows), line, yuan)
    return columns.received_yuan


def test_it_reads_like_a_table_of_rows_by_lines(columns):
    log = paid(columns, ([0, 2], 1, 100), ([2, 1], 3, np.array([7, 8])), ([0], 1, 5))
    table = np.zeros((6, N_LINES), int)
    table[0, 1], table[2, 1], table[2, 3], table[1, 3] = 105, 100, 7, 8
    assert np.array_equal(log[:], table)
    assert np.array_equal(np.asarray(log), table)
    assert log[2].tolist() == table[2].tolist()
    assert log[2, 3] == 7
    assert log[:3, 1].tolist() == [105, 0, 100]
    assert np.array_equal(log[np.array([2, 2, 4])], table[[2, 2, 4]])
    assert log.of(1).tolist() == table[:, 1].tolist()
    assert log.total().tolist() == table.sum(axis=1).tolist()
    assert log.total(np.array([0, 3])).tolist() == table[:, 3].tolist()
    assert [sums.tolist() for sums in log.sums()] == [table.sum(axis=0).tolist(), [0] * N_LINES]


def test_several_payments_of_a_line_to_one_agent_are_one_amount(columns):
    log = paid(columns, ([3], 2, 10), ([1, 3], 4, 20), ([3], 2, 30), ([1, 1], 2, 1))
    rows, yuan = log.by_payee(np.array([4, 2]))
    assert rows.tolist() == [3, 1]
    assert yuan.tolist() == [[20, 40], [20, 2]]
    assert [found.tolist() for found in log.by_payee(np.array([0]))] == [[], []]


def test_nobody_was_paid(columns):
    log = columns.received_yuan
    assert len(log) == 0
    assert not log[:].any()
    assert not log.total().any()
    rows, yuan = log.by_payee(np.array([0, 1]))
    assert (rows.shape, yuan.shape) == ((0,), (0, 2))
    assert not np.any(log.sums())


def test_a_new_quarter_begins_with_an_empty_log(columns):
    log = paid(columns, ([0], 1, 100))
    log.clear()
    assert not log[:].any()
    paid(columns, ([1], 0, 3))
    assert log[:].sum() == log[1, 0] == 3


def test_who_takes_over_a_row_inherits_no_payment(columns):
    log = paid(columns, ([0, 1], 1, 100))
    columns.remove([1])
    assert [sums.tolist() for sums in log.sums()] == [[0, 100, 0, 0, 0]] * 2, "of those there, of those gone"
    assert log.of(1).tolist() == [100, 0, 0, 0, 0, 0]
    columns.place(np.array([1]), [15], {})
    assert not log[1].any()
    assert log.by_payee(np.array([1]))[0].tolist() == [0]
    assert log.sums()[1].tolist() == [0, 100, 0, 0, 0], "the books still miss the payment"


def test_a_payment_to_a_free_row_is_to_nobody(columns):
    log = paid(columns, ([5], 0, 9))
    assert not log[:].any()
    assert [sums[0] for sums in log.sums()] == [0, 9]


def test_rows_and_the_log_itself_may_grow(columns):
    columns.grow(2 * FIRST_LENGTH)
    rows = columns.add(np.arange(100, 100 + FIRST_LENGTH))
    for _ in range(3):
        paid(columns, (rows, 2, np.arange(len(rows))))
    log = columns.received_yuan
    assert len(log) == 3 * FIRST_LENGTH
    assert log.of(2)[rows].tolist() == [3 * i for i in range(FIRST_LENGTH)]
    assert log[:].shape == (2 * FIRST_LENGTH, N_LINES)


def test_a_copy_keeps_the_payments_and_shares_none(columns):
    paid(columns, ([0, 3], 4, 50))
    for other in (copy.deepcopy(columns), pickle.loads(pickle.dumps(columns))):  # noqa: S301
        assert np.array_equal(other.received_yuan[:], columns.received_yuan[:])
        paid(other, ([0], 4, 1))
        other.remove([3])
        assert other.received_yuan.of(4).tolist() == [51, 0, 0, 0, 0, 0]
        assert columns.received_yuan.of(4).tolist() == [50, 0, 0, 50, 0, 0]


def test_an_agent_reads_its_payments_also_when_it_has_left():
    model = ColumnModel(rng=1)
    payees = model.register_kind(Payee)
    first, second = Payee.create_agents(model, 2)
    columns = model.kind_of(Payee).columns
    paid(columns, ([1], 3, 70))
    assert (first.received_yuan.sum(), second.received_yuan.tolist()) == (0, [0, 0, 0, 70, 0])
    assert np.array_equal(payees.get("received_yuan"), columns.received_yuan[:2])
    second.remove()
    columns.received_yuan.clear()
    Payee(model)
    assert second.received_yuan.tolist() == [0, 0, 0, 70, 0]
    assert not payees.array("received_yuan").any()


def test_payments_are_recorded_and_never_set(columns):
    with pytest.raises(TypeError, match=r"recorded, not set: use World\.pay"):
        columns.received_yuan[0, 0] = 1
    model = ColumnModel(rng=1)
    payees = model.register_kind(Payee)
    agent = Payee(model)
    with pytest.raises(TypeError, match="not set"):
        agent.received_yuan = np.ones(N_LINES, int)
    with pytest.raises(TypeError, match="not set"):
        payees.set("received_yuan", 1)


def test_a_log_takes_no_memory_of_a_row(columns):
    assert columns.bytes_per_row() == (8 + 9, 0)
