"""A model on columns is a Mesa model: registries, ordinary agents beside, steps, stock DataCollector, copies."""

from __future__ import annotations

import copy
import gc
import logging
import pickle
import weakref

import mesa
import numpy as np
import pytest

from sim.core.column_agents import ColumnAgent
from sim.core.column_model import PLAIN_UID, ColumnModel
from sim.core.columns import Columns
from tests.core.market import Buyer, Market, Seller, Visitor


@pytest.fixture
def market() -> Market:
    """Four sellers, three buyers, one visitor."""
    made = Market()
    Visitor(made)
    return made


def test_registries_show_every_kind(market):
    assert market.agent_types == [Seller, Buyer, Visitor]
    assert [len(market.agents_by_type[kind]) for kind in market.agent_types] == [4, 3, 1]
    assert len(market.agents) == 8
    assert market.agents.get("city") == [0, 1, 0, 1, 2, 2, 2, 3]
    assert isinstance(market.agents, mesa.agent.AgentSet)
    assert market.agents.agg("city", [min, max, sum]) == [0, 3, 11]


def test_uids_of_ordinary_agents_meet_no_kind(market):
    uids = market.agents.get("unique_id")
    assert uids == [0, 1, 2, 3, 1000, 1001, 1002, PLAIN_UID]
    assert Visitor(market).unique_id == PLAIN_UID + 1


def test_mesa_counts_the_steps(market):
    market.step()
    market.step()
    assert market.steps == 2
    assert market.agents_by_type[Buyer].get("money") == [8.0] * 3


def test_mesa_is_quiet(market):
    assert logging.getLogger("MESA").level == logging.WARNING


def test_a_kind_is_registered_once_and_with_its_own_columns(market):
    with pytest.raises(ValueError, match="already"):
        market.register_kind(Seller)
    with pytest.raises(ValueError, match="sales"):
        ColumnModel(rng=1).register_kind(Seller, Columns("seller", Buyer.declared(), 3))


def test_columns_that_hold_agents_already_are_taken_as_they_are():
    columns = Columns("seller", Seller.declared(), 4)
    columns.add([7, 9], sales=[1.0, 2.0])
    model = ColumnModel(rng=1)
    live = model.register_kind(Seller, columns, uid_offset=5)
    assert live is model.agents_by_type[Seller]
    assert live.get("unique_id") == [7, 9]
    assert Seller(model).unique_id == 10


def test_remove_all_agents(market):
    held = market.agents_by_type[Seller][1]
    market.remove_all_agents()
    assert len(market.agents) == 0
    assert held.sales == 3.0


def test_the_stock_data_collector_works(market):
    collector = mesa.DataCollector(
        model_reporters={"sold": lambda m: m.agents_by_type[Seller].agg("sales", sum), "n": lambda m: len(m.agents)},
        agent_reporters={"city": "city", "double": lambda a: 2 * a.unique_id},
        agenttype_reporters={Buyer: {"money": "money"}, Seller: {"sales": "sales"}, ColumnAgent: {"city": "city"}},
    )
    collector.collect(market)
    market.step()
    market.agents_by_type[Seller][0].remove()
    collector.collect(market)
    by_model = collector.get_model_vars_dataframe()
    assert by_model["sold"].tolist() == [10.0, 6.0]
    assert by_model["n"].tolist() == [8, 7]
    by_agent = collector.get_agent_vars_dataframe()
    assert by_agent.loc[0, "city"].tolist() == [0, 1, 0, 1, 2, 2, 2, 3]
    assert by_agent.loc[1].index.tolist() == [1, 2, 3, 1000, 1001, 1002, PLAIN_UID]
    assert by_agent["double"].tolist()[:4] == [0, 2, 4, 6]
    assert collector.get_agenttype_vars_dataframe(Buyer)["money"].tolist() == [10.0] * 3 + [9.0] * 3
    assert collector.get_agenttype_vars_dataframe(Seller)["sales"].tolist() == [4.0, 3.0, 2.0, 1.0, 3.0, 2.0, 1.0]
    assert len(collector.get_agenttype_vars_dataframe(ColumnAgent)) == 7 + 6


@pytest.mark.parametrize("again", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])  # noqa: S301
def test_a_copied_model_runs_on_by_itself(market, again):
    market.agents_by_type[Buyer][0].nickname = "first"
    market.step()
    other = again(market)
    assert (other.steps, len(other.agents)) == (1, 8)
    other.step()
    Seller(other)
    other.agents_by_type[Seller][0].remove()
    assert (other.steps, market.steps) == (2, 1)
    assert other.agents_by_type[Buyer].get("money") == [8.0] * 3
    assert market.agents_by_type[Buyer].get("money") == [9.0] * 3
    assert other.agents_by_type[Buyer][0].nickname == "first"
    assert [len(other.agents_by_type[kind]) for kind in (Seller, Buyer, Visitor)] == [4, 3, 1]
    assert len(market.agents_by_type[Seller]) == 4
    assert other.agents.random is other.random
    assert other.random.random() == market.random.random()
    held = other.agents_by_type[Buyer][1]
    other.kind_of(Buyer).columns.remove([held._row])  # the copy's columns tell the copy's views
    assert not held.is_alive


def test_columns_are_copied_alone_without_their_model(market):
    columns = market.kind_of(Seller).columns
    other = pickle.loads(pickle.dumps(columns))  # noqa: S301
    assert other.watchers == []
    other.sales[0] = 99.0
    assert columns.sales[0] == 4.0
    assert np.array_equal(other.uid, columns.uid)
    assert len(pickle.dumps(columns)) < 20_000


def test_a_model_is_not_kept_alive():
    model = Market()
    Visitor(model)
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None


def test_mesas_observers_hear_of_single_agents(market):
    if not hasattr(market, "observe"):
        pytest.skip("this Mesa has no observers")
    from mesa.experimental.mesa_signals import ModelSignals

    heard = []

    def hear(message):
        heard.append(message.signal_type)

    market.observe("agents", ModelSignals.AGENT_ADDED, hear)
    market.observe("agents", ModelSignals.AGENT_REMOVED, hear)
    Seller(market).remove()
    assert heard == [ModelSignals.AGENT_ADDED, ModelSignals.AGENT_REMOVED]
