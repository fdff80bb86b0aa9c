"""The registry of a model as one container: the agents of every kind and ordinary Mesa agents, listed in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from mesa.agent import Agent, AgentSet


class AgentRegistry(AgentSet):  # type: ignore[misc]
    """The kinds in the order in which they were registered, then ordinary agents as they were created."""

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
