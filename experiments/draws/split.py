"""The verb `variance`: splits the spread of a scenario's outcomes into parameters, chance and drivers.

Each sample's values are kept in a folder named after all that decides them, so the same command goes on where it was
stopped. The table is written whole at the end.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.compose import compose_request
from experiments.costs import OUTCOMES
from experiments.draws.driver_paths import Array
from experiments.draws.variance import COMBINATIONS, PARTS, Sample, Share, samples_of, shares, values_of
from experiments.durable import StoreError, told, write_file
from experiments.fitted import columns_of_terminal, layout
from experiments.outcomes import full_years
from experiments.pairs import QUANTILES
from experiments.scorecard import write_number
from experiments.sealed_json import read_sealed, sealed_text
from experiments.spread import spread
from experiments.tables import csv_text, short
from experiments.validity.summaries import ship
from sim.catalogue.loader import catalogue
from sim.scenario import Scenario
from sim.scenario_values import ScenarioError, nearest, shown

VERB = "variance"
FOLDER = Path("results") / VERB
KEYS = {  # own keys: what they take, default
    "years": ("years of the run, as 2017,2020", "2017,2020"),
    "indicators": ("names of `list indicators`, separated by commas", ",".join(OUTCOMES)),
    "samples": ("10..100000 (samples of eight runs each)", "128"),
    "against": ("a scenario: splits the difference from it instead", ""),
    "ship": ("yes or no (the table becomes part of the project)", "no"),
}
FORBIDDEN = ("study", "replicates", "machine", "time_limit", "record", "most_runs")
ONLY_HOW = ("workers", "results", "ship")  # they change no number
FEWEST, MOST = 10, 100_000
DRAWN = ("parameters=posterior", "drivers=uncertain")  # unless said otherwise
COLUMNS = ("scenario", "against", "indicator", "title_en", "title_zh", "unit", "year", "samples", "p05", "p50", "p95")


@dataclass(frozen=True)
class Asked:
    """A checked request: its pattern of a sample, how many, where, and whether the table ships."""

    pattern: Sample
    samples: int
    workers: int | None
    folder: Path
    is_shipped: bool
    command: str


def asked(arguments: Sequence[str]) -> Asked:
    """The request of a command line. Raises ScenarioError, one line per fault, before anything is written."""
    own, rest = _own(arguments)
    given = {text.partition("=")[0] for text in rest}
    for key in FORBIDDEN:
        if key in given:
            raise ScenarioError([f"override: {key}= has no meaning for {VERB}; its own keys are {', '.join(KEYS)}"])
    rest += [text for text in DRAWN if text.partition("=")[0] not in given]
    request = compose_request(rest)
    scenario = request.scenarios[0]
    if request.variation.is_central:
        raise ScenarioError(["override: parameters and drivers are both central: there is nothing to split"])
    outcomes = [(name, year) for name in _indicators(own) for year in _years(own, full_years(scenario))]
    pattern = Sample(0, scenario, _against(own, rest), request.variation, request.seed, tuple(outcomes))
    folder = request.results if "results" in given else FOLDER
    said = [VERB, *(text for text in arguments if text.partition("=")[0] not in ONLY_HOW)]
    return Asked(pattern, _samples(own), request.workers, folder, _is_yes(own), " ".join(said))


def _own(arguments: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Own keys with their texts or defaults, and all other arguments: those of run."""
    own: dict[str, str] = {}
    rest = []
    for text in arguments:
        key, equals, value = text.partition("=")
        if key not in KEYS or not equals:
            rest.append(text)
        elif key in own:
            raise ScenarioError([f"override: {shown(text)} gives {key} twice"])
        else:
            own[key] = value
    return {key: own.get(key, default) for key, (_, default) in KEYS.items()}, rest


def _years(own: Mapping[str, str], known: Sequence[int]) -> list[int]:
    span = f"{known[0]}..{known[-1]}" if known else "it has none"
    texts = own["years"].split(",")
    for text in texts:
        if not text.isdecimal() or int(text[:9]) not in known:
            raise ScenarioError([f"override: years = {shown(text)} is no full year of the run: {span}"])
    return list(dict.fromkeys(map(int, texts)))


def _indicators(own: Mapping[str, str]) -> list[str]:
    names, known = own["indicators"].split(","), catalogue().indicators
    for name in names:
        if name not in known:
            raise ScenarioError([f"override: indicators = {shown(name)} does not exist.{nearest(name, known)}"])
    return list(dict.fromkeys(names))


def _samples(own: Mapping[str, str]) -> int:
    text = own["samples"]
    if not text.isdecimal() or not FEWEST <= int(text[:9]) <= MOST:
        raise ScenarioError([f"override: samples = {shown(text)} is out of range {FEWEST}..{MOST} (samples)"])
    return int(text)


def _is_yes(own: Mapping[str, str]) -> bool:
    if own["ship"] not in ("yes", "no"):
        raise ScenarioError([f"override: ship = {shown(own['ship'])} must be one of yes, no"])
    return own["ship"] == "yes"


def _against(own: Mapping[str, str], rest: Sequence[str]) -> Scenario | None:
    """The scenario to hold against, with the overrides of the other."""
    if not own["against"]:
        return None
    return compose_request(
        [*(t for t in rest if not t.startswith("scenario=")), f"scenario={own['against']}"]
    ).scenarios[0]


def identity(pattern: Sample) -> str:
    """16 hex digits of all that decides a sample's values but its number."""
    against = pattern.against.fingerprint() if pattern.against else ""
    parts = [pattern.scenario.fingerprint(), against, pattern.variation.digest(pattern.seed), pattern.seed]
    return hashlib.sha256(json.dumps([*parts, pattern.outcomes]).encode()).hexdigest()[:16]


def _kept(path: Path, n_outcomes: int) -> Array | None:
    """The values of a sample that was worked before; None where there are none, or where they were damaged."""
    with suppress(StoreError, KeyError, TypeError, ValueError):
        found = np.array(read_sealed(path)["values"], np.float64)
        if found.shape == (len(COMBINATIONS), n_outcomes):
            return found
    return None


def worked(request: Asked) -> Array:
    """Values of all samples, shape (samples, 8, n_outcomes): kept ones are read, the others worked and kept."""
    pattern, folder = request.pattern, request.folder / identity(request.pattern)
    paths = [folder / f"{number:05d}.json" for number in range(request.samples)]
    found = {i: kept for i, path in enumerate(paths) if (kept := _kept(path, len(pattern.outcomes))) is not None}
    left = [one for one in samples_of(pattern, request.samples) if one.number not in found]
    if left:
        with told(folder, "cannot be made"):
            folder.mkdir(parents=True, exist_ok=True)
    for one, values in zip(left, spread(values_of, left, request.workers, VERB) if left else (), strict=True):
        write_file(paths[one.number], sealed_text({"values": values.tolist()}))
        found[one.number] = values
    return np.array([found[number] for number in range(request.samples)])


def rows_of_table(pattern: Sample, values: Array) -> list[dict[str, str]]:
    """One row an outcome and year: its band over all runs that share nothing, and the shares of each part.

    values : shape (samples, 8, n_outcomes). A share without spread is an empty cell.
    """
    rows = []
    for i, (name, year) in enumerate(pattern.outcomes):
        row, one = catalogue().indicators[name], values[:, :, i]
        band = np.quantile(one[:, [0, -1]], (QUANTILES[0], 0.5, QUANTILES[1]))  # the two that share nothing
        against = pattern.against.name if pattern.against else ""
        texts = [
            pattern.scenario.name,
            against,
            name,
            row.title_en,
            row.title_zh,
            row.unit,
            str(year),
            str(len(values)),
        ]
        cells = dict(zip(COLUMNS, [*texts, *map(write_number, map(float, band))], strict=True))
        rows.append(cells | _share_cells(shares(one, pattern.seed)))
    return rows


def _share_cells(found: Mapping[str, Share]) -> dict[str, str]:
    """Cells of the shares: first-order and total share of each part, each with its interval."""
    cells: dict[str, str] = {}
    for part in PARTS:
        one = found[part]
        for kind, value, (low, high) in (("first", one.first, one.first_band), ("total", one.total, one.total_band)):
            names = (f"{part}_{kind}", f"{part}_{kind}_p05", f"{part}_{kind}_p95")
            numbers = zip(names, (value, low, high), strict=True)
            cells |= {name: "" if np.isnan(number) else f"{number:.4f}" for name, number in numbers}
    return cells


def percent(text: str) -> str:
    """A share of the table as whole percent; an estimate beyond 0 or 1 as the end."""
    return f"{100 * min(max(float(text), 0.0), 1.0):.0f}" if text else ""


def table_text(rows: Sequence[Mapping[str, str]], columns: int | None = None) -> str:
    """The shares as a terminal shows them: by itself, and in brackets with what it does together with the others."""
    head = ["indicator", "year", "5..95 %", *(f"{part}, %" for part in PARTS)]
    table = [head]
    for row in rows:
        band = f"{short(float(row['p05']))}..{short(float(row['p95']))} {row['unit']}"
        parts = [
            f"{percent(row[f'{p}_first'])} ({percent(row[f'{p}_total'])})" if row[f"{p}_first"] else "-" for p in PARTS
        ]
        table.append([row["indicator"], row["year"], band, *parts])
    return "\n".join(layout(table, columns))


def main(arguments: Sequence[str]) -> int:
    """Work the samples, write and print the table, ship it if that is asked. Raises ScenarioError, StoreError."""
    request = asked(arguments)
    rows = rows_of_table(request.pattern, worked(request))
    path = request.folder / "variance.csv"
    write_file(path, csv_text(list(rows[0]), [list(row.values()) for row in rows]))
    print(table_text(rows, columns_of_terminal()))
    print(
        f"share of the variance of the runs by itself (with what it does together with the others); {path.as_posix()}"
    )
    if request.is_shipped:
        print(f"shipped as {ship(VERB, request.command, rows).name}")
    return 0


def help_text() -> str:
    """Own keys with what they take and their defaults."""
    rows = [("key", "allowed", "default"), *((key, allowed, default) for key, (allowed, default) in KEYS.items())]
    below = ("", "Further keys are those of run: scenario, population, seed, workers, results, end, lever, mechanism,",
             "driver. parameters=posterior and drivers=uncertain unless said otherwise. What was worked is kept in",
             f"{FOLDER.as_posix()}/: the same command goes on.")  # fmt: skip
    lines = layout(rows, columns_of_terminal())
    return "\n".join([f"usage: innopolicy {VERB} [KEY=VALUE ...]", "", *lines, *below])
