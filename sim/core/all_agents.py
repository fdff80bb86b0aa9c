"""The set of all agents of a model: several kinds on columns and ordinary Mesa agents beside them, as one AgentSet."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from mesa.agent import Agent, AgentSet

from sim.core.agent_sets import ALL, ColumnAgentSet, ColumnGroupBy
from sim.core.row_sets import set_from


class AllAgents(AgentSet):  # type: ignore[misc]
    """All agents: the kinds in the order in which they were registered, then ordinary agents as they were created.

    Attributes, counts, groups and choices by type are asked of each kind's own set, so no views are made for them.
    It is the registry: it can be reordered in place but not cut.
    """

    def __init__(self, model: Any) -> None:
        self.model, self.random = model, model.random
        self._plain: dict[Agent, None] = {}
        self._order: list[Any] | None = None  # only after a shuffle or sort in place

    def parts(self) -> list[AgentSet]:
        """The live set of each kind, and the ordinary agents if there are any."""
        sets: list[AgentSet] = list(self.model.column_sets())
        return [*sets, AgentSet(self._plain, self.random)] if self._plain else sets

    def _listed(self) -> AgentSet:
        """A plain set of all agents: makes every view."""
        return AgentSet(self.to_list(), self.random)

    @property
    def _agents(self) -> dict[Any, None]:  # for code that reaches for Mesa's private dictionary
        return dict.fromkeys(self)

    @classmethod
    def _from_iterable(cls, agents: Iterable[Any]) -> AgentSet:
        listed = list(agents)
        return AgentSet(listed, listed[0].model.random if listed else None)

    # container

    def __len__(self) -> int:
        return sum(len(part) for part in self.parts())

    def __iter__(self) -> Iterator[Any]:
        yield from self.to_list()

    def __reversed__(self) -> Iterator[Any]:
        yield from reversed(self.to_list())

    def __contains__(self, agent: object) -> bool:
        kind = getattr(agent, "_kind", None)
        return agent in self._plain if kind is None else kind.model is self.model

    def __getitem__(self, item: Any) -> Any:
        return self.to_list()[item]

    def to_list(self) -> list[Any]:
        """All agents, in order."""
        agents = [agent for part in self.model.column_sets() for agent in part.to_list()] + list(self._plain)
        if self._order is None:
            return agents
        self._order = list(dict.fromkeys([agent for agent in self._order if agent in self] + agents))
        return list(self._order)

    def index(self, value: Any, *limits: int) -> int:
        """Position of an agent. Raises ValueError when it is not in the model."""
        return self.to_list().index(value, *limits)

    def copy(self) -> AgentSet:
        """A plain set of the same agents that does not follow births."""
        return self._listed()

    __copy__ = copy

    def add(self, agent: Any) -> None:
        """Take in an ordinary agent (Mesa does when it is created)."""
        if agent not in self:
            self._plain[agent] = None

    def discard(self, agent: Any) -> None:
        """Let an ordinary agent go (Mesa does when it is removed)."""
        if agent in self:
            self.remove(agent)

    def remove(self, agent: Any) -> None:
        """Let an ordinary agent go. Raises KeyError when it is not in the model."""
        if getattr(agent, "_kind", None) is not None:
            raise TypeError("an agent leaves the model by agent.remove(), not by leaving model.agents")
        del self._plain[agent]

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__.copy()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

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
