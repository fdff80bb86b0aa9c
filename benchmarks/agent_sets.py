"""Agents in columns against Mesa's own: creating them, collecting from them, and the methods of an agent set."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import mesa
import numpy as np

from benchmarks.timing import cpu
from sim.agents.firm import Firm
from sim.core.column_model import ColumnModel

COLLECTED = ("sales_y", "rd_actual_q", "knowledge", "filings_q", "hnte_stage")
CITIES, SECTORS = 11, 12


@dataclass(frozen=True)
class Against:
    """Median CPU seconds of the same thing on columns and with Mesa's own agents, and the median of the ratios."""

    ours: float
    theirs: float
    ratio: float


@contextmanager
def no_garbage() -> Iterator[None]:
    """Keep Python from looking through 20,000 agents for garbage whenever it likes, as `timeit` does."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def in_turns(ours: Callable[[], Any], theirs: Callable[[], Any], repeats: int) -> Against:
    """Measure both in turns; the first turn does not count."""
    with no_garbage():
        pairs = [(cpu(ours), cpu(theirs)) for _ in range(repeats + 1)][1:]
    columns, plain = zip(*pairs, strict=True)
    return Against(median(columns), median(plain), median(slow / max(fast, 1e-9) for fast, slow in pairs))


class PlainAgent(mesa.Agent):  # type: ignore[misc]
    """An agent with as many attributes as a firm has columns of one value."""

    names: tuple[str, ...] = ()

    def __init__(self, model: mesa.Model, *values: Any) -> None:
        super().__init__(model)
        for name, value in zip(self.names, values, strict=True):
            setattr(self, name, value)


def _values(n: int) -> dict[str, np.ndarray[Any, Any]]:
    """The same drawn values for both kinds of agents: whole numbers for codes, amounts for the rest."""
    rng = np.random.default_rng(5)
    declared = {name: column for name, column in Firm.declared().items() if column.width is None}
    found = {
        name: rng.lognormal(size=n) if c.dtype.kind == "f" else np.ones(n, c.dtype) for name, c in declared.items()
    }
    found["city"], found["sector"] = rng.integers(0, CITIES, n), rng.integers(0, SECTORS, n)
    return found


def creation(n: int, repeats: int) -> tuple[Against, int]:
    """Creating n firms in columns and by Mesa's create_agents; number of attributes."""
    values = _values(n)
    PlainAgent.names = tuple(values)
    lists = [column.tolist() for column in values.values()]
    turns = []
    for _ in range(repeats):
        columnar, plain = ColumnModel(), mesa.Model()
        columnar.register_kind(Firm, capacity=n)
        with no_garbage():
            ours = cpu(lambda columnar=columnar: Firm.create_agents(columnar, n, **values))  # type: ignore[misc]
            theirs = cpu(lambda plain=plain: PlainAgent.create_agents(plain, n, *lists))  # type: ignore[misc]
        turns.append((ours, theirs, theirs / ours))
    return Against(*(median(column) for column in zip(*turns, strict=True))), len(values)


def two_models(n: int) -> tuple[ColumnModel, mesa.Model]:
    """A columnar and a plain model with the same n firms."""
    values = _values(n)
    PlainAgent.names = tuple(values)
    columnar, plain = ColumnModel(), mesa.Model()
    columnar.register_kind(Firm, capacity=n)
    Firm.create_agents(columnar, n, **values)
    PlainAgent.create_agents(plain, n, *(column.tolist() for column in values.values()))
    return columnar, plain


def set_methods(n: int, repeats: int) -> dict[str, Against]:
    """agg, set, groupby, sort and get on the set of all firms, by the call as it is written."""
    columnar, plain = two_models(n)
    ours, theirs = columnar.agents_by_type[Firm], plain.agents_by_type[PlainAgent]
    calls: dict[str, Callable[[Any], Any]] = {
        'agg("sales_y", np.mean)': lambda agents: agents.agg("sales_y", np.mean),
        'set("cash", 1.0)': lambda agents: agents.set("cash", 1.0),
        'groupby("city")': lambda agents: agents.groupby("city"),
        'groupby("city").agg("sales_y", np.sum)': lambda agents: agents.groupby("city").agg("sales_y", np.sum),
        'sort("sales_y")': lambda agents: agents.sort("sales_y"),
        'get("sales_y")': lambda agents: agents.get("sales_y"),
    }
    return {
        text: in_turns(lambda call=call: call(ours), lambda call=call: call(theirs), repeats)  # type: ignore[misc]
        for text, call in calls.items()
    }


def collection(n: int, repeats: int) -> tuple[Against, Against]:
    """Collecting five attributes of every agent once a period, against Mesa's DataCollector on its own agents.

    The first: the columns copied (`array`), which is how the model's own sums read them; the second: Mesa's
    DataCollector, unchanged, on column agents.
    """
    columnar, plain = two_models(n)
    firms = columnar.agents_by_type[Firm]
    on_columns, on_plain = _collector(), _collector()

    def theirs() -> None:
        plain.steps += 1
        on_plain.collect(plain)

    def stock() -> None:
        columnar.steps += 1
        on_columns.collect(columnar)

    copied = in_turns(lambda: {name: firms.array(name).copy() for name in COLLECTED}, theirs, repeats)
    return copied, in_turns(stock, theirs, repeats)


def _collector() -> mesa.DataCollector:
    return mesa.DataCollector(agent_reporters={name: name for name in COLLECTED})
