"""Reads what stands behind `responses`: KEY=VALUE, each checked, one line a fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.responses.registry import experiments
from experiments.responses.rows import rows
from experiments.verb_keys import Key, key_lines, read_keys
from sim.scenario_reading import LARGEST_K
from sim.scenario_values import ScenarioError, shown

KEYS = {
    "only": Key("", "numbers of tests, such as 1,2,9; all when not given"),
    "seeds": Key(30, "paired seeds of each test", 1, 10_000),
    "seed": Key(0, "the first of them", 0, 1_000_000),
    "population.k": Key(1, "real agents for one simulated agent", 1, LARGEST_K),
    "workers": Key(None, "processes; all cores when not given", 1, 1024),
    "parameters": Key("central", "posterior: each seed draws its own from the fit", words=("central", "posterior")),
    "ship": Key("no", "yes: the table becomes part of the project", words=("no", "yes")),
    "breaks": Key("no", "yes: models that are broken on purpose instead", words=("no", "yes")),
    "results": Key("results/responses", "folder for the output"),
}


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


def _tests(text: str) -> tuple[int, ...]:
    """Numbers of tests; all of the table for no text."""
    if not text:
        return tuple(sorted({row.number for row in rows().values()}))
    known = sorted({row.number for row in rows().values()} | set(experiments()))
    found: list[int] = []
    for part in text.split(","):
        if not part.isascii() or not part.isdecimal() or int(part[:6]) not in known:
            told = ", ".join(map(str, known))
            raise ScenarioError([f"override: only = {shown(part)} is the number of no test; there are: {told}"])
        found.append(int(part))
    return tuple(sorted(set(found)))


def read(arguments: Sequence[str]) -> Asked:
    """The request. Raises ScenarioError, before anything is written."""
    found = read_keys(arguments, KEYS)
    return Asked(
        tests=_tests(found["only"]), seeds=found["seeds"], seed=found["seed"], k=found["population.k"],
        workers=found["workers"], parameters=found["parameters"], ship=found["ship"] == "yes",
        breaks=found["breaks"] == "yes", results=Path(found["results"]),
        command=" ".join(["innopolicy responses", *arguments]),
    )  # fmt: skip


def help_text() -> str:
    """The keys with unit, range and default."""
    told = [
        "Tries published policy experiments inside the model, in the steady world of 2017, and holds",
        "sign and size of the answer against the published band. On each broken model its test has",
        "to fail. Finished seeds are kept in the folder: the same command goes on.",
    ]
    return "\n".join(["usage: innopolicy responses [KEY=VALUE ...]", "", *key_lines(KEYS), "", *told])
