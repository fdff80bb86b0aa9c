"""Inventions that are expected: their sum is what is drawn on average, and each firm's quarters are added up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from experiments.responses.arms import STEADY, scenario_of
from experiments.responses.beside import beside
from experiments.responses.inventions import Expected, OfYear, filed_by
from experiments.responses.lab import Lab
from sim.model import InnovationModel

K = 40
YEARS = range(2012, 2022)


def test_what_is_drawn_is_what_is_expected_but_for_chance():
    trace = Lab(0, K).trace(STEADY)
    for name, of_firms in (("patent_applications_invention", False), ("firm_patent_applications", True)):
        drawn, expected = trace.of(name, YEARS) / K, trace.inventions(YEARS, of_firms) / K
        chance = (expected / len(YEARS)) ** 0.5  # of a mean of Poisson years
        assert drawn == pytest.approx(expected, abs=4.0 * chance)
        assert expected > 10.0


def test_each_firm_s_quarters_are_added_up():
    year = OfYear(np.array([5, 3, 5, 9]), np.array([1.0, 2.0, 4.0, 8.0]), 0.0)
    np.testing.assert_array_equal(filed_by(year, np.array([9, 4, 5])), [8.0, 0.0, 5.0])
    assert filed_by(year, np.zeros(0, np.int64)).shape == (0,)


def test_firms_and_others_make_up_the_province():
    scenario = replace(scenario_of(STEADY, K), end="2011Q4")
    expected = Expected(scenario)
    with beside("file_patents", after=expected):
        world = InnovationModel(scenario, 1, 0)
        world.run()
    year = expected.by_year()[2011]
    everybody = np.unique(year.uids)
    assert filed_by(year, everybody).sum() == pytest.approx(year.filed.sum())
    assert year.others > 0.0
    assert len(expected.years[2011]) == 4
