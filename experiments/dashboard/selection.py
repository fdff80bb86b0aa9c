"""What a user chose on the page, as the texts that the command line takes: one reading of keys for both.

Nothing of the page is understood in any other way: a wrong value is refused by the same line as in a terminal.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from experiments.compose import Request, compose_request
from experiments.overrides import SCENARIO_FIELDS
from experiments.pairs import REFERENCE
from sim.scenario_values import ScenarioError, shown

LEVER = "lever."
OF_THE_PAGE = (LEVER, "mechanism.", "driver.")  # trees that a further line may set; where and how belongs to the server
MOST_LINES = 60
COMPOSING = threading.RLock()  # Hydra keeps its state in one place for the whole process


@dataclass(frozen=True)
class Selection:
    """One mix with how it is to be run.

    Attributes
    ----------
    scenario, population : names of files in configs/; doses : address of a dose (or NAME.start) to its text.
    further : more overrides, one a line, of levers, parameters, drivers or the end.
    """

    scenario: str = REFERENCE
    population: str = "scaled"
    replicates: int = 16
    seed: int = 1
    parameters: str = "posterior"
    drivers: str = "uncertain"
    doses: Mapping[str, str] | None = None
    further: tuple[str, ...] = ()

    @property
    def of_the_runs(self) -> list[str]:
        """Overrides that do not say what is done but how often and in what world: the same for what is compared."""
        return [
            f"population={self.population}", f"replicates={self.replicates}", f"seed={self.seed}",
            f"parameters={self.parameters}", f"drivers={self.drivers}",
            *(text for text in self.further if not text.startswith(LEVER)),
        ]  # fmt: skip

    @property
    def of_the_policy(self) -> list[str]:
        """Overrides of levers."""
        given = [f"{LEVER}{address}={text}" for address, text in sorted((self.doses or {}).items())]
        return [*given, *(text for text in self.further if text.startswith(LEVER))]

    def texts(self) -> list[str]:
        """What would stand behind `innopolicy run`."""
        return [f"scenario={self.scenario}", *self.of_the_runs, *self.of_the_policy]

    def reference(self) -> Selection:
        """History with the same seeds in the same world."""
        rest = tuple(text for text in self.further if not text.startswith(LEVER))
        return replace(self, scenario=REFERENCE, doses=None, further=rest)


def further_lines(text: str) -> tuple[str, ...]:
    """The overrides of a field with one a line. Raises ScenarioError for keys that belong to the server."""
    lines = tuple(line.strip() for line in text.splitlines() if line.strip())
    faults = [
        f"override: {shown(line)} is not for this page, which takes lever., mechanism., driver. and end="
        for line in lines
        if not line.startswith(OF_THE_PAGE) and line.partition("=")[0].strip() not in SCENARIO_FIELDS
    ]
    if len(lines) > MOST_LINES:
        faults = [f"override: {len(lines)} lines are more than {MOST_LINES}"]
    if faults:
        raise ScenarioError(faults)
    return lines


def composed(texts: Sequence[str]) -> Request:
    """The checked request of some texts, as the command line reads them. Raises ScenarioError.

    Kept for as long as the server runs, as many users try the same: a config that is changed meanwhile is not seen.
    """
    return _composed(tuple(texts))


@lru_cache(maxsize=512)
def _composed(texts: tuple[str, ...]) -> Request:
    with COMPOSING:
        return compose_request(texts)


def study_name(request: Request) -> str:
    """The name of the folder of its runs: from what decides their numbers, but not from how many there are."""
    parts = (request.scenarios[0].fingerprint(), str(request.seed), request.variation.digest(request.seed))
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:20]
