"""The set of all agents of a model: several kinds on columns and ordinary Mesa agents beside them, as one AgentSet."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from mesa.agent import Agent, AgentSet

from sim.core.agent_registry import AgentRegistry
from sim.core.agent_sets import ALL, ColumnAgentSet, ColumnGroupBy
from sim.core.row_sets import set_from


class AllAgents(AgentRegistry):
    """All agents: the kinds in the order in which they were registered, then ordinary agents as they were created.

    Attributes, counts, groups and choices by type are asked of each kind's own set, so no views are made for them.
    It is the registry: it can be reordered in place but not cut.
    """

    # attributes

    def get(self, attr_names: Any, handle_missing: str = "error", default_value: Any = None) -> list[Any]:
        """Values of an attribute (a list), or of several (a list of lists), as in Mesa."""
        if self._order is not None:
            return list(self._listed().get(attr_names, handle_missing, default_value))
        return [value for part in self.parts() for value in part.get(attr_names, handle_missing, default_value)]

    def set(self, attr_name: str, value: Any) -> AllAgents:
        """Give every agent the value."""
        for part in self.parts():
            part.set(attr_name, value)
        return self

    def agg(self, attribute: str, func: Any) -> Any:
        """`func` of the values of an attribute, or a list of results for several functions."""
        values = self.get(attribute)
        return func(values) if callable(func) else [f(values) for f in func]

    # subsets and order

    def select(
        self,
        filter_func: Callable[[Any], bool] | None = None,
        at_most: Any = ALL,
        inplace: bool = False,
        agent_type: type[Agent] | None = None,
    ) -> Any:
        """Agents that pass the filter; the kind's own set if only one kind can pass."""
        if inplace:
            if filter_func is None and agent_type is None and at_most == ALL:
                return self
            raise TypeError("model.agents cannot be cut in place: use agent.remove(), or select() without inplace")
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(self) * at_most)
        parts = [part for part in self.parts() if agent_type is None or _may_hold(part, agent_type)]
        if self._order is None and len(parts) == 1:
            return parts[0].select(filter_func, _whole(at_most), False, agent_type)
        agents = self.to_list() if self._order is not None else [agent for part in parts for agent in part]
        return AgentSet(agents, self.random).select(filter_func, _whole(at_most), False, agent_type)

    def shuffle(self, inplace: bool = False) -> AgentSet:
        """All agents in random order, by the model's `random`."""
        return self._ordered(self._listed().shuffle(), inplace)

    def sort(self, key: Callable[[Any], Any] | str, ascending: bool = False, inplace: bool = False) -> AgentSet:
        """All agents sorted by an attribute or a function; descending unless `ascending`."""
        return self._ordered(self._listed().sort(key, ascending), inplace)

    def _ordered(self, result: AgentSet, inplace: bool) -> AgentSet:
        if not inplace:
            return result
        self._order = list(result)
        return self

    def groupby(self, by: Callable[[Any], Any] | str, result_type: str = "agentset") -> Any:
        """Groups by an attribute or a function; a group of one kind is the kind's own sort of set."""
        if self._order is not None:
            return self._listed().groupby(by, result_type)
        found: dict[Any, list[Any]] = {}
        for part in self.parts():
            for key, group in part.groupby(by, result_type):
                found.setdefault(key, []).append(group)
        groups = {key: pieces[0] if len(pieces) == 1 else _joined(pieces, self) for key, pieces in found.items()}
        return ColumnGroupBy(groups)

    # behaviour

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> AllAgents:
        """Call a method (by name) or a function on each agent; those removed meanwhile are left out."""
        self.map(method, *args, **kwargs)
        return self

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> AllAgents:
        """As `do`, in random order over all kinds."""
        agents = self.to_list()
        self.random.shuffle(agents)
        self._call(agents, method, args, kwargs)
        return self

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        """As `do`, and return the results."""
        return self._call(self.to_list(), method, args, kwargs)

    def _call(self, agents: list[Any], method: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
        if isinstance(method, str):
            return [getattr(agent, method)(*args, **kwargs) for agent in agents if agent in self]
        return [method(agent, *args, **kwargs) for agent in agents if agent in self]


def _whole(at_most: float) -> Any:
    """A share is already a number: keep Mesa from reading 1 agent as the share 1.0."""
    return at_most if at_most == ALL else int(math.ceil(at_most))


def _may_hold(part: AgentSet, agent_type: type[Agent]) -> bool:
    if isinstance(part, ColumnAgentSet):
        return issubclass(part.agent_class, agent_type)
    return any(isinstance(agent, agent_type) for agent in part)


def _joined(pieces: list[Any], all_agents: AgentSet) -> Any:
    agents = [agent for piece in pieces for agent in piece]
    return agents if isinstance(pieces[0], list) else set_from(agents, all_agents)
