"""Integer accounts: every budget line of government in whole yuan, by calendar year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

YUAN_PER_MILLION = 1_000_000


class AccountsError(Exception):
    """The books do not close: a line paid more than it had, or paid and received differ."""


def to_yuan(million: float) -> int:
    """Whole yuan for an amount in million yuan, rounded to the nearest yuan."""
    return int(np.rint(float(million) * YUAN_PER_MILLION))


@dataclass
class Ledger:
    """Appropriations and payments by line. Amounts are whole yuan (int64)."""

    lines: Sequence[str]
    available: npt.NDArray[np.int64] = field(init=False)  # left of this year's appropriation
    appropriated_year: npt.NDArray[np.int64] = field(init=False)
    disbursed_year: npt.NDArray[np.int64] = field(init=False)
    disbursed_q: npt.NDArray[np.int64] = field(init=False)
    rate: npt.NDArray[np.int64] = field(init=False)  # yuan a year at which the line is funded now
    declared: npt.NDArray[np.bool_] = field(init=False)  # funded in this quarter
    years: dict[int, dict[str, dict[str, int]]] = field(default_factory=dict)  # closed years

    def __post_init__(self) -> None:
        self._numbers = {line: i for i, line in enumerate(self.lines)}
        for name in ("available", "appropriated_year", "disbursed_year", "disbursed_q"):
            setattr(self, name, np.zeros(len(self.lines), np.int64))
        self.rate, self.declared = np.zeros(len(self.lines), np.int64), np.zeros(len(self.lines), np.bool_)

    def number(self, line: str) -> int:
        """Number of a line. Raises ValueError for an unknown one."""
        try:
            return self._numbers[line]
        except KeyError:
            raise ValueError(f"there is no budget line {line!r}") from None

    def open_year(self) -> None:
        """Nothing is carried over: lines start the year empty."""
        for array in (self.available, self.appropriated_year, self.disbursed_year, self.rate):
            array.fill(0)

    def open_quarter(self) -> None:
        """The payments of the last quarter are no longer counted."""
        self.disbursed_q.fill(0)
        self.declared.fill(False)

    def appropriate(self, line: str, yuan: int) -> None:
        """Add to the year's appropriation of a line."""
        if yuan < 0:
            raise AccountsError(f"appropriation of {line} is negative: {yuan} yuan")
        i = self.number(line)
        self.available[i] += yuan
        self.appropriated_year[i] += yuan

    def transfer(self, source: str, into: str, yuan: int) -> None:
        """Move money that is not yet paid from one line's appropriation of the year to another's; the total stays.

        Raises AccountsError when it is negative or more than is left.
        """
        out, to = self.number(source), self.number(into)
        if yuan < 0 or yuan > self.available[out]:
            raise AccountsError(f"{source} gives {yuan} yuan of {int(self.available[out])} left to {into}")
        for array in (self.available, self.appropriated_year):
            array[out] -= yuan
            array[to] += yuan

    def fund(self, line: str, rate: int, part: float) -> None:
        """Fund a line at a rate (yuan a year) for the part of the year that is left; a change moves only that part.

        Less money is taken back as far as it is still there.
        """
        i = self.number(line)
        if rate == self.rate[i]:
            self.declared[i] = True
            return
        change = int(np.rint(rate * part)) - int(np.rint(int(self.rate[i]) * part))
        change = max(change, -int(self.available[i]))
        self.available[i] += change
        self.appropriated_year[i] += change
        self.rate[i], self.declared[i] = rate, True

    def lapse(self, part: float) -> None:
        """Take back what is left for the rest of the year of lines that were funded and are no longer."""
        for i in np.flatnonzero((self.rate > 0) & ~self.declared):
            self.fund(self.lines[int(i)], 0, part)

    def left(self, line: str) -> int:
        """Yuan still to be paid out of this year's appropriation."""
        return int(self.available[self.number(line)])

    def pay(self, line: str, yuan: int) -> None:
        """Take a payment out of a line. Raises AccountsError when it is more than is left."""
        i = self.number(line)
        if yuan < 0 or yuan > self.available[i]:
            raise AccountsError(f"{line} pays {yuan} yuan of {int(self.available[i])} left")
        self.available[i] -= yuan
        self.disbursed_year[i] += yuan
        self.disbursed_q[i] += yuan

    def check(self, received_q: npt.NDArray[np.int64]) -> None:
        """Raise AccountsError unless disbursed = received for each line and no line is overdrawn."""
        for i in np.flatnonzero(self.disbursed_q != received_q).tolist():
            paid, got = int(self.disbursed_q[i]), int(received_q[i])
            raise AccountsError(f"{self.lines[i]}: disbursed {paid} yuan, received {got} yuan")
        for i in np.flatnonzero((self.available < 0) | (self.disbursed_year > self.appropriated_year)).tolist():
            raise AccountsError(f"{self.lines[i]}: disbursed more than appropriated")

    def close_year(self, year: int) -> None:
        """Keep the year's totals; what is left is unspent."""
        totals = (self.appropriated_year.tolist(), self.disbursed_year.tolist(), self.available.tolist())
        self.years[year] = {
            line: {"appropriated": appropriated, "disbursed": disbursed, "unspent": unspent}
            for line, appropriated, disbursed, unspent in zip(self.lines, *totals, strict=True)
        }
