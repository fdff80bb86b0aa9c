"""Joint chances of plans and conflicts between them, against runs made by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from experiments.outcomes import index, yearly_values
from experiments.plans import PLANS, conflict_view, flags_of, joint, plan_score, plan_scores
from experiments.reported import CONCENTRATION, INDEX, NETWORK, PAIRS
from experiments.scorecard import met, score, scorecard
from sim.catalogue.loader import catalogue
from tests.experiments.test_scorecard import results_with, rising

CAT = catalogue()


def meeting_all() -> dict[str, float]:
    """A level far on the good side for every indicator that plan A asks for, in its own unit."""
    return {row.indicator: 1e9 for row in CAT.targets.values() if row.plan == "A" and row.status == "simulated"}


def test_the_joint_chance_is_that_of_the_same_runs():
    """Two targets are each met in half of the runs, but never in the same ones."""
    paths = meeting_all() | {"hnte_stock": rising(1, 1, 2000, 2000), "patents_valid_invention": rising(2e4, 2e4, 1, 1)}
    results = results_with(**paths)
    assert score(CAT.targets["a_hnte"], results).probability == 0.5
    assert score(CAT.targets["a_patents"], results).probability == 0.5
    found = plan_score("A", results)
    assert found.joint == found.joint_main == 0.0
    assert found.mean_met == found.tested - 1
    assert (found.hardest_probability, found.rows) == (0.5, 23)
    together = plan_score("A", results_with(**(paths | {"patents_valid_invention": rising(1, 1, 2e4, 2e4)})))
    assert together.joint == together.joint_main == 0.5


def test_only_rows_with_number_direction_and_year_inside_the_run_are_tested():
    results = results_with()
    flags = flags_of(CAT.targets.values(), results)
    for target, row in CAT.targets.items():
        assert (target in flags) == (score(row, results).probability is not None), target
    assert "d_hnte_x2_5y" not in flags  # its year is 2023
    assert not [target for target in flags if "_ctx_" in target]
    counts = Counter(CAT.targets[target].plan for target in flags)
    assert {one.plan: one.tested for one in plan_scores([results])} == {plan: counts[plan] for plan in PLANS}


def test_nothing_tested_has_no_joint_chance():
    assert joint({}) is None
    assert met(CAT.targets["a_ht_va_gdp"], results_with()) is None


def test_a_number_and_its_revision_are_scored_each():
    """11,000 patents are enough for plan A and not for plan C."""
    results = results_with(patents_valid_invention=11_000.0)
    assert score(CAT.targets["a_patents"], results).probability == 1.0
    assert score(CAT.targets["c_patents"], results).probability == 0.0
    assert (CAT.targets["a_patents"].target, CAT.targets["c_patents"].target) == (10_000, 13_000)
    flags = flags_of([CAT.targets["a_patents"], CAT.targets["c_patents"]], results)
    assert len(flags) == 2
    assert joint(flags) == 0.0


def test_a_conflict_shows_its_targets_and_the_chance_of_all_together():
    """1,800 firms in 2020 and on: enough for plans A and C, too few for plan D."""
    results = results_with(hnte_stock=1800.0)
    view = {item["conflict"].id: item for item in conflict_view([results], scorecard([results]))}
    assert len(view) == len(CAT.conflicts) >= 15
    chances = {line["row"].target_id: line["chances"][0] for line in view["hnte_end"]["lines"]}
    assert chances == {"a_hnte": 1.0, "c_hnte": 1.0, "d_hnte": 0.0, "d_hnte_x2_5y": None}
    assert view["hnte_end"]["together"] == [0.0]


def test_the_index_is_the_geometric_mean_relative_to_the_first_year():
    parts = np.array([[2.0, 5.0], [4.0, 5.0], [2.0, 0.0]])
    found = index(parts)
    assert found[:2] == pytest.approx([100.0, 100.0 * 2**0.5])
    assert np.isnan(found[2])


def test_the_index_of_a_run_is_made_of_its_yearly_ratios():
    names = list(CAT.indicators)
    quarterly = np.ones((8, len(names)))
    for reported, actual, _ in PAIRS:
        quarterly[4:, names.index(reported)] = 4.0
        quarterly[4:, names.index(actual)] = 2.0
    assert yearly_values(quarterly)[:, names.index(INDEX)] == pytest.approx([100.0, 200.0])
    assert CAT.indicators[INDEX].parts == tuple(ratio for _, _, ratio in PAIRS)
    for reported, actual, ratio in PAIRS:
        assert CAT.indicators[ratio].parts == (reported, actual)


def test_what_the_report_shows_of_concentration_and_network_is_measured():
    assert {*CONCENTRATION, *NETWORK} <= set(CAT.indicators)
