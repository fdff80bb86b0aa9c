"""Reads what stands behind `facts`: KEY=VALUE, each checked, one line a fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.facts.battery import CENTRAL, Trial
from sim.scenario_values import ScenarioError, nearest, shown

KEYS: Mapping[str, tuple[int, int, int | None, str]] = {  # key: lowest, highest, default, what it is
    "seeds": (1, 10_000, 20, "seeds, each with its own chance"),
    "seed": (0, 2**31 - 1, 1, "key of all of them"),
    "workers": (1, 1024, None, "processes; all cores when not given"),
}
WORDS = {"parameters": (CENTRAL, "posterior"), "ship": ("no", "yes"), "breaks": ("no", "yes")}
OF_THE_MODEL = ("population.", "mechanism.")
RESULTS = "results/facts"


@dataclass(frozen=True)
class Asked:
    """What one command asks for.

    overrides : of population and mechanisms; ship : write the table of validity; breaks : try broken models instead.
    """

    seeds: int
    seed: int
    workers: int | None
    parameters: str
    ship: bool
    breaks: bool
    results: Path
    overrides: tuple[str, ...]
    command: str

    def trials(self) -> list[Trial]:
        """The seeds of the battery, in order."""
        return [Trial(self.overrides, self.seed, r, self.parameters) for r in range(self.seeds)]


def _whole(key: str, text: str) -> int:
    low, high, _, what = KEYS[key]
    if not text.isascii() or not text.isdecimal() or not low <= int(text[:12]) <= high:
        raise ScenarioError([f"override: {key} = {shown(text)} is not a whole number in {low}..{high} ({what})"])
    return int(text)


def _pairs(arguments: Sequence[str]) -> dict[str, str]:
    """Keys with their texts, each known and given once."""
    known = (*KEYS, *WORDS, "results", "population.k")
    found: dict[str, str] = {}
    for text in arguments:
        key, equals, value = text.partition("=")
        if not equals:
            raise ScenarioError([f"override: {shown(text)} is not of the form KEY=VALUE"])
        if key not in known and not key.startswith(OF_THE_MODEL):
            raise ScenarioError([f"override: {shown(text)} sets an unknown key.{nearest(key, known)}"])
        if key in found:
            raise ScenarioError([f"override: {shown(text)} gives {key} twice"])
        if key in WORDS and value not in WORDS[key]:
            raise ScenarioError([f"override: {key} = {shown(value)} is none of {', '.join(WORDS[key])}"])
        found[key] = value
    return found


def read(arguments: Sequence[str]) -> Asked:
    """The request, its scenario composed once. Raises ScenarioError, before anything is written."""
    given = _pairs(arguments)
    whole = {key: _whole(key, given[key]) if key in given else default for key, (_, _, default, _) in KEYS.items()}
    if not given.get("results", RESULTS):
        raise ScenarioError(["override: results= needs a folder"])
    seed = whole["seed"]
    asked = Asked(
        seeds=whole["seeds"] or 1,
        seed=1 if seed is None else seed,
        workers=whole["workers"],
        parameters=given.get("parameters", CENTRAL),
        ship=given.get("ship") == "yes",
        breaks=given.get("breaks") == "yes",
        results=Path(given.get("results", RESULTS)),
        overrides=tuple(f"{key}={value}" for key, value in given.items() if key.startswith(OF_THE_MODEL)),
        command=" ".join(["innopolicy facts", *arguments]),
    )
    asked.trials()[0].history()
    return asked


def help_text() -> str:
    """The keys with unit, range and default."""
    lines = ["usage: innopolicy facts [KEY=VALUE ...]", ""]
    for key, (low, high, default, what) in KEYS.items():
        usual = "" if default is None else f", default {default}"
        lines.append(f"  {key:14} {low}..{high} ({what}){usual}")
    lines += [f"  {key:14} {' or '.join(words)}, default {words[0]}" for key, words in WORDS.items()]
    lines += [
        f"  {'population.k':14} 1..1000 (real agents for one simulated agent), default 1",
        f"  {'mechanism.*':14} rows of `list parameters`, as for run",
        f"  {'results':14} folder for the output, default {RESULTS}",
        "",
        "Measures stylised facts of innovation on runs of history to 2017 and in experiments inside",
        "the model, and holds the median of the seeds against the published band.",
        "parameters=posterior: each seed draws its parameters from the fit. breaks=yes tries models",
        "that are broken on purpose instead, each so that a fact must fail. ship=yes: the table",
        "becomes part of the project. Finished seeds are kept in the folder: the same command goes on.",
    ]
    return "\n".join(lines)
