"""Firms at the end of 2010: sizes, performers, certificates, and whole numbers that sum to their total."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from sim.agents.firm import CERTIFIED, MEDIUM, PRIVATE
from sim.agents.population_certificates import threshold_of
from sim.agents.population_firms import (
    FIRST_UID,
    above_scale_firms,
    above_scale_sales,
    allot,
    finish_firms,
    largest_firms,
    pipe_of_filings,
    small_firms,
)
from sim.catalogue.loader import catalogue
from tests.agents.test_traits import origin


@cache
def upper():
    return finish_firms(origin(), above_scale_firms(origin()))


@cache
def lower():
    return finish_firms(origin(), small_firms(origin(), FIRST_UID + len(upper()["uid"])))


@given(some.lists(some.floats(0, 1e6), min_size=1, max_size=30), some.integers(0, 5000), some.floats(0, 0.999))
def test_parts_sum_to_the_whole_and_nobody_without_weight_gets_any(weights, total, u):
    weights = np.array(weights)
    parts = allot(weights, total, u)
    assert parts.sum() == (total if weights.sum() > 0 else 0)
    assert parts.min() >= 0


def test_parts_are_within_one_of_their_share():
    weights = np.array([1.0, 2.0, 3.0, 4.0])
    for u in (0.0, 0.3, 0.99):
        assert np.abs(allot(weights, 25, u) - 2.5 * weights).max() < 1.0
    assert allot(weights, 0, 0.5).tolist() == [0, 0, 0, 0]


def test_thresholds_by_sales():
    sales = np.array([49.9, 50.0, 200.0, 200.1])
    assert threshold_of(origin(), sales).tolist() == [0.06, 0.04, 0.04, 0.03]
    assert threshold_of(origin(), sales, 2016).tolist() == [0.05, 0.04, 0.04, 0.03]


def test_sizes_fall_from_the_largest_and_the_body_has_its_median():
    sales = above_scale_sales(origin(), 3700)
    assert (np.diff(sales) <= 0).all()
    assert sales.min() >= 20.0
    assert sales.max() <= catalogue().parameter("population.tail_cap").value
    body = np.sort(sales)[:3330]
    assert 85.0 < np.median(body) < 115.0, "cut at the line, the median of the rest lies above 85"
    heavier = np.log(sales[:370] / sales[369]).mean()
    assert heavier == pytest.approx(1 / 1.1, rel=0.1), "Hill's estimate of the tail"


def test_above_scale_firms_meet_revenue_and_named_firms_are_as_given():
    firms = upper()
    assert firms["sales_y"].sum() == pytest.approx(catalogue().series("ind_revenue")[2010] * 100)
    assert firms["sales_y"].min() >= 20.0
    listed = catalogue().table("largest_firms.sales")
    assert firms["sales_y"][:20] == pytest.approx(np.sort(listed)[::-1])
    assert sorted(firms["rd_reported_1y"][:20]) == pytest.approx(
        sorted(catalogue().table("largest_firms.rd")), rel=0.01
    ), "a certified one is raised to its threshold and the margin above it"
    assert firms["uid"].tolist() == list(range(1, len(firms["uid"]) + 1))


@pytest.mark.parametrize("k", [1, 3, 8, 40])
def test_the_largest_firms_scale_in_number_and_in_sum(k: int):
    found = largest_firms(replace(origin(), scale=k))
    assert len(found["rd"]) == -(-20 // k)
    for name in ("rd", "sales"):
        assert found[name].sum() * k == pytest.approx(catalogue().table(f"largest_firms.{name}").sum())
    assert (np.diff(found["sales"]) <= 0).all()


def test_performers_and_their_rd():
    number = origin().number
    for firms, count, rd in ((upper(), "performers_above_scale", "rd_above_scale"),
                             (lower(), "performers_small", "rd_other_enterprises")):  # fmt: skip
        performs = firms["has_rd"] == 1
        assert performs.sum() == number(f"population.{count}")
        assert firms["rd_reported_1y"].sum() == pytest.approx(number(f"population.{rd}"), rel=0.02)
        assert (firms["rd_reported_1y"][performs] > 0).all()
        assert not firms["rd_reported_1y"][~performs].any()
        assert (firms["can_innovate"][performs] == 1).all()


def test_the_published_rd_of_large_and_medium_firms_is_met():
    firms = upper()
    large = firms["size_class"] >= MEDIUM
    known = catalogue().series("lm_ind_rd_expenditure")[2010] * 100
    assert firms["rd_reported_1y"][large].sum() == pytest.approx(known, rel=1e-6)


def test_holders_meet_their_threshold_and_are_as_many_as_known():
    held = 0
    for firms in (upper(), lower()):
        holder = firms["hnte_stage"] == CERTIFIED
        ratio = firms["rd_reported_1y"][holder] / firms["sales_y"][holder]
        assert (ratio >= threshold_of(origin(), firms["sales_y"][holder])).all()
        assert (firms["is_high_tech_field"][holder] == 1).all()
        assert (firms["has_rd"][holder] == 1).all()
        assert set(firms["hnte_quarters_left"][holder]) <= set(range(1, 13))
        assert not firms["hnte_quarters_left"][~holder].any()
        held += int(holder.sum())
    assert held == catalogue().series("hnte_stock")[2010]


def test_small_firms_are_below_the_line_if_they_are_industry():
    firms = lower()
    industry = firms["is_industrial"] == 1
    assert firms["sales_y"][industry].max() < 20.0
    assert np.median(firms["sales_y"]) == pytest.approx(4.0, rel=0.1)
    assert firms["uid"][0] == upper()["uid"][-1] + 1
    assert not firms["is_above_scale"].any()


def test_what_follows_from_size_and_rd():
    for firms in (upper(), lower()):
        performs = firms["has_rd"] == 1
        assert (firms["rd_actual_q"] <= firms["rd_reported_q"] + 1e-15).all()
        assert 4 * firms["rd_reported_q"] == pytest.approx(firms["rd_reported_1y"])
        assert firms["knowledge"] == pytest.approx(
            4 * firms["rd_actual_q"] * origin().number("population.knowledge_ratio")
        )
        assert set(np.round(firms["user_cost_base"], 3)) <= {0.833, 0.912, 1.0}
        assert set(np.round(firms["tax_value_base"], 3)) <= {0.125, 0.075, 0.0}
        state = firms["ownership"] != PRIVATE
        by_state = firms["rd_reported_q"][state & performs] / firms["rd_actual_q"][state & performs]
        appraised = 1.0 + catalogue().parameter("report_rd.relabel_state").value
        assert (by_state < appraised + 0.01).all(), "who hardly answers prices hardly relabels for them"
        paper = firms["relabelled_share"][performs & ~state]
        assert set(np.round(paper, 4)) <= {0.0781, 0.0469, 0.0}
        assert not firms["relabelled_share"][~performs].any()
        assert np.array_equal(firms["covered"] == 1, performs)


def test_the_pipe_of_filings_rises_and_ends_with_the_year_2010():
    pipe = pipe_of_filings(origin())
    assert len(pipe) == 12
    assert sum(pipe[-4:]) == pytest.approx(catalogue().series("patent_applications_invention")[2010], abs=2)
    assert (np.diff(pipe[2:8]) >= 0).all()
    assert (np.diff(pipe[8:]) > 0).all()
