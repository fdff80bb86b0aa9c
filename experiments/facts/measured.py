"""The statistics that are read off one run of history: sizes, growth, intensities, patents, ties, churn and shares.

Facts of the literature on R&D in industry are taken on above-scale industrial firms, whom their sources look at (firms
of some size in manufacturing) and the statistical office asks; keys ending in `_all` hold the same for all firms with
R&D, keys ending in `_above` for above-scale ones. Yearly statistics are means over the last three years.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from experiments.facts.estimators import (
    NOTHING,
    count_elasticity,
    group_share,
    overdispersion,
    skewness,
    spread_slope,
    subbotin_shape,
    tail_exponent,
    top_share,
    within,
    within_elasticity,
)
from experiments.facts.panel import Array, Panel

F8 = npt.NDArray[np.float64]
Columns = dict[str, Array]
LAST = (2015, 2016, 2017)
GROWTH = (2012, 2013, 2014, 2015, 2016)  # first years of pairs
ABOVE, WIDTH = "is_above_scale", 0.2
QUARTERS = 4


def over_years(years: Iterable[int], statistic: Callable[[int], float]) -> float:
    """Mean of a yearly statistic over the years in which it is defined."""
    found = np.array([statistic(year) for year in years])
    return float(np.nanmean(found)) if np.isfinite(found).any() else NOTHING


def growth(panel: Panel) -> tuple[F8, F8]:
    """Sales and log growth of yearly sales of above-scale firms at least a year old, less the mean of their sector."""
    sizes, rates = [], []
    for year in GROWTH:
        here, there = panel.paired(year, ("sales_year", "sector", ABOVE, "age_q"))
        kept = (here[ABOVE] != 0) & (here["age_q"] >= QUARTERS) & (here["sales_year"] > 0) & (there["sales_year"] > 0)
        rate = np.log(there["sales_year"][kept] / here["sales_year"][kept])
        sizes.append(here["sales_year"][kept])
        rates.append(within(rate, here["sector"][kept]))
    return np.concatenate(sizes), np.concatenate(rates)


def intensity(firms: Columns) -> F8:
    """Reported R&D over sales."""
    ratio: F8 = firms["rd_reported_year"] / firms["sales_year"]
    return ratio


def persistence(panel: Panel, year: int) -> float:
    """Part of the firms with R&D in a year, and alive in the next, that have R&D in it."""
    here, there = panel.paired(year, ("rd_reported_year",))
    active = here["rd_reported_year"] > 0.0
    return float((there["rd_reported_year"][active] > 0.0).mean()) if active.any() else NOTHING


def mass_ratio(panel: Panel, year: int) -> float:
    """Firms that report just enough R&D for a certificate over those just short of it, a fifth of the ratio asked."""
    firms = panel.performers(year)
    relative = intensity(firms) / firms["certificate_threshold"]
    above, below = (np.count_nonzero((relative >= low) & (relative < low + WIDTH)) for low in (1.0, 1.0 - WIDTH))
    return above / below if below else NOTHING


def relabelled(panel: Panel, year: int) -> float:
    """Part of the R&D reported by firms that raised it to a threshold that was not carried out."""
    firms = panel.performers(year)
    jumped = firms["notch_lift_q"] > 0.0
    reported = float(firms["rd_reported_year"][jumped].sum())
    return 1.0 - float(firms["rd_actual_year"][jumped].sum()) / reported if reported > 0.0 else NOTHING


def ties(panel: Panel, year: int) -> F8:
    """Alliances of each firm with R&D or a tie."""
    firms = panel.years[year]
    numbers: F8 = firms["n_alliances"][(firms["has_rd"] != 0) | (firms["n_alliances"] > 0)].astype(float)
    return numbers


def project_lengths(quarters: list[Columns]) -> list[int]:
    """Quarters that each joint project went on which began and ended in these quarters.

    Quarters left to each place of each alliance fall by one; a place that rises holds a new project.
    """
    found: list[int] = []
    running: dict[tuple[int, int], tuple[int, int, bool]] = {}
    for now, quarter in enumerate(quarters):
        seen: dict[tuple[int, int], int] = {}
        for uid, places in zip(quarter["uid"].tolist(), quarter["project_quarters"].tolist(), strict=True):
            seen |= {(uid, place): left for place, left in enumerate(places) if left > 0}
        for place, (length, left, whole) in list(running.items()):
            if seen.get(place, 0) != left - 1 or left == 1:
                found += [length] if whole else []
                del running[place]
        for place, left in seen.items():
            length, _, whole = running.get(place, (0, 0, now > 0))
            running[place] = (length + 1, left, whole)
    return found


def read(panel: Panel) -> dict[str, float]:
    """All statistics of one run, by key of facts.csv."""
    sizes, rates = growth(panel)
    lengths = project_lengths(panel.alliances)
    found = {
        "tail_exponent": over_years(LAST, lambda y: tail_exponent(_column(panel.years[y], "sales_year", ABOVE))),
        "growth_shape": subbotin_shape(rates),
        "growth_spread": spread_slope(sizes, rates),
        "persistence": over_years(GROWTH, lambda y: persistence(panel, y)),
        "notch_mass": over_years(LAST, lambda y: mass_ratio(panel, y)),
        "notch_relabelled": over_years(LAST, lambda y: relabelled(panel, y)),
        "ties_overdispersion": over_years(LAST, lambda y: overdispersion(ties(panel, y))),
        "ties_largest": over_years(LAST, lambda y: _largest(ties(panel, y))),
        "project_years": float(np.mean(lengths)) / QUARTERS if lengths else NOTHING,
        "entry": _rate(panel, 1),
        "exit": _rate(panel, 0),
        "firms_share": _share_of_firms(panel),
    }
    for suffix, sample in (("", ABOVE), ("_all", "")):
        found |= {f"{key}{suffix}": over_years(LAST, lambda y, f=f, s=sample: f(panel.performers(y, s)))  # type: ignore[misc]
                  for key, f in BY_FIRMS.items()}  # fmt: skip
    return found


def _column(firms: Columns, name: str, sample: str) -> F8:
    values: F8 = firms[name][firms[sample] != 0]
    return values


def _largest(numbers: F8) -> float:
    return float(numbers.max() / numbers.mean()) if numbers.any() else NOTHING


def _rate(panel: Panel, which: int) -> float:
    """Firms that closed (0) or entered (1) in a year over those alive at its end, percent, mean of all years."""
    return float(np.mean([100.0 * flow[which] / flow[2] for flow in panel.flows.values()]))


def _share_of_firms(panel: Panel) -> float:
    """Part of R&D that firms carry out, mean of all years."""
    parts = [panel.indicators[name].reshape(-1, QUARTERS).sum(axis=1) for name in (
        "rd_performed_by_firms", "rd_expenditure")]  # fmt: skip
    return float(np.mean(parts[0] / parts[1]))


def _log_skew(firms: Columns) -> float:
    """Skewness of log intensity inside sectors: the sources look at one industry at a time."""
    return skewness(within(np.log(intensity(firms)), firms["sector"]))


BY_FIRMS: dict[str, Callable[[Columns], float]] = {
    "intensity_skew": lambda firms: skewness(intensity(firms)),
    "log_intensity_skew": _log_skew,
    "log_intensity_skew_pooled": lambda firms: skewness(np.log(intensity(firms))),
    "rd_elasticity": lambda firms: within_elasticity(firms["sales_year"], firms["rd_reported_year"], firms["sector"]),
    "sector_share": lambda firms: group_share(np.log(intensity(firms)), firms["sector"]),
    "top_tenth": lambda firms: top_share(firms["rd_reported_year"]),
    "patent_overdispersion": lambda firms: overdispersion(firms["filings_year"]),
    "no_patents": lambda firms: float((firms["filings_year"] == 0).mean()),
    "patent_elasticity": lambda firms: count_elasticity(firms["filings_year"], firms["rd_reported_year"]),
}
