"""Named arrays that hold the state of one kind of agent, with fixed capacity and an alive mask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from sim.core.blocks import Block, by_type, lowest_free, write_table

if TYPE_CHECKING:
    from sim.core.payments import Payments

Array = npt.NDArray[Any]
AGENT_NAMES = ("model", "pos", "random", "rng", "unique_id", "step", "advance", "remove")  # Mesa's, on every agent


class Column:
    """One declared attribute of a kind of agent, stored as an array with one entry a row.

    Parameters
    ----------
    dtype : numpy type code ("f8", "i4", "u1" ...).
    unit : unit of the values, in words ("million yuan a year", "code", "flag").
    doc : what it is, in a sentence.
    default : value of a new row.
    neutral : for a policy term, the value at which it does nothing (reset every quarter); None for state.
    width : for a row of values (a pipeline by age), its length; None for one value a row.
    refers_to : name of the kind whose row number the value is (-1 means none); None otherwise.

    As a class attribute it is a data descriptor: `firm.sales` reads and writes the agent's row.
    """

    is_log = False  # a log has entries where something happened, not a value a row: see core/payments.py
    __slots__ = ("dtype", "unit", "doc", "default", "neutral", "width", "refers_to", "name")

    def __init__(
        self,
        dtype: str,
        unit: str,
        doc: str,
        *,
        default: float = 0,
        neutral: float | None = None,
        width: int | None = None,
        refers_to: str | None = None,
    ) -> None:
        self.dtype, self.unit, self.doc = np.dtype(dtype), unit, doc
        self.default, self.neutral = (default if neutral is None else neutral), neutral
        self.width, self.refers_to = width, refers_to
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, agent: Any, owner: type | None = None) -> Any:
        if agent is None:
            return self
        return agent._read(self.name)

    def __set__(self, agent: Any, value: Any) -> None:
        agent._write(self.name, value)

    def empty(self, capacity: int) -> Array:
        """Array of `capacity` rows filled with the default."""
        shape: tuple[int, ...] = (capacity,) if self.width is None else (capacity, self.width)
        array: Array = np.zeros(shape, self.dtype)
        if self.default:  # zeros take no memory until they are touched
            array.fill(self.default)
        return array

    def opened(self, columns: Columns) -> Any:
        """For a log, an empty one for the agents of these columns."""
        raise TypeError(f"{self.name} is not a log")


class Columns:
    """The rows of one kind of agent: arrays by name, `alive` (u1) and `uid` (i8).

    Row numbers are places, never identities: a uid is used once and keys the random draws.
    """

    alive: npt.NDArray[np.uint8]
    uid: npt.NDArray[np.int64]
    received_yuan: Payments  # the log of those kinds that budget lines pay

    def __init__(self, kind: str, declared: Mapping[str, Column], capacity: int) -> None:
        self.kind, self.declared, self.capacity = kind, dict(declared), int(capacity)
        self.alive = np.zeros(self.capacity, np.uint8)
        self.uid = np.full(self.capacity, -1, np.int64)
        self.next_uid = 0
        self.births = 0  # counts placements, so that draws kept by row are made anew for a new holder
        self.watchers: list[Any] = []  # told before rows die, so that views can keep the last values
        taken = [n for n in self.declared if n in AGENT_NAMES or n in self.__dict__ or hasattr(Columns, n)]
        if taken:
            raise ValueError(f"a column of {kind} cannot be called {min(taken)!r}: the name is taken")
        self._blocks = [Block(columns, self.capacity) for columns in by_type(tuple(self.declared.items()))]
        self._tables = {n: c for n, c in self.declared.items() if c.width is not None and not c.is_log}
        for name, column in self._tables.items():
            setattr(self, name, column.empty(self.capacity))
        for name, column in self.declared.items():
            if column.is_log:
                setattr(self, name, column.opened(self))
        self._bind()

    def _bind(self) -> None:
        """Let every name stand for its row of a block."""
        for block in self._blocks:
            self.__dict__.update(zip(block.names, block.values, strict=True))

    def __getitem__(self, name: str) -> Array:
        if name not in self.declared:
            raise KeyError(f"{self.kind} has no column {name!r}")
        return cast(Array, getattr(self, name))

    def __getattr__(self, name: str) -> Array:  # only reached for names that are not set
        raise AttributeError(f"{self.__dict__.get('kind', 'columns')} has no column {name!r}")

    def __contains__(self, name: str) -> bool:
        return name in self.declared

    def __len__(self) -> int:
        return int(np.count_nonzero(self.alive.view(np.bool_)))  # as booleans: many times faster

    def rows(self) -> npt.NDArray[np.int64]:
        """Row numbers of the living, ascending."""
        return np.flatnonzero(self.alive.view(np.bool_))

    def add(self, uids: npt.ArrayLike, **values: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """Give the uids the lowest free rows (grow if none is left) and set their values; return the rows.

        Raises
        ------
        KeyError : a value is given for a column that the kind does not have.
        """
        ids = np.atleast_1d(np.asarray(uids, np.int64))
        rows = lowest_free(self.alive, len(ids))
        if len(rows) < len(ids):
            self.grow(max(2 * self.capacity, self.capacity + len(ids)))
            rows = lowest_free(self.alive, len(ids))
        self.place(rows, ids, values)
        return rows

    def new_uids(self, n: int) -> npt.NDArray[np.int64]:
        """The next `n` uids of this kind, ascending, above every uid that was ever placed or given out."""
        first = self.next_uid
        self.next_uid += int(n)
        return np.arange(first, self.next_uid, dtype=np.int64)

    def place(self, rows: npt.NDArray[np.int64], uids: npt.ArrayLike, values: Mapping[str, npt.ArrayLike]) -> None:
        """Put agents on given free rows; columns without a value take their default.

        Until somebody was placed, columns hold their defaults and need not be written. Raises KeyError as `add`.
        """
        if unknown := values.keys() - self.declared.keys():
            raise KeyError(f"{self.kind} has no column {min(unknown)!r}")
        ids, n = np.atleast_1d(np.asarray(uids, np.int64)), len(rows)
        is_run = n > 0 and rows[-1] - rows[0] == n - 1 and bool((rows[1:] - rows[:-1] == 1).all())
        places = slice(int(rows[0]), int(rows[-1]) + 1) if is_run else rows  # neighbours: no gather and scatter
        for block in self._blocks:
            if not is_run:
                block.fill(rows, values)
            elif self.births:
                block.values[:, places] = block.default
        for name, column in self._tables.items():
            if is_run and self.births:
                self.__dict__[name][places] = column.default
            elif self.births:
                write_table(self.__dict__[name], rows, column.default)
        for name in values if is_run else values.keys() & self._tables.keys():
            self[name][places] = values[name]
        self.uid[rows] = ids
        self.alive[rows] = 1  # last: a value that does not fit leaves no half-made agent behind
        self.births += 1
        if n:
            self.next_uid = max(self.next_uid, int(ids.max()) + 1)

    def remove(self, rows: Iterable[int] | npt.NDArray[np.int64]) -> None:
        """Free the rows; views that somebody holds keep the last values."""
        gone = np.atleast_1d(np.asarray(rows, np.int64))
        for watcher in self.watchers:
            watcher.rows_leave(gone)
        self.alive[gone] = 0

    def neutralise(self) -> None:
        """Set every policy term to its neutral value."""
        for block in self._blocks:
            for first, last, neutral in block.terms:
                block.values[first:last].fill(neutral)
        for name, column in self._tables.items():
            if column.neutral is not None:
                self[name].fill(column.neutral)

    def terms(self) -> list[str]:
        """Names of the policy terms of this kind."""
        return [name for name, column in self.declared.items() if column.neutral is not None]

    def grow(self, capacity: int) -> None:
        """Enlarge every array to `capacity` rows; existing rows keep their numbers. Old arrays are stale."""
        extra = int(capacity) - self.capacity
        if extra <= 0:
            return
        self.alive = np.concatenate([self.alive, np.zeros(extra, np.uint8)])
        self.uid = np.concatenate([self.uid, np.full(extra, -1, np.int64)])
        for block in self._blocks:
            block.values = np.concatenate([block.values, np.repeat(block.default, extra, axis=1)], axis=1)
        for name, column in self._tables.items():
            setattr(self, name, np.concatenate([self[name], column.empty(extra)]))
        self._bind()
        self.capacity = int(capacity)

    def __getstate__(self) -> dict[str, Any]:
        """Arrays and declarations; watchers attach themselves again when they are loaded."""
        rows = {name for block in self._blocks for name in block.names}
        return {name: held for name, held in self.__dict__.items() if name not in rows} | {"watchers": []}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._bind()

    def bytes_per_row(self) -> tuple[int, int]:
        """Bytes of state and of policy terms that one row takes."""
        terms = set(self.terms())
        size = {n: c.dtype.itemsize * (c.width or 1) for n, c in self.declared.items() if not c.is_log}
        state = sum(v for n, v in size.items() if n not in terms) + 9
        return state, sum(v for n, v in size.items() if n in terms)
