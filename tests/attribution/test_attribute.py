"""The verb `attribute`: finds what was planted, sums to the total, refuses what it cannot mean, goes on from a stop."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from experiments.__main__ import main as command_line
from experiments.attribution.command import main, plan_again
from experiments.attribution.digits import decimals, fixed
from experiments.attribution.groups import Group
from experiments.attribution.overview import overview
from experiments.attribution.parts import parts_of, per_100m
from experiments.attribution.questions import Question, cost_question, cost_to
from experiments.attribution.request import asked_of
from experiments.attribution.rows import Attribution
from experiments.compose import load_scenario
from experiments.figures.waterfall import waterfall
from experiments.plan_files import plan_from
from sim.scenario_values import ScenarioError
from tests.attribution import planted

PLANTED = f"{planted.__name__}:run"
CENTRAL = ["parameters=central", "drivers=central", "population=tiny", "workers=1"]
SMALL = ["scenario=plan_b_2014", "groups=rd_grant,hnte_tax_rate,alliance_support", "indicator=hnte_stock", *CENTRAL]
LEVEL = Question("level", "hnte_stock", "firm", 2021, "High-tech firms", "高新技术企业数")
CHANCE = Question("probability", "d_hnte", "probability", 2021, "High-tech firms", "高新技术企业数")
GROUPS = [Group(name, (name, name), (name,)) for name in ("one", "two", "three")]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the verb wrote of the planted model, six replicates."""
    place = tmp_path_factory.mktemp("attribute")
    arguments = [*SMALL, "targets=a_hnte", "replicates=6", f"results={place}"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INNOPOLICY_OTHER_MODELS", planted.__name__)
        assert main(arguments, function=PLANTED) == 0
        assert len(plan_from(place / "plan_b_2014" / "plan.json").points) == 8, "another process makes the same plan"
    return place / "plan_b_2014"


def by_part(folder: Path, outcome: str) -> dict[str, dict[str, str]]:
    return {row["part"]: row for row in table(folder / "shapley.csv") if row["outcome"] == outcome}


def test_what_was_planted_is_found_with_its_cost(folder: Path):
    """The grant adds 40, in odd replicates 48, and shares the 30 that it and the tax cut do together."""
    found = by_part(folder, "hnte_stock")
    assert list(found) == ["none", "rd_grant", "hnte_tax_rate", "alliance_support", "all"]
    values = {name: float(row["value"]) for name, row in found.items()}
    assert values["rd_grant"] == 40.0 + 4.0 + 15.0
    assert values["hnte_tax_rate"] == 115.0
    assert values["alliance_support"] == 0.0, "who changes nothing has no part"
    assert values["all"] - values["none"] == sum(values[name] for name in list(found)[1:-1])
    assert [float(found["rd_grant"][name]) for name in ("p05", "p95")] == [55.0, 63.0], "seeds' noise falls out"
    assert [float(found["rd_grant"][name]) for name in ("cost_100m", "cost_p05", "cost_p95")] == [2.0] * 3
    assert float(found["hnte_tax_rate"]["per_100m"]) == 115.0 / 4.0
    assert found["alliance_support"]["per_100m"] == "", "no effect, so none a yuan"
    assert float(found["all"]["per_100m"]) == pytest.approx(174.0 / 7.0, rel=1e-9)
    assert found["rd_grant"]["levers"] == "rd_grant"


def test_pairs_and_coalitions_are_those_that_were_planted(folder: Path):
    pairs = {(r["first"], r["second"]): r for r in table(folder / "synergy.csv") if r["outcome"] == "hnte_stock"}
    assert {pair: float(row["synergy"]) for pair, row in pairs.items()} == {
        ("rd_grant", "hnte_tax_rate"): 30.0,
        ("rd_grant", "alliance_support"): 0.0,
        ("hnte_tax_rate", "alliance_support"): 0.0,
    }
    rows = {row["coalition"]: row for row in table(folder / "coalitions.csv") if row["outcome"] == "hnte_stock"}
    assert len(rows) == 8
    assert float(rows["rd_grant & hnte_tax_rate"]["value"]) == float(rows["all"]["value"])
    costs = {r["coalition"]: float(r["value"]) for r in table(folder / "coalitions.csv") if r["kind"] == "cost"}
    assert costs["all"] - costs["none"] == pytest.approx(7.0), "the cost of who is away falls too"


def test_the_answer_is_in_both_languages_with_bands_cost_and_what_it_rests_on(folder: Path):
    text = (folder / "answer.md").read_text(encoding="utf-8")
    chinese, english = text.split("\n---\n")
    assert "+59.0（55.0 至 63.0）" in chinese
    assert "“研发项目资助”与“高新技术企业所得税优惠” +30.0（30.0 至 30.0）" in chinese
    assert "国家法规" in chinese
    assert "D" in chinese.split("依据与假设")[1]
    assert "R&D project grants | +59.0 (55.0 to 63.0) | +2.000 (2.000 to 2.000)" in english
    assert "The money of a group that is away is not spent" in english
    assert "results=" not in text, "no folder of this machine"


def test_figures_show_what_changes_and_nothing_else(folder: Path):
    assert {path.name for path in folder.glob("*.svg")} == {"waterfall_hnte_stock.svg", "waterfall_public_cost.svg"}
    text = (folder / "waterfall_hnte_stock.svg").read_text(encoding="utf-8")
    assert "研发项目资助" in text
    assert text.index("高新技术企业所得税优惠") < text.index("研发项目资助"), "the largest step first"


def test_finished_runs_are_kept_and_the_same_command_leaves_the_same_bytes(folder: Path, monkeypatch, capsys):
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".csv", ".md", ".svg")}
    monkeypatch.setattr("tests.attribution.planted.run", None)
    arguments = [*SMALL, "targets=a_hnte", "replicates=6", f"results={folder.parent}"]
    assert main(arguments, function=PLANTED) == 0
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".csv", ".md", ".svg")}
    assert after == before
    assert "48/48 runs are there already" in capsys.readouterr().err


def test_parts_of_chances_are_exact_and_their_bands_are_of_the_mean():
    rng = np.random.default_rng(5)
    values = rng.integers(0, 2, (11, 8)).astype(float)
    parts = parts_of(CHANCE, GROUPS, values)
    total = Fraction(int(values[:, -1].sum() - values[:, 0].sum()), 11)
    assert sum(parts.exact(i) for i in range(3)) == parts.exact_total == total
    mean, low, high = parts.band(parts.part(0))
    assert low < mean < high
    assert high - low < np.ptp(np.quantile(parts.part(0), (0.05, 0.95)))
    assert parts.agreeing(parts.part(0)) is None


def test_parts_of_levels_sum_in_every_run_and_equal_players_have_equal_parts():
    rng = np.random.default_rng(6)
    values = 1e3 * rng.standard_normal((4, 8))
    values[:, 2], values[:, 6] = values[:, 1], values[:, 5]  # one and two can stand in for each other
    parts = parts_of(LEVEL, GROUPS, values)
    for run, shares in zip(values, parts.shares, strict=True):
        assert sum(shares) == Fraction(float(run[-1])) - Fraction(float(run[0]))
        assert shares[0] == shares[1]
    assert sum(parts.exact(i) for i in range(3)) == parts.exact_total
    scenario = load_scenario("plan_b_2014")
    assert waterfall(parts, scenario) == waterfall(parts, scenario)


def test_an_effect_a_yuan_is_told_only_where_both_are_sure():
    effect, cost = np.array([2.0, 3.0, 4.0, 3.0, 3.0]), np.array([1.0, 2.0, 1.0, 1.0, 1.0])
    found = per_100m(effect, cost)
    assert found is not None
    assert found[0] == 15.0 / 6.0
    assert per_100m(effect[:4], cost[:4]) is None, "too few seeds"
    assert per_100m(effect - 3.0, cost) is None, "no sure effect"
    assert per_100m(effect, cost - 1.0) is None, "a run that cost nothing"
    assert per_100m(effect, cost * 1e-3) is None, "next to no cost"


def test_small_parts_are_seen_to_be_small():
    """All numbers of a table have the decimals of its largest; firms are whole, and zero has no sign."""
    assert [decimals(values, "%") for values in ([0.39, 0.00003], [233.5], [2133.0], [0.0])] == [4, 1, 0, 0]
    assert decimals([0.39], "firm") == 1
    assert [fixed(value, 2, is_signed=True) for value in (1234.5, -0.004, 0.016)] == ["+1,234.50", "0.00", "+0.02"]


def test_cost_counts_the_years_to_the_year():
    book = {"scale": 2, "ledger": {"2019": {"a": {"disbursed": 10**8}}, "2020": {"a": {"disbursed": 10**8}}},
            "tax_expenditure": {"2019": {"b": 50.0}, "2020": {"b": 100.0}}}  # fmt: skip
    assert (cost_to(book, 2019), cost_to(book, 2020)) == (2.5, 5.5)


@pytest.mark.parametrize(("arguments", "told"), [
    (["indicator=hnte_stok"], "indicator = hnte_stok does not exist. Did you mean hnte_stock"),
    (["targets=d_hnt"], "targets = d_hnt is no target. Did you mean d_hnte"),
    (["targets=b_funds_to_firms"], "targets = b_funds_to_firms cannot be told from a run of plan_b_2014"),
    (["year=2022"], "year = 2022 is no full year of the run: 2011..2021"),
    (["groups=a,b"], "groups = a is no lever and no family"),
    (["groups=innovation_voucher"], "innovation_voucher is not in force in plan_b_2014"),
    (["plans=yes"], "plans=yes runs the five plans; leave scenario= out"),
    (["study=mine"], "study= has no meaning for attribute"),
    (["sum=maybe"], "sum = maybe must be one of yes, no"),
    (["colour=3"], "colour=3 sets an unknown key"),
    (["lever.rd_grant.rate=25"], "lever.rd_grant.rate = 25 is out of range 0..1"),
])  # fmt: skip
def test_faulty_requests_are_told_before_anything_is_written(tmp_path: Path, arguments: list[str], told: str):
    with pytest.raises(ScenarioError) as refused:
        asked_of(["scenario=plan_b_2014", *arguments, f"results={tmp_path}"])
    assert told in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_of_the_command_line_is_one_line_and_two(capsys: pytest.CaptureFixture[str]):
    assert command_line(["attribute", "plans=no"]) == 2
    assert capsys.readouterr().err == "error: override: plans=no needs scenario=NAME\n"
    assert command_line(["attribute", "--help"]) == 0
    assert "groups" in capsys.readouterr().out


def test_without_a_scenario_it_is_the_five_plans_each_with_its_own_targets():
    asked = asked_of(["groups=network,scale_up_campaign", "parameters=central"])
    assert [game.scenario.name for game in asked.games][:2] == ["plan_a_2014", "plan_b_2014"]
    assert len(asked.games) == 5
    assert [game.groups[0].levers for game in asked.games][1] == ("alliance_support",)
    names = {question.name for question in asked.games[1].questions if question.kind == "probability"}
    assert names
    assert all(name.startswith("b_") for name in names)
    assert asked.request.replicates == 16
    assert asked.games[0].scenario.scale == 8
    again = plan_again(asked.games[1].arguments)
    assert again.digest() == asked.games[1].plan(asked.request).digest()


def test_several_scenarios_stand_beside_each_other():
    """Each part in the column of its scenario; a dash where a scenario has no such group."""
    values = np.array([[0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 2.0, 3.0]])
    found = []
    for name, groups in (("history", GROUPS[:2]), ("plan_b_2014", GROUPS[1:])):
        one = load_scenario(name)
        cost = parts_of(cost_question(2021), groups, 10.0 * values)
        found.append(Attribution(one, cost, (parts_of(LEVEL, groups, values),)))
    lines = list(overview(found, 0))
    table = next(line for line in lines if "| one |" in line)
    assert "| one | +1.0 (1.0 to 1.0) | – |" in table
    assert "| two | +2.0 (2.0 to 2.0) | +1.0 (1.0 to 1.0) |" in table
    assert "| all groups | +3.0 (3.0 to 3.0) | +3.0 (3.0 to 3.0) |" in table
    assert lines[-1].count("+30.00") == 2, "the cost last"


def test_a_real_run_adds_up(tmp_path: Path):
    """Four coalitions of the model itself: parts sum to the difference that runs of the ends have."""
    arguments = ["scenario=plan_a_2014", "groups=tax,platform", "indicator=hnte_stock,rd_expenditure", "sum=yes",
                 "targets=none", "end=2015Q4", "replicates=2", "population=tiny", "workers=1",
                 f"results={tmp_path}"]  # fmt: skip
    assert main(arguments) == 0
    for outcome in ("hnte_stock", "rd_expenditure", "public_cost"):
        found = {name: float(row["value"]) for name, row in by_part(tmp_path / "plan_a_2014", outcome).items()}
        assert found["all"] - found["none"] == pytest.approx(found["tax"] + found["platform"], rel=1e-8)
        assert found["all"] > found["none"]
