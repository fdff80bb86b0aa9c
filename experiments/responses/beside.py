"""Something that an experiment looks at or does right before or after a step of the quarter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import sim.model
from sim.agents.world import World
from sim.schedule import Step

Act = Callable[[World], None]


@contextmanager
def beside(name: str, before: Act | None = None, after: Act | None = None) -> Iterator[None]:
    """Models in which something is looked at or done right before and after a step of the quarter."""

    def with_acts(step: Step) -> Step:
        def run(world: World, params: Any, draws: Any) -> None:
            if before is not None:
                before(world)
            step.run(world, params, draws)
            if after is not None:
                after(world)

        return replace(step, run=run) if step.name == name else step

    model: Any = sim.model  # the tuple that models read; it is put back as it was
    usual = model.SCHEDULE
    model.SCHEDULE = tuple(with_acts(step) for step in usual)
    try:
        yield
    finally:
        model.SCHEDULE = usual
