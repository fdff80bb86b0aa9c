"""What a fit leaves to read: tables of parameters, of the fit by target and of what the scale does, and their text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from experiments.calibration.central import SHARES, Marginal
from experiments.calibration.distance import FLOOR, Distance
from experiments.calibration.fitting import Look
from experiments.calibration.targets import Target
from experiments.fitted import columns_of_terminal, layout
from experiments.outcomes import Array
from experiments.titles.parameters import in_part
from sim.catalogue.loader import catalogue

PARAMETER_COLUMNS = ("address", "title_en", "title_zh", "unit", "scale", "prior_low", "prior_high", "p05", "p50", "p95",
                     "central", "catalogue", "sd_ratio", "is_moved")  # fmt: skip
FIT_COLUMNS = ("series", "year", "since", "kind", "title_en", "title_zh", "unit", "observed", "p05", "p50", "p95",
               "error", "discrepancy", "deviation", "is_inside")  # fmt: skip
SCALE_COLUMNS = ("group", "log_ratio", "standard_error")
SIGN = 2.0  # standard errors beyond which a difference between the scales is told


def number(value: float) -> str:
    """A number as the tables show it."""
    return f"{value:.4g}"


def parameter_rows(marginals: Sequence[Marginal]) -> list[list[str]]:
    """Each parameter before and after."""
    rows = []
    for one in marginals:
        base = catalogue().parameters[one.prior.address]
        rows.append([
            one.prior.address, *in_part(one.prior.address), base.unit, one.prior.scale, number(one.prior.low),
            number(one.prior.high), *map(number, one.after), number(one.centre), number(base.value), f"{one.ratio:.2f}",
            str(int(one.is_moved)),
        ])  # fmt: skip
    return rows


def fit_rows(targets: Sequence[Target], points: Array) -> list[list[str]]:
    """Each target beside runs of the posterior's draws, shape (n, n_targets), without the error of observation."""
    rows = []
    for i, target in enumerate(targets):
        low, middle, high = np.quantile(points[:, i], SHARES)
        inside = low <= target.value <= high
        deviation = np.log(max(middle / target.value, FLOOR)) / target.scale
        rows.append([
            target.series, str(target.year), str(target.since or ""), target.kind, target.title_en, target.title_zh,
            target.unit, *(f"{value:.6g}" for value in (target.value, low, middle, high)), f"{target.error:g}",
            f"{target.discrepancy:g}", f"{deviation:.2f}", str(int(inside)),
        ])  # fmt: skip
    return rows


def scale_rows(distance: Distance, targets: Sequence[Target], look: Look) -> list[list[str]]:
    """Mean log ratio of full size over scaled by group of targets, with its standard error."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(look.full / look.scaled)
    rows = []
    for group in distance.groups:
        columns = [i for i, target in enumerate(targets) if target.group == group]
        means = logs[:, columns].mean(axis=1)
        means = means[np.isfinite(means)]
        error = means.std(ddof=1) / np.sqrt(len(means)) if len(means) > 1 else np.nan
        rows.append([group, f"{means.mean() if len(means) else np.nan:.4f}", f"{error:.4f}"])
    return rows


def _short(address: str) -> str:
    return address if len(address) <= 36 else f"{address[:33]}..."


def parameters_text(marginals: Sequence[Marginal]) -> list[str]:
    """Prior and posterior of each parameter for a terminal, and which of them the data do not move."""
    table = [["parameter", "prior", "5 %", "50 %", "95 %", "central", "now", "sd ratio"]]
    for one in marginals:
        ends = f"{number(one.prior.low)}..{number(one.prior.high)}{' log' if one.prior.scale == 'log' else ''}"
        now = number(catalogue().parameters[one.prior.address].value)
        table.append([_short(one.prior.address), ends, *map(number, one.after), number(one.centre), now,
                      f"{one.ratio:.2f}"])  # fmt: skip
    unmoved = [one.prior.address for one in marginals if not one.is_moved]
    said = f"not moved by the data (posterior sd over prior sd above 0.9): {', '.join(unmoved) or 'none'}"
    return [*layout(table, columns_of_terminal()), said]


def fit_text(distance: Distance, targets: Sequence[Target], points: Array) -> list[str]:
    """The fit by series for a terminal: root mean square of deviations in units of the scale, and points inside."""
    table = [["series", "points", "rms deviation", "inside 5..95 %", "observed -> median of runs"]]
    rows = fit_rows(targets, points)
    for group in distance.groups:
        places = [i for i, target in enumerate(targets) if target.group == group]
        rms = float(np.sqrt(np.mean([float(rows[i][-2]) ** 2 for i in places])))
        inside = sum(rows[i][-1] == "1" for i in places)
        said = ", ".join(
            f"{targets[i].year}: {float(rows[i][7]):.4g} -> {float(rows[i][9]):.4g}" for i in (places[0], places[-1])
        )
        table.append([group, str(len(places)), f"{rms:.2f}", str(inside), said])
    return layout(table, columns_of_terminal())


def scale_text(look_rows: Sequence[Sequence[str]], distances: tuple[float, float], k: int) -> list[str]:
    """What the scale does, for a terminal."""
    told = [f"{group} {float(ratio):+.1%}" for group, ratio, error in look_rows
            if abs(float(ratio)) > SIGN * float(error)]  # fmt: skip
    return [
        f"same draws and replicates, median distance {distances[0]:.3f} at k = {k}, {distances[1]:.3f} at k = 1",
        f"k = 1 over k = {k} beyond chance: {', '.join(told) or 'nowhere'}",
        "the last generations are run and judged at k = 1, so none of this is in the posterior",
    ]
