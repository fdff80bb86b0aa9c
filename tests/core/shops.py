"""Equal agents twice, on columns and as plain Mesa agents, and how to compare what their sets return."""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np
from mesa.agent import AgentSet

from sim.core.column_agents import ColumnAgent
from sim.core.column_model import ColumnModel
from sim.core.columns import Column

N = 30


class Works:
    """Behaviour that both sorts of agent share."""

    def double(self, extra: float = 0.0) -> float:
        self.sales = self.sales * 2 + extra
        return self.sales

    def is_large(self) -> bool:
        return self.sales > 50

    def drop_next(self) -> None:
        """Remove the agent whose number is one higher."""
        self.model.calls.append(self.number)
        for other in list(self.model.agents):
            if other.number == self.number + 1:
                other.remove()


class Shop(Works, ColumnAgent):
    number = Column("i4", "number", "place in the order of creation")
    sector = Column("i1", "code", "sector")
    sales = Column("f8", "yuan", "sales")
    flag = Column("u1", "flag", "flag")
    ages = Column("i4", "items", "by age", width=3)


class PlainShop(Works, mesa.Agent):
    def __init__(self, model, number, sector, sales, flag, ages):
        super().__init__(model)
        self.number, self.sector, self.sales, self.flag, self.ages = number, sector, sales, flag, ages


def values() -> dict[str, Any]:
    generator = np.random.default_rng(3)
    return {
        "number": np.arange(N),
        "sector": generator.integers(0, 4, N),
        "sales": np.round(generator.uniform(0, 100, N), 1),
        "flag": generator.integers(0, 2, N),
        "ages": generator.integers(0, 9, (N, 3)),
    }


def column_model() -> ColumnModel:
    model = ColumnModel(rng=5)
    model.calls = []
    model.register_kind(Shop, capacity=4)
    # agents born and gone first, so that rows and order of creation differ
    old = Shop.create_agents(model, 9)
    Shop.create_agents(model, N, **values())
    old.do("remove")
    return model


def plain_model() -> mesa.Model:
    model = mesa.Model(rng=5)
    model.calls = []
    given = {name: [v.tolist() if np.ndim(v) == 0 else v for v in array] for name, array in values().items()}
    PlainShop.create_agents(model, N, **given)
    return model


def shown(result: Any) -> Any:
    """A result without the objects: agents by their number, sets and lists of agents by their numbers."""
    if isinstance(result, Works):
        return result.number
    if hasattr(result, "groups"):
        return {key: shown(group) for key, group in result.groups.items()}, list(result.groups)
    if isinstance(result, np.ndarray):
        return result.tolist()
    if isinstance(result, AgentSet | list | tuple) or type(result).__name__ == "_HardKeyAgentSet":
        return [shown(item) for item in result]
    return result


def numbers(agents: Any) -> list[int]:
    return [agent.number for agent in agents]
