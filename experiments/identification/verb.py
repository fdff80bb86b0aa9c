"""The verb `identify`: what data like those of 2011-2017 can tell of the parameters that are fitted.

It differs from `calibrate` in four ways, which the printed text repeats: one table of draws from the prior serves all
data sets, the nearest are taken once instead of in generations, they are adjusted by regression, and the runs of the
table have the error that data have.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.calibration import priors as calibration_priors
from experiments.calibration import targets as calibration_targets
from experiments.calibration.priors import Prior
from experiments.calibration.simulation import fit_scenario
from experiments.calibration.targets import Target
from experiments.compose import DEFAULT_RESULTS
from experiments.fitted import columns_of_terminal, layout
from experiments.identification.coverage import FALSE_ALARM, PRIOR_SD, Coverage, wilson
from experiments.identification.history import HistoryModel, identity, metric_of, model_of
from experiments.identification.recovery import ADJUSTED, NO_ERROR, PLAIN, Posteriors, Recovery, profile
from experiments.identification.reference import (
    FIRST_HELD_OUT,
    HELD_OUT,
    REFERENCE,
    Table,
    drawn,
    table,
    whole,
)
from experiments.identification.spot_check import Spot, spot
from experiments.outcomes import Array
from experiments.store import write_file
from experiments.tables import csv_text
from experiments.titles.parameters import in_part
from experiments.validity.summaries import ship
from experiments.verb_keys import Key, key_lines, read_keys
from sim.scenario_values import ScenarioError

VERB = "identify"
BINS = 20  # of a profile
GENERATIONS = 5  # of a spot check
LAST_FITTED = 2017
KEYS: Mapping[str, Key] = {
    "draws": Key(4000, "draws from the prior in the reference table", 200, 1_000_000),
    "sets": Key(100, "synthetic data sets with known parameters", 50, 10_000),
    "accepted": Key(20, "% of the table that a posterior takes", 1, 50),
    "spots": Key(0, "sets on which the ABC-SMC of calibrate itself is run too", 0, 50),
    "particles": Key(150, "of such a spot check", 20, 10_000),
    "priors": Key(None, "CSV file with the columns of calibrate's priors; those that ship when not given"),
    "population.k": Key(8, "real agents for one simulated agent", 1, 1000),
    "seed": Key(1, "of draws, runs and errors", 0, 2**31 - 1),
    "ship": Key("no", "whether to write the table that ships with the project", words=("yes", "no")),
    "workers": Key(None, "processes; all cores when not given", 1, 1024),
    "results": Key(f"{DEFAULT_RESULTS}/{VERB}", "folder for all output"),
}
COLUMNS = ("address", "title_en", "title_zh", "sets", "inside_50", "inside_50_low", "inside_50_high", "inside_90",
           "inside_90_low", "inside_90_high", "rank_p", "contraction", "contraction_at_data", "inside_90_plain",
           "inside_90_no_error", "silent")  # fmt: skip
WAYS_TOLD = (
    "In what this differs from calibrate: one table of prior draws serves all data sets; the nearest are taken once,",
    "by the same distance, not in generations; they are adjusted by regression; the runs of the table have the error",
    "of data (column 'no error' shows the coverage without, which is how calibrate compares runs with data).",
)
NAMED: Mapping[str, Callable[[Coverage], bool]] = {  # parameters that are told by name below the table
    "too confident beyond chance": lambda one: one.is_overconfident,
    f"uneven ranks (p < {FALSE_ALARM})": lambda one: one.p_value < FALSE_ALARM,
    "the data say nothing about (sd/prior > 0.9)": lambda one: one.is_silent,
}


@dataclass(frozen=True)
class Asked:
    """A checked command line with what it is about."""

    values: Mapping[str, Any]
    priors: tuple[Prior, ...]
    targets: tuple[Target, ...]
    command: str

    @property
    def folder(self) -> Path:
        """Where everything goes."""
        return Path(self.values["results"])

    @property
    def seed(self) -> int:
        """Of draws, runs and errors."""
        return int(self.values["seed"])


@dataclass(frozen=True)
class Identified:
    """All that was found: recovery of synthetic data, contraction at the real data, profiles, spot checks."""

    recovery: Recovery
    at_data: Array
    profiles: list[Array]
    median_distance: float
    failed: int
    spots: list[Spot]


def asked_of(arguments: Sequence[str]) -> Asked:
    """The checked command line. Raises ScenarioError, one line per fault."""
    values = read_keys(arguments, KEYS)
    path = values["priors"]
    if path is not None and not Path(path).is_file():
        raise ScenarioError([f"override: priors = {path} is no file"])
    priors = calibration_priors.load(Path(path) if path else None)
    told = [text for text in arguments if not text.startswith(("workers=", "results=", "ship="))]
    return Asked(values, priors, calibration_targets.load(), " ".join([VERB, *told]))


def help_text() -> str:
    """The keys with what is allowed and their defaults."""
    told = (
        "",
        "Writes identifiability.csv, ranks.svg and profiles.svg. Finished runs are kept: the same command goes on.",
        *WAYS_TOLD,
    )
    return "\n".join(["usage: innopolicy identify [KEY=VALUE ...]", "",
                      *key_lines(KEYS), "", *told])  # fmt: skip


def tables(asked: Asked, model: HistoryModel) -> tuple[Table, Table]:
    """The reference table and the held-out sets."""
    v, n = asked.values, len(asked.priors)
    folder = asked.folder / identity(model.simulation.scenario, asked.priors, asked.targets, asked.seed)
    draws = drawn(v["draws"], n, asked.seed, REFERENCE)
    reference = table(model, draws, 0, folder / "reference", v["workers"], "reference table, chunks")
    truths = drawn(v["sets"], n, asked.seed, HELD_OUT)
    held = table(model, truths, FIRST_HELD_OUT, folder / "held_out", v["workers"], "synthetic data, chunks")
    return reference, held


def identified(asked: Asked) -> Identified:
    """Carry everything out."""
    v = asked.values
    scenario = fit_scenario(v["population.k"], LAST_FITTED)
    model = model_of(scenario, asked.priors, asked.targets, asked.seed)
    reference, held = map(whole, tables(asked, model))
    accepted = max(len(reference.places) * v["accepted"] // 100, 20 * len(asked.priors))
    posteriors = Posteriors(reference, metric_of(asked.targets), accepted, asked.seed)
    observed = np.array([target.value for target in asked.targets])
    away = posteriors.metric.coordinates(reference.points) - posteriors.metric.coordinates(observed)
    distances = np.sqrt((away**2).sum(axis=1))
    spots = [
        spot(model.simulation, held, i, v["particles"], GENERATIONS, asked.seed, asked.folder / f"spot_{i:02d}")
        for i in range(min(v["spots"], len(held.places)))
    ]
    return Identified(
        posteriors.recovered(held),
        posteriors.observed(observed).sd() / PRIOR_SD,
        [profile(column, distances, BINS) for column in reference.places.T],
        float(np.median(distances)), reference.failed + held.failed, spots,
    )  # fmt: skip


def rows_of(asked: Asked, found: Identified) -> list[dict[str, str]]:
    """One row a parameter, texts by COLUMNS."""
    ways = found.recovery.coverage
    rows = []
    for i, prior in enumerate(asked.priors):
        one = ways[ADJUSTED][i]
        numbers = [one.inside[0.5], *one.limits[0.5], one.inside[0.9], *one.limits[0.9], one.p_value, one.contraction,
                   float(found.at_data[i]), ways[PLAIN][i].inside[0.9], ways[NO_ERROR][i].inside[0.9]]  # fmt: skip
        silent = "yes" if one.is_silent else "no"
        told = [prior.address, *in_part(prior.address), str(sum(one.histogram)),
                *(f"{number:.3f}" for number in numbers), silent]  # fmt: skip
        rows.append(dict(zip(COLUMNS, told, strict=True)))
    return rows


def text_of(rows: Sequence[Mapping[str, str]], found: Identified) -> str:
    """What is printed: the table, what is off, what the data say nothing about."""
    heads = ["parameter", "90 %", "Wilson", "50 %", "Wilson", "rank p", "sd/prior", "at data", "plain", "no error"]
    table_rows = [heads] + [
        [row["address"], row["inside_90"], f"{row['inside_90_low']}-{row['inside_90_high']}", row["inside_50"],
         f"{row['inside_50_low']}-{row['inside_50_high']}", row["rank_p"], row["contraction"],
         row["contraction_at_data"], row["inside_90_plain"], row["inside_90_no_error"]]
        for row in rows
    ]  # fmt: skip
    names = [row["address"] for row in rows]
    adjusted = found.recovery.coverage[ADJUSTED]
    lines = [f"coverage of central posterior intervals over {rows[0]['sets']} synthetic data sets",
             *layout(table_rows, columns_of_terminal()), ""]  # fmt: skip
    for way, told in ((ADJUSTED, "adjusted"), (PLAIN, "rejection alone"), (NO_ERROR, "runs without error of data")):
        lines.append(f"90 % intervals hold the truth, all parameters, {told}: {_all(found.recovery.coverage[way])}")
    for title, is_hit in NAMED.items():
        hits = [name for name, one in zip(names, adjusted, strict=True) if is_hit(one)]
        lines.append(f"{title}: {', '.join(hits) or 'none'}")
    if found.failed:
        lines.append(f"runs that left no number, not in the table: {found.failed}")
    return "\n".join([*lines, *_spots_text(names, found.spots), *WAYS_TOLD])


def _all(found: Sequence[Coverage]) -> str:
    """Coverage of the 90 % intervals over all parameters and sets."""
    n = sum(found[0].histogram)
    mean = float(np.mean([one.inside[0.9] for one in found]))
    low, high = wilson(round(mean * n), n)
    return f"{mean:.3f} (with the parameters of a set counted as one: {low:.3f} to {high:.3f})"


def _spots_text(names: Sequence[str], spots: Sequence[Spot]) -> list[str]:
    """What the calibration's own method said of known parameters."""
    if not spots:
        return []
    ranks, sds = np.array([one.ranks for one in spots]), np.array([one.sds for one in spots])
    inside = (np.abs(ranks - 0.5) <= 0.45).sum(axis=0)
    runs = sum(one.evaluations for one in spots)
    lines = [f"ABC-SMC of calibrate on {len(spots)} sets ({runs} runs): sets inside 90 %, sd/prior"]
    lines += [f"  {name}: {count}/{len(spots)}, {sd:.2f}" for name, count, sd in
              zip(names, inside, sds.mean(axis=0) / PRIOR_SD, strict=True)]  # fmt: skip
    return [*lines, f"  all: {inside.sum()}/{ranks.size} = {inside.sum() / ranks.size:.2f}"]


def write(asked: Asked, found: Identified, rows: Sequence[Mapping[str, str]]) -> None:
    """identifiability.csv and the figures."""
    from experiments.figures.recovery import profile_figure, rank_figure

    write_file(asked.folder / "identifiability.csv", csv_text(COLUMNS, ([row[c] for c in COLUMNS] for row in rows)))
    names = [prior.address for prior in asked.priors]
    write_file(asked.folder / "ranks.svg", rank_figure(names, found.recovery.coverage[ADJUSTED]))
    middles = (np.arange(BINS) + 0.5) / BINS
    values = [np.array([prior.value(float(u)) for u in middles]) for prior in asked.priors]
    logs = [prior.scale == "log" for prior in asked.priors]
    write_file(
        asked.folder / "profiles.svg", profile_figure(names, values, logs, found.profiles, found.median_distance)
    )


def main(arguments: Sequence[str], flags: Collection[str] = ()) -> int:
    """Carry the verb out; 0 when done. Raises ScenarioError for a faulty command line, before anything is written."""
    asked = asked_of(arguments)
    asked.folder.mkdir(parents=True, exist_ok=True)
    found = identified(asked)
    rows = rows_of(asked, found)
    write(asked, found, rows)
    print(text_of(rows, found))
    print(f"table and figures: {asked.folder.as_posix()}/identifiability.csv, ranks.svg, profiles.svg")
    if asked.values["ship"] == "yes":
        print(f"shipped: {ship('identifiability', asked.command, rows).as_posix()}")
    return 0
