"""The world: a bag that holds every kind of agent and everything exogenous; no behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.core.calendar import Calendar
from sim.core.columns import Columns
from sim.core.money import Ledger
from sim.core.streams import Draws


@dataclass
class World:
    """Everything a step reads and writes.

    `exogenous` maps a driver to its value this quarter; `flows` maps the name of a flow to its integer sum of the
    quarter (fixed point, see core/fixed_point.py); `indices` are small arrays carried from quarter to quarter
    (group means, prices).
    """

    calendar: Calendar
    draws: Draws
    accounts: Ledger
    scale: int
    firms: Columns
    universities: Columns
    institutes: Columns
    centres: Columns
    alliances: Columns
    intermediaries: Columns
    governments: Columns
    paths: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)  # drivers by quarter, known to no agent
    exogenous: dict[str, float] = field(default_factory=dict)
    flows: dict[str, int] = field(default_factory=dict)
    indices: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)  # built once: totals met at the start, report lines

    @property
    def payees(self) -> tuple[Columns, ...]:
        """The kinds of agents that budget lines pay."""
        return (self.firms, self.universities, self.institutes, self.intermediaries, self.governments)

    def pay(self, line: str, payees: Columns, rows: npt.NDArray[Any], yuan: int | npt.NDArray[np.int64]) -> None:
        """Pay agents of one kind from a budget line: both sides of the books at once, and the only door to them.

        rows : rows of the payees; yuan : whole yuan for each, or one sum for all.
        Raises AccountsError when the line has not enough left.
        """
        total = int(np.add.reduce(yuan)) if isinstance(yuan, np.ndarray) else int(yuan) * len(rows)
        self.accounts.pay(line, total)
        payees.received_yuan.record(rows, self.accounts.number(line), yuan)

    @property
    def kinds(self) -> dict[str, Columns]:
        """Columns by the name of their kind."""
        return {
            "firm": self.firms,
            "university": self.universities,
            "institute": self.institutes,
            "centre": self.centres,
            "alliance": self.alliances,
            "intermediary": self.intermediaries,
            "government": self.governments,
        }
