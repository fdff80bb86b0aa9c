"""A Mesa model whose agents live in columns; ordinary Mesa agents can be added beside them."""

from __future__ import annotations

import logging
from typing import Any

import mesa
from mesa.agent import Agent

from sim.core.agent_sets import ColumnAgentSet
from sim.core.all_agents import AllAgents
from sim.core.column_agents import AgentKind, ColumnAgent, Rows
from sim.core.columns import Columns

PLAIN_UID = 1_000_000_000_001  # first unique_id of ordinary agents: above every uid of a kind
FIRST_CAPACITY = 64
logging.getLogger("MESA").setLevel(logging.WARNING)  # Mesa logs every call otherwise


class ColumnModel(mesa.Model):  # type: ignore[misc]
    """`model.agents`, `model.agents_by_type` and `model.agent_types` see the rows of every registered kind.

    Keyword arguments are those of mesa.Model (`rng=` takes the seed); Mesa counts `steps` as usual.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._column_kinds: dict[type[ColumnAgent], AgentKind] = {}
        self._next_plain_uid = PLAIN_UID
        self._all_agents = AllAgents(self)

    def register_kind(
        self,
        agent_class: type[ColumnAgent],
        columns: Columns | None = None,
        uid_offset: int = 0,
        capacity: int = FIRST_CAPACITY,
    ) -> ColumnAgentSet:
        """Make a kind known and return the live set of its agents.

        Parameters
        ----------
        columns : its columns, with agents or without; new and empty ones with `capacity` rows if None.
        uid_offset : new agents get no uid below it. Ranges of kinds must not meet, or DataCollector mixes agents up.

        Raises
        ------
        ValueError : the class is registered already, or the columns are not those that it declares.
        """
        if agent_class in self._column_kinds:
            raise ValueError(f"{agent_class.__name__} is registered already")
        declared = agent_class.declared()
        if columns is None:
            columns = Columns(agent_class.__name__.lower(), declared, capacity)
        if unlike := set(declared) ^ set(columns.declared):
            raise ValueError(f"{agent_class.__name__} and its columns differ in {sorted(unlike)}")
        kind = AgentKind(self, agent_class, columns, uid_offset)
        self._column_kinds[agent_class] = kind
        live = self._agents_by_type[agent_class] = ColumnAgentSet(kind)
        return live

    def kind_of(self, agent_class: type[ColumnAgent]) -> AgentKind:
        """The kind of a class. Raises KeyError for a class that is not registered."""
        try:
            return self._column_kinds[agent_class]
        except KeyError:
            name = agent_class.__name__
            raise KeyError(f"the model does not know {name}; call model.register_kind({name}) first") from None

    def set_of(self, agent_class: type[ColumnAgent], rows: Rows) -> ColumnAgentSet:
        """The agents of a kind on given rows."""
        return ColumnAgentSet(self.kind_of(agent_class), rows)

    def column_sets(self) -> list[ColumnAgentSet]:
        """The live set of each kind, in order of registration."""
        return [self._agents_by_type[agent_class] for agent_class in self._column_kinds]

    def register_agent(self, agent: Any) -> None:
        """Called by agents when they are created. Column agents are in their rows already."""
        if isinstance(agent, ColumnAgent):
            self._announce(agent, "AGENT_ADDED")
            return
        super().register_agent(agent)
        agent.unique_id = self._next_plain_uid
        self._next_plain_uid += 1
        getattr(Agent, "_ids", {}).pop(self, None)  # Mesa 3.3 counts ids in a table that would keep the model alive

    def deregister_agent(self, agent: Any) -> None:
        """Called by `agent.remove()`: frees the row. Raises KeyError for an agent that is gone."""
        if not isinstance(agent, ColumnAgent):
            super().deregister_agent(agent)
            return
        if agent._kind is None or agent._kind.model is not self:
            raise KeyError(agent)
        agent._kind.columns.remove([agent._row])
        self._announce(agent, "AGENT_REMOVED")

    def remove_all_agents(self) -> None:
        """Remove every agent, of columns and ordinary ones."""
        for agents in self.column_sets():
            if agents.agent_class.remove is Agent.remove:
                agents._kind.columns.remove(agents.rows())
            else:
                agents.do("remove")
        for agent in list(self._all_agents._plain):
            agent.remove()

    def _announce(self, agent: ColumnAgent, signal: str) -> None:
        """Tell Mesa's observers (since 3.4) about one agent; agents made or removed in bulk are not announced."""
        if hasattr(self, "notify"):
            from mesa.experimental.mesa_signals import ModelSignals

            self.notify("agents", getattr(ModelSignals, signal), args=(agent,))
