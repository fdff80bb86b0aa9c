"""The verb `validate`: fit, inner test and later observations, printed, written and (ship=yes) kept as evidence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from experiments.compose import Request, compose_request
from experiments.draws.variation import PARAMETERS
from experiments.durable import write_file
from experiments.fitted import columns_of_terminal
from experiments.judgement.fit import Bar, Fit, bars, fits_of
from experiments.judgement.forecasts import (
    CONDITIONAL,
    UNCONDITIONAL,
    Later,
    Row,
    Verdicts,
    later_of,
    model_verdicts,
    naive_verdicts,
    rows_of,
)
from experiments.judgement.observations import given_file, read_observations
from experiments.judgement.observed import LAST_YEAR, observed_series
from experiments.judgement.page import fit_figures, forecast_figures, page
from experiments.judgement.tables import (
    Texts,
    bar_rows,
    bars_text,
    csv_of,
    fit_points,
    fit_rows,
    fit_text,
    forecast_points,
    forecast_rows,
    shipped_rows,
    side_by_side,
)
from experiments.judgement.worlds import (
    FIT,
    FIT_ORIGIN,
    INNER,
    INNER_FORECAST,
    INNER_ORIGIN,
    LATER,
    LATER_FORECAST,
    LATER_WORLDS,
    OF_THE_RUNS,
    POSTERIOR,
    SCENARIO,
    WORLDS,
    RunsFailedError,
    plan_of_world,
    run_world,
)
from experiments.outcomes import Results
from experiments.plan import MODEL
from experiments.validity.summaries import FOLDER, made_by, ship
from sim.scenario_values import ScenarioError, nearest, shown

STUDY, DRAWS = "validate", 200
KEYS = (*OF_THE_RUNS, "parameters", "replicates", "seed", "workers", "machine", "time_limit", "results", "study",
        "observations", "ship")  # fmt: skip
DECIDING = (*OF_THE_RUNS, "replicates", "seed")
OWN = ("parameters", "observations", "ship")
PARAMETERS_ZH = {"central": "目录中心值", POSTERIOR: "后验抽样"}
NOTES = (
    "only the fitted parameters are blind to 2015-2017; the others were set with all of 2011-2017 in view",
    "a driver of the conditional world is the patent office's throughput, made of grants: it is told part of them",
)


@dataclass(frozen=True)
class Asked:
    """What a command line asks for: how to run, whose parameters, and what a user observed later."""

    request: Request
    parameters: str
    later: tuple[Later, ...] = ()
    is_shipped: bool = False


@dataclass
class Part:
    """A forecast from an origin against what came after it."""

    name: str
    origin: int
    later: Sequence[Later]
    worlds: dict[str, Results]
    forecasts: dict[str, Verdicts] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)


def read(arguments: Sequence[str]) -> Asked:
    """What is asked for. Raises ScenarioError, one line per fault, before anything is run or written."""
    own, rest = _split(arguments)
    parameters, shipped = own.get("parameters", POSTERIOR), own.get("ship", "no")
    for key, value, known in (("parameters", parameters, PARAMETERS), ("ship", shipped, ("yes", "no"))):
        if value not in known:
            raise ScenarioError([f"override: {key} = {shown(value)} must be one of {', '.join(known)}"])
    if shipped == "yes" and "observations" in own:
        raise ScenarioError(["override: ship=yes goes without observations=: no outcome after 2017 is shipped"])
    if not any(text.startswith("replicates=") for text in rest):
        rest.append(f"replicates={DRAWS}")
    request = compose_request([*rest, f"scenario={SCENARIO}"], study=STUDY)
    later = read_observations(given_file(own["observations"])) if "observations" in own else []
    return Asked(replace(request, overrides=tuple(rest)), parameters, tuple(later), shipped == "yes")


def _split(arguments: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The keys of this verb alone, and what is handed on. Raises ScenarioError for a key that has no meaning here."""
    own: dict[str, str] = {}
    rest: list[str] = []
    for text in arguments:
        key, equals, value = text.partition("=")
        if not equals or key not in KEYS or key in own:
            told = f"{shown(text)} is not one of {', '.join(KEYS)}, each once"
            raise ScenarioError([f"override: {told}.{nearest(key, KEYS)}"])
        if key in OWN:
            own[key] = value
        else:
            rest.append(text)
    return own, rest


def run_part(name: str, origin: int, later: Sequence[Later], worlds: dict[str, Results]) -> Part:
    """Hold both worlds and the naive forecasts against what came after an origin."""
    part = Part(name, origin, later, worlds)
    part.forecasts = {world: model_verdicts(later, results) for world, results in worlds.items()}
    part.forecasts |= naive_verdicts(later, origin)
    part.rows = rows_of(later, part.forecasts)
    return part


def main(arguments: Sequence[str], flags: Collection[str] = (), function: str = MODEL, folder: Path = FOLDER) -> int:
    """Judge the model; 1 when a run failed. `folder` takes the tables that ship."""
    asked = read(arguments)
    worlds = [*WORLDS, *(LATER_WORLDS if asked.later else ())]
    plans = [plan_of_world(world, asked.request, asked.parameters, function) for world in worlds]
    try:
        results = {plan.study: run_world(plan, asked.request, flags) for plan in plans}
    except RunsFailedError:
        return 1
    fits = fits_of(observed_series(), results[FIT])
    summary = bars(fits, results[FIT])
    parts = [run_part("inner", INNER_ORIGIN, later_of(observed_series(), INNER_ORIGIN, LAST_YEAR),
                      {CONDITIONAL: results[INNER], UNCONDITIONAL: results[INNER_FORECAST]})]  # fmt: skip
    if asked.later:
        parts.append(run_part("later", FIT_ORIGIN, asked.later,
                              {CONDITIONAL: results[LATER], UNCONDITIONAL: results[LATER_FORECAST]}))  # fmt: skip
    written = _write(asked, results[FIT], fits, summary, parts)
    print("\n".join(_text(fits, summary, parts)))
    print("\n" + "\n".join(path.as_posix() for path in written))
    if asked.is_shipped:
        command = command_of(asked)
        for path in (ship("fit", command, fit_rows(fits), folder),
                     ship("judgement", command, shipped_rows(summary, parts[0].rows), folder)):  # fmt: skip
            print(f"shipped: {path.as_posix()}")
    return 0


def command_of(asked: Asked) -> str:
    """The command that makes the tables that ship again, without what only says how many processes or where."""
    kept = [text for text in asked.request.overrides if text.partition("=")[0] in DECIDING]
    return " ".join(["innopolicy validate", f"parameters={asked.parameters}", *kept, "ship=yes"])


def _text(fits: Sequence[Fit], summary: Sequence[Bar], parts: Sequence[Part]) -> list[str]:
    """What is printed."""
    columns = columns_of_terminal()
    lines = ["fit of 2011-2017; the band is that of an observation, with its assumed error; scores are of logarithms;",
             "by year: observed [median, 5..95 %], * where the observed value lies outside",
             *fit_text(fits, columns), "", *bars_text(summary, columns)]  # fmt: skip
    for part in parts:
        lines += ["", f"{part.name} test: forecasts from the end of {part.origin}", *side_by_side(part.rows, columns)]
    return [*lines, "", *(f"note: {note}" for note in NOTES)]


def _write(
    asked: Asked, fitted: Results, fits: Sequence[Fit], summary: Sequence[Bar], parts: Sequence[Part]
) -> list[Path]:
    """Tables and page in the study's folder."""
    folder, request = asked.request.results / asked.request.study, asked.request
    rows: dict[str, list[Texts]] = {part.name: forecast_rows(part.name, part.rows) for part in parts}
    points = [row for part in parts for row in forecast_points(part.name, part.later, part.forecasts)]
    figures = {part.name: forecast_figures(part.later, part.worlds, part.origin) for part in parts}
    figures["fit"] = fit_figures([one.series for one in fits], fitted)
    about = {"runs": str(request.replicates), "parameters": asked.parameters,
             "parameters_zh": PARAMETERS_ZH[asked.parameters], "seed": str(request.seed),
             "k": str(request.scenarios[0].k), "model": made_by()}  # fmt: skip
    texts = {
        "fit.csv": csv_of(fit_points(fits)), "fit_by_series.csv": csv_of(fit_rows(fits)),
        "summary.csv": csv_of(bar_rows(summary)),
        "judgement.csv": csv_of([row for own in rows.values() for row in own]),
        "judgement_points.csv": csv_of(points), "judgement.html": page(summary, rows, figures, about),
    }  # fmt: skip
    for name, text in texts.items():
        write_file(folder / name, text)
    return [folder / name for name in texts]
