"""The attributes of a set of rows: read, written and aggregated on its columns, else on the agents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np

from sim.core.column_agents import Rows, fitting
from sim.core.columns import Array
from sim.core.row_sets import RowSet

_REDUCTIONS = (np.mean, np.sum, np.median, np.std, np.var, np.min, np.max, np.ptp, np.prod)


class RowValues(RowSet):
    """A set of rows whose attributes can be read, written and aggregated."""

    def _has(self, name: object) -> bool:
        return isinstance(name, str) and name in self._kind.columns

    def get(self, attr_names: Any, handle_missing: str = "error", default_value: Any = None) -> list[Any]:
        """Values of an attribute (a list), or of several (a list of lists), as in Mesa."""
        if handle_missing not in ("error", "default"):
            raise ValueError(f"Unknown handle_missing option: {handle_missing}, should be one of 'error' or 'default'")
        if isinstance(attr_names, str):
            return self._values(attr_names, handle_missing, default_value)
        columns = [self._values(name, handle_missing, default_value) for name in attr_names]
        return [list(values) for values in zip(*columns, strict=True)] if columns else [[] for _ in range(len(self))]

    def _values(self, name: str, handle_missing: str, default_value: Any) -> list[Any]:
        if self._has(name):
            array = self.array(name)
            return array.tolist() if array.ndim == 1 else list(array)
        if name == "unique_id":
            return list(self._kind.columns.uid[self.rows()].tolist())
        if handle_missing == "error":
            return [getattr(agent, name) for agent in self]
        kind = self._kind
        if hasattr(kind.agent_class, name):
            return [getattr(agent, name, default_value) for agent in self]
        return [  # only an agent that somebody has seen can have an ordinary attribute
            getattr(kind.view(row), name, default_value) if row in kind.views else default_value
            for row in self.rows().tolist()
        ]

    def set(self, attr_name: str, value: Any) -> Self:
        """Give every agent the value. For a column it may be an array of shape (len,) or (len, width), one each.

        Raises
        ------
        TypeError, OverflowError : the column holds integers and the value is not one in its range.
        ValueError : the shape fits neither one agent nor the set.
        """
        if self._has(attr_name):
            array = self._kind.columns[attr_name]
            array[self.rows()] = fitting(attr_name, array, value)
        else:
            for agent in self:
                setattr(agent, attr_name, value)
        return self

    def agg(self, attribute: str, func: Any) -> Any:
        """`func` of the values of an attribute, or a list of results for several functions.

        numpy's reductions run on the column, as do min and max; any other function gets the list of values, as in
        Mesa, so results are equal to the last digit. Float sums are for looking, never for behaviour.
        """
        if not self._has(attribute):
            values = self.get(attribute)
            return func(values) if callable(func) else [f(values) for f in func]
        array = self.array(attribute)
        return _reduce(array, func) if callable(func) else [_reduce(array, f) for f in func]

    def _comparable(self, key: Any, rows: Rows) -> Array | None:
        """The values of a column to sort or group by, or None where Python must compare."""
        if isinstance(key, str) and key == "unique_id":
            return self._kind.columns.uid[rows]
        if not self._has(key):
            return None
        values = self._kind.columns[key][rows]
        return None if values.ndim > 1 or (values.dtype.kind == "f" and np.isnan(values).any()) else values


def _reduce(array: Array, func: Callable[..., Any]) -> Any:
    if array.ndim == 1 and array.size:
        if any(func is reduction for reduction in _REDUCTIONS):
            return func(array.astype(np.int64) if array.dtype.kind in "iu" else array)  # narrow integers would wrap
        if func in (min, max) and not np.isnan(array).any():
            return (array.min() if func is min else array.max()).item()
    return func(array.tolist() if array.ndim == 1 else list(array))
