"""The example of the documents: a researcher's own behaviour, agent by agent, on the running model.

No column or kernel needs to be known: firms are ordinary Mesa agents. `agents_by_type`, `select`, `do`, `agg`, plain
Python attributes and the stock `DataCollector` work as in any Mesa model. The class below is the whole example.
"""

from __future__ import annotations

import mesa
import numpy as np
import pytest

from experiments import load_scenario
from sim.agents.firm import CERTIFIED, PRIVATE, Firm
from sim.agents.university import University
from sim.model import InnovationModel

SHORT = ["population=tiny", "end=2012Q4"]


class ProvinceWithAmbition(InnovationModel):
    """Private performers with little R&D set themselves a higher aim each quarter, up to three per cent of sales."""

    def __init__(self, scenario, seed=1, ambition=1.1):
        super().__init__(scenario, seed)
        self.ambition = ambition
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "period": lambda model: model.period,
                "performers": lambda model: len(model.agents_by_type[Firm].select(lambda f: f.has_rd == 1)),
                "R&D": lambda model: model.agents_by_type[Firm].agg("rd_actual_q", sum),
            },
            agent_reporters={"knowledge": lambda agent: getattr(agent, "knowledge", None)},
            agenttype_reporters={Firm: {"R&D": "rd_actual_q", "certified": lambda f: f.hnte_stage == CERTIFIED}},
        )

    def step(self):
        modest = self.agents_by_type[Firm].select(
            lambda f: f.has_rd == 1 and f.ownership == PRIVATE and f.rd_intensity < 0.03
        )
        modest.do(self.raise_aim)
        super().step()
        self.datacollector.collect(self)

    def raise_aim(self, firm):
        firm.rd_intensity = min(firm.rd_intensity * self.ambition, 0.03)
        firm.times_raised = getattr(firm, "times_raised", 0) + 1  # an attribute of one's own


def ran(ambition):
    model = ProvinceWithAmbition(load_scenario("history", SHORT), ambition=ambition)
    return model, model.run()


@pytest.fixture(scope="module")
def ambitious():
    return ran(1.1)


def test_the_behaviour_changes_the_province(ambitious):
    _, without = ran(1.0)
    model, found = ambitious
    rd = list(model.record.names).index("rd_actual")
    assert found.quarterly[-4:, rd].sum() > without.quarterly[-4:, rd].sum()


def test_a_behaviour_that_changes_nothing_leaves_the_same_bytes():
    """Looking at agents through views costs no draw and no digit."""
    plain = InnovationModel(load_scenario("history", SHORT)).run()
    assert ran(1.0)[1].quarterly.tobytes() == plain.quarterly.tobytes()


def test_the_stock_data_collector_sees_model_and_agents(ambitious):
    model, _ = ambitious
    table = model.datacollector.get_model_vars_dataframe()
    assert list(table["period"]) == [f"{year}Q{q}" for year in (2011, 2012) for q in (1, 2, 3, 4)]
    assert (table["performers"] > 0).all()
    assert table["R&D"].iloc[-1] == pytest.approx(sum(f.rd_actual_q for f in model.agents_by_type[Firm]))
    agents = model.datacollector.get_agent_vars_dataframe()
    assert agents.index.is_unique
    assert agents.loc[1, "knowledge"].notna().any()
    firms = model.datacollector.get_agenttype_vars_dataframe(Firm)
    last = firms.xs(8, level="Step")
    assert set(last.index) == {firm.unique_id for firm in model.agents_by_type[Firm]}


def test_agents_by_type_and_model_agents_are_those_of_the_columns(ambitious):
    model, _ = ambitious
    firms = model.agents_by_type[Firm]
    assert len(firms) == len(model.world.firms)
    assert len(model.agents) == sum(len(columns) for columns in model.world.kinds.values())
    assert University in model.agent_types
    known = {firm.unique_id: firm.sales_y for firm in firms}
    columns = model.world.firms
    rows = columns.rows()
    assert known == dict(zip(columns.uid[rows].tolist(), columns.sales_y[rows].tolist(), strict=True))


def test_a_firm_keeps_its_own_attributes_while_it_lives(ambitious):
    model, _ = ambitious
    raised = model.agents_by_type[Firm].select(lambda f: getattr(f, "times_raised", 0) >= 4)
    assert len(raised) > 0
    firm = next(iter(raised))
    assert firm in model.agents
    firm.rd_intensity = 0.25
    row = int(np.flatnonzero(model.world.firms.uid == firm.unique_id)[0])
    assert model.world.firms.rd_intensity[row] == 0.25
