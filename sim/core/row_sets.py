"""A Mesa agent set that holds row numbers: its order, its membership and the algebra of sets.

A set holds row numbers and uids, no agents, so it costs 16 bytes an agent and no views. Order is that of the uids,
the order of creation as in Mesa; row numbers never show. Agents that leave the model vanish from every set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from mesa.agent import AgentSet

from sim.core.column_agents import Rows
from sim.core.held_rows import HeldRows


class RowSet(HeldRows):
    """Held rows that agents can join and leave, with the operators and comparisons of sets."""

    # members

    def add(self, agent: Any) -> None:
        """Add an agent of the kind. Raises TypeError for any other: a set of several kinds is a mesa.AgentSet."""
        if agent in self:
            return
        if getattr(agent, "_kind", None) is not self._kind:
            raise TypeError(f"{agent!r} cannot join {self!r}; make a mesa.AgentSet for several kinds")
        members = self._members
        self._keep(np.append(self._rows, agent._row))
        if members is not None:
            members.add(agent.unique_id)
            self._members = members

    def discard(self, agent: Any) -> None:
        """Take an agent out of the set, if it is in."""
        if agent in self:
            self._refuse_if_live("lose a member")
            rows = self.rows()
            self._keep(rows[rows != agent._row])

    def remove(self, agent: Any) -> None:
        """Take an agent out of the set. Raises KeyError when it is not in."""
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def clear(self) -> None:
        """Empty the set; the agents live on."""
        self._refuse_if_live("be emptied")
        self._keep(np.empty(0, np.int64))

    # algebra: on rows between sets of one kind, otherwise on agents; orders are those of Python's Set mixin

    def __or__(self, other: Any) -> Any:
        return union(self, other)

    def __ror__(self, other: Any) -> Any:
        return union(other, self)

    def __and__(self, other: Any) -> Any:
        return intersection(self, other)

    def __rand__(self, other: Any) -> Any:
        return intersection(other, self)

    def __sub__(self, other: Any) -> Any:
        return difference(self, other)

    def __rsub__(self, other: Any) -> Any:
        return difference(other, self)

    def __xor__(self, other: Any) -> Any:
        return union(difference(self, other), difference(other, self))

    def __rxor__(self, other: Any) -> Any:
        return union(difference(other, self), difference(self, other))

    def __ior__(self, other: Any) -> Any:
        return self._become(union(self, other))

    def __iand__(self, other: Any) -> Any:
        return self._become(self._like(self.rows()[np.isin(self.rows(), _rows_in(self, other))]))

    def __isub__(self, other: Any) -> Any:
        return self._become(difference(self, other))

    def __ixor__(self, other: Any) -> Any:
        return self._become(union(difference(self, other), difference(other, self)))

    def _become(self, result: Any) -> Any:
        if not isinstance(result, RowSet) or result._kind is not self._kind:
            if len(result):
                raise TypeError(f"{self!r} cannot hold agents of other kinds; make a mesa.AgentSet")
            result = self._like(np.empty(0, np.int64))
        rows = result.rows()
        if self._is_live and len(rows) == len(self):
            return self
        self._refuse_if_live("change its members")
        return self._keep(rows)

    def __le__(self, other: Any) -> bool:
        if _same_kind(self, other):
            return bool(np.isin(self.rows(), other.rows()).all())
        return bool(super().__le__(other))

    def __ge__(self, other: Any) -> bool:
        return bool(other <= self if _same_kind(self, other) else super().__ge__(other))


def set_from(agents: Iterable[Any], like: AgentSet, row_set: type[RowSet] | None = None) -> Any:
    """A set of agents in their order: by rows if all are living agents of one kind, else a plain mesa.AgentSet."""
    listed = list(dict.fromkeys(agents))
    kinds = {getattr(agent, "_kind", None) for agent in listed}
    kind = kinds.pop() if len(kinds) == 1 else None
    made = row_set or (type(like) if isinstance(like, RowSet) else None)
    if kind is None or made is None:
        return AgentSet(listed, like.random)
    return made(kind, kind.rows_of(listed), like.random)


def _same_kind(one: Any, two: Any) -> bool:
    return isinstance(one, RowSet) and isinstance(two, RowSet) and one._kind is two._kind


def _rows_in(one: RowSet, other: Any) -> Rows:
    """Rows of the members of `one` that are also in `other`."""
    if _same_kind(one, other):
        return np.asarray(other.rows())
    return one._kind.rows_of(agent for agent in other if agent in one)


def union(one: Any, two: Any) -> Any:
    """Agents of the first, then those of the second that are new."""
    if _same_kind(one, two):
        rows, more = one.rows(), two.rows()
        return one._like(np.concatenate([rows, more[~np.isin(more, rows)]]))
    return NotImplemented if not _iterable(one, two) else set_from([*one, *two], _leader(one, two))


def intersection(one: Any, two: Any) -> Any:
    """Agents of the second that are in the first."""
    if _same_kind(one, two):
        rows = two.rows()
        return one._like(rows[np.isin(rows, one.rows())])
    if not _iterable(one, two):
        return NotImplemented
    leader = _leader(one, two)
    return set_from([agent for agent in two if agent in one], leader)


def difference(one: Any, two: Any) -> Any:
    """Agents of the first that are not in the second."""
    if _same_kind(one, two):
        rows = one.rows()
        return one._like(rows[~np.isin(rows, two.rows())])
    if not _iterable(one, two):
        return NotImplemented
    out = two if hasattr(two, "__contains__") and not isinstance(two, Iterator) else list(two)
    return set_from([agent for agent in one if agent not in out], _leader(one, two))


def _iterable(one: Any, two: Any) -> bool:
    return isinstance(one, Iterable) and isinstance(two, Iterable)


def _leader(one: Any, two: Any) -> RowSet:
    """The operand whose kind of set and random generator the result takes."""
    return one if isinstance(one, RowSet) else two
