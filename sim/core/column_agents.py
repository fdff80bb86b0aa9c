"""Mesa agents that are views: each reads and writes one row of its kind's columns.

A view is made when somebody asks for the agent, once a row, and kept by its kind until the agent leaves, so that
`is`, sets, dictionaries and ordinary Python attributes that a researcher adds work as with any Mesa agent. Nobody
pays for views that are never asked for. When the agent leaves, by `agent.remove()` or by `Columns.remove(rows)` in a
mechanism, the view keeps the last values: its row may be given to an entrant at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt
from mesa.agent import Agent

from sim.core.columns import Array, Column, Columns

if TYPE_CHECKING:
    from mesa.agent import AgentSet

Rows = npt.NDArray[np.int64]


class ColumnAgent(Agent):  # type: ignore[misc]
    """An agent whose declared `Column` attributes lie in the columns of its kind.

    Subclasses declare columns as class attributes. Scalar columns read as Python numbers, columns with a width as
    copies of the row: assign the whole row to change it. `unique_id` is the uid. A view that is made on demand does
    not run `__init__`: give ordinary attributes a default on the class. Only `Kind(model, ...)` runs it.
    """

    _declared: ClassVar[dict[str, Column]]
    _kind: AgentKind | None
    _state: Mapping[str, Array]  # the arrays by name: those of the kind, or one frozen row after removal
    _row: int

    @classmethod
    def declared(cls) -> dict[str, Column]:
        """All columns of the kind by name, inherited ones first, in the order of declaration."""
        found: dict[str, Column] | None = cls.__dict__.get("_declared")
        if found is None:  # once a class: columns are declared in its body
            names = dict.fromkeys(name for base in reversed(cls.__mro__) for name in vars(base))
            found = {name: column for name in names if isinstance(column := getattr(cls, name, None), Column)}
            cls._declared = found
        return dict(found)

    def __init__(self, model: Any, **values: Any) -> None:
        """Create one agent with the next uid of its kind; columns without a value take their default.

        Raises
        ------
        KeyError : the kind has no such column, or the model does not know the kind.
        """
        super(Agent, self).__init__()  # not Agent's own: it would take a uid from Mesa's counter
        kind: AgentKind = model.kind_of(type(self))
        kind.bind(self, int(kind.create(1, values)[0]))
        model.register_agent(self)

    @classmethod
    def create_agents(cls, model: Any, n: int, *args: Any, **values: Any) -> AgentSet:
        """Create `n` agents and return their set; a value is one for all or a sequence of length n.

        For a column with a width, a one-dimensional value is the row of every agent, n rows have shape (n, width).
        A subclass with an `__init__` of its own is made one by one, as in Mesa.
        """
        kind: AgentKind = model.kind_of(cls)
        if cls.__init__ is not ColumnAgent.__init__:
            return model.set_of(cls, kind.rows_of(super().create_agents(model, n, *args, **values)))
        if args:
            raise TypeError(f"{cls.__name__} takes its columns by name, not by position")
        return model.set_of(cls, kind.create(int(n), values))

    @property
    def is_alive(self) -> bool:
        """Whether the agent is still in the model."""
        return self._kind is not None

    def _read(self, name: str) -> Any:
        array = self._state[name]
        return array.item(self._row) if array.ndim == 1 else array[self._row].copy()

    def _write(self, name: str, value: Any) -> None:
        array = self._state[name]
        array[self._row] = value if array.dtype.kind == "f" else fitting(name, array, value)

    def __repr__(self) -> str:
        gone = "" if self.is_alive else ", removed"
        return f"<{type(self).__name__} {self.unique_id}{gone}>"

    def __getstate__(self) -> dict[str, Any]:
        state = dict(self.__dict__)
        if self.is_alive:
            del state["_state"]  # the kind's own arrays: bound again after loading
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        kind = state["_kind"]
        if kind is not None and "columns" in kind.__dict__:  # otherwise the kind, still loading, binds its views
            self.__dict__["_state"] = kind.columns.__dict__


def fitting(name: str, array: Array, value: Any) -> Any:
    """The value if the array can hold it without loss.

    Raises
    ------
    TypeError : a fractional number for a column of integers.
    OverflowError : an integer out of the column's range.
    """
    if array.dtype.kind == "f":
        return value
    given = np.asarray(value)
    limits = np.iinfo(array.dtype)
    if given.dtype.kind == "f" and not np.array_equal(given, np.rint(given)):
        raise TypeError(f"{name} holds integers ({array.dtype}), not {value!r}")
    if given.size and (given.min() < limits.min or given.max() > limits.max):
        raise OverflowError(f"{name} holds integers from {limits.min} to {limits.max}, not {value!r}")
    return value


class AgentKind:
    """One kind of agent in a model: its columns and the views that somebody has asked for.

    It watches the columns, so that views keep their last values when rows are removed.
    """

    def __init__(self, model: Any, agent_class: type[ColumnAgent], columns: Columns, uid_offset: int = 0) -> None:
        self.model, self.agent_class, self.columns = model, agent_class, columns
        self.views: dict[int, ColumnAgent] = {}
        columns.next_uid = max(columns.next_uid, int(uid_offset))
        columns.watchers.append(self)

    def create(self, n: int, values: Mapping[str, Any]) -> Rows:
        """Place `n` new agents and return their rows. Raises KeyError for an unknown column."""
        for name, value in values.items():
            fitting(name, self.columns[name], value)
        return self.columns.add(self.columns.new_uids(n), **values)

    def view(self, row: int) -> Any:
        """The agent on a row; always the same object while it lives. Raises KeyError for a free row."""
        found = self.views.get(row)
        uid = self.columns.uid.item(row)
        if found is not None:
            if found.unique_id == uid:
                return found
            self.release(row)  # a mechanism reused the row without Columns.remove: the old agent is lost
        if not self.columns.alive.item(row):
            raise KeyError(f"row {row} of {self.columns.kind} is free")
        return self.bind(self.agent_class.__new__(self.agent_class), row)

    def bind(self, agent: ColumnAgent, row: int) -> ColumnAgent:
        """Tie an agent object to its row and keep it."""
        agent.model, agent.pos = self.model, None
        agent._kind, agent._state, agent._row = self, self.columns.__dict__, row
        agent.unique_id = self.columns.uid.item(row)
        self.views[row] = agent
        return agent

    def agents(self, rows: Rows) -> list[Any]:
        """The agents on the rows, in their order."""
        known, view = self.views.get, self.view
        return [
            agent if (agent := known(row)) is not None and agent.unique_id == uid else view(row)
            for row, uid in zip(rows.tolist(), self.columns.uid[rows].tolist(), strict=True)
        ]

    def rows_of(self, agents: Iterable[ColumnAgent]) -> Rows:
        """Row numbers of living agents of this kind, in their order."""
        return np.fromiter((agent._row for agent in agents), np.int64)

    def release(self, row: int) -> None:
        """Untie the view of a row, if there is one; it keeps the row's present values."""
        agent = self.views.pop(row, None)
        if agent is not None:
            columns = self.columns
            agent._state = {name: columns[name][row : row + 1].copy() for name in columns.declared}
            agent._kind, agent._row = None, 0

    def rows_leave(self, rows: Rows) -> None:
        """Called by the columns before rows die."""
        if self.views:
            for row in rows.tolist():
                self.release(row)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.columns.watchers.append(self)  # columns are saved without their watchers
        for agent in self.views.values():
            agent.__dict__["_state"] = self.columns.__dict__
