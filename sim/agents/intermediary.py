"""Intermediaries, incubators and parks, who match sellers and buyers of technology and house young firms."""

from __future__ import annotations

from sim.agents.budget import BUDGET_LINES
from sim.agents.policy_network import BrokerState
from sim.core.column_agents import ColumnAgent
from sim.core.columns import Column
from sim.core.payments import PaymentColumn

INTERMEDIARY, INCUBATOR, PARK = 0, 1, 2


class Intermediary(BrokerState, ColumnAgent):
    """A technology intermediary, an incubator or a park."""

    role = Column("i1", "code", "0 intermediary, 1 incubator, 2 park")
    city = Column("i1", "code", "row of catalogue/cities.csv")
    places = Column("i4", "firms", "firms it can serve or house")
    efficiency = Column("f8", "ratio, mean 1", "matching efficiency")
    tenants = Column("i4", "firms", "tenants now")
    graduates = Column("i4", "firms", "tenants that have left it grown or after their time")
    received_yuan = PaymentColumn(len(BUDGET_LINES), "payments of this quarter by budget line")
