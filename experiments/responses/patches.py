"""Steps of the model broken on purpose, to show that a response test can fail: something changed before or after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

import sim.model
from experiments.responses.notch import unreformed
from sim.agents.budget import BUDGET_LINES
from sim.agents.government import PROVINCE
from sim.agents.world import World
from sim.core.money import YUAN_PER_MILLION
from sim.schedule import SCHEDULE, Step

Change = Callable[[World], Any]
GRANT = BUDGET_LINES.index("rd_grant")
YUAN_THAT_DOUBLE = 1e7  # a quarter
FIRST = 1  # certificate_q of a first certificate


def nothing(world: World, kept: Any = None) -> None:
    """Change nothing."""


@contextmanager
def around(changes: dict[str, tuple[Change, Callable[[World, Any], None]]]) -> Iterator[None]:
    """Models made inside do something before and after some steps; after gets what before left."""

    def broken(step: Step) -> Step:
        if step.name not in changes:
            return step
        before, after = changes[step.name]

        def run(world: World, params: Any, draws: Any) -> None:
            kept = before(world)
            step.run(world, params, draws)
            after(world, kept)

        return replace(step, run=run)

    names = vars(sim.model)
    names["SCHEDULE"] = tuple(map(broken, SCHEDULE))
    try:
        yield
    finally:
        names["SCHEDULE"] = SCHEDULE


def ordinary_rate() -> AbstractContextManager[None]:
    """Firms do not see the lower rate of certified firms when they decide on R&D and report it."""

    def hide(world: World) -> Any:
        kept = world.firms.tax_cut.copy()
        world.firms.tax_cut[:] = 0.0
        return kept

    def show(world: World, kept: Any) -> None:
        world.firms.tax_cut[:] = kept

    return around(dict.fromkeys(("desire_rd", "report_rd"), (hide, show)))


def old_threshold() -> AbstractContextManager[None]:
    """The smallest firms are held to the threshold of before 2016."""
    return around({"weigh_certificate": (unreformed, nothing)})


def certificate_doubles() -> AbstractContextManager[None]:
    """Whoever gets a first certificate wants twice its R&D from then on."""

    def double(world: World, kept: Any) -> None:
        world.firms.rd_intensity[world.firms.certificate_q == FIRST] *= 2.0

    return around({"certify_firms": (nothing, double)})


def no_pool() -> AbstractContextManager[None]:
    """The nursery pool has no places, whatever the lever says."""

    def close(world: World) -> None:
        world.governments.pool_places_y[PROVINCE] = 0.0

    return around({"certify_firms": (close, nothing)})


def no_grants() -> AbstractContextManager[None]:
    """Project grants are never called for, whatever the lever says."""

    def close(world: World) -> None:
        world.governments.grant_rate[PROVINCE] = 0.0

    return around({"award_grants": (close, nothing)})


def grants_double() -> AbstractContextManager[None]:
    """Each ten million yuan of grants in a quarter double the R&D of all firms."""

    def multiply(world: World, kept: Any) -> None:
        actual = world.firms.rd_actual_q
        actual[:] = actual * (1.0 + float(world.accounts.disbursed_q[GRANT]) / YUAN_THAT_DOUBLE)

    return around({"finance_rd": (nothing, multiply)})


def grants_hundredfold() -> AbstractContextManager[None]:
    """Each yuan of grants adds a hundred yuan to the R&D of firms, in proportion to theirs."""

    def add(world: World, kept: Any) -> None:
        actual = world.firms.rd_actual_q
        done = float(actual.sum())
        more = 100.0 * float(world.accounts.disbursed_q[GRANT]) / YUAN_PER_MILLION
        actual[:] = actual * (1.0 + more / done if done > 0.0 else 1.0)

    return around({"finance_rd": (nothing, add)})


def winners_invent() -> AbstractContextManager[None]:
    """Whoever has a grant files three times as much while it runs, and half as much again for good."""

    def more(world: World) -> None:
        world.firms.filing_factor[world.firms.grant_quarters > 0] *= 3.0
        world.firms.patent_propensity[world.firms.grant_quarters == 1] *= 1.5

    return around({"file_patents": (more, nothing)})


def sets_bring_patents() -> AbstractContextManager[None]:
    """A first set that was sold lets its maker file half as much again."""

    def more(world: World) -> None:
        world.firms.filing_factor[world.firms.first_set_effect > 0.0] *= 1.5

    return around({"file_patents": (more, nothing)})


def vouchers_bring_patents() -> AbstractContextManager[None]:
    """Whoever has used a voucher files a hundred times as much from then on."""

    def more(world: World) -> None:
        world.firms.filing_factor[world.firms.vouchers_used > 0] *= 100.0

    return around({"file_patents": (more, nothing)})


PATCHES: dict[str, Callable[[], AbstractContextManager[None]]] = {
    patch.__name__: patch
    for patch in (
        *(ordinary_rate, old_threshold, certificate_doubles, no_pool, no_grants, grants_double, grants_hundredfold),
        *(winners_invent, sets_bring_patents, vouchers_bring_patents),
    )
}
