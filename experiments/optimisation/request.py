"""What may stand behind `optimise`: targets, probability, budget and levers beside the keys of a scenario."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from experiments.compose import DEFAULT_RESULTS, DEFAULT_SCENARIO, addresses, load_scenario, variation_of
from experiments.machines import Settings
from experiments.machines.options import read_machine
from experiments.optimisation.attainment import goal_of, target_of
from experiments.optimisation.doses import CATALOGUE, GIVEN, Variable, cap_by_budget, two_stages
from experiments.optimisation.mixes import Frame
from experiments.overrides import Overrides, read_overrides
from experiments.verb_keys import Key, key_lines, read_keys
from sim.catalogue.loader import catalogue
from sim.catalogue.rows import TargetRow
from sim.core.calendar import QUARTERS_A_YEAR, quarter_number, quarter_text
from sim.scenario import Scenario
from sim.scenario_reading import LAST_QUARTER
from sim.scenario_values import ScenarioError, decimal, nearest, number, shown

VERB = "optimise"
FIRST_PLAN = "2014Q1"  # where a mix begins if the scenario has no plan of its own
USUAL = {"replicates": "16", "parameters": "posterior", "drivers": "uncertain", "population": "scaled"}
FORBIDDEN = ("record", "most_runs")
KEYS: Mapping[str, Key] = {
    "targets": Key("", "target ids of `list targets`, separated by commas: all are to be met together"),
    "goal": Key("", "targets of your own, as 'hnte_stock>=1000@2020,rd_gdp_ratio>=2@2020', in the indicator's unit"),
    "probability": Key("0.8", "0.01..1, chance with which all targets are to be met"),
    "budget": Key("500", "0..100000 (million yuan a year of public cost beyond the scenario, tax forgone included)"),
    "levers": Key("", "doses that may be set, as lever.rd_grant.budget_y or lever.rd_grant.budget_y:0..300, separated"
                      " by commas; bounds of the catalogue where none are given"),
    "from": Key("", f"quarter or year from which the mix holds; that of the scenario's own plan, else {FIRST_PLAN}"),
    "stages": Key(1, "2: each dose has a value before and one after the middle of the plan", 1, 2),
    "middle": Key("", "quarter or year in which the second stage begins; half way to the last target"),
    "review": Key("no", "yes: an adaptive review of the budget lines is a candidate too", words=("yes", "no")),
    "trials": Key(96, "mixes that are tried", 4, 100_000),
    "size": Key(16, "mixes of a generation", 4, 1000),
    "fresh": Key(32, "fresh replicates on which the best mixes are tried again", 1, 10_000),
    "check": Key("scaled", "full: the winner on fresh seeds at population=full as well", words=("scaled", "full")),
}  # fmt: skip
REVIEW = "lever.adaptive_review.share"
LEVER = re.compile(r"(lever\.[a-z0-9_]+\.[a-z0-9_]+)(?::([^:,]+?)\.\.([^:,]+))?")
Found = TypeVar("Found")


@dataclass(frozen=True)
class Asked:
    """A checked request.

    Attributes
    ----------
    base : the scenario without the mix; frame : what all mixes share; first, middle : quarter numbers.
    given : the overrides as they were given.
    """

    values: Mapping[str, Any]
    targets: tuple[TargetRow, ...]
    probability: float
    budget: float
    variables: tuple[Variable, ...]
    base: Scenario
    frame: Frame
    first: int
    middle: int
    settings: Settings
    results: Path
    given: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where everything goes."""
        return self.results / VERB / self.frame.study

    @property
    def years(self) -> float:
        """Years from the beginning of the mix to the end of the run."""
        return (quarter_number(self.base.end) - self.first + 1) / QUARTERS_A_YEAR


class Faults:
    """Collects the faults of a request."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def of(self, read: Callable[[], Found], default: Found) -> Found:
        """What a reading gives; the default with the faults noted where it is refused."""
        try:
            return read()
        except ScenarioError as refused:
            self.lines += refused.faults
            return default

    def tell(self) -> None:
        """Raise ScenarioError if there were any."""
        if self.lines:
            raise ScenarioError(dict.fromkeys(self.lines))


def usual(rest: Sequence[str], defaults: Mapping[str, str]) -> list[str]:
    """The overrides with the defaults of a verb where nothing else is given."""
    given = {text.partition("=")[0].strip() for text in rest}
    hidden = {"population"} if "population.k" in given else set()
    return [*rest, *(f"{key}={value}" for key, value in defaults.items() if key not in given | hidden)]


def split(
    arguments: Sequence[str], known: Mapping[str, Key], defaults: Mapping[str, str], faults: Faults
) -> tuple[dict[str, Any], Overrides]:  # fmt: skip
    """A verb's own keys with their values, and all other texts as overrides; none, with faults noted, if one is wrong.

    Raises ScenarioError for a faulty own key: what stands beside it is not looked at.
    """
    own = [text for text in arguments if text.partition("=")[0].strip() in known]
    values: dict[str, Any] = faults.of(lambda: read_keys(own, known), {})
    faults.tell()
    rest = usual([text for text in arguments if text not in own], defaults)
    return values, faults.of(lambda: read_overrides(rest, addresses()), Overrides({}, {}, {}))


def where_of(read: Overrides) -> tuple[Settings, Path]:
    """The machine with its settings, and the folder of results. Raises ScenarioError for a machine that is refused."""
    kind, further = read_machine(read.groups.get("machine", "local"))
    settings = Settings(kind, read.settings.get("workers"), read.settings.get("time_limit"), further)
    return settings, Path(read.settings.get("results", DEFAULT_RESULTS))


def asked_of(arguments: Sequence[str]) -> Asked:
    """The request of a command line. Raises ScenarioError, one line per fault, before anything is written."""
    faults = Faults()
    values, read = split(arguments, KEYS, USUAL, faults)
    targets = targets_of(values, faults)
    probability = faults.of(lambda: decimal_key("probability", values["probability"], 0.01, 1.0, "chance"), 0.8)
    budget = faults.of(lambda: decimal_key("budget", values["budget"], 0.0, 1e5, "million yuan a year"), 0.0)
    levers = levers_of(values, read.values, faults)
    refuse_keys(read, faults)
    faults.tell()
    base = base_of(read, targets, faults)
    faults.tell()
    assert base is not None
    first, middle = when_of(values, base, targets, faults)
    faults.tell()
    variables = [cap_by_budget(one, base, first, budget) for one in levers]
    for one in variables:
        if one.high <= one.low:
            faults.lines.append(f"override: budget = {decimal(budget)} leaves {one.address} no range above {one.low:g}")
    faults.tell()
    staged = tuple(two_stages(variables) if values["stages"] == 2 else variables)
    settings, results = where_of(read)
    frame = frame_of(VERB, read, base, read.settings.get("study") or study_of(targets))
    return Asked(values, tuple(targets), probability, budget, staged, base, frame, first, middle, settings, results,
                 tuple(arguments))  # fmt: skip


def decimal_key(key: str, text: str, low: float, high: float, unit: str) -> float:
    """A decimal number of a key. Raises ScenarioError."""
    try:
        found = number(text)
    except ValueError as wrong:
        raise ScenarioError(
            [f"override: {key} = {shown(text)} {wrong}; allowed is {low:g}..{decimal(high)} ({unit})"]
        ) from None
    if not low <= found <= high:
        raise ScenarioError([f"override: {key} = {shown(text)} is out of range {low:g}..{decimal(high)} ({unit})"])
    return found


def listed(text: str) -> list[str]:
    """The parts of a list separated by commas, each once."""
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def targets_of(values: Mapping[str, Any], faults: Faults) -> list[TargetRow]:
    """The targets that are asked for, those of the plans first."""
    named = [faults.of(lambda name=name: target_of(name), None) for name in listed(values["targets"])]  # type: ignore[misc]
    own = [faults.of(lambda text=text: goal_of(text), None) for text in listed(values["goal"])]  # type: ignore[misc]
    if not named and not own:
        faults.lines.append("override: targets= or goal= must name what is to be reached; see `list targets`")
    return [row for row in (*named, *own) if row is not None]


def refuse_keys(read: Overrides, faults: Faults) -> None:
    """Note keys that have no meaning here."""
    faults.lines += [f"override: {key}= has no meaning here" for key in FORBIDDEN if key in read.settings]


def levers_of(values: Mapping[str, Any], fixed: Mapping[str, str], faults: Faults) -> list[Variable]:
    """The doses that may be set."""
    texts = listed(values["levers"]) + ([REVIEW] if values["review"] == "yes" else [])
    found = [faults.of(lambda text=text: _variable(text), None) for text in texts]  # type: ignore[misc]
    names = [one.address for one in found if one is not None]
    if not texts:
        faults.lines.append("override: levers= must name doses that may be set; see `list levers`")
    faults.lines += [
        f"override: levers = {name} stands twice" for name in dict.fromkeys(names) if names.count(name) > 1
    ]
    faults.lines += [f"override: {name} is set and stands in levers= too" for name in names if name in fixed]
    return [one for one in found if one is not None]


def _variable(text: str) -> Variable:
    """A dose with its bounds. Raises ScenarioError."""
    found = LEVER.fullmatch(text)
    doses = {f"lever.{address}": row for address, row in catalogue().doses.items()}
    address = text.partition(":")[0]
    if address not in doses:
        raise ScenarioError([f"override: levers = {shown(address)} is no dose.{nearest(address, doses)}"])
    row = doses[address]
    if found is None:
        raise ScenarioError([f"override: levers = {shown(text)} is not of the form lever.NAME.DOSE:LOW..HIGH"])
    if found[2] is None:
        return Variable(address, row.low, row.high, CATALOGUE)
    low, high = (decimal_key(address, part.strip(), row.low, row.high, row.unit) for part in found.groups()[1:])
    if low >= high:
        raise ScenarioError([f"override: levers = {shown(text)} has no range: {decimal(low)} is not below the other"])
    return Variable(address, low, high, CATALOGUE if high == row.high else GIVEN)


def base_of(read: Overrides, targets: Sequence[TargetRow], faults: Faults) -> Scenario | None:
    """The scenario without the mix, to the end of the last target's year unless another end is given."""
    last = max(row.target_year or 0 for row in targets)
    if quarter_number(f"{last}Q4") > quarter_number(LAST_QUARTER):
        faults.lines.append(f"override: the model runs to {LAST_QUARTER}, before the target year {last}")
        return None
    texts = [f"{key}={text}" for key, text in fixed_of(read, last)]
    base = faults.of(lambda: load_scenario(read.groups.get("scenario", DEFAULT_SCENARIO), texts), None)
    if base is not None and quarter_number(base.end) < quarter_number(f"{last}Q4"):
        faults.lines.append(f"override: end = {base.end} is before the target year {last}")
    return base


def fixed_of(read: Overrides, last: int) -> list[tuple[str, str]]:
    """Keys and texts that hold for all mixes: groups, the end of the run, and what the asker sets."""
    groups = [(key, text) for key, text in read.groups.items() if key == "population"]
    return [*groups, *({"end": f"{last}Q4"} | dict(read.values)).items()]


def frame_of(verb: str, read: Overrides, base: Scenario, study: str) -> Frame:
    """What all mixes share. Raises ScenarioError where there is nothing to draw from."""
    variation_of(read.settings)
    fixed = tuple(f"{key}={text}" for key, text in fixed_of(read, int(base.end[:4])) if key != "end")
    settings = read.settings
    return Frame(
        verb, study, base.name, (*fixed, f"end={base.end}"), settings.get("seed", 1), settings["replicates"],
        settings["parameters"], settings["drivers"],
    )  # fmt: skip


def study_of(targets: Sequence[TargetRow]) -> str:
    """The name of a study that was given none."""
    return "_".join(row.target_id for row in targets)[:60].strip("_")


def when_of(
    values: Mapping[str, Any], base: Scenario, targets: Sequence[TargetRow], faults: Faults
) -> tuple[int, int]:  # fmt: skip
    """First quarter of the mix and of its second stage, as quarter numbers."""
    own = quarter_text(base.phases[-1].first) if len(base.phases) > 1 else FIRST_PLAN
    first = faults.of(lambda: _quarter("from", values["from"] or own), 0)
    last = quarter_number(f"{min(row.target_year or 0 for row in targets)}Q4")
    end = quarter_number(f"{max(row.target_year or 0 for row in targets)}Q4")
    half = quarter_text((first + (end - first + 1) // 2) // QUARTERS_A_YEAR * QUARTERS_A_YEAR)
    middle = faults.of(lambda: _quarter("middle", values["middle"] or half), 0)
    if first and not quarter_number(base.start) <= first <= last:
        told = f"{base.start}..{quarter_text(last)} (not after the first target)"
        faults.lines.append(f"override: from = {quarter_text(first)} is out of range {told}")
    elif first and middle and values["stages"] == 2 and not first < middle <= end:
        told = f"{quarter_text(first + 1)}..{quarter_text(end)} (after the beginning of the mix)"
        faults.lines.append(f"override: middle = {quarter_text(middle)} is out of range {told}")
    return first, middle


def _quarter(key: str, text: str) -> int:
    """A quarter number of 2016 or 2016Q3. Raises ScenarioError."""
    try:
        return quarter_number(f"{text}Q1" if re.fullmatch(r"[12][0-9]{3}", text) else text)
    except ValueError:
        raise ScenarioError([f"override: {key} = {shown(text)} is no quarter; write it as 2016 or 2016Q3"]) from None


def help_text() -> str:
    """The keys with what is allowed and their defaults."""
    told = (
        "",
        "Further keys are those of run: scenario, population, replicates, seed, parameters, drivers, lever.NAME.DOSE,",
        "mechanism, driver, end, study, results, workers, machine, time_limit. Unless said otherwise",
        ", ".join(f"{key}={value}" for key, value in USUAL.items()) + ".",
        "Writes answer.html and answer.md (Chinese and English), front.csv, winner.yaml and figure.svg into",
        "results/optimise/STUDY/. Finished runs are kept: the same command goes on.",
        "Needs pip install innopolicy[planning].",
    )  # fmt: skip
    return "\n".join([f"usage: innopolicy {VERB} KEY=VALUE ...", "", *key_lines(KEYS), *told])
