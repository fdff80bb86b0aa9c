"""Composition: every shipped scenario, overrides by the same rules as files, and files that try something else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from experiments import load_scenario
from experiments.compose import compose_request
from experiments.scenario_files import options
from experiments.written_values import value_of, with_values
from sim.scenario import ScenarioError
from sim.scenario_values import CANONICAL

PLANS = ["plan_a_2014", "plan_b_2014", "plan_c_13fyp", "plan_d_2019", "plan_e_changzhi"]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Writes a scenario of the caller's own into ./configs/scenario/mine.yaml."""
    monkeypatch.chdir(tmp_path)

    def write(text: str, name: str = "mine") -> None:
        folder = tmp_path / "configs" / "scenario"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")

    return write


def said(name: str, overrides: list[str] | None = None) -> str:
    with pytest.raises(ScenarioError) as refused:
        load_scenario(name, overrides or [])
    assert len(refused.value.faults) == 1, refused.value.faults
    return refused.value.faults[0]


def test_there_are_the_scenarios_of_the_design():
    assert {"no_policy", "history", "all_plans", *PLANS} <= set(options("scenario"))


def test_every_scenario_differs_from_every_other():
    found = [load_scenario(name).fingerprint() for name in options("scenario")]
    assert len(set(found)) == len(found)


def test_no_policy_has_every_dose_at_neutral():
    scenario = load_scenario("no_policy")
    for lever, doses in scenario.lever.items():
        for dose in set(doses) - {"start", "end"}:
            assert scenario.dose_value(lever, dose, 2015, 1) == 0.0, (lever, dose)


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_is_history_until_its_start(name: str):
    plan, history = load_scenario(name), load_scenario("history")
    first = plan.phases[1].first
    for quarter in (first - 1, 2011 * 4):
        for lever, doses in history.lever.items():
            for dose in set(doses) - {"start", "end"}:
                when = (quarter // 4, quarter % 4 + 1)
                assert plan.dose(lever, dose, *when) == history.dose(lever, dose, *when), (lever, dose, when)


@pytest.mark.parametrize("name", ["history", "plan_e_changzhi", "all_plans"])
def test_the_course_of_a_lever_is_its_doses_of_each_quarter(name: str):
    """The model reads whole courses, tables and this file single doses: they say the same, also beyond the run."""
    scenario, first, last = load_scenario(name), 2009 * 4, 2024 * 4 + 2
    for lever, settings in scenario.lever.items():
        course = scenario.course(lever, first, last)
        assert len(course) == last + 1 - first
        for number, found in enumerate(course, first):
            when = (number // 4, number % 4 + 1)
            assert (found is not None) == scenario.in_force(lever, *when), (lever, when)
            for dose in set(settings) - {"start", "end"} if found else ():
                word = scenario.dose(lever, dose, *when)
                wanted = word if word == "dated_law" else scenario.dose_value(lever, dose, *when)
                assert found[dose] == wanted, (lever, dose, when)


@pytest.mark.parametrize("name", [*PLANS, "all_plans"])
@pytest.mark.parametrize("year", [2012, 2016, 2020, 2021])
def test_every_plan_spends_what_history_spends(name: str, year: int):
    def money(scenario) -> float:
        levers = [n for n, doses in scenario.lever.items() if "budget_y" in doses]
        return sum(scenario.dose_value(lever, "budget_y", year, 4) for lever in levers)

    assert money(load_scenario(name)) == pytest.approx(money(load_scenario("history")), rel=1e-12)


def test_an_override_holds_in_every_phase():
    scenario = load_scenario("plan_a_2014", ["lever.rd_grant.rate=0.2"])
    assert [scenario.dose_value("rd_grant", "rate", year, 1) for year in (2012, 2016)] == [0.2, 0.2]


def test_a_lever_that_a_scenario_leaves_off_gets_its_usual_further_doses():
    scenario = load_scenario("no_policy", ["lever.rd_grant.budget_y=200"])
    assert scenario.dose_value("rd_grant", "budget_y", 2015, 1) == 200.0
    assert scenario.dose_value("rd_grant", "rate", 2015, 1) > 0.0
    assert scenario.dose_value("innovation_voucher", "face_value", 2015, 1) == 0.0


READ = (
    *("0", "12", "-3", "0.25", "1e-1", "1E3", "-2.5e+2", "1e400", "null", "NULL", "true", "False", "nan", "inf"),
    *("no", "dated_law", "2014Q1", "{}", "{2014:50}", "{2014: 50, 2016Q3: fiscal_key, 2018: 1e2, 2020: null}"),
)


def as_numbers(value: object) -> object:
    """A value with its numbers as floats, whether they are numbers or are written as texts."""
    if isinstance(value, dict):
        return {as_numbers(key): as_numbers(entry) for key, entry in value.items()}
    is_number = CANONICAL.fullmatch(value) if isinstance(value, str) else type(value) in (int, float)
    return float(value) if is_number else value


@pytest.mark.parametrize("text", READ)
def test_a_value_is_read_as_hydra_reads_it(text: str):
    hydra = OverridesParser.create().parse_override(f"key={text}").value()
    assert repr(as_numbers(value_of(text))) == repr(as_numbers(hydra))


def test_values_are_written_into_a_copy():
    tree = {"end": None, "lever": {"a": {"rate": 0.1, "money": {2011: 5, 2014: 9}}, "b": {"rate": 0.2}}, "driver": {}}
    before = repr(tree)
    texts = {"end": "2013Q4", "lever.a.money": "{2011:50}", "lever.b.rate": "0.3", "driver.coal": "7", "other.x": "1"}
    found = with_values(tree, texts)
    assert found == {
        "end": "2013Q4", "lever": {"a": {"rate": 0.1, "money": {"2011": "50"}}, "b": {"rate": "0.3"}},
        "driver": {"coal": "7"}, "other": {"x": "1"},
    }  # fmt: skip
    assert repr(tree) == before


def test_a_schedule_takes_the_place_of_the_file_s_own(own):
    own(HEAD + "title_en: Mine\ntitle_zh: x\nlever:\n  rd_grant:\n    budget_y: {2011: 5, 2014: 9}\n")
    for text, later in (("{2011:50,2016:80}", 80.0), ("{2011:50}", 50.0), ("7", 7.0)):
        scenario = load_scenario("mine", [f"lever.rd_grant.budget_y={text}"])
        first = 7.0 if text == "7" else 50.0
        assert [scenario.dose_value("rd_grant", "budget_y", year, 1) for year in (2014, 2016)] == [first, later]
    assert load_scenario("mine").dose_value("rd_grant", "budget_y", 2014, 1) == 9.0


def test_overrides_in_any_order_and_any_writing_make_the_same_scenario():
    one = load_scenario("history", ["lever.rd_grant.rate=0.1", "lever.rd_grant.budget_y={2011:50,2016:80}"])
    two = load_scenario("history", ["lever.rd_grant.budget_y={2011Q1:50.0,2016:80}", "lever.rd_grant.rate=1e-1"])
    assert one.fingerprint() == two.fingerprint()


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("lever.rd_grant.rte=0.1", "Did you mean lever.rd_grant.rate?"),
        ("++budgt=1", "keys are never added"),
        ("+lever.rd_grant.x=1", "keys are never added"),
        ("~lever.rd_grant", "keys are never added"),
        ("lever.rd_grant.rate=012", "canonical form"),
        ("lever.rd_grant.rate=1_000", "canonical form"),
        ("lever.rd_grant.rate=1:30", "canonical form"),
        ("lever.rd_grant.rate=${oc.env:HOME}", "canonical form"),
        ("lever.rd_grant.rate=true", "is not a number"),
        ("lever.rd_grant.rate=no", "nor an allowed word"),
        ("lever.rd_grant.rate=.nan", "canonical form"),
        ("lever.rd_grant.rate=nan", "not a finite number"),
        ("lever.rd_grant.rate=-inf", "canonical form"),
        ("lever.rd_grant.rate=1e400", "not a finite number"),
        ("lever.rd_grant.rate=0.1,0.2", "several values"),
        ("lever.rd_grant.rate=range(1,1e7)", "several values"),
        ("lever.rd_grant.rate=[0.1]", "canonical form"),
        ("lever.rd_grant={_target_:os.system}", "unknown key"),
        ("lever.rd_grant._target_=os.system", "unknown key"),
        ("hydra.run.dir=x", "unknown key"),
        ("hydra/launcher=joblib", "unknown key"),
        ("lever.rd_grant.rate", "KEY=VALUE"),
        ("--experimental-rerun", "unknown flag"),
        ("population=huge", "does not exist"),
        ("population.k=0", "out of range 1..1000"),
    ],
)
def test_an_override_is_refused_with_one_line(override: str, message: str):
    found = said("history", [override])
    assert message in found
    assert found.startswith("override: ")


def test_a_key_given_twice_is_refused():
    assert "twice" in said("history", ["lever.rd_grant.rate=0.1", "lever.rd_grant.rate=0.2"])


@pytest.mark.parametrize(
    "name", ["../../x", "/etc/passwd", "a/b", "..\\x", "CON", "", "x" * 300, "\u202e", "history\0"]
)
def test_a_hostile_scenario_name_is_only_shown(name: str):
    assert said(name).isprintable()


def test_a_file_of_the_callers_own_is_found_and_a_fault_in_it_has_its_line(own):
    own("# @package _global_\ntitle_en: Mine\nlever:\n  rd_grant:\n    rate: 0.4\n")
    assert load_scenario("mine").dose_value("rd_grant", "rate", 2015, 1) == 0.4
    own("# @package _global_\ntitle_en: Mine\nlever:\n  rd_grant:\n    rate: 25\n")
    expected = "configs/scenario/mine.yaml:5: lever.rd_grant.rate = 25 is out of range 0..1 (share). Did you mean 0.25?"
    assert said("mine") == expected
    assert said("mine", ["lever.rd_grant.rate=30"]).startswith("override: lever.rd_grant.rate = 30 is out of range")


HEAD = "# @package _global_\n"
BOMB = HEAD + "title_en: &a [x, x]\nnotes: [*a, *a]\n"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("title_en: x\n", 1, "@package _global_"),
        ("# @package hydra\nrun: {dir: x}\n", 1, "@package _global_"),
        (HEAD + "hydra:\n  run: {dir: x}\n", 2, "hydra is an unknown key"),
        (HEAD + "_target_: os.system\n", 2, "_target_ is an unknown key"),
        (HEAD + "lever:\n  rd_grant: {_target_: os.system}\n", 3, "_target_ is an unknown key"),
        (HEAD + "name: ../../x\n", 2, "name is an unknown key"),
        (HEAD + "notes: ['${oc.env:HOME}']\n", 2, "is not allowed in a scenario"),
        (HEAD + "defaults:\n  - /hydra/launcher: joblib\n", 3, "is not allowed; defaults of a scenario"),
        (HEAD + "defaults:\n  - override /lever: [rd_grnt]\n", 3, "Did you mean rd_grant?"),
        (HEAD + "title_en: !!python/object/apply:os.system [id]\n", 2, "the tag"),
        (BOMB, 2, "anchors and aliases"),
        (HEAD + "lever:\n  rd_grant:\n    rate: 012\n", 4, "is not in canonical form"),
        (HEAD + "lever:\n  rd_grant:\n    budget_y: 1_000\n", 4, "is not in canonical form"),
        (HEAD + "lever:\n  rd_grant:\n    rate: 1:30\n", 4, "is not in canonical form"),
        (HEAD + "lever:\n  rd_grant:\n    rate: .nan\n", 4, "is not a finite number"),
        (HEAD + "lever:\n  rd_grant:\n    rate: .inf\n", 4, "is not a finite number"),
        (HEAD + "lever:\n  rd_grant:\n    rate: no\n", 4, "true or false"),
        (HEAD + "lever:\n  on: {rate: 1}\n", 3, "true or false"),
        (HEAD + "lever:\n  rd_grant: {rate: 0.1}\n  rd_grant: {rate: 0.2}\n", 4, "is given twice"),
        (HEAD + "lever:\n  rd_grant:\n    rate: {2014: 0.1, 2014: 0.2}\n", 4, "is given twice"),
        (HEAD + "lever: {rd_grant: {budgt_y: 5}}\n", 2, "Did you mean lever.rd_grant.budget_y?"),
        (HEAD + "lever:\n\t- x\n", 3, ""),
        (HEAD + "title_en: x\n---\ntitle_en: y\n", 3, "second document"),
        (HEAD + "- a\n", 2, "must be a block of keys"),
        (HEAD + "lever: " + "{a: " * 30 + "1" + "}" * 30 + "\n", 2, "nested deeper"),
        (HEAD + "title_en: " + "[" * 10_000 + "\n", 2, ""),
    ],
)
def test_a_file_that_tries_something_else_is_refused_with_its_line(own, text: str, line: int, message: str):
    own(text)
    found = said("mine")
    assert found.startswith(f"configs/scenario/mine.yaml:{line}: "), found
    assert message in found


def test_a_file_that_is_no_text_or_too_large_is_refused(own, tmp_path: Path):
    own("")
    (tmp_path / "configs/scenario/mine.yaml").write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in said("mine")
    own("x" * 300_000)
    assert "more than" in said("mine")


def test_a_file_may_not_take_the_name_of_a_shipped_scenario(own):
    own(HEAD + "title_en: x\n", "history")
    assert "exists already" in said("history")


def test_a_request_holds_what_was_asked_for(tmp_path: Path):
    found = compose_request(["scenario=no_policy", "seed=7", "replicates=3", f"results={tmp_path}", "population=tiny"])
    assert (found.seed, found.replicates, found.study, found.results) == (7, 3, "no_policy", tmp_path)
    assert [s.name for s in found.scenarios] == ["no_policy"]
    assert found.scenarios[0].scale == 40


@pytest.mark.parametrize("text", ["replicates=0", "replicates=1.5", "seed=-1", "workers=0", "study=../x", "study=CON"])
def test_settings_are_checked(text: str):
    with pytest.raises(ScenarioError, match=text.split("=")[0]):
        compose_request([text])


@pytest.mark.parametrize("name", sorted(options("scenario")))
def test_every_shipped_sentence_stands_in_both_languages(name: str):
    scenario = load_scenario(name)
    assert scenario.assumptions
    assert len(scenario.assumptions) == len(scenario.assumptions_zh)
    assert len(scenario.notes) == len(scenario.notes_zh)
    assert scenario.title_en != scenario.title_zh
