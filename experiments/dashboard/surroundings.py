"""What the page finds around it: the way to the engine, the reader of studies, what past runs it may list."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from experiments.dashboard.control import FarEngine, Runner
from experiments.dashboard.studies import Reader

ENVIRONMENT = "INNOPOLICY_DASHBOARD"


@dataclass(frozen=True)
class Surroundings:
    """One for the whole server; nothing of a user stands in it."""

    engine: Runner
    reader: Reader
    lists_everything: bool


@lru_cache(maxsize=1)
def surroundings() -> Surroundings:
    """As the program that started the page says. Raises KeyError where nobody did."""
    told = json.loads(os.environ[ENVIRONMENT])
    return Surroundings(FarEngine(told["desk"]), Reader(Path(told["results"])), told["past"] == "all")
