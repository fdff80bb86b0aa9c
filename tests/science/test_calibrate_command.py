"""The verb calibrate from keys to files: a small real fit, going on, refusals, what ships, and the catalogue's rows."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pyabc")

from experiments.__main__ import main
from experiments.calibration import catalogue_rows, fitting, posterior
from experiments.calibration.central import Marginal
from experiments.calibration.posterior import Posterior, text_of
from experiments.calibration.priors import load as load_priors
from experiments.calibration.request import WHOLE, read_request
from sim.catalogue.integrity import check
from sim.catalogue.loader import Catalogue, catalogue
from sim.scenario_values import ScenarioError

SMALL = ("until=2012", "population.k=40", "population_size=20", "workers=1")
TINY = (*SMALL, "generations=2", "full_generations=0")


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    """A small real fit of eight quarters."""
    folder = tmp_path_factory.mktemp("results")
    assert main(["calibrate", *TINY, f"results={folder}"]) == 0
    return folder


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_a_fit_leaves_tables_a_picture_and_draws_inside_the_priors(fitted):
    folder = fitted / "calibrate_2012"
    priors = load_priors()
    told = rows_of(folder / "parameters.csv")
    assert [row["address"] for row in told] == [prior.address for prior in priors]
    for row in told:
        assert float(row["prior_low"]) <= float(row["p05"]) <= float(row["p95"]) <= float(row["prior_high"]) * 1.001
    assert {row["year"] for row in rows_of(folder / "fit.csv")} == {"2011", "2012"}
    assert all(row["title_zh"] for row in rows_of(folder / "fit.csv"))
    assert (folder / "corner.png").read_bytes().startswith(b"\x89PNG")
    text = (folder / "posterior.csv").read_text(encoding="utf-8")
    assert text.startswith("# made by innopolicy calibrate until=2012")
    assert "2 generations at k = 40 and 0 at k = 1" in text.partition("\n")[0]
    assert len(text.splitlines()) == 2 + 500
    assert "fresh runs" in text.partition("\n")[0]


def test_the_same_command_goes_on_and_a_longer_one_adds_to_it(fitted, tmp_path, capsys):
    folder = tmp_path / "results"
    shutil.copytree(fitted, folder)
    before = (folder / "calibrate_2012" / "posterior.csv").read_bytes()
    assert main(["calibrate", *TINY, f"results={folder}"]) == 0
    assert "generation" not in capsys.readouterr().err
    assert (folder / "calibrate_2012" / "posterior.csv").read_bytes() == before
    assert main(["calibrate", *SMALL, "generations=3", "full_generations=0", f"results={folder}"]) == 0
    assert "generation 3 (k=40)" in capsys.readouterr().err


def test_the_last_generation_is_made_at_full_size_and_the_scale_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(fitting, "LOOKED_AT", 4)
    asked = [*SMALL, "generations=1", "full_generations=1", "draws=10", f"results={tmp_path}"]
    assert main(["calibrate", *asked]) == 0
    told = capsys.readouterr()
    assert "generation 2 (k=1)" in told.err
    assert "same draws and replicates" in told.out
    assert len(rows_of(tmp_path / "calibrate_2012" / "scale.csv")) > 10
    assert len(rows_of(tmp_path / "calibrate_2012" / "posterior.csv")) == 11


def test_a_fit_of_something_else_is_refused_and_put_aside_on_demand(fitted, tmp_path, capsys):
    folder = tmp_path / "results"
    shutil.copytree(fitted, folder)
    other = [*SMALL, "generations=1", "full_generations=0", "seed=2", f"results={folder}"]
    assert main(["calibrate", *other]) == 3
    assert "made by something else: seed 1 -> 2" in capsys.readouterr().err
    assert main(["--accept-changed", "calibrate", *other]) == 2
    assert main(["--new-store", "calibrate", *other]) == 0
    assert (folder / "calibrate_2012.old-1" / "particles.db").is_file()


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("population=scaled", "unknown key"),
        ("generations=0", "out of range 1..100"),
        ("generations=1e1", "no whole number"),
        ("seed=01", "no whole number"),
        ("until=2018", "out of range 2012..2017"),
        ("minutes=soon", "canonical"),
        ("minutes=0", "out of range"),
        ("ship=true", "must be yes or no"),
        ("data=", "has no value"),
        ("priors=nowhere.csv", "cannot be read"),
    ],
)
def test_a_wrong_key_is_refused_in_one_line_and_nothing_is_written(tmp_path, capsys, argument, said):
    assert main(["calibrate", argument, f"results={tmp_path / 'new'}"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1
    assert said in told[0]
    assert not (tmp_path / "new").exists()


def test_a_key_twice_and_shipping_another_s_data_are_refused(tmp_path):
    with pytest.raises(ScenarioError, match="gives seed twice"):
        read_request(["seed=1", "seed=2"])
    with pytest.raises(ScenarioError, match="go with the tables that ship"):
        read_request(["ship=yes", "data=mine.csv"])
    with pytest.raises(ScenarioError, match="catalogue=yes goes with until=2017"):
        read_request(["catalogue=yes", "until=2014"])


def test_help_names_every_key_with_its_range(capsys):
    assert main(["calibrate", "--help"]) == 0
    text = capsys.readouterr().out
    for key, (low, high, *_) in WHOLE.items():
        assert f"{key}" in text
        assert f"{low}..{high}" in text


def test_the_draws_that_ship_can_be_drawn_from():
    for name in ("posterior", "posterior_2014"):
        found = posterior.load(name)
        assert found.values.shape[1] == len(found.addresses)
        assert "model" in found.provenance
        draw = found.draw(len(found.values) + 3)
        assert draw == found.draw(3)
        for address, value in draw.items():
            assert catalogue().parameters[address].low <= value <= catalogue().parameters[address].high
    with pytest.raises(ScenarioError, match="there is none"):
        posterior.load("posterior_2013")


def test_draws_that_left_the_catalogue_s_range_are_refused(tmp_path):
    text = text_of(Posterior(("finance_rd.slack",), np.array([[2.0], [50.0]]), "a test"))
    (tmp_path / "posterior.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"posterior\.csv:2: finance_rd\.slack = 50 is out of range"):
        posterior.load(folder=tmp_path)


def test_a_range_is_not_left_by_rounding(tmp_path):
    priors = load_priors()
    ends = np.array([[prior.low for prior in priors], [prior.high for prior in priors]])
    text = text_of(Posterior(tuple(prior.address for prior in priors), ends, "a test"))
    (tmp_path / "posterior.csv").write_text(text, encoding="utf-8")
    assert np.allclose(posterior.load(folder=tmp_path).values, ends)


def test_central_values_change_their_rows_and_not_a_byte_else(tmp_path):
    folder = tmp_path / "catalogue"
    shutil.copytree(Path(catalogue_rows.TABLE).parent, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    table = folder / "parameters.csv"
    before = table.read_text(encoding="utf-8").split("\n")
    priors = load_priors()[:3]
    found = [Marginal(p, (p.low, p.low, p.high), (p.low, p.value(0.5), p.high), p.value(0.5), 0.5) for p in priors]
    for _ in range(2):  # a second fit replaces what the first one noted
        catalogue_rows.write(catalogue_rows.changed(found, table), table)
    after = table.read_text(encoding="utf-8").split("\n")
    different = [new for old, new in zip(before, after, strict=True) if old != new]
    assert len(different) == 3
    cat = Catalogue(folder)
    assert not check(cat)
    for one in found:
        row = cat.parameters[one.prior.address]
        assert (row.value, row.kind, row.source) == (one.centre, "calibrated", "abc_fit")
        assert (row.low, row.high) == (
            catalogue().parameters[row.address].low,
            catalogue().parameters[row.address].high,
        )
        assert row.note.count("posterior 5 to 95 %") == 1
