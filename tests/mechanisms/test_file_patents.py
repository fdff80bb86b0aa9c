"""Patents: the filing law, the wait in the ring, and a stock whose identity holds to the item."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.agents.firm import PIPELINE_QUARTERS
from sim.mechanisms.file_patents import Params, file_patents
from tests.mechanisms.few_firms import Said, few, first, tell
from tests.mechanisms.worlds import params, small_world

PLAIN = {"elasticity": 0.5, "drift_y": 0.0, "step_2011": 1.0, "pendency_q": 10, "lapse_start_y": 0.0,
         "lapse_end_y": 0.0, "soft_ip_hazard": 0.0, "individual_growth_y": 0.0}  # fmt: skip
NEVER = 0.999999999


def office(world, level=(1.0, 0.0, 0.0)):
    world.indices |= {
        "filing_level": np.array(level, float), "individuals_in_force": np.zeros(1, np.int64),
        "individuals_pending": np.zeros(PIPELINE_QUARTERS, np.int64),
    }  # fmt: skip
    for kind in (world.universities, world.institutes):
        kind.inventions_in_force[:] = 0
    return world


def patents(world, quarter=0, said=None, throughput=0.4, **changes):
    world.calendar.quarter = quarter
    world.exogenous["patent_office_throughput"] = throughput
    file_patents(world, params(Params, **(PLAIN | changes)), said or Said())
    return world.firms


def test_filings_by_hand():
    world = office(few(4, knowledge=[0.0, 4.0, 4.0, 16.0], patent_propensity=[1.0, 1.0, 2.0, 1.0]))
    firms = patents(world)
    assert first(firms, "filings_q") == [0, *stats.poisson.ppf(0.5, [2.0, 4.0, 4.0]).astype(int)]
    assert first(firms, "filings_year") == first(firms, "filings_q")
    assert firms.inventions_pending[:4, 0].tolist() == first(firms, "filings_q")
    assert world.flows["filings"] == sum(first(firms, "filings_q"))


def test_without_knowledge_or_propensity_there_are_no_filings_at_the_luckiest_draw():
    firms = patents(
        office(few(3, knowledge=[0.0, 1e-12, 50.0], patent_propensity=[9.0, 9.0, 0.0])), said=Said(patents__file=NEVER)
    )
    assert first(firms, "filings_q") == [0, 0, 0]


def test_drift_and_step_multiply_the_mean():
    said = Said(patents__file=0.5)
    for years, factor in ((0.125, np.exp(0.2 * 0.125)), (3.125, np.exp(0.2 * 3.125))):
        firms = patents(
            office(few(1, knowledge=100.0, patent_propensity=1.0)), int(4 * years), said, drift_y=0.2, step_2011=1.5
        )
        assert firms.filings_q[0] == stats.poisson.ppf(0.5, 15.0 * factor)


def test_a_filing_waits_ten_quarters_and_is_granted_once():
    world = office(few(1, knowledge=25.0, patent_propensity=1.0))
    filed = patents(world).filings_q[0]
    granted = []
    for quarter in range(1, 25):
        world.firms.knowledge[0] = 0.0
        granted.append(int(patents(world, quarter, throughput=1.0).grants_q[0]))
    assert filed > 0
    assert granted == [0] * 9 + [filed] + [0] * 14
    assert world.firms.inventions_in_force[0] == filed


def test_what_the_office_refused_is_not_looked_at_again():
    world = office(few(1, knowledge=25.0, patent_propensity=1.0))
    assert patents(world, throughput=0.0).filings_q[0] > 0
    world.firms.knowledge[0] = 0.0
    for quarter in range(1, PIPELINE_QUARTERS + 1):  # when the ring has come round its place is that of a new quarter
        patents(world, quarter, throughput=0.0)
    assert world.firms.inventions_pending[0].tolist() == [0] * PIPELINE_QUARTERS


@pytest.mark.parametrize("pendency", [8, 11, 12])
def test_the_wait_is_the_parameter_s(pendency):
    world = office(few(1, knowledge=25.0, patent_propensity=1.0))
    filed = patents(world, 0, pendency_q=pendency).filings_q[0]
    grants = []
    for quarter in range(1, 14):
        world.firms.knowledge[0] = 0.0
        grants.append(int(patents(world, quarter, throughput=1.0, pendency_q=pendency).grants_q[0]))
    assert grants.index(filed) + 1 == pendency


def test_the_office_grants_its_share():
    world = office(few(1))
    world.firms.inventions_pending[0, 2] = 40  # the place of the quarter ten before the first
    assert patents(world, said=Said(patents__grant=0.7)).grants_q[0] == stats.binom.ppf(0.7, 40, 0.4)
    world.firms.inventions_pending[0, 2] = 40
    assert patents(world, throughput=0.0).grants_q[0] == 0


def test_lapse_moves_from_its_start_to_its_end_over_six_years():
    for quarter, yearly in ((0, 0.4 - 0.2 * 0.125 / 6), (11, 0.4 - 0.2 * 2.875 / 6), (40, 0.2)):
        world = office(few(1, inventions_in_force=200))
        patents(world, quarter, lapse_start_y=0.4, lapse_end_y=0.2)
        assert 200 - world.firms.inventions_in_force[0] == stats.binom.ppf(0.5, 200, 1 - (1 - yearly) ** 0.25)


def test_new_grants_do_not_lapse_in_their_quarter():
    world = office(few(1))
    world.firms.inventions_pending[0, 2] = 40
    patents(world, throughput=1.0, lapse_start_y=1.0, lapse_end_y=1.0)
    assert world.firms.inventions_in_force[0] == 40


def test_individuals_are_one_owner():
    world = office(few(1), level=(0.0, 0.0, 30.0))
    world.indices["individuals_in_force"][0] = 100
    world.indices["individuals_pending"][2] = 50
    patents(world, lapse_start_y=0.4, lapse_end_y=0.4)
    granted, lapsed = stats.binom.ppf(0.5, 50, 0.4), stats.binom.ppf(0.5, 100, 1 - 0.6**0.25)
    assert world.flows == {"filings": stats.poisson.ppf(0.5, 30.0), "grants": granted, "lapses": lapsed}
    assert world.indices["individuals_in_force"][0] == 100 + granted - lapsed


def stock(world):
    kinds = (world.firms, world.universities, world.institutes)
    held = sum(int(kind.inventions_in_force[kind.alive == 1].sum()) for kind in kinds)
    return held + int(world.indices["individuals_in_force"][0])


def test_in_force_is_what_was_plus_granted_less_lapsed_to_the_item():
    world = office(small_world(), level=(0.4, 0.3, 20.0))
    world.exogenous = few(1).exogenous
    world.firms.patent_propensity[:] = 1.0
    for kind in (world.universities, world.institutes):
        tell(kind, patent_propensity=np.ones(kind.capacity))
    totals = np.zeros(3, int)
    for quarter in range(30):
        before = stock(world)
        world.draws.open_quarter(quarter)
        patents(world, quarter, world.draws, lapse_start_y=0.1, lapse_end_y=0.07)
        flows = [world.flows[name] for name in ("filings", "grants", "lapses")]
        assert stock(world) == before + flows[1] - flows[2]
        totals += flows
    assert (totals > 100).all()
    assert totals[1] <= totals[0]


def test_performers_register_other_rights_by_their_hazard():
    world = office(few(3, has_rd=[1, 1, 0]))
    hazard = 1 - 0.3**0.25
    patents(world, said=Said(patents__soft_ip=[hazard - 1e-9, hazard + 1e-9, 0.0001]), soft_ip_hazard=0.7)
    assert first(world.firms, "soft_ip") == [1, 0, 0]


def test_more_knowledge_never_files_less():
    world = office(few(6, knowledge=[0.0, 1.0, 5.0, 25.0, 125.0, 999.0], patent_propensity=1.0))
    assert (np.diff(first(patents(world), "filings_q")) >= 0).all()


def test_more_filings_than_the_ring_holds_stop_the_run():
    with pytest.raises(OverflowError, match=r"a firm filed \d+ inventions in a quarter, more than 32767"):
        patents(office(few(1, knowledge=1e12, patent_propensity=1.0)))
