"""Mesa agent sets over row numbers: the whole interface of `mesa.AgentSet`, fast on columns.

What can be said of a column is done on its array; only what needs Python objects (a function of the agent, a method,
an ordinary attribute) makes views. Methods of agents through `do` and `shuffle_do` cost more than with plain Mesa
agents: they are for subsets and for trying out behaviour, mechanisms are kernels.
"""

from __future__ import annotations

import importlib
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from mesa.agent import Agent, AgentSet

from sim.core.column_agents import Rows
from sim.core.columns import Array
from sim.core.row_values import RowValues

ALL = float("inf")
# where Mesa keeps GroupBy depends on its version: mesa.agent in 3.3, mesa.agentset since
_GroupBy: Any = importlib.import_module(AgentSet.__module__).GroupBy


class ColumnGroupBy(_GroupBy):  # type: ignore[misc]
    """Mesa's GroupBy whose `agg` reads columns where a group has them."""

    def agg(self, attr_name: str, func: Callable[..., Any]) -> dict[Any, Any]:
        """Value of `func` on an attribute, by group."""
        return {
            key: group.agg(attr_name, func)
            if isinstance(group, AgentSet)
            else func([getattr(agent, attr_name) for agent in group])
            for key, group in self.groups.items()
        }


class ColumnAgentSet(RowValues):
    """Agents of one kind, by row."""

    def where(self, mask: npt.ArrayLike) -> Any:
        """The agents at which a boolean mask of shape (len,) is true: the fast form of `select`."""
        rows = self.rows()
        chosen = np.asarray(mask, bool)
        if chosen.shape != rows.shape:
            raise ValueError(f"the mask has shape {chosen.shape}, the set {rows.shape}")
        return self._like(rows[chosen])

    def _result(self, rows: Rows, inplace: bool) -> Any:
        return self._keep(rows) if inplace else self._like(rows)

    # subsets and order

    def select(
        self,
        filter_func: Callable[[Any], bool] | None = None,
        at_most: Any = ALL,
        inplace: bool = False,
        agent_type: type[Agent] | None = None,
    ) -> Any:
        """Agents that pass the filter, the first `at_most` of them (a number, or a share of the set up to 1.0)."""
        if filter_func is None and agent_type is None and at_most == ALL:
            return self if inplace else self.copy()
        if inplace:
            self._refuse_if_live("be cut in place")
        rows = self.rows()
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(rows) * at_most)
        if agent_type is not None and not issubclass(self._kind.agent_class, agent_type):
            rows = rows[:0]
        if filter_func is not None and at_most == ALL:
            rows = rows[[bool(filter_func(agent)) for agent in self._kind.agents(rows)]] if len(rows) else rows
        elif filter_func is not None:
            rows = self._first_passing(rows, filter_func, at_most)
        elif at_most != ALL:
            rows = rows[: max(0, math.ceil(at_most))]
        return self._result(rows, inplace)

    def _first_passing(self, rows: Rows, filter_func: Callable[[Any], bool], at_most: float) -> Rows:
        passing: list[int] = []
        for row in rows.tolist():
            if len(passing) >= at_most:
                break
            if filter_func(self._kind.view(row)):
                passing.append(row)
        return np.array(passing, np.int64)

    def shuffle(self, inplace: bool = False) -> Any:
        """The agents in random order, by the set's `random`, as Mesa draws it."""
        return self._result(self._shuffled(), inplace)

    def _shuffled(self) -> Rows:
        rows = self.rows().tolist()
        self.random.shuffle(rows)
        return np.array(rows, np.int64)

    def sort(self, key: Callable[[Any], Any] | str, ascending: bool = False, inplace: bool = False) -> Any:
        """The agents sorted by an attribute or a function; descending unless `ascending`; stable both ways."""
        rows = self.rows()
        values = self._comparable(key, rows)
        if values is not None and ascending:
            order = np.argsort(values, kind="stable")
        elif values is not None:
            order = len(rows) - 1 - np.argsort(values[::-1], kind="stable")[::-1]
        else:
            of_agent = operator.attrgetter(key) if isinstance(key, str) else key
            keys = [of_agent(agent) for agent in self._kind.agents(rows)]
            order = np.array(sorted(range(len(rows)), key=keys.__getitem__, reverse=not ascending), np.int64)
        return self._result(rows[order], inplace)

    def groupby(self, by: Callable[[Any], Any] | str, result_type: str = "agentset") -> Any:
        """Groups by an attribute or a function, keys in order of first appearance, as Mesa's GroupBy."""
        rows = self.rows()
        values = self._comparable(by, rows) if isinstance(by, str) else None
        if values is not None:
            parts = _parts(values, rows)
        else:
            of_agent = operator.attrgetter(by) if isinstance(by, str) else by
            lists: dict[Any, list[int]] = {}
            for row, agent in zip(rows.tolist(), self._kind.agents(rows), strict=True):
                lists.setdefault(of_agent(agent), []).append(row)
            parts = {key: np.array(part, np.int64) for key, part in lists.items()}
        make = self._like if result_type == "agentset" else self._kind.agents
        return ColumnGroupBy({key: make(part) for key, part in parts.items()})

    # behaviour

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> ColumnAgentSet:
        """Call a method (by name) or a function on each agent; those removed meanwhile are left out."""
        self._call(self.rows(), method, args, kwargs)
        return self

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> ColumnAgentSet:
        """As `do`, in random order."""
        self._call(self._shuffled(), method, args, kwargs)
        return self

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        """As `do`, and return the results."""
        return self._call(self.rows(), method, args, kwargs)

    def _call(self, rows: Rows, method: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
        agents = self._kind.agents(rows)  # held here: rows may be freed and reused while we go
        if isinstance(method, str):
            return [getattr(a, method)(*args, **kwargs) for a in agents if a._kind is not None]
        return [method(a, *args, **kwargs) for a in agents if a._kind is not None]


def _parts(values: Array, rows: Rows) -> dict[Any, Rows]:
    """Rows by value, values in order of first appearance, rows in their order."""
    order = np.argsort(values, kind="stable")
    keys, starts = np.unique(values[order], return_index=True)
    parts = np.split(rows[order], starts[1:]) if len(keys) else []
    by_first = np.argsort(order[starts], kind="stable") if len(keys) else order
    return {keys[i].item(): parts[i] for i in by_first.tolist()}
