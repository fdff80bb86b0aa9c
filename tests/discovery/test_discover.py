"""Robustness: a planted failure region is found, a dominated mix has its regret, the planted strongest gap leads."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from experiments.compose import load_scenario
from experiments.discovery import worlds
from experiments.discovery.boxes import boxes_of
from experiments.discovery.gaps import first_order, gaps_of, narrowing_of, shares_with_bands
from experiments.discovery.request import asked_of, help_text
from experiments.discovery.robustness import Table, most_robust, regrets, robust
from experiments.discovery.unknowns import DOSE, DRIVER, FACTOR, FITTED, PARAMETER, States, Unknown, states_of
from experiments.discovery.verb import main
from experiments.discovery.worlds import doses_of, row_of, strongest
from experiments.machines import MACHINES, Settings
from experiments.optimisation.attainment import goal_of
from experiments.optimisation.mixes import Bench, with_parameters
from experiments.plan_files import FILE, plan_from
from experiments.sensitivity.inputs import named
from experiments.store import Store
from experiments.validity.summaries import Summary
from sim.catalogue.loader import catalogue
from sim.scenario_values import ScenarioError
from tests.discovery import planted_states
from tests.discovery.planted_states import ADDRESSES, DROP, HIGH, LIMITS
from tests.science import one_process

pytest.importorskip("ema_workbench.analysis.prim", exc_type=ImportError)
FUNCTION = f"{planted_states.__name__}:run"
KEYS = [f"mechanism.{address}" for address in ADDRESSES]
COMMON = ("goal=hnte_stock>=1000@2011", "population=tiny", "parameters=central", "drivers=central", "replicates=1",
          "states=96", "doses=no", "workers=1", "study=planted", f"inputs={','.join(ADDRESSES)}")  # fmt: skip
EXTRA = 50.0  # firms and million yuan of the mix that is better everywhere


@pytest.fixture(scope="module", autouse=True)
def _in_this_process():
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(MACHINES, "local", one_process.__name__)
        patched.setenv("INNOPOLICY_OTHER_MODELS", planted_states.__name__)
        yield


def asking(results: Path, *further: str) -> list[str]:
    own = {text.partition("=")[0] for text in further}
    usual = ["mixes=national_law", *COMMON]
    return [*(text for text in usual if text.partition("=")[0] not in own), *further, f"results={results}"]


@pytest.fixture(scope="module")
def better(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mix as optimise writes it, with population and end of its own that are not taken over."""
    path = tmp_path_factory.mktemp("mix") / "better.yaml"
    overrides = ["population=full", "end=2020Q4", f"lever.rd_grant.budget_y={{2011Q1:{EXTRA:g}}}"]
    path.write_text(yaml.safe_dump({"scenario": "national_law", "overrides": overrides}), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, better: Path) -> Path:
    results = tmp_path_factory.mktemp("discover")
    assert main(asking(results, f"mixes=national_law,{better}"), (), FUNCTION) == 0
    return results / "discover" / "planted"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_planted_region_of_failure_is_the_box(folder: Path):
    mine = {row["input"]: row for row in rows(folder / "boxes.csv") if row["mix"] == "national_law"}
    assert set(mine) == set(KEYS[:2])  # the third number has no limit
    spans = {one.key: one.span for one in named(KEYS)}
    above, below = float(spans[KEYS[0]].at(LIMITS[0])), float(spans[KEYS[1]].at(LIMITS[1]))
    width = [spans[key].high - spans[key].low for key in KEYS]
    assert float(mine[KEYS[0]]["low"]) == pytest.approx(above, abs=0.08 * width[0])
    assert float(mine[KEYS[1]]["high"]) == pytest.approx(below, abs=0.08 * width[1])
    assert float(mine[KEYS[0]]["density"]) > 0.85
    assert float(mine[KEYS[0]]["coverage"]) > 0.8


def test_a_dominated_mix_has_its_regret_and_the_other_none(folder: Path):
    found = {row["mix"]: row for row in rows(folder / "regret.csv")}
    assert float(found["national_law"]["regret"]) == pytest.approx(EXTRA / 1000.0)
    assert float(found["national_law"]["best"]) == 0.0
    assert float(found["better"]["regret_max"]) == 0.0
    assert float(found["better"]["best"]) == 1.0
    assert float(found["better"]["cost"]) == pytest.approx(EXTRA)  # of one year
    expected = 1.0 - (1.0 - LIMITS[0]) * LIMITS[1]
    assert float(found["better"]["met"]) == pytest.approx(expected, abs=0.05)


def test_the_planted_strongest_numbers_lead_the_data_gaps(folder: Path):
    found = [row for row in rows(folder / "gaps.csv") if row["outcome"] == "goal_hnte_stock_2011"]
    assert {row["input"] for row in found[:2]} == set(KEYS[:2])
    by_key = {row["input"]: row for row in found}
    p, q = 1.0 - LIMITS[0], LIMITS[1]  # the share of the range in which each lies on the bad side
    variance = DROP**2 * p * q * (1.0 - p * q) + planted_states.SLOPE**2 / 12.0
    of_first = DROP**2 * q**2 * p * (1.0 - p) / variance
    assert float(by_key[KEYS[0]]["first"]) == pytest.approx(of_first, abs=0.12)
    assert float(by_key[KEYS[2]]["first"]) <= float(by_key[KEYS[2]]["by_chance"])
    difference = [row for row in rows(folder / "gaps.csv") if row["outcome"] == "better - national_law"]
    assert all(float(row["first"]) == 0.0 for row in difference)  # both mixes lose the same everywhere


def test_the_page_says_it_in_both_languages_and_the_same_command_changes_nothing(
    folder: Path, better: Path, monkeypatch: pytest.MonkeyPatch
):
    names = ["answer.md", "answer.html", "regret.csv", "boxes.csv", "gaps.csv", "states.csv", "robust.svg", FILE]
    before = {name: (folder / name).read_bytes() for name in names}
    text = before["answer.md"].decode()
    for part in (
        "Most robust: “better",
        "最稳健的是",
        "It fails where",
        "失效条件",
        "would narrow the band",
        "区间收窄最多",
    ):
        assert part in text
    arguments = asking(folder.parents[1], f"mixes=national_law,{better}")
    monkeypatch.setattr(planted_states, "places", lambda scenario: pytest.fail("a run that was there is made again"))
    assert main(arguments, (), FUNCTION) == 0
    assert {name: (folder / name).read_bytes() for name in names} == before
    assert len(plan_from(folder / FILE).points) == 2 * 96


def screened(folder: Path) -> list[str]:
    """The one parameter of four that is held to be the strongest."""
    others = ["population.knowledge_ratio", "certify_firms.pool_stay_q"]
    asked = asked_of(asking(folder, f"inputs={','.join([*others, *ADDRESSES[1:]])}", "states=8"))
    asked = type(asked)(**{**vars(asked), "number": 1})
    store = Store(asked.folder)
    store.probe()
    return [one.address for one in strongest(asked, Bench(store, Settings("local", 1), FUNCTION))]


def sensitivities(*rows: tuple[str, str]) -> Summary:
    """A shipped table with the strongest parameters and how far they move certificates."""
    texts = [{"outcome": "hnte_stock", "address": address, "mu_star": moved} for address, moved in rows]
    return Summary("sensitivity", "", "", tuple(texts))


@pytest.mark.parametrize("table", [None, sensitivities(("population.free_slots", "9"))])
def test_the_strongest_parameters_are_found_by_trying_both_ends(tmp_path: Path, monkeypatch, table):
    monkeypatch.setattr(worlds, "shipped", lambda name: table)
    assert screened(tmp_path) == [ADDRESSES[2]]


def test_a_shipped_table_that_holds_enough_of_them_is_taken_instead(tmp_path: Path, monkeypatch):
    table = sensitivities(("certify_firms.pool_stay_q", "9"), (ADDRESSES[2], "4"))
    monkeypatch.setattr(worlds, "shipped", lambda name: table)
    assert screened(tmp_path) == ["certify_firms.pool_stay_q"]


def test_states_hold_draws_drivers_and_assumed_doses_that_are_multiplied(tmp_path: Path):
    asked = asked_of(["mixes=history", "targets=a_hnte", "states=16", f"inputs={ADDRESSES[1]}", f"results={tmp_path}"])
    kinds = {"parameters": "posterior", "drivers": "uncertain"}
    states = states_of(asked.inputs, doses_of(asked), 16, 1, kinds, 2020)
    assert {one.kind for one in states.unknowns} == {PARAMETER, FITTED, DRIVER, DOSE}
    assert np.isfinite(states.values).all()
    assert "driver.coal_price" in [one.key for one in states.unknowns]
    row = row_of(asked.mixes[0], states, 3)
    usual = asked.mixes[0].composed.dose_value("rd_grant", "rate", 2019, 1)
    point = asked.frame.plan([row], FUNCTION)[0].points[0]
    factor = states.factors[3]["rd_grant.rate"]
    assert 0.5 <= factor <= 1.5
    assert point.scenario.dose_value("rd_grant", "rate", 2019, 1) == pytest.approx(usual * factor, rel=1e-5)
    fitted = next(i for i, one in enumerate(states.unknowns) if one.kind == FITTED)
    address = states.unknowns[fitted].key.partition(".")[2]
    assert point.scenario.number(address) == states.values[3, fitted]
    assert point.scenario.number(ADDRESSES[1]) == pytest.approx(float(row[KEYS[1]]))
    assert f"{FACTOR}rd_grant.rate" in [one.key for one in states.unknowns]


def test_a_parameter_of_a_row_is_set_as_composing_sets_it():
    key, base = KEYS[1], load_scenario("plan_c_13fyp")
    for text in ("2.5", str(catalogue().parameter(ADDRESSES[1]).value)):
        composed = load_scenario("plan_c_13fyp", [f"{key}={text}"])
        assert with_parameters(base, {key: text, "lever.rd_grant.rate": "0.1"}).fingerprint() == composed.fingerprint()
    with pytest.raises(ScenarioError, match="out of range"):
        with_parameters(base, {key: "1000"})


def unknown(name: str) -> Unknown:
    return Unknown(name, PARAMETER, name, name, "share", "D", "assumption")


def planted(values: np.ndarray, margins: np.ndarray) -> Table:
    """A table of margins, (n_mixes, n_states), with one replicate and one target."""
    states = States(tuple(unknown(str(i)) for i in range(values.shape[1])), values, (), ())
    shaped = margins[:, :, None, None]
    names = tuple(f"mix_{i}" for i in range(len(margins)))
    return Table(
        names, (goal_of("hnte_stock>=1000@2011"),), states, HIGH * (1.0 + shaped), shaped, 0.0 * margins[:, :, None]
    )


def test_regret_is_against_the_best_of_each_state_and_a_failed_run_is_no_winner():
    margins = np.array([[0.2, -0.1, 0.3, np.nan], [0.1, 0.1, 0.3, 0.5]])
    table = planted(np.zeros((4, 1)), margins)
    np.testing.assert_allclose(regrets(table)[:, :3], [[0.0, 0.2, 0.0], [0.1, 0.0, 0.0]], atol=1e-12)
    found = robust(table)
    assert [one.met for one in found] == [0.5, 1.0]  # the failed run met nothing
    assert most_robust(found) == 1
    alike = [replace(found[0], met=0.6, met_p05=0.5, regret=0.1), replace(found[1], met=0.55, met_p05=0.4, regret=0.0)]
    assert most_robust(alike) == 1  # chance does not tell their shares apart, so the lesser regret decides
    assert most_robust([alike[0], replace(alike[1], met=0.45)]) == 0
    assert found[0].regret == pytest.approx(0.2 / 3.0)


def test_without_failures_or_without_a_pattern_there_is_no_box():
    rng = np.random.default_rng(1)
    values = rng.random((200, 3))
    states = States(tuple(unknown(str(i)) for i in range(3)), values, (), ())
    assert boxes_of("mix", states, np.zeros((200, 1))) == []
    assert boxes_of("mix", states, np.ones((200, 1))) == []
    luck = [boxes_of("mix", states, (rng.random((200, 1)) < 0.3).astype(float)) for _ in range(3)]
    assert sum(len(one) for one in luck) <= 1


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_limits_that_are_luck_are_left_out(seed: int):
    rng = np.random.default_rng(seed)
    values = rng.random((160, 5))
    states = States(tuple(unknown(str(i)) for i in range(5)), values, (), ())
    failed = np.where(values[:, 0] > 0.7, rng.random(160) < 0.9, rng.random(160) < 0.1).astype(float)
    box = boxes_of("mix", states, failed[:, None])[0]
    assert [one.place for one in box.limits] == [0]
    assert box.limits[0].low == pytest.approx(0.7, abs=0.06)
    inside = values[:, 0] >= box.limits[0].low
    assert box.density == pytest.approx(failed[inside & (values[:, 0] <= box.limits[0].high)].mean())


def test_the_share_that_a_number_explains_is_that_of_its_variance():
    rng = np.random.default_rng(2)
    values = rng.random((600, 3))
    outcome = 3.0 * values[:, 0] + 1.0 * values[:, 1] ** 2 + rng.normal(0.0, 0.5, 600)
    share = 9.0 / 12.0 / (9.0 / 12.0 + 4.0 / 45.0 + 0.25)
    assert first_order(values[:, 0], outcome) == pytest.approx(share, abs=0.06)
    silent = [first_order(rng.random(60), rng.random(60)) for _ in range(60)]
    assert np.mean(silent) < 0.045  # groups of so few states differ by 0.07 by chance alone
    bands = shares_with_bands(values[:300], outcome[:300], 1)
    assert bands[0][1] <= share <= bands[0][2]
    assert bands[2][0] <= bands[2][3]  # a number without an effect is no more than chance
    assert first_order(np.arange(20.0), np.full(20, 3.0)) == 0.0
    assert narrowing_of(0.75) == pytest.approx(0.5)
    margins = (outcome - outcome.mean())[None, :300]
    gaps = gaps_of(planted(values[:300], margins), 0, 1)
    assert gaps[0].unknown.key == "0"
    assert gaps[0].score > 0.5


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mixes=histori", "no scenario and no .yaml"),
        ("mixes=none.yaml", "no file of a mix"),
        ("inputs=500", "out of range"),
        ("inputs=start_rd.stop", "no parameter or dose"),
        ("inputs=desire_rd.adjustment_y", "drawn from the table"),
        ("states=2", "out of range"),
        ("scenario=history", "no meaning"),
        ("doses=perhaps", "must be one of"),
        ("stats=3", "unknown key"),
    ],
)
def test_what_is_asked_wrongly_is_refused_in_one_line_and_nothing_is_written(text: str, told: str, tmp_path: Path):
    given = [one for one in asking(tmp_path / "new", text) if one != "parameters=central"]
    with pytest.raises(ScenarioError, match=told) as refused:
        main(given, (), FUNCTION)
    assert len(refused.value.faults) == 1
    assert not (tmp_path / "new").exists()


def test_a_mix_file_that_holds_anything_else_is_refused(tmp_path: Path):
    path = tmp_path / "mix.yaml"
    for text in ("[1, 2]", "scenario: history", "scenario: nowhere\noverrides: []",
                 "scenario: history\noverrides: ['lever.rd_grant.rate=25']"):  # fmt: skip
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ScenarioError):
            asked_of(asking(tmp_path / "new", f"mixes={path}"))


def test_help_and_catalogue_rows():
    assert "states" in help_text()
    assert all(address in catalogue().parameters for address in ADDRESSES)
