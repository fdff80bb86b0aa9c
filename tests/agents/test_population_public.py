"""Universities and institutes at the end of 2010: shares sum to one, R&D to its total, most in the capital."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.population_public import FIRST_INSTITUTE, FIRST_UNIVERSITY, public_bodies
from sim.catalogue.loader import catalogue
from tests.agents.test_traits import origin

KINDS = [(False, "population.n_universities", FIRST_UNIVERSITY), (True, "population.n_institutes", FIRST_INSTITUTE)]


def rd_of_2010(made):
    fiscal = catalogue().series("fiscal_st_expenditure")[2010] * 100.0
    return made.number("research_public.own_base_y") + made.number("research_public.fiscal_share") * fiscal


@pytest.mark.parametrize(("institutes", "count", "first"), KINDS)
def test_numbers_identities_and_shares(institutes, count, first):
    made = origin()
    bodies = public_bodies(made, institutes)
    n = int(made.number(count))
    assert bodies["uid"].tolist() == list(range(first, first + n))
    assert bodies["capacity_share"].sum() == pytest.approx(1.0)
    assert bodies["capacity_share"].min() > 0
    assert ((bodies["openness"] > 0.2) & (bodies["openness"] < 0.8)).all()
    assert set(bodies["city"]) <= set(range(len(catalogue().cities)))
    assert ("is_central" in bodies) == institutes


def test_rd_is_split_between_the_two_and_sums_to_that_of_2010():
    made = origin()
    rd = [4 * public_bodies(made, kind)["rd_q"].sum() for kind in (False, True)]
    assert sum(rd) == pytest.approx(rd_of_2010(made))
    assert rd[0] / sum(rd) == pytest.approx(made.number("research_public.universities_share"))


def test_knowledge_is_rd_times_its_ratio():
    bodies = public_bodies(origin(), True)
    assert bodies["knowledge"] == pytest.approx(4 * bodies["rd_q"] * origin().number("population.knowledge_ratio"))


def test_most_sit_in_the_capital():
    cities = np.concatenate([public_bodies(origin(), kind)["city"] for kind in (False, True)])
    assert (cities == 0).mean() == pytest.approx(origin().number("population.public_capital_share"), abs=0.06)
    assert (cities > 0).any()


def test_a_scaled_run_has_fewer_bodies_and_its_part_of_the_rd_and_never_less_than_four():
    made = origin(scale=8)
    bodies = [public_bodies(made, kind) for kind in (False, True)]
    assert [len(b["uid"]) for b in bodies] == [made.count(count) for _, count, _ in KINDS]
    assert 4 * sum(b["rd_q"].sum() for b in bodies) == pytest.approx(rd_of_2010(made) / 8)
    assert len(public_bodies(origin(scale=1000), False)["uid"]) == 4
