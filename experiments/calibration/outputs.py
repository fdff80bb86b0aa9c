"""The files and the text that a fit leaves, the draws that ship, and what made them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np

from experiments.calibration import catalogue_rows, posterior, told
from experiments.calibration.central import Marginal, draws
from experiments.calibration.distance import Distance
from experiments.calibration.fitting import FULL, Generation
from experiments.calibration.fresh import Fresh
from experiments.calibration.generations import ACCEPT_ALL, Particles, Weighted
from experiments.calibration.priors import Prior
from experiments.calibration.priors import digest as digest_of_priors
from experiments.calibration.request import CalibrateRequest
from experiments.calibration.targets import Target
from experiments.calibration.targets import digest as digest_of_targets
from experiments.durable import write_file
from experiments.outcomes import Array
from experiments.tables import csv_text
from experiments.validity.summaries import made_by

LOOK_FILE = "scale.csv"
UNTOLD = ("workers=", "results=", "ship=", "catalogue=")  # keys that change no draw


@dataclass(frozen=True)
class Fit:
    """A finished fit: what was asked, what it was held against, its last generation and the draws made of it.

    draws : the last generation, or its adjusted draws where these are nearer; marginals : what they say.
    """

    request: CalibrateRequest
    targets: tuple[Target, ...]
    priors: tuple[Prior, ...]
    distance: Distance
    generations: Sequence[Generation]
    made: Particles
    draws: Weighted
    fresh: Fresh
    marginals: Sequence[Marginal]

    @property
    def is_adjusted(self) -> bool:
        """Whether the draws were moved."""
        return self.draws is not self.made

    @property
    def points(self) -> Array:
        """Fresh runs of the draws, shape (n, n_targets)."""
        return self.fresh.adjusted if self.is_adjusted else self.fresh.plain


def provenance(fit: Fit) -> str:
    """What made the draws, without a date."""
    full = sum(one.k == FULL and fit.request.k != FULL for one in fit.generations)
    given = [text for text in fit.request.given if not text.startswith(UNTOLD)]
    return (
        f"{' '.join(['innopolicy calibrate', *given])}; model {made_by()}; targets {digest_of_targets(fit.targets)}"
        f" ({len(fit.targets)} points, {len(fit.distance.groups)} series, to {fit.request.until}); priors"
        f" {digest_of_priors(fit.priors)}; pyabc {version('pyabc')}; {len(fit.generations) - full} generations at"
        f" k = {fit.request.k} and {full} at k = 1, the last of {len(fit.made.weights)} particles; {nearness(fit)}"
    )


def nearness(fit: Fit) -> str:
    """How near the fit came."""
    epsilon = fit.generations[-1].epsilon
    told_as = "none (the prior)" if epsilon == ACCEPT_ALL else f"{epsilon:.4g}"
    kind, median = ("", fit.fresh.distances[0])
    if fit.is_adjusted:
        kind, median = (", adjusted by regression", fit.fresh.distances[1])
    return (f"epsilon {told_as}; effective sample size {fit.made.effective:.0f}{kind}; median distance of fresh runs"
            f" {median:.4g}")  # fmt: skip


def posterior_of(fit: Fit) -> posterior.Posterior:
    """The draws that ship."""
    addresses = tuple(prior.address for prior in fit.priors)
    return posterior.Posterior(addresses, draws(fit.priors, fit.draws, fit.request.draws), provenance(fit))


def write(fit: Fit) -> None:
    """All files that can be made again from the particles."""
    from experiments.figures.corner import corner

    folder = fit.request.folder
    write_file(folder / "parameters.csv", csv_text(told.PARAMETER_COLUMNS, told.parameter_rows(fit.marginals)))
    write_file(folder / "fit.csv", csv_text(told.FIT_COLUMNS, told.fit_rows(fit.targets, fit.points)))
    made = posterior_of(fit)
    write_file(folder / "posterior.csv", posterior.text_of(made))
    logs = np.array([prior.scale == "log" for prior in fit.priors])
    names = [f"{'log10 ' if log else ''}{a}" for log, a in zip(logs, made.addresses, strict=True)]
    ends = np.array([(one.prior.low, one.prior.high, one.centre) for one in fit.marginals])
    shown = made.values.copy()
    shown[:, logs], ends[logs] = np.log10(shown[:, logs]), np.log10(ends[logs])
    ranges = [(float(low), float(high)) for low, high, _ in ends]
    write_file(folder / "corner.png", corner(names, shown, ranges, [float(centre) for *_, centre in ends]))


def text(fit: Fit) -> list[str]:
    """What is printed: parameters, fit, scale, and how near the fit came."""
    lines = [*told.parameters_text(fit.marginals), "", *told.fit_text(fit.distance, fit.targets, fit.points), ""]
    path = fit.request.folder / LOOK_FILE
    if path.is_file() and any(one.k == FULL for one in fit.generations):
        rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
        lines += [*told.scale_text(rows[2:], (float(rows[0][1]), float(rows[1][1])), fit.request.k), ""]
    plain, adjusted = fit.fresh.distances
    kept = "adjusted" if fit.is_adjusted else "plain"
    lines.append(
        f"fresh runs: median distance {plain:.3f} of plain draws, {adjusted:.3f} of adjusted ones: {kept} kept"
    )
    minutes = sum(one.seconds for one in fit.generations) / 60.0
    lines.append(f"{len(fit.generations)} generations, {nearness(fit)}; {minutes:.1f} minutes")
    return [*lines, f"tables and corner.png: {fit.request.folder.as_posix()}"]


def ship(fit: Fit) -> None:
    """Write the draws into the project and print the rows of the catalogue that go with them."""
    path = posterior.FOLDER / f"{fit.request.shipped_name}.csv"
    write_file(path, posterior.text_of(posterior_of(fit)))
    print(f"draws: {path.as_posix()}; rows of sim/catalogue/parameters.csv that go with them (catalogue=yes):")
    for _, _, new in catalogue_rows.changed(fit.marginals):
        print(new)
