"""Runs that differ by parameters and drivers: paired over scenarios, known by what they took, made again exactly."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments import plan as plans
from experiments.compose import compose_request, load_scenario
from experiments.draws.driver_paths import forecast
from experiments.draws.variation import AS_IT_STANDS, Variation, drawn, varied
from experiments.index import read_index
from experiments.origin import changes, origin_of
from experiments.pairs import paired
from experiments.plan import Plan, Point, Run
from experiments.plan_files import plan_from, read_plan_file, write_plan
from experiments.reading import results_of
from experiments.reproduce import main as reproduce
from experiments.status import status_of
from experiments.store import Store, StoreError
from experiments.study import plan_of
from experiments.sweep import sweep_of
from experiments.work import do_runs
from sim.model import run
from sim.scenario_values import ScenarioError
from tests.draws.shipped_draws import ADDRESSES, ROWS, load
from tests.experiments import fake_model

BOTH = Variation("posterior", "uncertain")
KEYS = ["parameters=posterior", "drivers=uncertain"]
SHORT = ["end=2018Q4", "population=tiny"]
FAKE = f"{fake_model.__name__}:run"
pytestmark = pytest.mark.usefixtures("shipped_draws")


def plan(*names: str, variation: Variation = BOTH, replicates: int = 3, function: str = FAKE, seed: int = 1) -> Plan:
    scenarios = [load_scenario(name, SHORT) for name in names]
    points = tuple(Point(scenario.name, scenario, scenario.name) for scenario in scenarios)
    return Plan("study", points, seed, replicates, "full", function, {"verb": "run", "arguments": []}, variation)


def work(made: Plan, folder: Path) -> Store:
    """Run all runs of a plan in this process and seal them."""
    store = Store(folder / made.study)
    store.probe()
    write_plan(store, made)
    done = do_runs(made, list(made.runs()), store, lambda _: None)
    assert not done.failures
    return store


def test_a_replicate_takes_its_row_and_its_path_and_rows_begin_anew():
    history = load_scenario("history", SHORT)
    one = varied(history, 2, parameters="posterior", drivers="uncertain", seed=7)
    assert one.mechanism == dict(zip(ADDRESSES, load().values[2], strict=True))
    drawn = forecast(None, 2018, 2, 7)
    assert one.driver == drawn | {"coal_price_expected": drawn["coal_price"]}, "the drawn margin goes with that price"
    again = varied(history, 2 + ROWS, parameters="posterior", drivers="uncertain", seed=7)
    assert again.mechanism == one.mechanism
    assert again.driver != one.driver
    assert varied(history, 2) == history
    assert AS_IT_STANDS.of(history, 2, 7) is history


def test_what_the_scenario_sets_itself_stands():
    own = load_scenario("history", [*SHORT, f"mechanism.{ADDRESSES[0]}=0.3", "driver.coal_price={2016:300,2017:310}"])
    one = varied(own, 0, parameters="posterior", drivers="uncertain")
    assert one.mechanism == {ADDRESSES[0]: 0.3, ADDRESSES[1]: load().values[0, 1]}
    assert one.driver["coal_price"] == {2016: 300.0, 2017: 310.0}
    assert "coal_price_expected" not in one.driver, "a price of the scenario's own is passed on to the margin"
    assert one.driver["ind_revenue"] == forecast(None, 2018, 0)["ind_revenue"]


def test_a_set_of_the_catalogues_own_values_is_the_same_scenario():
    history = load_scenario("history", SHORT)
    assert varied(history, 0, parameters="usual").fingerprint() == history.fingerprint()


def test_draws_beyond_the_catalogues_range_and_missing_tables_are_refused():
    with pytest.raises(ScenarioError, match=r"parameters = wild: grow_firms.laplace_scale_y = 0.8 is out of range"):
        drawn("wild", 0)
    with pytest.raises(ScenarioError, match="drivers = sure must be one of central, uncertain"):
        varied(load_scenario("history", SHORT), 0, drivers="sure")


def test_two_scenarios_of_a_replicate_differ_by_the_policy_alone():
    """Bit for bit: a scenario under another name, with the same draws, is the same run; another replicate is not."""
    first, second, third = plan("history"), plan("history"), plan("history")
    renamed = replace(second.points[0].scenario, name="other")
    second = replace(second, points=(Point("other", renamed, "other"),))
    values = [run(p.scenario_of(Run(0, r)), 1, 0).quarterly for p, r in ((first, 1), (second, 1), (third, 2))]
    assert np.array_equal(values[0], values[1], equal_nan=True)
    assert not np.array_equal(values[0], values[2], equal_nan=True)


def test_every_scenario_of_a_replicate_takes_the_same():
    made = plan("history", "no_policy", "plan_a_2014")
    for r in range(3):
        taken = [made.scenario_of(Run(p, r)) for p in range(3)]
        assert all((one.mechanism, one.driver) == (taken[0].mechanism, taken[0].driver) for one in taken)
        assert len({made.run_id(Run(p, r)) for p in range(3)}) == 3


def test_runs_that_are_no_pairs_are_noticed(tmp_path: Path):
    made = plan("history", "no_policy")
    store = work(made, tmp_path)
    one, other = results_of(made, store, read_index(store, verify=False))
    rows = paired(one, other)
    assert [places.tolist() for places in rows] == [[0, 1, 2]] * 2
    for broken in (replace(other, draws=other.draws[::-1]), replace(other, draws=())):
        with pytest.raises(ValueError, match="replicate 0 took other parameters or drivers in one"):
            paired(one, broken)


def test_ids_change_with_what_is_drawn_and_with_nothing_else():
    base = plan("history", replicates=8)
    ids = [base.run_id(one) for one in base.runs()]
    assert len(set(ids)) == 8
    assert ids[:3] == [plan("history", replicates=3).run_id(Run(0, r)) for r in range(3)]
    kinds = {
        "central": AS_IT_STANDS,
        "parameters": Variation("posterior"),
        "drivers": Variation(drivers="uncertain"),
        "origin": Variation("posterior", "uncertain", 2014),
        "set": Variation("other", "uncertain"),
    }
    for name, kind in kinds.items():
        other = plan("history", replicates=8, variation=kind)
        same = [r for r in range(8) if other.run_id(Run(0, r)) == base.run_id(Run(0, r))]
        assert not (set(same) - {0, 1, 2, 4, 5, 6, 7} if name == "set" else same), name
        assert other.digest() != base.digest()


def test_ids_of_a_study_without_draws_are_what_they_were():
    made = plan("history", variation=AS_IT_STANDS)
    point = made.points[0].fingerprint
    assert made.run_id(Run(0, 2)) == plans.run_id(point, 1, 2)
    assert made.run_id(Run(0, 2)) == hashlib.sha256(f"{point}/1/2".encode()).hexdigest()
    parts = ["full", FAKE, "1", "3", f"history={point}"]
    assert made.digest() == hashlib.sha256("\n".join(parts).encode()).hexdigest()


def test_a_plan_file_knows_the_draws_and_status_counts_them(tmp_path: Path):
    made = plan("history", "no_policy")
    store = work(made, tmp_path)
    assert len(read_plan_file(store.folder / "plan.json")["draws"]) == 3
    told = status_of(store)
    assert (told["sealed"], told["missing"]) == (6, 0)
    central = work(replace(plan("history", variation=AS_IT_STANDS), study="central"), tmp_path)
    assert "draws" not in read_plan_file(central.folder / "plan.json")
    assert status_of(central)["sealed"] == 3


def test_an_origin_tells_a_study_whose_draws_changed(monkeypatch: pytest.MonkeyPatch):
    first = origin_of(plan("history"), KEYS)
    assert changes(first, origin_of(plan("history", replicates=9), KEYS)) == []
    other = origin_of(plan("history", variation=Variation("other", "uncertain")), KEYS)
    assert changes(first, other) == ["scenario history changed"]


def test_keys_of_the_command_line_and_of_a_study_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert compose_request([*SHORT, *KEYS]).variation == BOTH
    assert compose_request(SHORT).variation == AS_IT_STANDS
    assert sweep_of([*SHORT, "drivers=uncertain", "lever.rd_grant.budget_y=0,50"]).plan.variation == Variation(
        drivers="uncertain"
    )
    with pytest.raises(ScenarioError, match=r"drivers = uncertian must be one of central, uncertain\. Did you mean"):
        compose_request(["drivers=uncertian"])
    folder = tmp_path / "configs" / "study"
    folder.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    text = "scenarios: [history]\noverrides: {end: 2018Q4, population.k: 40}\nreplicates: 2\n"
    (folder / "drawn.yaml").write_text(f"{text}parameters: posterior\ndrivers: uncertain\n")
    (folder / "faulty.yaml").write_text(f"{text}parameters: median\n")
    assert sweep_of(["study=drawn"]).plan.variation == BOTH
    assert sweep_of(["study=drawn", "parameters=central"]).plan.variation == Variation(drivers="uncertain")
    with pytest.raises(ScenarioError, match=r"faulty.yaml:4: parameters = median must be one of central, posterior"):
        sweep_of(["study=faulty"])


def test_a_stored_run_is_made_again_from_its_id_alone(tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch):
    request = compose_request([*SHORT, *KEYS, "replicates=2", f"results={tmp_path}"])
    made = plan_of(request)
    store = work(made, tmp_path)
    capsys.readouterr()
    run_id = made.run_id(Run(0, 1))
    assert plan_from(store.folder / "plan.json").digest() == made.digest()
    assert reproduce([run_id, f"results={tmp_path}"]) == 0
    assert "every number is the same" in capsys.readouterr().out
    monkeypatch.setattr("experiments.plan.Variation.of", lambda self, scenario, replicate, seed: scenario)
    assert reproduce([run_id, f"results={tmp_path}"]) == 1, "a run without its draws is another run"
    monkeypatch.setattr("tests.draws.shipped_draws.ROWS", 4)  # the table that ships is another one now
    from experiments.draws import variation

    variation._draws_of.cache_clear()
    variation._draw_id.cache_clear()
    with pytest.raises(StoreError, match="changed since this plan was made"):
        reproduce([run_id, f"results={tmp_path}"])


def test_a_manifest_says_what_was_drawn(tmp_path: Path):
    from experiments.study import varied_by

    assert varied_by(plan("history", variation=AS_IT_STANDS)) == {}
    told = varied_by(plan("history"))["variation"]
    assert json.loads(json.dumps(told)) == {"parameters": "posterior", "drivers": "uncertain", "origin": None,
                                            "digest": BOTH.digest(1)}  # fmt: skip
