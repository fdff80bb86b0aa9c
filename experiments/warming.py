"""Compiles the kernels once, before workers start, so that they find them in the cache."""

from __future__ import annotations

import time
from dataclasses import replace

from sim.scenario import Scenario

WARM_SCALE = 40


def warm(scenario: Scenario) -> float:
    """Compile all kernels once, in this process. Seconds taken."""
    from sim.model import InnovationModel

    begun = time.perf_counter()
    model = InnovationModel(replace(scenario, k=max(WARM_SCALE, scenario.k)))
    for _ in range(min(5, model.n_quarters)):
        model.step()
    return time.perf_counter() - begun
