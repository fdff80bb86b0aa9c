"""The set of all agents, several kinds and ordinary ones, against a plain mesa.AgentSet of the same agents."""

from __future__ import annotations

import mesa
import pytest

from sim.core.agent_sets import ColumnAgentSet
from sim.core.column_agents import ColumnAgent
from sim.core.column_model import ColumnModel
from tests.core.market import Broker, Buyer, Market, PlainBroker, Seller, Trader, Visitor


@pytest.fixture
def market() -> Market:
    """Four sellers, three buyers, one visitor."""
    made = Market()
    Visitor(made)
    return made


def test_all_agents_make_no_views_for_columns(market):
    everyone = market.agents
    everyone.get(["city", "unique_id"])
    everyone.get("sales", handle_missing="default", default_value=None)
    chosen = everyone.select(agent_type=Seller)
    groups = everyone.groupby("city")
    assert groups.count() == {0: 2, 1: 2, 2: 3, 3: 1}
    assert groups.agg("city", sum) == {0: 0, 1: 2, 2: 6, 3: 3}
    assert isinstance(chosen, ColumnAgentSet)
    assert all(not market.kind_of(kind).views for kind in (Seller, Buyer))


def test_all_agents_select_as_mesa_does(market):
    everyone = market.agents
    plain = mesa.agent.AgentSet(list(everyone), everyone.random)
    for arguments in (
        {},
        {"at_most": 5},
        {"at_most": 1},
        {"at_most": 0.5},
        {"at_most": 1.0},
        {"agent_type": Buyer, "at_most": 0.25},
        {"agent_type": Buyer, "at_most": 1},
        {"agent_type": ColumnAgent},
        {"agent_type": Visitor},
        {"agent_type": mesa.Agent, "at_most": 7},
        {"filter_func": lambda a: a.city > 0, "at_most": 3},
        {"filter_func": lambda a: a.city > 0, "agent_type": ColumnAgent},
    ):
        assert list(everyone.select(**arguments)) == list(plain.select(**arguments)), arguments
    with pytest.raises(TypeError, match="cut in place"):
        everyone.select(at_most=3, inplace=True)


def test_all_agents_order_group_and_act_as_mesa_does(market):
    everyone = market.agents
    plain = mesa.agent.AgentSet(list(everyone), everyone.random)
    state = market.random.getstate()

    def results(agents):
        market.random.setstate(state)
        for agent, city in zip(plain, [0, 1, 0, 1, 2, 2, 2, 3], strict=True):
            agent.city = city
        order = []
        agents.shuffle_do(lambda agent: order.append(agent.unique_id))
        return [
            order,
            list(agents.shuffle()),
            list(agents.sort("city")),
            list(agents.sort(lambda a: a.unique_id % 3, ascending=True)),
            {key: list(group) for key, group in agents.groupby(lambda a: a.unique_id % 2)},
            {key: list(group) for key, group in agents.groupby("city", result_type="list")},
            agents.groupby(type).count(),
            agents.map(lambda a, plus: a.city + plus, 5),
            agents.set("city", 1).get("city"),
            agents[2],
            agents[-1],
            agents[1:4],
            [agent in agents for agent in plain],
            agents == plain,
            sorted(a.unique_id for a in agents | plain),
            [a.unique_id for a in agents - plain.select(at_most=5)],
            len(agents & plain),
        ]

    assert results(everyone) == results(plain)


def test_all_agents_can_be_reordered_in_place(market):
    everyone = market.agents
    plain = mesa.agent.AgentSet(list(everyone), everyone.random)
    state = market.random.getstate()
    expected = list(plain.shuffle(inplace=True))
    market.random.setstate(state)
    assert list(everyone.shuffle(inplace=True)) == expected
    newcomer = Seller(market)
    expected.pop(2).remove()
    assert list(everyone) == [*expected, newcomer]
    assert everyone.get("city") == [agent.city for agent in everyone]
    assert list(everyone.sort("unique_id", ascending=True, inplace=True)) == sorted(everyone, key=lambda a: a.unique_id)


@pytest.mark.parametrize("how", ["do", "shuffle_do", "map"])
@pytest.mark.parametrize("method", ["take_over", Trader.take_over])
def test_do_leaves_out_those_removed_meanwhile(how, method):
    model = ColumnModel(rng=2)
    model.calls = []
    model.register_kind(Broker)
    Broker.create_agents(model, 3)
    PlainBroker.create_agents(model, 3)
    getattr(model.agents, how)(method)
    assert len(model.calls) == 1
    assert list(model.agents) == model.calls


def test_agents_leave_only_by_remove(market):
    visitor = next(iter(market.agents_by_type[Visitor]))
    seller = market.agents_by_type[Seller][0]
    with pytest.raises(TypeError, match=r"agent\.remove"):
        market.agents.remove(seller)
    visitor.remove()
    seller.remove()
    assert len(market.agents) == 6
    assert seller not in market.agents
    assert visitor not in market.agents
    assert len(market.agents_by_type[Visitor]) == 0
    with pytest.raises(KeyError):
        market.deregister_agent(seller)
