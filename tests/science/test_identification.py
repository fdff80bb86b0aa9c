"""Identification: on a linear model with normal errors the posterior is known; a posterior too sure is caught."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm, truncnorm

from experiments import spread
from experiments.calibration import targets as calibration_targets
from experiments.calibration.distance import FLOOR, Distance
from experiments.calibration.priors import Prior
from experiments.calibration.simulation import POINTS
from experiments.calibration.targets import Target
from experiments.figures.recovery import profile_figure, rank_figure
from experiments.figures.titled import svg_of
from experiments.identification.coverage import coverage, coverages, wilson
from experiments.identification.history import Metric, metric_of
from experiments.identification.recovery import ADJUSTED, NO_ERROR, PLAIN, Posteriors, profile
from experiments.identification.reference import CHUNK, FIRST_HELD_OUT, HELD_OUT, REFERENCE, Table, drawn, table, whole
from experiments.identification.rejection import Draws, posterior
from experiments.identification.spot_check import spot, synthetic
from experiments.identification.verb import BINS, asked_of, main
from experiments.sealed_json import sealed_text
from experiments.store import StoreError
from sim.scenario_values import ScenarioError

SLOPES = np.array([8.0, 4.0, 0.0])  # log points over the range; the third parameter moves nothing
DRAWS, SETS = 4000, 200
SURE = 0.5  # by which the over-confident posterior is narrower
calls: list[int] = []


@dataclass(frozen=True)
class LinearModel:
    """Logs of three points are the slopes times the places; errors come with the metric, of standard deviation 1."""

    def __call__(self, places: np.ndarray, replicate: int) -> np.ndarray:
        calls.append(replicate)
        return np.exp(SLOPES * places)


METRIC = Metric(np.ones(3), np.full(3, 1.0 / 3.0), np.full(3, 1e-9))


def line(n: int, stream: int, seed: int = 1) -> Table:
    places = drawn(n, 3, seed, stream)
    return Table(places, np.exp(SLOPES * places))


@pytest.fixture(scope="module")
def posteriors() -> Posteriors:
    return Posteriors(line(DRAWS, REFERENCE), METRIC, 400, 1)


@pytest.fixture(scope="module")
def recovery(posteriors: Posteriors):
    return posteriors.recovered(line(SETS, HELD_OUT))


def exact(data: float, slope: float):
    """The posterior of a place: a normal around data / slope, cut at 0 and 1."""
    mean, sd = data / slope, 1.0 / slope
    return truncnorm(-mean / sd, (1.0 - mean) / sd, mean, sd)


def test_coverage_of_the_known_posterior_is_right_and_the_silent_parameter_is_named(recovery):
    for one in recovery.coverage[ADJUSTED]:
        for level, share in one.inside.items():
            assert abs(share - level) < 3.0 * np.sqrt(level * (1.0 - level) / SETS)
        assert not one.p_value < 0.001
        assert sum(one.histogram) == SETS
    assert [one.is_silent for one in recovery.coverage[ADJUSTED]] == [False, False, True]


def test_the_adjusted_posterior_is_the_known_one():
    data, means, sds, plain = np.array([4.0, 2.0, 0.0]), [], [], []
    for seed in range(8):
        one = Posteriors(line(DRAWS, REFERENCE, seed), METRIC, 400, seed)
        found = one.observed(np.exp(data))
        means.append(found.weights @ found.places)
        sds.append(found.sd())
        plain.append(one.observed(np.exp(data), PLAIN).sd())
    for i in (0, 1):
        known = exact(data[i], SLOPES[i])
        assert np.mean(means, axis=0)[i] == pytest.approx(known.mean(), abs=0.02)
        assert np.mean(sds, axis=0)[i] == pytest.approx(known.std(), rel=0.08)
        assert np.mean(plain, axis=0)[i] > 1.05 * known.std()  # rejection alone keeps what its tolerance lets in


def test_a_posterior_that_is_too_sure_is_caught(posteriors: Posteriors):
    held = line(SETS, HELD_OUT)
    data = METRIC.coordinates(held.points, np.random.default_rng(5).standard_normal((SETS, 3)))
    table_coordinates = posteriors.coordinates(ADJUSTED)
    ranks, sds = [], []
    for observed, truth in zip(data, held.places, strict=True):
        draws = posterior(posteriors.table.places, table_coordinates, observed, 400, None)
        middle = draws.weights @ draws.places
        sure = Draws(middle + SURE**2 * (draws.places - middle), draws.weights)
        ranks.append(sure.below(truth))
        sds.append(sure.sd())
    found = coverages(np.array(ranks), np.array(sds))
    assert found[0].is_overconfident
    assert found[0].p_value < 0.01


def test_runs_without_the_error_of_data_give_other_posteriors(recovery):
    assert not np.array_equal(recovery.ranks[NO_ERROR], recovery.ranks[PLAIN])


def test_exact_ranks_pass_and_narrow_ones_do_not():
    rng = np.random.default_rng(2)
    truth = rng.normal(size=400)
    right = coverage(norm.cdf(truth), np.full(400, 0.3))
    assert right.is_right(0.9)
    assert not right.is_overconfident
    wrong = coverage(norm.cdf(truth / 0.6), np.full(400, 0.3))
    assert wrong.is_overconfident
    assert right.contraction == pytest.approx(0.3)


def test_wilson_intervals_are_the_published_ones():
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)  # Newcombe 1998
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)


def test_the_metric_is_the_distance_of_the_calibration():
    targets = calibration_targets.load()
    observed = np.array([target.value for target in targets])
    points = observed * np.exp(np.random.default_rng(3).normal(0.0, 0.4, (5, len(targets))))
    points[0, 3] = 0.0  # counted as FLOOR times what was observed
    metric, distance = metric_of(targets), Distance(targets)
    away = metric.coordinates(points) - metric.coordinates(observed)
    np.testing.assert_allclose(np.sqrt((away**2).sum(axis=1)), [distance(row) for row in points], rtol=1e-12)
    np.testing.assert_allclose(metric.least, FLOOR * observed)


def test_synthetic_data_have_the_error_that_the_distance_allows():
    targets = calibration_targets.load()
    points = np.array([target.value for target in targets])
    data = synthetic(targets, points, np.ones(len(targets)))
    assert np.log(data[0].value / points[0]) == pytest.approx(targets[0].scale)
    assert replace(data[0], value=targets[0].value) == targets[0]


@dataclass(frozen=True)
class LinearSimulation:
    """The linear model in the form in which the calibration runs it."""

    priors: tuple[Prior, ...]
    targets: tuple[Target, ...]

    def __call__(self, places: Mapping[str, float]) -> dict[str, np.ndarray]:
        return {POINTS: np.exp(SLOPES * np.array([places[prior.address] for prior in self.priors]))}


def test_the_calibrations_own_method_is_tried_on_a_synthetic_set_and_goes_on(tmp_path: Path):
    pytest.importorskip("pyabc")
    priors = tuple(Prior(name, 0.0, 1.0, "linear") for name in ("a", "b", "c"))
    targets = tuple(Target(name, 2012, 1.0, 0.2, "flow", name, name) for name in ("x", "y", "z"))
    held = line(3, HELD_OUT)
    simulation = LinearSimulation(priors, targets)
    found = spot(simulation, held, 1, 60, 5, 1, tmp_path / "spot")
    assert found.evaluations > 3 * 60
    assert found.sds[0] < 0.6 * 12.0**-0.5 < found.sds[2]
    assert 0.0 <= found.ranks[0] <= 1.0
    again = spot(simulation, held, 1, 60, 5, 1, tmp_path / "spot")
    np.testing.assert_array_equal(again.ranks, found.ranks)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(spread, "prepare", lambda: None)
    calls.clear()
    return tmp_path / "table"


def test_a_table_goes_on_where_it_was_stopped(folder: Path):
    draws = drawn(2 * CHUNK + 20, 3, 1, REFERENCE)
    first = table(LinearModel(), draws, FIRST_HELD_OUT, folder, 1)
    assert calls == [FIRST_HELD_OUT + i for i in range(len(draws))]
    (folder / f"{CHUNK:06d}.json").unlink()  # killed before this one was kept
    calls.clear()
    again = table(LinearModel(), draws, FIRST_HELD_OUT, folder, 1)
    assert calls == [FIRST_HELD_OUT + CHUNK + i for i in range(CHUNK)]
    np.testing.assert_array_equal(again.points, first.points)


def test_a_longer_table_begins_with_the_shorter_one(folder: Path):
    short, long = drawn(CHUNK + 20, 3, 1, REFERENCE), drawn(2 * CHUNK, 3, 1, REFERENCE)
    np.testing.assert_array_equal(long[: len(short)], short)
    table(LinearModel(), short, 0, folder, 1)
    calls.clear()
    found = table(LinearModel(), long, 0, folder, 1)
    assert calls == list(range(CHUNK, 2 * CHUNK))  # the last chunk was short
    np.testing.assert_allclose(found.points, np.exp(SLOPES * long))


def test_other_draws_and_damaged_chunks_are_refused(folder: Path):
    table(LinearModel(), drawn(CHUNK, 3, 1, REFERENCE), 0, folder, 1)
    with pytest.raises(StoreError, match="other draws"):
        table(LinearModel(), drawn(CHUNK, 3, 2, REFERENCE), 0, folder, 1)
    path = folder / "000000.json"
    path.write_text(path.read_text().replace("0.5", "0.6", 1))
    with pytest.raises(StoreError, match="damaged"):
        table(LinearModel(), drawn(CHUNK, 3, 1, REFERENCE), 0, folder, 1)
    path.write_text(sealed_text({"points": [], "places": [[0.1]]}))
    with pytest.raises(StoreError, match="other draws"):
        table(LinearModel(), drawn(CHUNK, 3, 1, REFERENCE), 0, folder, 1)


def test_runs_that_leave_no_number_are_counted(folder: Path):
    found = whole(Table(drawn(3, 1, 1, 0), np.array([[1.0, 2.0], [np.nan, 1.0], [0.0, 1.0]])))
    assert found.failed == 1
    assert len(found.places) == len(found.points) == 2


def test_a_profile_is_lowest_where_the_data_were_made():
    places = drawn(DRAWS, 3, 1, REFERENCE)
    distances = np.sqrt(((SLOPES * (places - 0.25)) ** 2).sum(axis=1))
    assert np.argmin(profile(places[:, 0], distances, BINS)) in (4, 5)
    assert np.ptp(profile(places[:, 2], distances, BINS)) < 0.5 * np.ptp(profile(places[:, 0], distances, BINS))


def test_figures_have_titles_in_both_languages(recovery):
    names, found = ["a.b", "c.d", "e.f"], recovery.coverage[ADJUSTED]
    ranks = rank_figure(names, found)
    lines = [np.linspace(1.0, 2.0, 5)] * 3
    profiles = profile_figure(names, lines, [False, True, False], lines, 1.5)
    for text in (ranks, profiles):
        assert "参数" in text or "后验" in text
        assert text.count("<svg") == 1
    assert profiles == profile_figure(names, lines, [False, True, False], lines, 1.5)
    assert svg_of.__doc__


@pytest.mark.parametrize(
    ("text", "told"),
    [("sets=10", "out of range"), ("priors=none.csv", "no file"), ("draw=5", "unknown key"), ("ship=maybe", "one of")],
)
def test_what_is_asked_wrongly_is_refused(text: str, told: str, tmp_path: Path):
    with pytest.raises(ScenarioError, match=told):
        main([text, f"results={tmp_path / 'new'}"])
    assert not (tmp_path / "new").exists()
    assert asked_of([]).priors
