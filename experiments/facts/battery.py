"""Measures all facts on one seed: a run of history, its twins with a trial, and the mixes of levers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from experiments import load_scenario
from experiments.facts.lotteries import ALLIANCES, VOUCHERS, inverted_u, voucher_lottery, work_by_distance
from experiments.facts.measured import read
from experiments.facts.mixes import TAKEN_OUT, interaction_share, worths
from experiments.facts.panel import Change, Panel, recorded
from experiments.facts.trials import deduction_trial, elasticity_at, grant_additionality, grants_by_need
from sim.scenario import Scenario
from sim.scenario_values import ScenarioError

END = "end=2017Q4"
CENTRAL = "central"
GRANT_YEARS = (2012, 2013, 2014, 2015, 2016, 2017)
GRANT_YEAR, GRANT_END = 2014, "end=2014Q4"
TAX_FIRST, TAX_ORIGIN = 12, 2013  # quarter of the reform, year before it
TAX_YEARS = (2014, 2015, 2016)  # the studies at a line of size take the mean of the first years
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

    def run(self, change: Change | None, texts: Sequence[str] = ()) -> Panel:
        """A run of history with further overrides, its model changed first."""
        return recorded(self.history(texts), self.seed, self.replicate, change)


def measure(trial: Trial) -> dict[str, float]:
    """All statistics of a seed, by key of facts.csv."""
    found: dict[str, float] = {}
    for part in PARTS.values():
        found |= part(trial, None)
    return found


def _history(trial: Trial, change: Change | None) -> dict[str, float]:
    """What is read off one run."""
    return read(trial.run(change))


def _grants(trial: Trial, change: Change | None) -> dict[str, float]:
    """Facts 15 and 16: matching on the run itself, and three runs that differ by grants from 2014 on."""
    own = grant_additionality(trial.run(change), GRANT_YEARS)
    small, none, large = (
        trial.run(change, texts) for texts in (grant_texts(300, 0.3), grant_texts(0, 0.3), grant_texts(600, 0.6))
    )
    needs = grants_by_need(small, none, large, GRANT_YEAR)
    return {
        "grant_own_rd": own,
        "grant_own_rd_mean": own,
        "grant_young_less_old": needs[0],
        "grant_first_less_more": needs[1],
    }


def grant_texts(budget: int, rate: float) -> tuple[str, ...]:
    """Overrides that give grants a budget (million yuan a year) from 2014 on, none before, and a rate."""
    return (GRANT_END, f"lever.rd_grant.budget_y={{2011:0,2014:{budget}}}", f"lever.rd_grant.rate={rate:g}")


def _taxes(trial: Trial, change: Change | None) -> dict[str, float]:
    """Fact 17: a reform for firms below a line, against the run without it."""
    base, scenario, found = trial.run(change), trial.history(), {}
    for key, line in (("elasticity_small", SMALL_LINE), ("elasticity_large", LARGE_LINE)):
        reform = deduction_trial(scenario, trial.seed, trial.replicate, line, TAX_FIRST, change)
        found[key] = elasticity_at(reform, base, line, TAX_ORIGIN, TAX_YEARS)
        found[f"{key}_third"] = elasticity_at(reform, base, line, TAX_ORIGIN, TAX_YEARS[-1:])
    return found


def _vouchers(trial: Trial, change: Change | None) -> dict[str, float]:
    """Fact 20: the lottery."""
    soon, gone = voucher_lottery(trial.history(VOUCHERS), trial.seed, trial.replicate, change)
    return {"voucher_soon": soon, "voucher_gone": gone}


def _distances(trial: Trial, change: Change | None) -> dict[str, float]:
    """Fact 23: many alliances at once."""
    square, turn = inverted_u(*work_by_distance(trial.run(change, ALLIANCES).alliances))
    return {"distance_square": square, "distance_turn": turn}


def _mixes(trial: Trial, change: Change | None) -> dict[str, float]:
    """Fact 30: all mixes of five levers."""
    knowledge, spending = worths(trial.history, trial.seed, trial.replicate, change)
    return {
        "interaction_share": interaction_share(knowledge, tuple(TAKEN_OUT)),
        "interaction_share_rd": interaction_share(spending, tuple(TAKEN_OUT)),
    }


PARTS: dict[str, Callable[[Trial, Change | None], dict[str, float]]] = {
    "history": _history,
    "grants": _grants,
    "taxes": _taxes,
    "vouchers": _vouchers,
    "distances": _distances,
    "mixes": _mixes,
}
