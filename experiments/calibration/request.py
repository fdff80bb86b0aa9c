"""What may stand behind `calibrate`: keys with their ranges, read strictly, and their help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.fitted import columns_of_terminal, layout
from sim.scenario_reading import LARGEST_K
from sim.scenario_values import ScenarioError, nearest, shown
from sim.scenario_values import number as read_number

LAST_FITTED = 2017
WHOLE = {  # key: lowest, highest, default, unit
    "until": (2012, LAST_FITTED, LAST_FITTED, "last year of the targets; the run ends with it"),
    "population.k": (1, LARGEST_K, 8, "real agents for one simulated agent, in the scaled generations"),
    "population_size": (20, 100_000, 1000, "particles a generation"),
    "generations": (1, 100, 2, "at most so many at the scale of population.k"),
    "full_generations": (0, 50, 2, "at most so many at full size after them"),
    "seed": (0, 2**31 - 1, 1, "of proposals and runs"),
    "workers": (1, 1024, None, "processes; all cores when not given"),
    "draws": (10, 10_000, 500, "equally weighted draws of the posterior"),
}
MINUTES = (0.01, 100_000.0, 30.0, "of all calls together; a generation that would not end in time is not begun")
FILES = {
    "data": "a table of targets in place of the one that ships",
    "priors": "a table of priors in place of the one that ships",
}
ANSWERS = {
    "ship": "writes the draws into the project: experiments/calibration/posterior.csv (posterior_YEAR.csv)",
    "catalogue": "writes the central values into sim/catalogue/parameters.csv",
    "adjust": "moves draws along a regression on their runs' deviations, where fresh runs show that this is nearer",
}
YES = ("adjust",)  # what is done when nothing is said
RESULTS = ("results", "folder for all output")
TOLD = """
Generations are kept in results/calibrate/ (calibrate_YEAR with until=YEAR): the same command goes on. A
folder made by other code, data, priors, seed, population.k or population_size is refused; --new-store
(before the verb) puts it aside. Numbers do not depend on workers; minutes and generations only decide
how many generations there are.

data=FILE.csv: series,measure,years,value,confidence,discrepancy,title_en,title_zh
  series      an observed series of the catalogue, or an indicator when value is given
  measure     level, change (last over first year), or part:INDICATOR:DIMENSION:CATEGORY (share in %)
  years       2011-2017, 2012;2014, or 2014-2015 for a change
  value       empty: as observed in the catalogue; else the value of the one year
  confidence  high, medium or low: its error (experiments/calibration/errors.csv); empty: as observed
  discrepancy none, steady, lumpy or volatile: what the model leaves out on purpose
priors=FILE.csv: address,low,high,scale,reason
  address     of `list parameters`; low, high inside its range, empty for all of it; scale linear or log

Needs pip install innopolicy[science]."""


@dataclass(frozen=True)
class CalibrateRequest:
    """A checked request; paths are None for the tables that ship."""

    until: int
    k: int
    population_size: int
    generations: int
    full_generations: int
    seed: int
    workers: int | None
    draws: int
    minutes: float
    data: Path | None
    priors: Path | None
    ship: bool
    catalogue: bool
    adjust: bool
    results: Path
    given: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where the fit is kept."""
        return self.results / ("calibrate" if self.until == LAST_FITTED else f"calibrate_{self.until}")

    @property
    def shipped_name(self) -> str:
        """The name of the draws that ship."""
        return "posterior" if self.until == LAST_FITTED else f"posterior_{self.until}"


def read_request(arguments: Sequence[str]) -> CalibrateRequest:
    """The request behind the verb. Raises ScenarioError, one line per fault."""
    faults: list[str] = []
    given: dict[str, str] = {}
    known = (*WHOLE, "minutes", *FILES, *ANSWERS, RESULTS[0])
    for text in arguments:
        key, equals, value = (part.strip() for part in text.partition("="))
        if not equals or key not in known:
            faults.append(f"override: {shown(text)} sets an unknown key.{nearest(key, known)}")
        elif key in given:
            faults.append(f"override: {shown(text)} gives {key} twice; the first was {key}={shown(given[key])}")
        elif "\0" in value or not value:
            faults.append(f"override: {shown(text)} has no value")
        else:
            given[key] = value
    whole = {key: _whole(faults, key, given.get(key)) for key in WHOLE}
    minutes = _minutes(faults, given.get("minutes"))
    answers = {key: _answer(faults, key, given.get(key, _usual(key))) for key in ANSWERS}
    if faults:
        raise ScenarioError(faults)
    files = {key: Path(given[key]).expanduser() if key in given else None for key in FILES}
    request = CalibrateRequest(
        whole["until"] or 0, whole["population.k"] or 1, whole["population_size"] or 0, whole["generations"] or 0,
        whole["full_generations"] or 0, whole["seed"] or 0, whole["workers"], whole["draws"] or 0, minutes,
        files["data"], files["priors"], answers["ship"], answers["catalogue"], answers["adjust"],
        Path(given.get("results", "results")).expanduser(), tuple(arguments),
    )  # fmt: skip
    _check_shipping(request)
    return request


def _check_shipping(request: CalibrateRequest) -> None:
    """What ships is fitted to what ships. Raises ScenarioError."""
    if (request.ship or request.catalogue) and (request.data or request.priors):
        raise ScenarioError(["override: ship=yes and catalogue=yes go with the tables that ship, not with data= or"
                             " priors="])  # fmt: skip
    if request.catalogue and request.until != LAST_FITTED:
        raise ScenarioError([f"override: catalogue=yes goes with until={LAST_FITTED}"])


def _whole(faults: list[str], key: str, text: str | None) -> int | None:
    low, high, default, unit = WHOLE[key]
    if text is None:
        return default
    if not text.isascii() or not text.isdecimal() or (len(text) > 1 and text[0] == "0") or len(text) > 12:
        faults.append(f"override: {key} = {shown(text)} is no whole number in {low}..{high} ({unit})")
        return default
    if not low <= int(text) <= high:
        faults.append(f"override: {key} = {text} is out of range {low}..{high} ({unit})")
    return int(text)


def _minutes(faults: list[str], text: str | None) -> float:
    low, high, default, unit = MINUTES
    try:
        found = default if text is None else read_number(text)
    except ValueError as wrong:
        faults.append(f"override: minutes = {shown(text)} {wrong}")
        return default
    if not low <= found <= high:
        faults.append(f"override: minutes = {text} is out of range {low:g}..{high:g} ({unit})")
    return found


def _usual(key: str) -> str:
    return "yes" if key in YES else "no"


def _answer(faults: list[str], key: str, text: str) -> bool:
    if text not in ("yes", "no"):
        faults.append(f"override: {key} = {shown(text)} must be yes or no")
    return text == "yes"


def help_text() -> str:
    """The keys of the verb with unit, range and default."""
    rows = [("key", "allowed", "default")]
    rows += [(key, f"{low}..{high} ({unit})", "" if default is None else str(default))
             for key, (low, high, default, unit) in WHOLE.items()]  # fmt: skip
    low, high, default, unit = MINUTES
    rows.append(("minutes", f"{low:g}..{high:g} ({unit})", f"{default:g}"))
    rows += [(key, f"FILE.csv ({what})", "") for key, what in FILES.items()]
    rows += [(key, f"yes, no ({what})", _usual(key)) for key, what in ANSWERS.items()]
    rows.append((RESULTS[0], RESULTS[1], "results"))
    lines = layout(rows, columns_of_terminal())
    return "\n".join(["usage: innopolicy calibrate [KEY=VALUE ...]", "", *lines, TOLD])
