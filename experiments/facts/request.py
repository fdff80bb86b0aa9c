"""Reads what stands behind `facts`: KEY=VALUE, each checked, one line a fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.facts.battery import CENTRAL, Trial
from experiments.verb_keys import Key, key_lines, read_keys

RESULTS = "results/facts"
KEYS = {
    "seeds": Key(20, "seeds, each with its own chance", 1, 10_000),
    "seed": Key(1, "key of all of them", 0, 2**31 - 1),
    "workers": Key(None, "processes; all cores when not given", 1, 1024),
    "parameters": Key(CENTRAL, "posterior: each seed draws its parameters from the fit", words=(CENTRAL, "posterior")),
    "ship": Key("no", "yes: the table becomes part of the project", words=("no", "yes")),
    "breaks": Key("no", "yes: models that are broken on purpose instead", words=("no", "yes")),
    "results": Key(RESULTS, "folder for the output"),
}
OF_THE_MODEL = ("population.", "mechanism.")


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


def read(arguments: Sequence[str]) -> Asked:
    """The request, its scenario composed once. Raises ScenarioError, before anything is written."""
    overrides = tuple(text for text in arguments if text.startswith(OF_THE_MODEL))
    found = read_keys([text for text in arguments if text not in overrides], KEYS)
    asked = Asked(
        seeds=found["seeds"], seed=found["seed"], workers=found["workers"], parameters=found["parameters"],
        ship=found["ship"] == "yes", breaks=found["breaks"] == "yes", results=Path(found["results"]),
        overrides=overrides, command=" ".join(["innopolicy facts", *arguments]),
    )  # fmt: skip
    asked.trials()[0].history()
    return asked


def help_text() -> str:
    """The keys with unit, range and default."""
    further = [
        ("population.k", "1..1000 (real agents for one simulated agent)", "1"),
        ("mechanism.*", "rows of `list parameters`, as for run", ""),
    ]
    told = [
        "Measures stylised facts of innovation on runs of history to 2017 and in experiments inside",
        "the model, and holds the median of the seeds against the published band. Each broken model",
        "is made so that a fact must fail. Finished seeds are kept in the folder: the same command",
        "goes on.",
    ]
    return "\n".join(["usage: innopolicy facts [KEY=VALUE ...]", "", *key_lines(KEYS, further), "", *told])
