"""A small model of two kinds on columns and ordinary agents beside them."""

from __future__ import annotations

import mesa

from sim.core.column_agents import ColumnAgent
from sim.core.column_model import ColumnModel
from sim.core.columns import Column


class Seller(ColumnAgent):
    city = Column("i1", "code", "city")
    sales = Column("f8", "yuan", "sales")


class Buyer(ColumnAgent):
    city = Column("i1", "code", "city")
    money = Column("f8", "yuan", "money", default=10)

    def step(self) -> None:
        self.money -= 1


class Visitor(mesa.Agent):
    city = 3
    sales = 0.5

    def step(self) -> None:
        self.seen = len(self.model.agents)


class Trader:
    def take_over(self) -> None:
        """Remove everybody else."""
        self.model.calls.append(self)
        for other in list(self.model.agents):
            if other is not self:
                other.remove()


class Broker(Trader, ColumnAgent):
    """A trader on columns."""


class PlainBroker(Trader, mesa.Agent):
    """An ordinary trader."""


class Market(ColumnModel):
    def __init__(self) -> None:
        super().__init__(rng=11)
        self.register_kind(Seller, uid_offset=0)
        self.register_kind(Buyer, uid_offset=1_000)
        Seller.create_agents(self, 4, city=[0, 1, 0, 1], sales=[4.0, 3.0, 2.0, 1.0])
        Buyer.create_agents(self, 3, city=2)

    def step(self) -> None:
        self.agents_by_type[Buyer].do("step")
