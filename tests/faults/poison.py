"""A model in which single runs do the worst: kill their worker, never end, take all memory, leave their domain."""

from __future__ import annotations

import os
import resource
import signal
import time

import numpy as np

from sim.model import RunError
from sim.scenario import Scenario
from tests.experiments import fake_model

KILLS, NEVER_ENDS, IS_HUNGRY, LEAVES_ITS_DOMAIN = 0, 1, 2, 3
ROOM = 300_000_000  # bytes beyond what the worker has


def run(scenario: Scenario, seed: int, replicate: int) -> fake_model.FakeOutcome:
    """Replicates 0 to 3 fail, each in its way."""
    if replicate == KILLS:
        os.kill(os.getpid(), signal.SIGKILL)
    while replicate == NEVER_ENDS:
        time.sleep(0.01)
    if replicate == IS_HUNGRY:
        with open("/proc/self/statm") as file:  # noqa: PTH123
            now = int(file.read().split()[0]) * resource.getpagesize()
        before = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (now + ROOM, before[1]))
        try:
            np.ones(ROOM)
        finally:
            resource.setrlimit(resource.RLIMIT_AS, before)
    if replicate == LEAVES_ITS_DOMAIN:
        raise RunError("2012Q3: firms, cash is not finite")
    return fake_model.run(scenario, seed, replicate)
