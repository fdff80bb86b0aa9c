"""Reads what stands behind `responses`: KEY=VALUE, each checked, one line a fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.responses.registry import experiments
from experiments.responses.rows import rows
from sim.scenario_reading import LARGEST_K
from sim.scenario_values import ScenarioError, nearest, shown

KEYS = {  # key: lowest, highest, default, what it is
    "seeds": (1, 10_000, 30, "paired seeds of each test"),
    "seed": (0, 1_000_000, 0, "the first of them"),
    "population.k": (1, LARGEST_K, 1, "real agents for one simulated agent"),
    "workers": (1, 1024, None, "processes; all cores when not given"),
}
WORDS = {"parameters": ("central", "posterior"), "ship": ("no", "yes"), "breaks": ("no", "yes")}
RESULTS = "results/responses"


@dataclass(frozen=True)
class Asked:
    """What one command asks for. tests : their numbers, ascending; ship : write the table of validity."""

    tests: tuple[int, ...]
    seeds: int
    seed: int
    k: int
    workers: int | None
    parameters: str
    ship: bool
    breaks: bool
    results: Path
    command: str


def _whole(key: str, text: str) -> int:
    low, high, _, what = KEYS[key]
    if not text.isascii() or not text.isdecimal() or not low <= int(text[:12]) <= high:
        raise ScenarioError([f"override: {key} = {shown(text)} is not a whole number in {low}..{high} ({what})"])
    return int(text)


def _tests(text: str) -> tuple[int, ...]:
    known = sorted({row.number for row in rows().values()} | set(experiments()))
    found: list[int] = []
    for part in text.split(","):
        if not part.isascii() or not part.isdecimal() or int(part[:6]) not in known:
            told = ", ".join(map(str, known))
            raise ScenarioError([f"override: only = {shown(part)} is the number of no test; there are: {told}"])
        found.append(int(part))
    return tuple(sorted(set(found)))


def _pairs(arguments: Sequence[str]) -> dict[str, str]:
    """Keys with their texts, each known and given once."""
    known = (*KEYS, *WORDS, "only", "results")
    found: dict[str, str] = {}
    for text in arguments:
        key, equals, value = text.partition("=")
        if not equals:
            raise ScenarioError([f"override: {shown(text)} is not of the form KEY=VALUE"])
        if key not in known:
            raise ScenarioError([f"override: {shown(text)} sets an unknown key.{nearest(key, known)}"])
        if key in found:
            raise ScenarioError([f"override: {shown(text)} gives {key} twice"])
        if key in WORDS and value not in WORDS[key]:
            raise ScenarioError([f"override: {key} = {shown(value)} is none of {', '.join(WORDS[key])}"])
        found[key] = value
    return found


def read(arguments: Sequence[str]) -> Asked:
    """The request. Raises ScenarioError, before anything is written."""
    given = _pairs(arguments)
    numbers: Mapping[str, int | None] = {
        key: _whole(key, given[key]) if key in given else default for key, (_, _, default, _) in KEYS.items()
    }
    if not given.get("results", RESULTS):
        raise ScenarioError(["override: results= needs a folder"])
    return Asked(
        tests=_tests(given["only"]) if "only" in given else tuple(sorted({row.number for row in rows().values()})),
        seeds=numbers["seeds"] or 1,
        seed=numbers["seed"] or 0,
        k=numbers["population.k"] or 1,
        workers=numbers["workers"],
        parameters=given.get("parameters", "central"),
        ship=given.get("ship") == "yes",
        breaks=given.get("breaks") == "yes",
        results=Path(given.get("results", RESULTS)),
        command=" ".join(["innopolicy responses", *arguments]),
    )


def help_text() -> str:
    """The keys with unit, range and default."""
    lines = ["usage: innopolicy responses [KEY=VALUE ...]", "", f"  {'only':14} numbers of tests, such as 1,2,9 (all)"]
    for key, (low, high, default, what) in KEYS.items():
        lines.append(f"  {key:14} {low}..{high} ({what}), default {'' if default is None else default}".rstrip())
    lines += [f"  {key:14} {' or '.join(words)}, default {words[0]}" for key, words in WORDS.items()]
    lines += [f"  {'results':14} folder for the output, default {RESULTS}", ""]
    lines += [
        "Tries published policy experiments inside the model, in the steady world of 2017, and",
        "holds sign and size of the answer against the published band. parameters=posterior: each",
        "seed draws its parameters from the fit. breaks=yes tries the models that are broken on",
        "purpose instead, on each of which its test has to fail. ship=yes: the table becomes part of",
        "the project. Finished seeds are kept in the folder: the same command goes on.",
    ]
    return "\n".join(lines)
