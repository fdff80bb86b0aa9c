"""What a sensitivity analysis found, as rows: one for each outcome and input, Morris's measures beside Sobol's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.outcomes import Array, indicator_places
from experiments.sensitivity.indices import Effects, Shares, effects_of, noise, shares_of
from experiments.sensitivity.inputs import Input
from experiments.sensitivity.screens import Answers
from experiments.tables import short
from sim.catalogue.loader import catalogue

COLUMNS = ("outcome", "year", "unit", "address", "title_en", "title_zh", "low", "high", "mu_star", "mu_star_ci",
           "sigma", "noise", "first", "first_ci", "total", "total_ci")  # fmt: skip
SHIPPED = ("outcome", "address", "title_en", "title_zh", "mu_star", "sigma", "noise", "first", "first_ci", "total",
           "total_ci")  # fmt: skip
SHIPPED_AN_OUTCOME = 15  # further inputs of an outcome, by mu*, where Sobol says nothing of them


@dataclass(frozen=True)
class Finding:
    """One outcome and one input; the shares are None where the input is not among the strongest."""

    outcome: str
    year: int
    varied: Input
    mu_star: float
    mu_star_ci: float
    sigma: float
    noise: float
    shares: tuple[float, float, float, float] | None = None

    def cells(self) -> dict[str, str]:
        """Texts by COLUMNS."""
        one = self.varied
        numbers = (self.mu_star, self.mu_star_ci, self.sigma, self.noise)
        texts = [f"{number:.4g}" for number in numbers]
        texts += [f"{number:.3f}" for number in self.shares] if self.shares else [""] * 4
        unit = catalogue().indicators[self.outcome].unit
        told = (self.outcome, str(self.year), unit, one.address, one.title_en, one.title_zh, one.span.at(0.0),
                one.span.at(1.0), *texts)  # fmt: skip
        return dict(zip(COLUMNS, told, strict=True))


def effects(answers: Answers, outcomes: Sequence[str]) -> dict[str, Effects]:
    """Morris's measures by outcome in the last year of a screen."""
    found = {}
    for name in outcomes:
        found[name] = effects_of(answers.shares, answers.outcome(indicator_places()[name], -1), answers.screen.seed)
    return found


def sobol_shares(answers: Answers, outcomes: Sequence[str]) -> dict[str, Shares]:
    """Sobol's shares by outcome in the last year of a screen."""
    n, places = len(answers.screen.inputs), indicator_places()
    return {name: shares_of(n, answers.outcome(places[name], -1), answers.screen.seed) for name in outcomes}


def noises(answers: Answers, outcomes: Sequence[str]) -> dict[str, float]:
    """What chance alone can give, by outcome, from a screen of seeds."""
    places = indicator_places()
    return {name: noise(answers.values[0, :, -1, places[name]]) for name in outcomes}


def measures(found: Sequence[Mapping[str, Effects]], outcomes: Sequence[str]) -> Array:
    """mu* of all inputs of some screens, shape (n_outcomes, n_inputs)."""
    return np.array([np.concatenate([screen[name].mu_star for screen in found]) for name in outcomes])


def findings(
    screened: Sequence[tuple[Answers, Mapping[str, Effects]]],
    sobol: tuple[Sequence[Input], Mapping[str, Shares]],
    floor: Mapping[str, float],
    outcomes: Sequence[str],
) -> list[Finding]:
    """All outcomes and inputs, in each outcome the largest mu* first."""
    varied, shares = sobol
    numbers = {one.key: i for i, one in enumerate(varied)}
    found = list[Finding]()
    for name in outcomes:
        rows = list[Finding]()
        for answers, by_outcome in screened:
            e, year = by_outcome[name], answers.screen.year
            for i, one in enumerate(answers.screen.inputs):
                four = None if one.key not in numbers else _shares_at(shares[name], numbers[one.key])
                mu_star, mu_star_ci, sigma = float(e.mu_star[i]), float(e.mu_star_ci[i]), float(e.sigma[i])
                rows.append(Finding(name, year, one, mu_star, mu_star_ci, sigma, floor[name], four))
        found += sorted(rows, key=lambda row: -row.mu_star)
    return found


def _shares_at(shares: Shares, i: int) -> tuple[float, float, float, float]:
    """First, its interval, total, its interval of one input."""
    return float(shares.first[i]), float(shares.first_ci[i]), float(shares.total[i]), float(shares.total_ci[i])


def shipped_rows(found: Sequence[Finding]) -> list[dict[str, str]]:
    """What ships: of each outcome the inputs that Sobol looked at, and the largest of the others."""
    rows, others = [], dict[str, int]()
    for one in found:
        others[one.outcome] = others.get(one.outcome, 0) + (one.shares is None)
        if one.shares is not None or others[one.outcome] <= SHIPPED_AN_OUTCOME:
            cells = one.cells()
            rows.append({name: cells[name] for name in SHIPPED})
    return rows


def table_of(found: Sequence[Finding], most: int = 15) -> list[list[str]]:
    """For a terminal: of each outcome the strongest inputs."""
    table = [["outcome", "input", "mu*", "sigma", "first", "total"]]
    shown = dict[str, int]()
    for one in found:
        shown[one.outcome] = shown.get(one.outcome, 0) + 1
        if shown[one.outcome] > most:
            continue
        head = catalogue().indicators[one.outcome].title_en if shown[one.outcome] == 1 else ""
        first, total = ("", "") if one.shares is None else (
            f"{one.shares[0]:.2f} ± {one.shares[1]:.2f}", f"{one.shares[2]:.2f} ± {one.shares[3]:.2f}"
        )  # fmt: skip
        table.append([head, one.varied.address, short(one.mu_star), short(one.sigma), first, total])
    return table
