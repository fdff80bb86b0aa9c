"""Nothing happens before its time: policies start when they start, and no quarter knows a later year."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.catalogue.loader import catalogue
from sim.model import InnovationModel
from sim.scenario_reading import LeverSetting
from tests.behaviour.runs import (
    ACTIVE,
    LEVERS,
    NATIONAL_LAW,
    differences,
    digest,
    first_difference,
    fresh,
    outcome,
    replace_step,
    scenario,
)

SHORT = ("population=tiny", "end=2014Q4")
START_2014 = 12  # quarters before 2014Q1
SCALE = {"credit_guarantee": 1}  # few firms lack finance: among merged ones there may be none for years
DRIVERS = (
    *("ind_revenue", "ind_profit_margin", "coal_price", "gdp_published", "gdp_revised", "gdp_deflator"),
    *("patent_office_throughput", "fiscal_st_expenditure"),
)


def changed(series: str) -> tuple[str, ...]:
    """The overrides that raise a driver by a tenth from 2014 on."""
    values = catalogue().series(series)
    latest = max(year for year in values if year <= 2014)
    return (*SHORT, f"driver.{series}={{2014: {values[latest] * 1.1:.6g}}}")


@pytest.mark.parametrize("lever", LEVERS)
def test_a_policy_that_starts_in_2014_leaves_all_quarters_before_as_they_were(lever):
    base = (f"population.k={SCALE.get(lever, 20)}", "end=2017Q4", *(o for o in NATIONAL_LAW if lever not in o))
    found = outcome("no_policy", *base, *ACTIVE[lever], f"lever.{lever}.start=2014Q1")
    first = first_difference(found, outcome("no_policy", *base))
    assert START_2014 <= first < len(found.quarterly), "it must act, but not before its start"


def test_a_plan_leaves_history_before_its_first_quarter_as_it_was():
    found = outcome("plan_b_2014", "population=tiny", "end=2015Q4")
    first = first_difference(found, outcome("history", "population=tiny", "end=2015Q4"))
    assert START_2014 <= first < 20


def test_broken_start_of_a_policy_is_found(monkeypatch):
    """Vacuity guard: levers that are in force whatever their start says."""
    tried = scenario("no_policy", *SHORT, *ACTIVE["rd_grant"], "lever.rd_grant.start=2014Q1")
    base = outcome("no_policy", *SHORT)
    monkeypatch.setattr(LeverSetting, "in_force", lambda self, quarter: True)
    assert first_difference(fresh(tried), base) < START_2014


@pytest.mark.parametrize("series", DRIVERS)
def test_no_quarter_knows_a_later_year(series):
    """A tenth more of a driver in 2014 changes 2014 and nothing before (few grants: not each quarter shows it)."""
    first = first_difference(outcome("history", *changed(series)), outcome("history", *SHORT))
    assert START_2014 <= first < START_2014 + (4 if series == "patent_office_throughput" else 1)


def test_a_shorter_run_is_the_beginning_of_a_longer_one():
    """How long a run is to go on is not known inside it."""
    short, long = outcome("history", "population=tiny", "end=2013Q4"), outcome("history", *SHORT)
    assert first_difference(short, long) == START_2014


def test_broken_look_ahead_is_found(monkeypatch):
    """Vacuity guard: drivers read one quarter early."""

    def early(world, params, draws):
        true(world, params, draws)
        world.exogenous = {
            name: float(path[min(world.calendar.quarter + 1, len(path) - 1)]) for name, path in world.paths.items()
        }

    true = replace_step(monkeypatch, "open_quarter", early)
    base = fresh(scenario("history", *SHORT))
    for series in DRIVERS[:2]:
        assert first_difference(fresh(scenario("history", *changed(series))), base) < START_2014
    assert first_difference(fresh(scenario("history", "population=tiny", "end=2013Q4")), base) < START_2014


def test_names_and_titles_of_a_scenario_change_nothing():
    tried = scenario("history", *SHORT)
    renamed = replace(tried, name="another_name", title_en="x", title_zh="y", notes=("z",))
    assert renamed.fingerprint() == tried.fingerprint()
    assert differences(fresh(renamed), outcome("history", *SHORT)) == []


def test_broken_seed_from_the_name_is_found():
    """Vacuity guard: a model that makes its seed from the scenario's name."""

    class Named(InnovationModel):
        def __init__(self, tried, seed=1):
            super().__init__(tried, seed + len(tried.name))

    tried = scenario("history", *SHORT)
    assert digest(Named(replace(tried, name="another_name")).run()) != digest(Named(tried).run())


def test_an_instrument_that_ends_pays_nothing_after_its_end():
    """Reversal: the grant ends with 2012; no yuan after it, and R&D falls back towards the run without it."""
    off = outcome("no_policy", *SHORT)
    on = outcome("no_policy", *SHORT, *ACTIVE["rd_grant"], "lever.rd_grant.end=2012Q4")
    paid = {year: lines["rd_grant"]["disbursed"] for year, lines in on.ledger.items()}
    assert paid[2011] > 0
    assert paid[2012] > 0
    assert paid[2013] == paid[2014] == 0
    column = list(catalogue().indicators).index("rd_actual")
    gap = (on.quarterly - off.quarterly)[:, column].reshape(-1, 4).sum(axis=1)
    assert gap[1] > abs(gap[3])
