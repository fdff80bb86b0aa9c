"""What a Mesa agent set that holds row numbers knows and shows: its rows, their order and who is in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random
from typing import Any, Self

import numpy as np
from mesa.agent import AgentSet

from sim.core.column_agents import AgentKind, ColumnAgent, Rows
from sim.core.columns import Array


class HeldRows(AgentSet):  # type: ignore[misc]
    """Agents of one kind by distinct row numbers; with `rows=None` the live set of all agents of the kind.

    The live set is what Mesa calls the registry: agents join by being created and leave by `agent.remove()`, so it
    can be reordered in place but not cut.
    """

    def __init__(self, kind: AgentKind, rows: Rows | None = None, random: Random | None = None) -> None:
        self._kind = kind
        self.random: Random = kind.model.random if random is None else random
        self._is_live = rows is None
        self._keep(np.empty(0, np.int64) if rows is None else np.asarray(rows, np.int64))

    def _keep(self, rows: Rows) -> Self:
        self._rows: Rows = rows
        self._uids: Rows = self._kind.columns.uid[rows]
        self._members: set[int] | None = None
        return self

    def rows(self) -> Rows:
        """Row numbers of the living agents in the set, in its order, shape (len,)."""
        columns, held = self._kind.columns, self._rows
        if len(held):
            there = (columns.uid[held] == self._uids) & (columns.alive[held] != 0)
            held = held if there.all() else held[there]
        if not self._is_live:
            return held
        rows = columns.rows()
        uids = columns.uid[rows]
        if not (uids[1:] > uids[:-1]).all():
            rows = rows[np.argsort(uids)]
        if not len(held):
            return rows
        is_new = np.ones(columns.capacity, bool)  # the set was reordered in place: newcomers follow
        is_new[held] = False
        return np.concatenate([held, rows[is_new[rows]]])

    def array(self, name: str) -> Array:
        """A copy of a column for the agents of the set, shape (len,) or (len, width)."""
        return self._kind.columns[name][self.rows()]

    @property
    def model(self) -> Any:
        """The model of the agents."""
        return self._kind.model

    @property
    def agent_class(self) -> type[ColumnAgent]:
        """The class of the agents."""
        return self._kind.agent_class

    @property
    def _agents(self) -> dict[Any, None]:  # for code that reaches for Mesa's private dictionary
        return dict.fromkeys(self)

    def _like(self, rows: Rows) -> Any:
        return type(self)(self._kind, rows, self.random)

    def _update(self, agents: Iterable[Any]) -> Self:
        self._refuse_if_live("be replaced")
        return self._keep(self._kind.rows_of(dict.fromkeys(agents)))

    def _refuse_if_live(self, what: str) -> None:
        if self._is_live:
            name = self._kind.agent_class.__name__
            raise TypeError(
                f"the set of all {name} agents of the model cannot {what}: use agent.remove(), or work on a copy()"
            )

    # container

    def __len__(self) -> int:
        return len(self._kind.columns) if self._is_live else len(self.rows())

    def __iter__(self) -> Iterator[Any]:
        yield from self.to_list()

    def __reversed__(self) -> Iterator[Any]:
        yield from reversed(self.to_list())

    def __contains__(self, agent: Any) -> bool:
        if getattr(agent, "_kind", None) is not self._kind:
            return False
        if self._is_live:
            return True
        if self._members is None:
            self._members = set(self._uids.tolist())
        return agent.unique_id in self._members

    def __getitem__(self, item: Any) -> Any:
        chosen = self.rows()[item]
        return self._kind.agents(chosen) if isinstance(item, slice) else self._kind.view(int(chosen))

    def index(self, value: Any, *limits: int) -> int:
        """Position of an agent. Raises ValueError when it is not in the set."""
        return self.to_list().index(value, *limits)

    def to_list(self) -> list[Any]:
        """The agents, in order."""
        agents: list[Any] = self._kind.agents(self.rows())
        return agents

    def copy(self) -> Any:
        """A set of the same agents that does not follow births."""
        return self._like(self.rows())

    __copy__ = copy

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self)} {self._kind.agent_class.__name__}>"

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__.copy()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
