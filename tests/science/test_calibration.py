"""The fit on a stand-in whose answer is known: it finds it, says what it cannot, is the same after a kill."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pyabc")

from experiments.calibration import generations as gens
from experiments.calibration.central import marginals, medoid
from experiments.calibration.fitting import Course, noted, proceed
from tests.architecture.sources import ROOT
from tests.science import stand_in_fit as stand_in

BROAD = Course(k=8, scaled=6, full=3, minutes=1000.0)


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    """A fit of the stand-in with its last generation."""
    problem = stand_in.problem(tmp_path_factory.mktemp("fit"), size=150)
    made = proceed(problem, BROAD, stand_in.simulate_at, stand_in.look_at)
    return problem, made, gens.read(problem, len(made) - 1)


def test_the_truth_is_found_and_what_moves_nothing_is_said_to(fitted):
    problem, _, last = fitted
    found = {one.prior.address: one for one in marginals(problem.priors, last, 100)}
    for prior in problem.priors[:2]:
        one, truth = found[prior.address], prior.value(stand_in.TRUTH[prior.address])
        assert one.after[0] < truth < one.after[2]
        assert one.ratio < 0.35
        assert one.is_moved
        assert one.after[0] <= one.centre <= one.after[2]
    unmoved = found[problem.priors[2].address]
    assert unmoved.ratio > 0.75
    assert unmoved.after[2] - unmoved.after[0] > 0.6 * (unmoved.prior.high - unmoved.prior.low)


def test_a_bias_of_the_scale_is_not_carried_into_the_posterior(fitted):
    problem, made, last = fitted
    assert [one.k for one in made] == [8] * 6 + [1] * 3
    place = 1  # of what the biased point tells
    scaled = gens.read(problem, 5)
    shift = stand_in.BIAS / stand_in.EFFECT[-1, place]
    means = [float(np.average(one.places[:, place], weights=one.weights)) for one in (scaled, last)]
    assert means[0] == pytest.approx(0.7 - shift, abs=0.06)
    assert means[1] == pytest.approx(0.7, abs=0.04)


def test_each_generation_is_nearer_and_weights_stay_even(fitted):
    problem, made, last = fitted
    scaled = [one.epsilon for one in made if one.k == 8]
    assert scaled == sorted(scaled, reverse=True)
    assert last.distances.max() <= made[-1].epsilon
    assert last.weights.sum() == pytest.approx(1.0)
    assert last.effective > 0.3 * len(last.weights)


class Backwards:
    """A pool that works its tasks late and in the wrong order, as processes may."""

    def __init__(self):
        self.tasks = []

    def submit(self, function, *arguments):
        future = Future()
        future.result = lambda: self.result(future)
        self.tasks.append((future, function, arguments))
        return future

    def result(self, future):
        found = {id(one): function(*arguments) for one, function, arguments in reversed(self.tasks)}
        self.kept = getattr(self, "kept", {}) | found
        self.tasks = []
        return self.kept[id(future)]


def same(one, other):
    """Whether two generations are equal bit for bit."""
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("places", "weights", "points"))


def test_processes_do_not_matter(tmp_path, fitted):
    problem, _, _ = fitted
    other = stand_in.problem(tmp_path, size=150)
    course = Course(k=8, scaled=3, full=0, minutes=1000.0)
    proceed(other, course, stand_in.simulate_at, stand_in.look_at, pool=Backwards(), workers=5)
    for t in range(3):
        assert same(gens.read(problem, t), gens.read(other, t))


def test_another_seed_is_another_fit(tmp_path, fitted):
    problem, _, _ = fitted
    other = stand_in.problem(tmp_path, size=150, seed=2)
    gens.add(other, stand_in.simulate_at(8), gens.ACCEPT_ALL)
    assert not same(gens.read(problem, 0), gens.read(other, 0))


@pytest.mark.parametrize("run", [30, 140])  # in the first generation, and in a later one
def test_a_killed_fit_goes_on_as_if_nothing_had_happened(tmp_path, run):
    course = Course(k=8, scaled=3, full=0, minutes=1000.0)
    folder = tmp_path / "killed"
    folder.mkdir()
    script = [sys.executable, "-m", "tests.science.stand_in_fit", str(folder), str(run)]
    killed = subprocess.run(script, cwd=ROOT, check=False, capture_output=True)
    assert killed.returncode == -9, killed.stderr.decode()
    assert len(noted(stand_in.problem(folder))) == (1 if run == 30 else 2)
    whole = tmp_path / "whole"
    whole.mkdir()
    for path in (folder, whole):
        proceed(stand_in.problem(path), course, stand_in.simulate_at, stand_in.look_at)
    for t in range(3):
        assert same(gens.read(stand_in.problem(folder), t), gens.read(stand_in.problem(whole), t))


def test_a_fit_that_is_done_makes_nothing_more(fitted):
    problem, made, _ = fitted

    def nothing(k):
        raise AssertionError("no run is asked for")

    assert proceed(problem, BROAD, nothing, nothing) == made


def test_a_set_that_cannot_be_run_is_counted_and_never_kept(tmp_path):
    def at(k):
        model = stand_in.simulate_at(k)

        def one(places):
            found = model(places)
            return {"points": np.full(4, np.nan)} if places["start_rd.stop_base"] > 0.5 else found

        return one

    problem = stand_in.problem(tmp_path)
    made = proceed(problem, Course(k=8, scaled=2, full=0, minutes=1000.0), at, stand_in.look_at)
    assert made[0].failures > 10
    for t in range(2):
        assert gens.read(problem, t).places[:, 2].max() <= 0.5


def test_where_nothing_can_be_run_the_fit_gives_up(tmp_path):
    from experiments.calibration.ordered_sampler import ExhaustedError

    broken = stand_in.problem(tmp_path, size=20)
    with pytest.raises(ExhaustedError, match="are near enough"):
        proceed(broken, BROAD, lambda k: lambda places: {"points": np.full(4, np.nan)}, stand_in.look_at)


def test_time_ends_the_fit_but_not_before_it_was_at_full_size(tmp_path):
    problem = stand_in.problem(tmp_path, size=40)
    made = proceed(problem, Course(8, 6, 3, minutes=1e-6), stand_in.simulate_at, stand_in.look_at)
    assert [one.k for one in made] == [8, 1]


def test_resampling_and_quantiles_follow_the_weights():
    weights = np.array([0.1, 0.0, 0.6, 0.3])
    assert np.bincount(gens.systematic(weights, 100), minlength=4).tolist() == [10, 0, 60, 30]
    values = np.array([4.0, 1.0, 2.0, 3.0])
    assert gens.weighted_quantile(values, weights, (0.05, 0.5, 0.61, 0.95)).tolist() == [2.0, 2.0, 3.0, 4.0]
    assert medoid(np.array([[0.0, 0.0], [1.0, 1.0], [1.1, 1.0], [9.0, 9.0]])) in (1, 2)
    assert Path(gens.DATABASE).suffix == ".db"
