"""The cheapest mix: a planted optimum is found, an impossible target is told, a killed search ends as it would have."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import yaml

from experiments.compose import compose_request, load_scenario
from experiments.machines import MACHINES
from experiments.optimisation.attainment import Reached, goal_of, interval, target_of
from experiments.optimisation.choice import Choice
from experiments.optimisation.doses import BUDGET, GIVEN, Variable, entries_before, row_of
from experiments.optimisation.request import asked_of, help_text
from experiments.optimisation.search import Wanted, front, search
from experiments.optimisation.verb import carried_out, main, write
from experiments.overrides import Overrides
from experiments.plan_files import FILE, plan_from
from experiments.points import points_of
from sim.core.calendar import quarter_number
from sim.scenario_values import ScenarioError
from tests.optimisation import planted_model
from tests.optimisation.planted_model import GRANT_FIRMS, SATURATED, START, chance
from tests.science import one_process

pytest.importorskip("optuna")
FUNCTION = f"{planted_model.__name__}:run"
GRANTS, VOUCHERS = (f"lever.{lever}.budget_y" for lever in planted_model.LEVERS)
LEVERS = f"levers={GRANTS}:0..300,{VOUCHERS}:0..400"
COMMON = ("scenario=national_law", "population=tiny", "parameters=central", "drivers=central", "from=2012",
          "replicates=5", "fresh=5", "workers=1", "size=10", "check=full")  # fmt: skip
GOAL, TRIALS = 900.0, 44
PROBABILITY = 0.8


@pytest.fixture(scope="module", autouse=True)
def _in_this_process():
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(MACHINES, "local", one_process.__name__)
        patched.setenv("INNOPOLICY_OTHER_MODELS", planted_model.__name__)
        yield


def asking(results: Path, *further: str, goal: float = GOAL) -> list[str]:
    own = {text.partition("=")[0] for text in further}
    usual = [LEVERS, f"goal=hnte_stock>={goal:g}@2012", f"trials={TRIALS}", "study=planted", "budget=500", *COMMON]
    return [*(text for text in usual if text.partition("=")[0] not in own), *further, f"results={results}"]


def cheapest() -> float:
    """Million yuan a year of the cheapest mix: grants to where they saturate, vouchers for the rest."""
    unlucky = sorted(chance(r) for r in range(planted_model.CHANCES))[1]  # four of five reach what this one reaches
    return SATURATED + (GOAL - START - unlucky - GRANT_FIRMS * SATURATED)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a search that nobody stopped."""
    results = tmp_path_factory.mktemp("whole")
    assert main(asking(results), (), FUNCTION) == 0
    return results / "optimise" / "planted"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_planted_optimum_is_found_and_holds_on_fresh_seeds(whole: Path):
    kept = [row for row in rows(whole / "mixes.csv") if row["keeps"] == "yes"]
    best = min(kept, key=lambda row: float(row["cost"]))
    step = 400 / 50 + 300 / 50  # one step of each dose
    assert cheapest() <= float(best["cost"]) <= cheapest() + step
    assert float(best[GRANTS]) == pytest.approx(SATURATED, abs=2 * 300 / 50)
    text = (whole / "answer.md").read_text(encoding="utf-8")
    assert "可以实现" in text
    assert "Reachable:" in text
    assert f"{float(best['cost']) / 100:.2f}" in text
    assert "At full size (one simulated agent for one real one), 5 fresh runs" in text


def test_what_the_winner_says_is_what_run_accepts(whole: Path):
    told = yaml.safe_load((whole / "winner.yaml").read_text(encoding="utf-8"))
    request = compose_request([f"scenario={told['scenario']}", *told["overrides"]])
    best = min((row for row in rows(whole / "mixes.csv") if row["keeps"] == "yes"), key=lambda row: float(row["cost"]))
    scenario = request.scenarios[0]
    assert scenario.dose_value("rd_grant", "budget_y", 2012, 1) == float(best[GRANTS])
    assert scenario.dose_value("rd_grant", "budget_y", 2011, 4) == 0.0


def test_a_search_that_was_killed_ends_as_one_that_was_not(whole: Path, tmp_path: Path):
    stopped = f"{planted_model.__name__}:killed"
    planted_model.RUNS.clear()
    with pytest.raises(KeyboardInterrupt):
        main(asking(tmp_path), (), stopped)
    before = len(planted_model.RUNS)
    assert before == planted_model.KILLED_AT
    assert main(asking(tmp_path), (), FUNCTION) == 0
    folder = tmp_path / "optimise" / "planted"
    for name in ("answer.md", "answer.html", "front.csv", "mixes.csv", "winner.yaml", "figure.svg", FILE):
        assert (folder / name).read_bytes() == (whole / name).read_bytes(), name
    made = len(planted_model.RUNS)
    again = planted_model.RUNS[before:]
    kept = {run for run in planted_model.RUNS[:before] if run not in again}
    assert before - len(kept) <= 2 * 4  # what was not sealed yet
    assert main(asking(tmp_path), (), FUNCTION) == 0
    assert len(planted_model.RUNS) == made  # nothing is run twice


def test_the_runs_of_a_search_can_be_made_again_from_its_plan(whole: Path):
    plan = plan_from(whole / FILE)
    mixes = {(row[GRANTS], row[VOUCHERS]) for row in rows(whole / "mixes.csv")}
    assert len(plan.points) == len(mixes) + 1  # and the scenario itself


def test_an_impossible_target_is_told_with_what_comes_nearest_and_what_binds(tmp_path: Path):
    asked = asked_of(asking(tmp_path, f"levers={GRANTS}:0..300,{VOUCHERS}:0..100", "trials=18", goal=2000))
    found = carried_out(asked, (), FUNCTION)
    write(found)
    choice: Choice = found.choice
    assert choice.winner is None
    assert choice.best is not None
    top = START + GRANT_FIRMS * SATURATED + 100.0
    assert float(np.median(choice.best.reached.values)) == pytest.approx(top, abs=5.0)
    assert choice.relaxed[0].what == VOUCHERS  # grants are saturated, vouchers end at their bound
    gain = np.median(choice.relaxed[0].reached.values) - np.median(choice.best.reached.values)
    assert gain == pytest.approx(50.0, abs=10.0)
    text = (asked.folder / "answer.md").read_text(encoding="utf-8")
    assert "Not reachable inside these bounds" in text
    assert "在给定范围内无法实现" in text
    assert "Binding first of all: Innovation vouchers" in text
    assert not (asked.folder / "winner.yaml").exists()


def test_where_money_is_what_lacks_the_budget_is_named(tmp_path: Path):
    asked = asked_of(asking(tmp_path, f"levers={GRANTS},{VOUCHERS}", "budget=150", "trials=18"))
    assert {one.limit for one in asked.variables} == {BUDGET}
    assert [one.high for one in asked.variables] == [150.0, 150.0]
    choice = carried_out(asked, (), FUNCTION).choice
    assert choice.winner is None
    assert choice.best is not None
    assert choice.best.reached.mean_cost <= 150.0
    assert [one.what for one in choice.relaxed] == [BUDGET]


def test_two_stages_and_a_lever_that_the_scenario_has_already():
    base = load_scenario("history", ["end=2016Q4"])
    first, middle = quarter_number("2013Q1"), quarter_number("2015Q1")
    grants = [Variable(GRANTS, 0.0, 500.0, GIVEN, stage) for stage in (1, 2)]
    vouchers = Variable(VOUCHERS, 0.0, 500.0, GIVEN)
    values = {grants[0].name: 100.0, grants[1].name: 300.0, vouchers.name: 7.0}
    row = row_of(base, [*grants, vouchers], values, first, middle)
    assert row[GRANTS] == "{2011Q1:fiscal_key,2013Q1:100,2015Q1:300}"
    assert row["lever.innovation_voucher.start"] == "2013Q1"
    assert "lever.rd_grant.start" not in row
    mixed = points_of("history", Overrides({}, {}, {"end": "2016Q4"}), [row])[0].scenario
    for year, quarter in ((2011, 1), (2012, 4)):
        for lever in planted_model.LEVERS:
            assert mixed.dose_value(lever, "budget_y", year, quarter) == base.dose_value(
                lever, "budget_y", year, quarter
            )
    assert [mixed.dose_value("rd_grant", "budget_y", year, 1) for year in (2013, 2014, 2015, 2016)] == [
        100,
        100,
        300,
        300,
    ]
    assert mixed.dose_value("innovation_voucher", "budget_y", 2013, 1) == 7.0


def test_with_two_stages_and_a_review_each_is_a_candidate():
    asked = asked_of(["targets=a_patents", f"levers={GRANTS}:0..300", "stages=2", "review=yes", "budget=100"])
    review = "lever.adaptive_review.share"
    assert [one.name for one in asked.variables] == [f"{GRANTS}@1", f"{GRANTS}@2", f"{review}@1", f"{review}@2"]
    assert (asked.first, asked.middle) == (quarter_number("2014Q1"), quarter_number("2017Q1"))
    values = dict.fromkeys((one.name for one in asked.variables), 0.25)
    row = row_of(asked.base, asked.variables, values, asked.first, asked.middle)
    assert row["lever.adaptive_review.start"] == "2014Q1"
    mixed = points_of("history", Overrides({}, {}, {"end": "2020Q4"}), [row])[0].scenario
    assert mixed.dose_value("adaptive_review", "interval_y", 2015, 1) > 0.0  # its usual interval comes with it


def test_a_plan_scenario_keeps_its_past_where_a_mix_begins_with_the_plan():
    base = load_scenario("plan_c_13fyp")
    asked = asked_of(["targets=c_patents", f"levers={GRANTS}", "scenario=plan_c_13fyp"])
    assert asked.first == quarter_number("2016Q1")
    row = row_of(asked.base, asked.variables, {GRANTS: 50.0}, asked.first, asked.middle)
    mixed = points_of("plan_c_13fyp", Overrides({}, {}, {"end": "2020Q4"}), [row])[0].scenario
    assert mixed.dose_value("rd_grant", "budget_y", 2015, 4) == base.dose_value("rd_grant", "budget_y", 2015, 4)
    assert mixed.dose_value("rd_grant", "budget_y", 2016, 1) == 50.0
    assert entries_before(base, GRANTS, quarter_number("2011Q1")) == []


def reached(cost: float, margins: list[float]) -> Reached:
    column = np.array(margins)[:, None]
    return Reached(np.full(len(margins), cost), 1.0 + column, column)


def test_a_run_that_failed_met_nothing_and_few_runs_leave_a_wide_interval():
    one = reached(10.0, [0.1, 0.2, float("nan"), -0.1])
    assert one.probability == 0.5
    assert one.margin_at(0.5) == pytest.approx(0.1)
    assert one.margin_at(0.75) == pytest.approx(-0.1)
    assert one.margin_at(1.0) == -np.inf
    assert interval(13, 16) == pytest.approx((0.613, 0.921), abs=5e-3)
    assert interval(0, 16)[0] == 0.0
    assert 0.1 < interval(0, 16)[1] < 0.2


def test_the_front_leaves_out_what_another_mix_beats():
    mixes = [(5.0, 0.2), (1.0, 0.0), (5.0, 0.1), (9.0, 0.2), (12.0, 1.0)]

    def evaluate(generation: int, steps: list[dict[str, int]]) -> list[Reached]:
        first = 4 * generation
        found = []
        for cost, share in mixes[first : first + len(steps)]:
            found.append(reached(cost, [1.0] * round(10 * share) + [-1.0] * round(10 * (1 - share))))
        return found

    tried = search([Variable(GRANTS, 0.0, 1.0, GIVEN)], Wanted(0.8, 100.0), 5, 4, 1, evaluate)
    assert [(one.reached.mean_cost, one.reached.probability) for one in front(tried, Wanted(0.8, 100.0))] == [
        (1.0, 0.0), (5.0, 0.2), (12.0, 1.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("targets=a_hnt", "does not exist"),
        ("targets=a_conversion_rate", "no outcome of the model"),
        ("targets=a_ht_va_gdp", "has no number"),
        ("goal=hnte_stock>1000@2012", "is not of the form"),
        ("goal=hnte_stocks>=1000@2012", "no indicator"),
        ("goal=hnte_stock>=1000@2031", "before the target year"),
        ("probability=80", "out of range"),
        ("budget=-1", "out of range"),
        ("budget=012", "canonical"),
        ("levers=lever.rd_grant.budget", "no dose"),
        ("levers=lever.rd_grant.rate:0..25", "out of range"),
        ("levers=lever.rd_grant.rate:0.5..0.2", "has no range"),
        ("levers=lever.rd_grant.rate:0.5", "not of the form"),
        ("lever.rd_grant.budget_y=50", "stands in levers"),
        ("levers=lever.rd_grant.budget_y,lever.rd_grant.budget_y:0..3", "stands twice"),
        ("from=2013", "out of range"),
        ("from=soon", "no quarter"),
        ("trials=1", "out of range"),
        ("record=full", "no meaning"),
        ("scenario=histori", "does not exist"),
        ("triels=3", "unknown key"),
        ("end=2011Q4", "before the target year"),
    ],
)
def test_what_is_asked_wrongly_is_refused_in_one_line_and_nothing_is_written(text: str, told: str, tmp_path: Path):
    given = asking(tmp_path / "new", text)
    if text.startswith("targets="):
        given = [one for one in given if not one.startswith("goal=")]
    with pytest.raises(ScenarioError, match=told) as refused:
        main(given, (), FUNCTION)
    assert len(refused.value.faults) == 1
    assert not (tmp_path / "new").exists()


def test_targets_and_help():
    assert target_of("a_hnte").indicator == "hnte_stock"
    assert goal_of("rd_gdp_ratio<=2.5@2020").direction == "at_most"
    assert "probability" in help_text()
