"""The verb: what it refuses, what it keeps, and that a seed which is done is not done again."""

from __future__ import annotations

import math

import pytest

from experiments.__main__ import main
from experiments.responses import seeds
from experiments.responses.experiment import Experiment
from experiments.responses.request import help_text, read
from sim.scenario_values import ScenarioError


@pytest.mark.parametrize(
    "given",
    ["only=6", "only=x", "seeds=0", "seeds=1.5", "population.k=0", "workers=-1", "parameters=best", "ship=1", "seed",
     "sedes=3", "results="],
)  # fmt: skip
def test_what_is_wrong_is_refused_in_one_line(given, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["responses", given]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_key_twice_is_refused():
    with pytest.raises(ScenarioError, match="twice"):
        read(["seeds=1", "seeds=2"])


def test_help_names_every_key(capsys):
    assert main(["responses", "--help"]) == 0
    assert capsys.readouterr().out.strip() == help_text().strip()
    assert all(key in help_text() for key in ("only", "seeds", "seed ", "population.k", "workers", "breaks", "ship"))


def asked(folder, **changes):
    texts = {"only": "1", "seeds": "3", "workers": "1", "results": str(folder)} | changes
    return read([f"{key}={value}" for key, value in texts.items()])


@pytest.fixture
def calls(monkeypatch):
    """Seeds that were measured; the experiment is a stand-in."""
    found = []

    def measure(lab):
        found.append(lab.seed)
        return {"1_short": -float(lab.seed), "1_long": math.nan}

    monkeypatch.setattr(seeds, "experiments", lambda: {1: Experiment(1, measure)})
    monkeypatch.setattr("experiments.spread.prepare", lambda: None)
    return found


def test_what_is_done_is_kept_and_only_what_is_missing_is_done(calls, tmp_path):
    seeds.measured(asked(tmp_path, seeds="2"))
    again = seeds.measured(asked(tmp_path))
    assert calls == [0, 1, 2]
    assert [one["1_short"] for one in again[1]] == [0.0, -1.0, -2.0]
    assert all(math.isnan(one["1_long"]) for one in again[1])


def test_what_is_damaged_or_of_another_setting_is_done_again(calls, tmp_path):
    seeds.measured(asked(tmp_path, seeds="2"))
    path = tmp_path / "seed_00001.json"
    path.write_text(path.read_text().replace("-1.0", "-9.0"))
    assert [one["1_short"] for one in seeds.measured(asked(tmp_path, seeds="2"))[1]] == [0.0, -1.0]
    seeds.measured(asked(tmp_path, seeds="1", **{"population.k": "8"}))
    assert calls == [0, 1, 1, 0]
