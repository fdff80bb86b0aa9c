"""Scenarios: what is refused and how it is said, what names a scenario, and what money a dose means."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.catalogue.loader import catalogue
from sim.mechanisms import desire_rd, report_rd
from sim.scenario import ScenarioError, build_scenario
from sim.scenario_values import decimal, number
from sim.schedule import SCHEDULE

GRANT = {"rd_grant": {"budget_y": "fiscal_key", "rate": "0.3"}}


def faults_of(raw: dict, origin="") -> tuple[str, ...]:
    with pytest.raises(ScenarioError) as refused:
        build_scenario({"name": "mine"} | raw, origin)
    return refused.value.faults


def lever(**doses) -> dict:
    return {"lever": {"rd_grant": doses}}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"levr": {}}, "levr is an unknown key. Did you mean lever?"),
        ({"lever": {"rd_grnt": {}}}, "lever.rd_grnt is an unknown key. Did you mean lever.rd_grant?"),
        (lever(budgt_y=1), "lever.rd_grant.budgt_y is an unknown key. Did you mean lever.rd_grant.budget_y?"),
        (lever(rate=25), "lever.rd_grant.rate = 25 is out of range 0..1 (share). Did you mean 0.25?"),
        (lever(rate=1.0000001), "is out of range 0..1 (share)."),
        (lever(rate=-0.1), "lever.rd_grant.rate = -0.1 is out of range 0..1"),
        (lever(rate=math.nan), "lever.rd_grant.rate = nan is not a finite number; allowed is 0..1 (share)"),
        (lever(rate=math.inf), "is not a finite number"),
        (lever(rate="1e400"), "is not a finite number"),
        (lever(rate=True), "lever.rd_grant.rate = True is not a number"),
        (lever(rate="012"), "canonical decimal form"),
        (lever(rate="1_000"), "canonical decimal form"),
        (lever(rate="1:30"), "canonical decimal form"),
        (lever(rate=" "), "canonical decimal form"),
        (lever(rate="fiscal_key"), "nor an allowed word (none)"),
        (lever(budget_y="fiscal_kye"), "Did you mean fiscal_key?"),
        (lever(rate=[1]), "is not a number"),
        (lever(rate={}), "is an empty schedule"),
        (lever(rate={2016: 0.1, 2014: 0.2}), "has its years out of order or twice: 2016, 2014"),
        (lever(rate={"2014": 0.1, "2014Q1": 0.2}), "out of order or twice"),
        (lever(rate={1999: 0.1}), "lever.rd_grant.rate.1999"),
        (lever(rate={2014: {2015: 0.1}}), "must be a number, not a block"),
        (lever(start="2015Q1", end="2014Q4"), "is before the lever's start 2015Q1"),
        ({"end": "2010Q4"}, "end = 2010Q4 is before the start 2011Q1"),
        ({"end": "2031Q1"}, "2011Q1..2030Q4"),
        ({"end": "2015"}, "write it as 2014Q1"),
        ({"start": "2012Q1"}, "the starting state is built for the end of 2010"),
        ({"population": {"k": 0}}, "population.k = 0 is out of range 1..1000"),
        ({"population": {"k": 1.5}}, "must be a whole number"),
        ({"population": {"firms": 0}}, "population.firms is an unknown key."),
        ({"name": "../../x"}, "must be 1 to 60 small letters"),
        ({"name": "a" * 300}, "must be 1 to 60 small letters"),
        ({"name": None}, "must be 1 to 60 small letters"),
        ({"mechanism": {"budget_key": {"rd_grnt": 0.1}}}, "Did you mean mechanism.budget_key.rd_grant?"),
        ({"mechanism": {"budget_key": {"rd_grant": 0.5}}}, "is out of range 0.04..0.12"),
        ({"mechanism": {"budget_kye": {}}}, "Did you mean mechanism.budget_key?"),
        ({"driver": {"fiscal_st_expenditure": {2015: 40, 2017: 50}}}, "each once; given: 2015, 2017"),
        ({"driver": {"fiscal_st_expenditure": {2015: 40e8}}}, "is out of range"),
        ({"driver": {"fiscal_st_expenditur": {2015: 40}}}, "Did you mean driver.fiscal_st_expenditure?"),
        ({"from": "2014Q1"}, "needs `before`"),
        ({"before": {"name": "history"}}, "must be given with `before`"),
        ({"before": {"name": "history"}, "from": "2022Q1"}, "after the start, not after the end"),
        ({"assumptions": "one text"}, "must be a list of texts"),
        ({"_target_": "os.system"}, "_target_ is an unknown key."),
        (lever(_target_="os.system"), "lever.rd_grant._target_ is an unknown key."),
    ],
)  # fmt: skip
def test_a_fault_is_one_line_that_says_what_is_wrong(raw: dict, said: str):
    found = faults_of(raw, "mine.yaml:3")
    assert len(found) == 1, found
    assert "\n" not in found[0]
    assert found[0].startswith("mine.yaml:3: ")
    assert said in found[0]


def test_all_faults_are_told_at_once():
    assert len(faults_of({"levr": {}, "end": "x", **lever(rate=25, firm_share="nan", budget=1)})) == 5


def test_the_origin_may_be_asked_for_each_key():
    found = faults_of(lever(rate=25), lambda path: f"mine.yaml:{len(path)}")
    assert found[0].startswith("mine.yaml:3: lever.rd_grant.rate")


def test_hostile_text_is_shown_inert():
    found = faults_of({"\x1b[2J\u202ename": 1, "lever": {"x\ny": {}}})
    assert all(line.isprintable() for line in found)


def test_the_name_titles_and_notes_do_not_change_the_fingerprint():
    one = build_scenario({"name": "a", "lever": GRANT})
    two = build_scenario({"name": "b", "title_en": "B", "notes": ["x"], "lever": GRANT})
    assert one.fingerprint() == two.fingerprint()


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (lever(rate="0.1", budget_y=50), lever(budget_y="50.0", rate="1e-1")),
        (lever(rate={2014: 0.1}), lever(rate={"2014Q1": "0.10"})),
        (lever(rate=0), {}),
        ({"mechanism": {"budget_key": {"rd_grant": 0.07}}}, {}),
        ({"end": "2021Q4", "population": {"k": "1"}}, {}),
        (lever(rate=-0.0), {}),
    ],
)
def test_the_same_said_otherwise_has_the_same_fingerprint(one: dict, two: dict):
    assert build_scenario({"name": "x"} | one).fingerprint() == build_scenario({"name": "x"} | two).fingerprint()


@pytest.mark.parametrize(
    "raw",
    [
        lever(rate=0.1),
        lever(start="2014Q1"),
        {"mechanism": {"budget_key": {"rd_grant": 0.08}}},
        {"end": "2020Q4"},
        {"population": {"k": 8}},
        {"driver": {"fiscal_st_expenditure": {2015: 40}}},
        {"before": {"name": "history"}, "from": "2014Q1"},
    ],
)
def test_what_changes_a_run_changes_the_fingerprint(raw: dict):
    assert build_scenario({"name": "x"} | raw).fingerprint() != build_scenario({"name": "x"}).fingerprint()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_survives_its_canonical_text(value: float):
    assert number(decimal(value)) == value


def test_a_schedule_holds_until_its_next_entry_and_is_neutral_before_its_first():
    scenario = build_scenario({"name": "x"} | lever(rate={2014: 0.1, "2016Q3": 0.2}))
    found = [scenario.dose_value("rd_grant", "rate", *when) for when in [(2013, 4), (2014, 1), (2016, 2), (2016, 3)]]
    assert found == [0.0, 0.1, 0.1, 0.2]


def test_a_lever_acts_between_its_start_and_end_only():
    scenario = build_scenario({"name": "x"} | lever(rate=0.3, start="2014Q2", end="2015Q1"))
    assert [scenario.in_force("rd_grant", *when) for when in [(2014, 1), (2014, 2), (2015, 1), (2015, 2)]] == [
        False, True, True, False]  # fmt: skip
    assert scenario.dose_value("rd_grant", "rate", 2014, 1) == 0.0


def test_fiscal_key_is_a_share_of_the_observed_money():
    scenario = build_scenario({"name": "x", "lever": GRANT})
    spent = catalogue().series("fiscal_st_expenditure")[2014] * 100
    key = catalogue().parameter("budget_key.rd_grant").value
    assert scenario.dose_value("rd_grant", "budget_y", 2014, 1) == pytest.approx(spent * key, rel=1e-12)


def test_plans_are_compared_at_equal_money():
    """Before the plan each lever has its key; after it the plan's levers share what history's levers would have."""
    history = {"rd_grant": {"budget_y": "fiscal_key"}, "innovation_voucher": {"budget_y": "fiscal_key"},
               "alliance_support": {"budget_y": "fiscal_key", "start": "2015Q1"}}  # fmt: skip
    plan = {"innovation_voucher": {"budget_y": "fiscal_key"}, "centre_recognition": {"budget_y": "fiscal_key"}}
    whole = build_scenario({"name": "history", "lever": history})
    changed = build_scenario({"name": "p", "before": {"name": "history", "lever": history}, "from": "2014Q1",
                              "lever": plan})  # fmt: skip

    def money(scenario, year: int) -> list[float]:
        return [scenario.dose_value(n, "budget_y", year, 1) for n in catalogue().levers
                if "budget_y" in scenario.lever[n]]  # fmt: skip

    for year in (2012, 2014, 2016, 2020):
        assert sum(money(changed, year)) == pytest.approx(sum(money(whole, year)), rel=1e-12)
    assert money(changed, 2013) == money(whole, 2013)
    assert changed.dose_value("rd_grant", "budget_y", 2014, 1) == 0.0


def test_money_given_as_a_number_stands_outside_the_shared_sum():
    fixed = {"rd_grant": {"budget_y": 200}, "innovation_voucher": {"budget_y": "fiscal_key"}}
    scenario = build_scenario({"name": "p", "before": {"name": "h", "lever": fixed}, "from": "2014Q1", "lever": fixed})
    alone = build_scenario({"name": "p", "lever": {"innovation_voucher": {"budget_y": "fiscal_key"}}})
    assert scenario.dose_value("rd_grant", "budget_y", 2016, 1) == 200
    assert scenario.dose_value("innovation_voucher", "budget_y", 2016, 1) == alone.dose_value(
        "innovation_voucher", "budget_y", 2016, 1)  # fmt: skip


def test_params_take_the_catalogue_and_the_scenarios_overrides():
    @dataclass(frozen=True)
    class Keys:
        rd_grant: float
        hnte_award: float

    scenario = build_scenario({"name": "x", "mechanism": {"budget_key": {"rd_grant": "0.08"}}})
    assert scenario.params("budget_key", Keys) == Keys(0.08, catalogue().parameter("budget_key.hnte_award").value)


def test_years_of_a_driver_are_replaced_one_by_one():
    scenario = build_scenario({"name": "x", "lever": GRANT, "driver": {"fiscal_st_expenditure": {2014: 100}}})
    key = catalogue().parameter("budget_key.rd_grant").value
    assert scenario.dose_value("rd_grant", "budget_y", 2014, 1) == pytest.approx(10_000 * key)
    assert scenario.dose_value("rd_grant", "budget_y", 2015, 1) == pytest.approx(
        catalogue().series("fiscal_st_expenditure")[2015] * 100 * key)  # fmt: skip


def test_a_number_that_two_mechanisms_read_has_one_row() -> None:
    """A sweep of the home moves the other reader too; the reader's own address is no row and is refused."""
    scenario = build_scenario({"name": "mine", "mechanism": {"desire_rd": {"take_up": "0.8"}}}, "mine.yaml")
    assert scenario.params("desire_rd", desire_rd.Params).take_up == 0.8
    assert scenario.params("report_rd", report_rd.Params).take_up == 0.8
    with pytest.raises(ScenarioError, match=r"report_rd.take_up is an unknown key"):
        build_scenario({"name": "mine", "mechanism": {"report_rd": {"take_up": "0.8"}}}, "mine.yaml")


def test_every_shared_number_is_read_at_home_too() -> None:
    """An address in SHARED is a row; a mechanism's own row of that name would leave a second knob behind."""
    found = {step.name: getattr(step.params, "SHARED", ()) for step in SCHEDULE}
    assert sum(len(shared) for shared in found.values()) > 10
    for module, shared in found.items():
        assert set(shared) <= set(catalogue().parameters), module
        assert not {f"{module}.{a.partition('.')[2]}" for a in shared} & set(catalogue().parameters), module
