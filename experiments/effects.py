"""Tries each lever alone under paired seeds: what it moves, what it costs, what 100 million yuan of it buy.

The base is national law alone (scenario national_law). A lever comes on top of it at the doses of its row in
catalogue/lever_trials.csv, from 2014 on; national levers are taken away instead. Effects are differences of runs with
the same seeds: flows summed over the years of the trial, anything else at its end.
"""

from __future__ import annotations

import csv
import sys
import textwrap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from experiments.compose import Request, compose_request, load_scenario
from experiments.costs import OUTCOMES, public_cost
from experiments.origin import origin_of, settle_origin
from experiments.outcomes import Array, Results
from experiments.pairs import band, beyond_chance, whole_run
from experiments.reading import results_of
from experiments.store import Store, write_file
from experiments.study import plan_of, run_plan, settings_of
from experiments.tables import csv_text, short
from sim.catalogue.loader import catalogue
from sim.catalogue.trial_rows import LeverTrial
from sim.scenario import Scenario
from sim.scenario_values import ScenarioError, shown

BASE = "national_law"
STUDY = "effects"
MILLION_IN_100M = 100.0
OF_THE_RUNS = ("population", "population.k", "end")  # overrides that hold for base and trials alike
TITLE = 50  # columns of an outcome on a terminal
COLUMNS = ("lever", "runs", "cost", "cost_p05", "cost_p95", "indicator", "unit", "effect", "effect_p05", "effect_p95",
           "same_sign", "per_100m", "per_100m_p05", "per_100m_p95")  # fmt: skip


@dataclass(frozen=True)
class Effect:
    """One lever and one outcome: cost in million yuan over the trial, effect in the indicator's unit.

    same_sign : share of seeds that agree with the sign of the mean; per_100m : effect for each 100 million yuan of
    public cost, None where there is no cost or the effects of the seeds do not agree.
    """

    lever: str
    runs: int
    cost: float
    cost_p05: float
    cost_p95: float
    indicator: str
    unit: str
    effect: float
    effect_p05: float
    effect_p95: float
    same_sign: float
    per_100m: float | None
    per_100m_p05: float | None
    per_100m_p95: float | None


def trial_scenario(trial: LeverTrial, overrides: Sequence[str], factor: float = 1.0) -> Scenario:
    """The base with one lever at the doses of its trial; `factor` multiplies the dose that buys more.

    The scenario bears the lever's name (`with_innovation_voucher`). Raises ScenarioError for a dose out of range.
    """
    doses = dict(pair.split("=", 1) for pair in trial.doses)
    if factor != 1.0:
        doses[trial.more] = f"{float(doses[trial.more]) * factor:g}"
    texts = [f"lever.{trial.lever}.{dose}={value}" for dose, value in doses.items()]
    if not trial.is_national:
        texts.append(f"lever.{trial.lever}.start={trial.start}")
    return replace(load_scenario(BASE, [*texts, *_beside(trial), *overrides]), name=f"with_{trial.lever}")


def _beside(trial: LeverTrial) -> list[str]:
    """Overrides for the levers that are in force with and without the one that is tried."""
    others = dict.fromkeys(pair.partition(".")[0] for pair in trial.beside)
    return [*(f"lever.{pair}" for pair in trial.beside), *(f"lever.{name}.start={trial.start}" for name in others)]


def base_scenario(trial: LeverTrial, overrides: Sequence[str]) -> Scenario:
    """What the trial is held against: national law, with the levers that the trial has beside its own."""
    base = load_scenario(BASE, [*_beside(trial), *overrides])
    return replace(base, name=f"without_{trial.lever}") if trial.beside else base


def same_sign(effect: Array) -> float:
    """Share of the seeds whose effect has the sign of the mean; zero for no effect at all."""
    sign = np.sign(effect.mean())
    return float(np.mean(np.sign(effect) == sign)) if sign else 0.0


def effect_of(base: Results, other: Results, trial: LeverTrial, indicator: str) -> Effect | None:
    """One lever and one outcome, from runs of the same seeds in the same order."""
    here, there = whole_run(other, indicator), whole_run(base, indicator)
    if here is None or there is None:
        return None
    sign = -1.0 if trial.is_national else 1.0  # national levers are taken away
    spent = np.array([public_cost(b) for b in other.books]) - np.array([public_cost(b) for b in base.books])
    effect, spent = sign * (here - there), sign * spent
    per: tuple[float | None, ...] = (None, None, None)
    mean, low, high = band(effect)
    if spent.mean() >= 1.0 and beyond_chance(low, high):
        each = effect / spent * MILLION_IN_100M
        per = band(each)
    return Effect(
        trial.lever, len(effect), *band(spent), indicator, catalogue().indicators[indicator].unit, mean, low, high,
        same_sign(effect), *per,
    )  # fmt: skip


def effects(results: Mapping[str, Results], trials: Sequence[LeverTrial]) -> list[Effect]:
    """All levers, the five headline outcomes and those that the trial names; each outcome once a lever."""
    found = []
    for trial in trials:
        for indicator in dict.fromkeys((*OUTCOMES, *(name for name, _ in trial.outcomes))):
            base = results[f"without_{trial.lever}" if trial.beside else BASE]
            one = effect_of(base, results[f"with_{trial.lever}"], trial, indicator)
            if one is not None:
                found.append(one)
    return found


def against_band(base: Results, other: Results, trial: LeverTrial) -> str:
    """Where the median of the trial stands against the published band, in words; nothing without a band."""
    if not trial.measure or trial.band_low is None or trial.band_high is None:
        return ""
    kind, _, indicator = trial.measure.partition(":")
    one = effect_of(base, other, trial, indicator)
    there = whole_run(base, indicator)
    if one is None or there is None:
        return ""
    scale = 100.0 / float(there.mean()) if kind == "percent" else MILLION_IN_100M / max(one.cost, 1e-9)
    value = one.effect * scale
    place = "below" if value < trial.band_low else "above" if value > trial.band_high else "inside"
    unit = " %" if kind == "percent" else " yuan a yuan"
    cat = catalogue()
    return (f"  {cat.levers[trial.lever].title_en}: {cat.indicators[indicator].title_en} {value:+.2f}{unit},"
            f" {place} {trial.band_low:g} to {trial.band_high:g} (response test {trial.test})")  # fmt: skip


def cells(one: Effect) -> list[str]:
    """The texts of a row of lever_effects.csv."""
    values = [getattr(one, name) for name in COLUMNS]
    return ["" if v is None else f"{v:.6g}" if isinstance(v, float) else str(v) for v in values]


def read_effects(path: Path) -> list[dict[str, str]]:
    """Rows of a lever_effects.csv."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def text(rows: Sequence[Effect], trials: Sequence[LeverTrial]) -> str:
    """The named outcome of each lever, for the terminal."""
    cat, head = catalogue(), f"{'cost':>8}  {'outcome, unit':50} {'effect':>8}  {'5..95 %':16} {'agree':>5}"
    lines = ["each lever alone on national law; cost in million yuan; agree: seeds with the sign of the mean", head]
    for trial in trials:
        named = {name for name, _ in trial.outcomes}
        found = [one for one in rows if one.lever == trial.lever and one.indicator in named]
        lines += [cat.levers[trial.lever].title_en, *(line for one in found for line in _lines(one))]
    return "\n".join(lines)


def _lines(one: Effect) -> list[str]:
    """One outcome of a lever, its title wrapped."""
    name = f"{catalogue().indicators[one.indicator].title_en}, {one.unit}"
    first, *rest = textwrap.wrap(name, TITLE, subsequent_indent="  ")
    spread = f"{short(one.effect_p05)}..{short(one.effect_p95)}"
    numbers = f"{short(one.effect):>8}  {spread:16} {one.same_sign:>5.0%}"
    return [f"{short(one.cost):>8}  {first:{TITLE}} {numbers}", *(f"{'':8}  {line}" for line in rest)]


def effects_request(arguments: Sequence[str]) -> Request:
    """What `effects` runs: national law and every trial on top of it. Raises ScenarioError."""
    for given in arguments:
        if given.split("=")[0].startswith(("scenario", "lever.", "mechanism.", "driver.")):
            raise ScenarioError(
                [f"override: {shown(given)} has no meaning for effects; its doses are those of lever_trials.csv"]
            )
    request = compose_request([*arguments, f"scenario={BASE}"], study=STUDY)
    changes = [a for a in arguments if a.split("=")[0] in OF_THE_RUNS]
    trials = list(catalogue().trials.values())
    bases = [base_scenario(trial, changes) for trial in trials if trial.beside]
    scenarios = (request.scenarios[0], *bases, *(trial_scenario(trial, changes) for trial in trials))
    return replace(request, scenarios=scenarios, overrides=tuple(arguments))


def main(arguments: Sequence[str], flags: Collection[str] = ()) -> int:
    """Run all trials and write results/effects/lever_effects.csv; 1 when a run failed."""
    request, trials = effects_request(arguments), list(catalogue().trials.values())
    store, settings = Store(request.results / request.study), settings_of(request)
    store.probe()
    with store.lock():
        plan = plan_of(request, verb="effects")
        settle_origin(store, origin_of(plan, request.overrides), flags)
        report = run_plan(plan, store, settings)
        if report.failures:
            print(f"error: {report.failures[0].scenario}: {report.failures[0].reason}", file=sys.stderr)
            return 1
        found = {one.scenario.name: one for one in results_of(plan, store, report.index)}
        rows = effects(found, trials)
        write_file(store.folder / "lever_effects.csv", csv_text(COLUMNS, map(cells, rows)))
        bands = [
            against_band(found[f"without_{t.lever}" if t.beside else BASE], found[f"with_{t.lever}"], t) for t in trials
        ]
    print(text(rows, trials))
    print("\nagainst published bands (judged after the fit)\n" + "\n".join(filter(None, bands)))
    print(f"\ntable: {(store.folder / 'lever_effects.csv').as_posix()}")
    return 0
