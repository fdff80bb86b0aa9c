"""What may never happen in any scenario: undefined or negative values, shares beyond one, groups that do not add up."""

from __future__ import annotations

import numpy as np
import pytest

from sim.agents.firm import Firm
from sim.catalogue.loader import catalogue
from sim.model import InnovationModel, RunError
from tests.behaviour.runs import NAMES, PROJECT, after_step, by_quarter, by_year, outcome, scenario

SCENARIOS = sorted(path.stem for path in (PROJECT / "configs" / "scenario").glob("*.yaml"))
WHOLE = "population.k=20"
ROWS = catalogue().indicators
# shares of sales of high-tech firms are over those of industry, which does not contain them all
PERCENTAGES = [n for n in NAMES if ROWS[n].unit == "%" and n != "hnte_sales_share_of_above_scale_sales"]
GROUPED = sorted((n, dimension) for n in NAMES for dimension in ROWS[n].by)
UNBOUNDED_BELOW = {"margin", "margin_offset", "profit_year", "certificate_gain", "quality", "price_answer"}
UNIT_INTERVAL = (
    "misuse_share", "claim_rank", "certificate_readiness", "cognitive_position", "new_product_share",
    "alliance_benefit", "tie_strength", "voucher_effect", "tax_cut", "ratio_floor",
)  # fmt: skip


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_value_is_undefined_or_negative(name):
    """A share of nothing has no value, and what is measured once a year has none in between."""
    values = outcome(name, WHOLE).quarterly
    always = np.array([ROWS[n].kind in ("flow", "stock") for n in NAMES])
    bad = ~np.isfinite(values).all(axis=0) & always
    assert not bad.any(), [NAMES[i] for i in np.flatnonzero(bad)]
    assert not (values < 0.0).any(), [NAMES[i] for i in np.flatnonzero((values < 0.0).any(axis=0))]
    assert not np.isinf(values).any()


@pytest.mark.parametrize("name", SCENARIOS)
def test_percentages_are_between_0_and_100(name):
    for indicator in PERCENTAGES:
        assert not (by_quarter(outcome(name, WHOLE), indicator) > 100.0).any(), indicator


def test_every_ratio_is_its_numerator_over_its_denominator():
    found = outcome("history", WHOLE)
    for row in ROWS.values():
        if row.kind == "ratio":
            above, below = by_quarter(found, row.numerator), by_quarter(found, row.denominator)
            with np.errstate(divide="ignore", invalid="ignore"):
                expected = np.where(below == 0.0, np.nan, row.factor * above / below)
            made = by_quarter(found, row.indicator)
            assert np.allclose(made, expected, rtol=1e-12, equal_nan=True), row.indicator


def test_parts_are_never_more_than_the_whole():
    pairs = [
        ("ind_firms_with_rd", "ind_firms_above_scale"), ("ind_rd_expenditure", "rd_performed_by_firms"),
        ("rd_performed_by_firms", "rd_expenditure"), ("hnte_new_certificates", "hnte_approvals_in_year"),
        ("etc_provincial", "etc_three_tier"), ("innovation_alliances_national", "innovation_alliances"),
        ("tech_contracts_inside_value", "tech_contracts_output_value"), ("soe_firms_with_rd", "soe_firms"),
        ("large_firms_with_rd_institution", "large_firms"), ("covered_firms_changzhi", "covered_firms"),
        ("demonstration_firms_national", "demonstration_firms"), ("soe_key_firms", "soe_firms"),
    ]  # fmt: skip
    for name in SCENARIOS:
        found = outcome(name, WHOLE)
        for part, whole in pairs:
            assert (by_quarter(found, part) <= by_quarter(found, whole) + 1e-9).all(), part


@pytest.mark.parametrize(("indicator", "dimension"), GROUPED, ids=str)
def test_groups_sum_to_the_province(indicator, dimension):
    """Cities to the last digit of the fixed point; sectors, sizes and ownerships of all firms likewise."""
    found = outcome("history", WHOLE)
    total = found.groups[indicator, dimension].sum(axis=1)
    assert np.allclose(total, by_year(found, indicator), rtol=1e-12, atol=1e-9)


def breaches(world):
    """Columns of living agents outside their domain."""
    found = []
    for kind, columns in world.kinds.items():
        rows = columns.rows()
        for name, column in columns.declared.items():
            values = columns[name][rows]
            free = name in UNBOUNDED_BELOW or column.refers_to is not None or column.default == -1
            if values.dtype.kind == "f" and not np.isfinite(values).all():
                found.append(f"{kind}.{name} is not finite")
            elif not free and (values < 0).any() and name not in ("members", "member_uids"):
                found.append(f"{kind}.{name} is negative")
            elif kind == "firm" and name in UNIT_INTERVAL and (values > 1.0).any():
                found.append(f"{kind}.{name} is above one")
    return found


def test_every_column_of_every_agent_stays_in_its_domain():
    model = InnovationModel(scenario("all_plans", WHOLE))
    while model.steps < model.n_quarters:
        model.step()
        assert breaches(model.world) == [], model.period


def test_the_columns_named_here_exist():
    assert set(UNIT_INTERVAL) | UNBOUNDED_BELOW <= set(Firm.declared())


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [("knowledge", -1.0, "negative"), ("voucher_effect", 1.5, "above one"), ("cash", np.nan, "not finite")],
)
def test_broken_columns_are_found(column, value, words, monkeypatch):
    """Vacuity guard: a mechanism that leaves the domain of one firm."""

    def spoil(world):
        world.firms[column][world.firms.rows()[0]] = value

    after_step(monkeypatch, "cross_line", spoil)
    model = InnovationModel(scenario("history", "population=tiny", "end=2011Q1"))
    model.step()
    assert any(f"firm.{column}" in text and words in text for text in breaches(model.world))


def test_a_value_that_is_not_finite_stops_the_run_and_names_quarter_and_indicator(monkeypatch):
    def spoil(world):
        if world.calendar.quarter == 2:
            world.exogenous["gdp_revised"] = float("nan")

    after_step(monkeypatch, "settle_accounts", spoil)
    with pytest.raises(RunError, match=r"2011Q3: .*gdp_revised"):
        InnovationModel(scenario("history", "population=tiny", "end=2011Q4")).run()


def test_broken_groups_are_found(monkeypatch):
    """Vacuity guard: a firm that is counted in no city."""
    import sim.indicators.measure
    from sim.indicators.census import take_census

    def lose_a_city(world):
        amounts, numbers = take_census(world)
        amounts[0] //= 2
        return amounts, numbers

    monkeypatch.setattr(sim.indicators.measure, "take_census", lose_a_city)
    found = InnovationModel(scenario("history", "population=tiny", "end=2011Q4")).run()
    assert found.groups["rd_actual", "city"].sum() < 0.99 * by_year(found, "rd_actual").sum()
