"""Measures all facts on one seed: a run of history, its twins with a trial, and the mixes of levers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module

from experiments import load_scenario
from experiments.facts.lotteries import ALLIANCES, VOUCHERS, inverted_u, voucher_lottery, work_by_distance
from experiments.facts.measured import read
from experiments.facts.mixes import TAKEN_OUT, interaction_share, worths
from experiments.facts.panel import Panel, recorded
from experiments.facts.trials import deduction_trial, elasticity_at, grant_additionality, grants_by_need
from sim.scenario import Scenario
from sim.scenario_values import ScenarioError

END = "end=2017Q4"
CENTRAL = "central"
GRANT_YEARS = (2012, 2013, 2014, 2015, 2016, 2017)
GRANT_YEAR, GRANT_END = 2014, "end=2014Q4"
TAX_FIRST, TAX_ORIGIN, TAX_YEAR = 12, 2013, 2016  # quarter of the reform, year before it, third year of it
SMALL_LINE, LARGE_LINE = 20.0, 400.0  # million yuan of sales


@dataclass(frozen=True)
class Trial:
    """One seed of the battery. overrides : those of the command; parameters : `central` or `posterior`."""

    overrides: tuple[str, ...]
    seed: int
    replicate: int
    parameters: str = CENTRAL

    def history(self, texts: Sequence[str] = ()) -> Scenario:
        """History to 2017 with further overrides; those of the command stand over them."""
        ends = () if any(text.startswith("end=") for text in texts) else (END,)
        scenario = load_scenario("history", [*ends, *texts, *self.overrides])
        if self.parameters == CENTRAL:
            return scenario
        try:
            varied = import_module("experiments.draws.variation").varied
        except ImportError as missing:
            raise ScenarioError(["parameters=posterior: this version has no draws of the fit"]) from missing
        drawn: Scenario = varied(scenario, self.replicate, parameters=self.parameters, drivers=CENTRAL)
        return drawn


def measure(trial: Trial) -> dict[str, float]:
    """All statistics of a seed, by key of facts.csv."""
    scenario, seed, replicate = trial.history(), trial.seed, trial.replicate
    base = recorded(scenario, seed, replicate)
    soon, gone = voucher_lottery(trial.history(VOUCHERS), seed, replicate)
    square, turn = inverted_u(*work_by_distance(recorded(trial.history(ALLIANCES), seed, replicate).alliances))
    return (
        read(base)
        | _grants(trial, base)
        | _taxes(trial, base)
        | {"voucher_soon": soon, "voucher_gone": gone, "distance_square": square, "distance_turn": turn}
        | {"interaction_share": interaction_share(worths(trial.history, seed, replicate), tuple(TAKEN_OUT))}
    )


def _grants(trial: Trial, base: Panel) -> dict[str, float]:
    """Facts 15 and 16: matching on the run itself, and three runs that differ by grants from 2014 on."""
    small, none, large = (
        recorded(trial.history(texts), trial.seed, trial.replicate)
        for texts in (grant_texts(300, 0.3), grant_texts(0, 0.3), grant_texts(600, 0.6))
    )
    needs = grants_by_need(small, none, large, GRANT_YEAR)
    own = grant_additionality(base, GRANT_YEARS)
    return {
        "grant_own_rd": own,
        "grant_own_rd_mean": own,
        "grant_young_less_old": needs[0],
        "grant_first_less_more": needs[1],
    }


def grant_texts(budget: int, rate: float) -> tuple[str, ...]:
    """Overrides that give grants a budget (million yuan a year) from 2014 on, none before, and a rate."""
    return (GRANT_END, f"lever.rd_grant.budget_y={{2011:0,2014:{budget}}}", f"lever.rd_grant.rate={rate:g}")


def _taxes(trial: Trial, base: Panel) -> dict[str, float]:
    """Fact 17: a reform for firms below a line, against the run without it."""
    elasticity = partial(_elasticity, trial, base)
    return {"elasticity_small": elasticity(SMALL_LINE), "elasticity_large": elasticity(LARGE_LINE)}


def _elasticity(trial: Trial, base: Panel, line: float) -> float:
    reform = deduction_trial(trial.history(), trial.seed, line, TAX_FIRST, trial.replicate)
    return elasticity_at(reform, base, line, TAX_ORIGIN, TAX_YEAR)
