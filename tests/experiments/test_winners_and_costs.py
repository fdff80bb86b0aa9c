"""Paired differences by group and cost of outcomes against numbers worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from experiments.compose import load_scenario
from experiments.costs import OUTCOMES, outcome_costs, public_cost
from experiments.outcomes import PROVINCE, Results, categories, periods
from experiments.pairs import paired, reference_of, whole_run
from experiments.winners import HEADLINES, differences, winner_view
from experiments.words import DIMENSIONS, GROUPS
from sim.catalogue.loader import catalogue

CAT = catalogue()
NAMES = list(CAT.indicators)
FIVE = (0, 1, 2, 3, 4)  # fewer seeds that agree may do so by luck
SCENARIO = load_scenario("history", ["end=2013Q4"])
GROUP_NAMES = [PROVINCE, *(f"{d}={label}" for d in DIMENSIONS for label in categories(d))]


def book(disbursed_million: float, tax_million: float, scale: int = 1) -> dict:
    lines = {"rd_grant": {"disbursed": int(disbursed_million * 1e6 / scale), "appropriated": 0, "unspent": 0}}
    return {"ledger": {"2012": lines}, "tax_expenditure": {"2013": {"super_deduction": tax_million}}, "scale": scale}


def results_with(name: str, replicates=(0, 1, 2, 3), spent=None, tax=0.0, **paths) -> Results:
    """Runs of three years; an indicator's yearly value in every group is that of its run, else 1."""
    yearly = np.ones((len(replicates), 3, len(NAMES)))
    for indicator, values in paths.items():
        yearly[:, :, NAMES.index(indicator)] = np.asarray(values)[:, np.newaxis]
    quarterly = np.ones((len(replicates), len(periods(SCENARIO)), len(NAMES)))
    books = [book(million, tax) for million in spent or (0.0,) * len(replicates)]
    return Results(
        replace(SCENARIO, name=name), tuple(replicates), quarterly, dict.fromkeys(GROUP_NAMES, yearly), books
    )


def test_runs_are_paired_by_replicate():
    mine, theirs = paired(results_with("a", (3, 0, 2, 1)), results_with("b", (0, 2, 3, 7)))
    assert (mine.tolist(), theirs.tolist()) == ([1, 2, 0], [0, 1, 2])


def test_flows_are_added_up_and_stocks_are_those_of_the_end():
    one = results_with("history")
    one.groups[PROVINCE][0, :, NAMES.index("hnte_stock")] = [1, 2, 5]
    one.groups[PROVINCE][0, :, NAMES.index("rd_expenditure")] = [1, 2, 5]
    assert whole_run(one, "hnte_stock")[0] == 5
    assert whole_run(one, "rd_expenditure")[0] == 8
    assert whole_run(one, "hnte_stock", "city=Atlantis") is None


def test_differences_by_hand():
    """Stock of firms: 10, 20, 30, 40 in the reference; 11, 22, 33, 39 with the policy."""
    reference = results_with("history", hnte_stock=[10, 20, 30, 40])
    policy = results_with("plan_x", hnte_stock=[11, 22, 33, 39])
    found = {(d.dimension, d.group, d.indicator): d for d in differences([reference, policy])}
    assert len(found) == len(GROUP_NAMES) * len(HEADLINES)
    one = found["city", "Taiyuan", "hnte_stock"]
    assert (one.scenario, one.unit, one.runs, one.reference_mean) == ("plan_x", "firm", 4, 25.0)
    assert one.difference == pytest.approx(5 / 4)
    assert one.difference_p05 == pytest.approx(-1 + 0.15 * 2)
    assert one.difference_p95 == pytest.approx(2 + 0.85)
    assert one.gain_share == 0.75
    assert one.percent == pytest.approx(5.0)
    assert one.percent_p95 == pytest.approx(10.0)
    assert not one.is_beyond_chance
    same = found["", PROVINCE, "ind_newproduct_sales"]
    assert (same.difference, same.gain_share, same.percent) == (0.0, 0.0, 0.0)


def test_a_group_that_has_nothing_in_the_reference_has_no_percentage():
    found = differences([results_with("history", firm_support=[0, 1, 1, 1]), results_with("x", firm_support=[1] * 4)])
    assert {one.percent for one in found if one.indicator == "firm_support"} == {None}


def test_winners_are_named_in_the_order_of_their_gain():
    reference, policy = results_with("history", FIVE), results_with("x", FIVE)
    for group, gain in (("city=Datong", 2.0), ("sector=S05", 3.0), ("city=Linfen", 0.5)):
        policy.groups[group] = policy.groups[group] * gain
    (view,) = winner_view([reference, policy], differences([reference, policy]))
    line = view["ranked"][0]
    assert [(name[0], round(value)) for name, value in line["gain"]] == [("Equipment", 200), ("Datong", 100)]
    assert [(name[1], round(value)) for name, value in line["lose"]] == [("临汾", -50)]


def test_every_group_and_dimension_has_words():
    assert {d for row in CAT.indicators.values() for d in row.by} == set(DIMENSIONS)
    assert set(GROUPS) == {*categories("size"), *categories("ownership")}


def test_every_headline_has_all_groups():
    assert all(set(CAT.indicators[name].by) == set(DIMENSIONS) for name in HEADLINES)


def test_public_cost_is_what_was_paid_for_the_whole_province_and_not_collected():
    assert public_cost(book(8.0, 2.5, scale=8)) == pytest.approx(10.5)


def test_cost_of_a_unit_by_hand():
    """40 million yuan more (30 paid, 10 of tax) for 10, 20, 10, 20 and 15 certified firms more."""
    reference = results_with("history", FIVE, hnte_stock=[100] * 5)
    policy = results_with("x", FIVE, spent=[30.0] * 5, tax=10.0, hnte_stock=[110, 120, 110, 120, 115])
    found = {one.indicator: one for one in outcome_costs([reference, policy])}
    assert set(found) == set(OUTCOMES)
    one = found["hnte_stock"]
    assert (one.cost, one.cost_p05, one.effect) == (40.0, 40.0, 15.0)
    assert one.cost_per_unit == pytest.approx(40 / 15)
    assert one.cost_per_unit_p05 == pytest.approx(2.0)
    assert one.cost_per_unit_p95 == pytest.approx(4.0)


def test_an_effect_whose_band_holds_zero_has_no_cost():
    reference = results_with("history", FIVE, hnte_stock=[100] * 5)
    policy = results_with("x", FIVE, spent=[30.0] * 5, hnte_stock=[90, 110, 110, 110, 110])
    found = {one.indicator: one for one in outcome_costs([reference, policy])}
    for name in ("hnte_stock", "rd_expenditure"):
        assert found[name].cost == 30.0
        assert found[name].cost_per_unit is None
        assert found[name].cost_per_unit_p95 is None


@pytest.mark.parametrize(("spent", "firms"), [(-30.0, 90), (-30.0, 110), (30.0, 90)])
def test_money_saved_or_an_outcome_lost_has_no_cost_of_a_unit(spent: float, firms: int):
    """30 million saved for 10 firms fewer is not 3 million a firm gained."""
    reference = results_with("history", FIVE, hnte_stock=[100] * 5)
    policy = results_with("x", FIVE, spent=[spent] * 5, hnte_stock=[firms] * 5)
    found = {one.indicator: one for one in outcome_costs([reference, policy])}
    assert (found["hnte_stock"].cost, found["hnte_stock"].effect) == (spent, firms - 100)
    assert found["hnte_stock"].cost_per_unit is None


def test_four_seeds_that_agree_are_too_few_to_name_anybody():
    reference, policy = results_with("history", hnte_stock=[100] * 4), results_with("x", hnte_stock=[110] * 4)
    assert {(one.is_beyond_chance, one.tint) for one in differences([reference, policy])} == {(False, "")}
    reference = results_with("history", FIVE, hnte_stock=[100] * 5)
    policy = results_with("x", FIVE, hnte_stock=[110] * 5)
    tints = {(one.indicator, one.tint) for one in differences([reference, policy])}
    assert ("hnte_stock", "gain") in tints
    assert ("firm_support", "") in tints


def test_one_run_has_no_band_and_so_no_cost():
    reference = results_with("history", (0,), (0.0,), hnte_stock=[100])
    policy = results_with("x", (0,), (30.0,), hnte_stock=[110])
    assert {one.cost_per_unit for one in outcome_costs([reference, policy])} == {None}


def test_the_reference_is_history_wherever_it_stands():
    found = [results_with("x"), results_with("history")]
    assert reference_of(found) is found[1]
    assert reference_of(found[:1]) is found[0]
    assert {one.scenario for one in differences(found)} == {"x"}
    assert differences(found[:1]) == []
