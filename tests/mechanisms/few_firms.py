"""A world of a few firms whose every column is said, and draws that are said as well, for sums done by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.agents.world import World
from sim.core.columns import Columns
from tests.mechanisms.worlds import small_world

Numbers = npt.NDArray[np.float64]
NOW = {
    "ind_profit_margin": 6.0, "coal_price": 600.0, "coal_price_observed": 600.0, "gdp_revised": 12000.0,
    "gdp_revised_2010": 9000.0, "gdp_deflator": 110.0, "gdp_deflator_2010": 100.0, "ind_revenue": 18000.0,
    "ind_revenue_2010": 12471.0, "patent_office_throughput": 0.4, "fiscal_st_expenditure": 40.0, "population": 3600.0,
    "threshold_small": 0.06, "threshold_middle": 0.04, "threshold_large": 0.03, "deduction_all": 0.5,
    "deduction_tech_sme": 0.75, "deduction_manufacturing": 1.0,
}  # fmt: skip


def few(n: int = 3, start: str = "2014Q1", **columns: Any) -> World:
    """World of n living firms (uids 1..n) with default columns but for those given; nobody else is paid or active."""
    world = small_world(start, "2021Q4", n=n)
    for name, column in world.firms.declared.items():
        world.firms[name][:n] = column.default
    tell(world.firms, **columns)
    world.exogenous = dict(NOW)
    world.indices |= {"push": np.ones(1), "price": np.ones(1), "deflator": np.ones(1)}
    return world


def tell(columns: Columns, **values: Any) -> None:
    """Set columns of the first rows."""
    for name, value in values.items():
        given = np.asarray(value)
        columns[name][: len(given) if given.ndim else int(np.count_nonzero(columns.alive))] = given


def first(columns: Columns, name: str) -> list[Any]:
    """Values of the living, in row order."""
    found: list[Any] = columns[name][columns.rows()].tolist()
    return found


class Said:
    """Draws that are said: one number or one number a row for each stream; 0.5 where nothing is said."""

    def __init__(self, **said: Any) -> None:
        self.said = {name.replace("__", "."): value for name, value in said.items()}

    def uniform(self, stream: str, columns: Columns) -> Numbers:
        """Uniforms of a stream, shape (capacity,)."""
        given = np.asarray(self.said.get(stream, 0.5), float)
        if given.ndim == 0:
            return np.full(columns.capacity, float(given))
        return np.concatenate([given, np.full(columns.capacity - len(given), 0.5)])

    uniform53 = uniform

    def uniform_for(self, stream: str, uids: npt.ArrayLike) -> Numbers:
        """Uniforms of given uids (those of `few` count from 1), shape (n,)."""
        given = np.asarray(self.said.get(stream, 0.5), float)
        return given[np.asarray(uids) - 1] if given.ndim else np.full(np.size(uids), float(given))

    def province(self, stream: str) -> float:
        """The province's uniform of a stream."""
        return float(self.said.get(stream, 0.5))
