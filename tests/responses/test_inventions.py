"""Inventions that are expected: their sum is what is drawn on average, and each firm's quarters are added up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from experiments.responses.arms import STEADY, scenario_of
from experiments.responses.beside import beside
from experiments.responses.inventions import Expected
from experiments.responses.lab import Lab
from experiments.responses.watching import of_firms
from sim.model import InnovationModel

K = 40
YEARS = range(2012, 2022)


def test_what_is_drawn_is_what_is_expected_but_for_chance():
    trace = Lab(0, K).trace(STEADY)
    for name, firms_alone in (("patent_applications_invention", False), ("firm_patent_applications", True)):
        drawn, expected = trace.of(name, YEARS) / K, trace.inventions(YEARS, firms_alone) / K
        chance = (expected / len(YEARS)) ** 0.5  # of a mean of Poisson years
        assert drawn == pytest.approx(expected, abs=4.0 * chance)
        assert expected > 10.0


def test_the_quarters_of_each_firm_are_added_up_and_beside_them_those_of_all_others():
    scenario = replace(scenario_of(STEADY, K), end="2011Q4")
    expected = Expected(scenario)
    with beside("file_patents", after=expected):
        InnovationModel(scenario, 1, 0).run()
    year, quarters = expected.by_year()[2011], expected.years[2011]
    assert len(quarters) == 4
    assert year.others == pytest.approx(sum(others for _, _, others in quarters))
    for uid in year.firms["uid"][:50]:
        mine = sum(filed[uids == uid].sum() for uids, filed, _ in quarters)
        assert of_firms(year.firms, "filed", np.array([uid])) == pytest.approx(mine)
    assert year.firms["filed"].sum() == pytest.approx(sum(filed.sum() for _, filed, _ in quarters))
