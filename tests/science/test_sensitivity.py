"""Sensitivity: known indices come out through design, plan, store and figures; failures and dead numbers are told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments.calibration import targets as calibration_targets
from experiments.calibration.distance import Distance
from experiments.figures.screening import morris_figure, sobol_figure
from experiments.machines import MACHINES, Settings
from experiments.outcomes import indicator_places
from experiments.plan_files import FILE, plan_from
from experiments.sensitivity import designs, screens
from experiments.sensitivity.against_targets import moved, noise_of_seeds
from experiments.sensitivity.dead import dead, same_at_both_ends, still
from experiments.sensitivity.findings import effects, findings, noises, shipped_rows, sobol_shares, table_of
from experiments.sensitivity.indices import LEAST, effects_of, moving, noise, shares_of, strongest
from experiments.sensitivity.inputs import KINDS, inputs_of, named, span_of
from experiments.sensitivity.screens import Answers, Screen
from experiments.sensitivity.verb import asked_of, write
from experiments.store import Store
from experiments.verb_keys import Key, read_keys
from sim.catalogue.loader import catalogue
from sim.scenario_values import ScenarioError
from tests.science import ishigami_model, one_process
from tests.science.ishigami_model import FIRST, KEYS, SILENT, TOTAL, ishigami

pytest.importorskip("SALib")
OUTCOME = "rd_expenditure"
HERE = Settings("local", 1)
FUNCTION = f"{ishigami_model.__name__}:run"


@pytest.fixture(scope="module", autouse=True)
def _in_this_process():
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(MACHINES, "local", one_process.__name__)
        yield


def screen(design: str = screens.MORRIS, size: int = 4, keys: str = ";".join(KEYS)) -> Screen:
    return Screen("trial", design, "history", keys, size, 2012, 40, 3)


def angles(shares: np.ndarray) -> np.ndarray:
    return np.pi * (2.0 * shares - 1.0)


def test_sobol_finds_the_known_shares_of_ishigami():
    points = designs.saltelli(4, 1024, 1)
    found = shares_of(4, ishigami(angles(points)))
    np.testing.assert_allclose(found.first, FIRST, atol=0.06)
    np.testing.assert_allclose(found.total, TOTAL, atol=0.06)
    assert (np.abs(found.total - TOTAL) <= 2.0 * found.total_ci + 1e-9).all()
    assert found.total[3] == 0.0


def test_morris_finds_slopes_and_sees_curves_and_interactions():
    points = designs.trajectories(3, 30, 1)
    line = effects_of(points, points @ np.array([3.0, -5.0, 0.0]))
    np.testing.assert_allclose(line.mu_star, [3.0, 5.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(line.sigma, 0.0, atol=1e-12)
    product = effects_of(points, points[:, 0] * points[:, 1])
    assert product.sigma[0] > 0.1
    assert product.sigma[2] == 0.0


def test_a_failed_run_takes_its_trajectory_or_sample_with_it_and_no_more():
    points = designs.trajectories(3, 5, 1)
    outcome = points @ np.array([3.0, -5.0, 0.0])
    outcome[5] = np.nan  # in the second of five trajectories
    found = effects_of(points, outcome)
    assert found.used == 4
    np.testing.assert_allclose(found.mu_star, [3.0, 5.0, 0.0], atol=1e-12)
    samples = designs.saltelli(3, 512, 1)
    value = ishigami(angles(samples))
    value[[7, 100]] = np.nan
    assert shares_of(3, value).used == 510
    with pytest.raises(ValueError, match="trajectories"):
        effects_of(points, np.where(np.arange(20) < 4 * (5 - LEAST + 1), np.nan, outcome))


def test_the_noise_of_seeds_is_in_the_unit_of_an_effect():
    rng = np.random.default_rng(1)
    found = noise(rng.normal(100.0, 2.0, 2000))
    assert found == pytest.approx(2.0 * 2.0 / np.sqrt(np.pi) / designs.STEP, rel=0.05)
    assert noise(np.full(5, 3.0)) == 0.0


def test_strongest_takes_the_largest_of_each_outcome_before_the_second_of_one():
    measures = np.array([[10.0, 9.0, 0.0, 0.0], [0.0, 0.0, 0.5, 0.0]])
    assert strongest(measures, 2) == [2, 0]
    assert strongest(measures, 10) == [2, 0, 1]  # what moves nothing is not strong


def test_an_input_that_changes_one_bit_anywhere_is_not_dead():
    points = designs.trajectories(3, 4, 1)
    everything = np.zeros((len(points), 2, 5))
    everything[:, 1, 2] = points[:, 0]
    everything[:, 0, 0] = np.where(points[:, 1] > 0.9, np.nan, 1.0)  # the run fails there
    assert moving(points, everything).tolist() == [True, True, False]


def test_against_history_a_parameter_moves_the_run_by_the_distance_of_the_calibration():
    targets = calibration_targets.load()
    observed = np.array([target.value for target in targets])
    inputs, points = named(list(KEYS)), designs.trajectories(4, 6, 2)
    logs = np.zeros((len(points), len(targets)))
    patents = [target.group == "patents_valid_invention" for target in targets]
    logs[:, patents] = 0.2 * points[:, [0]]
    runs = observed * np.exp(logs + 0.1 * points[:, [1]])
    found = moved(inputs, points, runs, targets, 1)
    assert {one.varied.key: one.series for one in found}[KEYS[0]] == "patents_valid_invention"
    by_key = {one.varied.key: one.effect for one in found}
    step = Distance(targets)(observed * np.exp(0.2 * designs.STEP * np.array(patents))) / designs.STEP
    assert by_key[KEYS[0]] == pytest.approx(step)
    assert by_key[KEYS[1]] > by_key[KEYS[0]] > by_key[KEYS[2]] == by_key[KEYS[3]] == 0.0
    assert [one.effect for one in found] == sorted(by_key.values(), reverse=True)
    runs[3] = np.nan  # a run that failed: its steps are left out, others stay
    assert {one.varied.key: one.effect for one in moved(inputs, points, runs, targets, 1)}[KEYS[0]] == pytest.approx(
        step
    )
    assert noise_of_seeds(np.array([observed, observed]), targets) == 0.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sensitivity")


@pytest.fixture(scope="module")
def answers(folder: Path) -> Answers:
    return screens.carried_out(screen(), folder, HERE, function=FUNCTION)


def test_a_screen_through_the_store_is_the_design_itself(answers: Answers):
    expected = 4.0 * (ishigami_model.LEVEL + ishigami(angles(answers.shares[:, :3])))  # a year of four quarters
    np.testing.assert_allclose(answers.outcome(indicator_places()[OUTCOME], -1), expected, rtol=1e-4)
    assert still(answers) == [f"mechanism.{SILENT}"]
    assert not answers.failures


def test_a_screen_goes_on_where_it_was_stopped(folder: Path, answers: Answers, capfd: pytest.CaptureFixture[str]):
    store = Store(folder / "trial")
    sealed = store.sealed()
    sealed[0].unlink()
    again = screens.carried_out(screen(), folder, HERE, function=FUNCTION)
    np.testing.assert_array_equal(again.values, answers.values)
    assert [path.name for path in store.sealed()] == [path.name for path in sealed]
    screens.carried_out(screen(), folder, HERE, function="no_module:at_all")  # nothing is run again
    assert "are there already" in capfd.readouterr().err


def test_a_stored_run_of_a_screen_can_be_made_again(folder: Path, answers: Answers, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("INNOPOLICY_OTHER_MODELS", ishigami_model.__name__)
    screens.carried_out(screen(), folder, HERE, function=FUNCTION)
    plan = plan_from(folder / "trial" / FILE)
    assert len(plan.points) == len(answers.shares)
    with pytest.raises(ScenarioError):
        screens.screen_of(["design=morris"])


def test_runs_that_the_model_does_not_bear_are_counted_and_their_trajectories_left_out(tmp_path: Path):
    failing = f"{ishigami_model.__name__}:fails_at_the_top"
    found = screens.carried_out(screen(size=12), tmp_path, HERE, function=failing)
    at_the_top = int((found.shares[:, 0] > 0.99).sum())
    assert sum(found.failures.values()) == at_the_top > 0
    assert np.isnan(found.outcome(indicator_places()[OUTCOME], -1)).sum() == at_the_top
    measured = effects(found, [OUTCOME])[OUTCOME]
    assert 2 <= measured.used < 12
    assert np.isfinite(measured.mu_star).all()


def test_dead_numbers_are_tried_at_both_ends_until_they_live(tmp_path: Path):
    def ends(scenario: str, keys: list[str]) -> Answers:
        one = replace(screen(screens.ENDS, 0, ";".join(keys)), name=f"ends_{scenario}", scenario=scenario)
        return screens.carried_out(one, tmp_path, HERE, function=FUNCTION)

    left, alive = dead([KEYS[1], KEYS[3]], ["history"], ends)
    assert left == [KEYS[1], KEYS[3]]  # sin^2 is zero at both ends, so only a screen sees that it lives
    assert alive == {"history": []}
    assert dead([], ["history"], ends) == ([], {})
    both = Answers(screen(keys=KEYS[0]), np.array([[0.0], [1.0]]), np.array([1.0, 2.0]).reshape(2, 1, 1, 1), {})
    assert same_at_both_ends(both) == []


def test_table_figures_and_what_ships(folder: Path, answers: Answers, tmp_path: Path):
    sobol = screens.carried_out(replace(screen(screens.SOBOL, 64), name="sobol"), folder, HERE, function=FUNCTION)
    seeds = screens.carried_out(replace(screen(screens.SEEDS, 3, ""), name="seeds"), folder, HERE, function=FUNCTION)
    shares = sobol_shares(sobol, [OUTCOME])
    by_outcome = effects(answers, [OUTCOME])
    found = findings([(answers, by_outcome)], (sobol.screen.inputs, shares), noises(seeds, [OUTCOME]), [OUTCOME])
    assert [one.mu_star for one in found] == sorted((one.mu_star for one in found), reverse=True)
    assert found[-1].varied.address == SILENT
    rows = shipped_rows(found)
    assert len(rows) == 4
    assert rows[0]["title_zh"] != rows[0]["title_en"] != ""
    assert len(table_of(found)) == 5
    write(asked_of([f"results={tmp_path}", f"outcomes={OUTCOME}", "dead=no"]), found, [])
    for text in (morris_figure(found, ("R&D", "研发"), "100m"), sobol_figure(found, ("R&D & more", "研发"))):
        assert "研发" in text
        assert text.startswith("<svg")
        assert text.count("<svg") == text.count("</svg>") == 1
    assert {path.suffix for path in tmp_path.iterdir()} == {".csv", ".svg"}


def test_inputs_are_all_rows_with_a_range():
    cat, found = catalogue(), {one.address for one in inputs_of(KINDS)}
    assert found == {row.address for row in (*cat.parameters.values(), *cat.doses.values()) if row.low < row.high}
    assert all(one.title_zh and one.title_en for one in inputs_of(KINDS))
    assert span_of(1.0, 10.0).log
    assert not span_of(1.0, 9.9).log
    assert not span_of(0.0, 5.0).log
    with pytest.raises(ScenarioError, match="no parameter"):
        named(["mechanism.desire_rd.no_such"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("samples=100", "power of two"),
        ("outcomes=rd_expenditures", "no indicator"),
        ("scenario=histori", "does not exist"),
        ("inputs=everything", "must be one of"),
        ("trajectories=1", "out of range"),
        ("trajectories=1e1", "out of range"),
        ("trajectory=3", "unknown key"),
        ("trajectories", "KEY=VALUE"),
        ("targets=plan", "must be one of"),
    ],
)
def test_what_is_asked_wrongly_is_refused_in_one_line(text: str, told: str, tmp_path: Path):
    from experiments.sensitivity.verb import main

    with pytest.raises(ScenarioError, match=told) as refused:
        main([text, f"results={tmp_path / 'new'}"])
    assert len(refused.value.faults) == 1
    assert not (tmp_path / "new").exists()


def test_a_key_twice_is_refused():
    with pytest.raises(ScenarioError, match="twice"):
        read_keys(["a=1", "a=2"], {"a": Key(1, "a number", 0, 9)})
