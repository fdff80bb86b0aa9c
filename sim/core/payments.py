"""The payments of a quarter to one kind of agents: a log of who got how much from which budget line.

Few agents are paid in a quarter, so a log is short where a table of all agents by all lines is long and mostly zero.
An entry keeps the uid of its payee beside the row: who takes over a row inherits no payment of the one before.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.core.columns import Column, Columns
from sim.core.kernels import kernel

I8 = npt.NDArray[np.int64]
U1 = npt.NDArray[np.uint8]
ROW, UID, LINE, YUAN = range(4)  # rows of the log
FIRST_LENGTH = 64


class PaymentColumn(Column):
    """Declares the payments of a kind; as a class attribute it reads as the agent's yuan by line, shape (n_lines,).

    It takes no memory of an agent's row. A removed agent keeps what it had been paid in its last quarter.
    """

    is_log = True

    def __init__(self, n_lines: int, doc: str) -> None:
        super().__init__("i8", "yuan a quarter", doc, width=n_lines)

    def opened(self, columns: Columns) -> Payments:
        """An empty log for the agents of these columns."""
        return Payments(columns, int(self.width or 0))


class Payments:
    """This quarter's payments to the agents of one kind, whole yuan; reads like a table of shape (capacity, n_lines).

    `payments[row]`, `payments[rows]` and `payments[rows, line]` read as from an array, for looking; mechanisms ask
    for `of`, `total` or `by_payee`. What was paid to agents who are no longer there is in none of them, and is found
    by `sums`.
    """

    ndim, dtype = 2, np.dtype(np.int64)

    def __init__(self, columns: Columns, n_lines: int) -> None:
        self._columns, self.n_lines = columns, n_lines
        self._log: I8 = np.zeros((4, FIRST_LENGTH), np.int64)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def record(self, rows: I8, line: int, yuan: int | I8) -> None:
        """Add a payment to each row: one sum for all, or one each. A row may be paid more than once.

        This is the payee's side of the books alone: budget lines pay through `World.pay`.
        """
        first, last = self._length, self._length + len(rows)
        if last == first:
            return
        if last > self._log.shape[1]:
            longer = np.zeros((4, max(2 * self._log.shape[1], last)), np.int64)
            longer[:, :first] = self._log[:, :first]
            self._log = longer
        entries = self._log[:, first:last]
        entries[ROW] = rows
        entries[UID] = self._columns.uid[rows]
        entries[LINE] = line
        entries[YUAN] = yuan
        self._length = last

    def clear(self) -> None:
        """Forget all payments: a new quarter begins."""
        self._length = 0

    def of(self, line: int) -> I8:
        """Yuan of each agent from a line, shape (capacity,)."""
        return self.total(np.array([line]))

    def total(self, lines: I8 | None = None) -> I8:
        """Yuan of each agent from several lines together, or from all, shape (capacity,)."""
        total = np.zeros(self._columns.capacity, np.int64)
        if self._length:
            chosen = np.arange(self.n_lines) if lines is None else lines
            add_up(self._log, self._length, chosen, self.n_lines, self._columns.alive, self._columns.uid, total)
        return total

    def by_payee(self, lines: I8) -> tuple[I8, I8]:
        """Rows that were paid by any of the lines, shape (n,), and their yuan by line, shape (n, len(lines)).

        Rows come in the order of their first payment.
        """
        if not self._length:
            return np.empty(0, np.int64), np.empty((0, len(lines)), np.int64)
        columns = self._columns
        return tabulate(self._log, self._length, lines, self.n_lines, columns.alive, columns.uid)

    def sums(self) -> tuple[I8, I8]:
        """Yuan by line of the agents who are there and of those who are not, shape (n_lines,) each."""
        sums = np.zeros((2, self.n_lines), np.int64)
        if self._length:
            add_by_line(self._log, self._length, self._columns.alive, self._columns.uid, sums)
        return sums[0], sums[1]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        return np.asarray(self[:], dtype)

    def __getitem__(self, item: Any) -> Any:
        rows, *lines = item if isinstance(item, tuple) else (item,)
        paid, yuan = self.by_payee(np.arange(self.n_lines))
        place = np.full(self._columns.capacity, len(paid))  # of who was paid nothing: a last row of zeros
        place[paid] = np.arange(len(paid))
        return np.concatenate([yuan, np.zeros((1, self.n_lines), np.int64)])[place[rows]][(..., *lines)]

    def __setitem__(self, item: Any, value: Any) -> None:
        raise TypeError(f"payments to {self._columns.kind} agents are recorded, not set: use World.pay")


@kernel
def places_of(chosen: I8, n_lines: int) -> I8:
    """Place of each line among the chosen ones, -1 for the others, shape (n_lines,)."""
    places = np.full(n_lines, -1, np.int64)
    for k in range(chosen.size):
        places[chosen[k]] = k
    return places


@kernel
def add_up(log: I8, length: int, chosen: I8, n_lines: int, alive: U1, uid: I8, total: I8) -> None:
    """Add the payments of the chosen lines to the total of each row, shape (capacity,)."""
    rows, uids, lines, yuan = log[ROW], log[UID], log[LINE], log[YUAN]
    places = places_of(chosen, n_lines)
    for i in range(length):
        row = rows[i]
        if places[lines[i]] >= 0 and alive[row] != 0 and uid[row] == uids[i]:
            total[row] += yuan[i]


@kernel
def add_by_line(log: I8, length: int, alive: U1, uid: I8, sums: I8) -> None:
    """Add payments to the sums by line, shape (2, n_lines): of those who are there, of those who are not."""
    rows, uids, lines, yuan = log[ROW], log[UID], log[LINE], log[YUAN]
    for i in range(length):
        row = rows[i]
        if alive[row] != 0 and uid[row] == uids[i]:
            sums[0, lines[i]] += yuan[i]
        else:
            sums[1, lines[i]] += yuan[i]


@kernel
def tabulate(log: I8, length: int, chosen: I8, n_lines: int, alive: U1, uid: I8) -> tuple[I8, I8]:
    """Rows in the order of their first payment, and their yuan by chosen line; several payments are summed."""
    rows, uids, lines, yuan = log[ROW], log[UID], log[LINE], log[YUAN]
    places = places_of(chosen, n_lines)
    number = np.full(alive.size, -1, np.int32)  # of the row among those found
    found = np.empty(length, np.int64)
    n = 0
    for i in range(length):
        row = rows[i]
        if places[lines[i]] >= 0 and number[row] < 0 and alive[row] != 0 and uid[row] == uids[i]:
            number[row] = n
            found[n] = row
            n += 1
    table = np.zeros((n, chosen.size), np.int64)
    for i in range(length):
        place, row = places[lines[i]], rows[i]
        if place >= 0 and number[row] >= 0 and uid[row] == uids[i]:
            table[number[row], place] += yuan[i]
    return found[:n].copy(), table
