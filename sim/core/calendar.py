"""Quarters and months: text such as 2014Q1, indices from the first quarter of the run, and years."""

from __future__ import annotations

import re
from dataclasses import dataclass

QUARTERS_A_YEAR = 4
MONTHS_A_QUARTER = 3
_QUARTER = re.compile(r"(\d{4})Q([1-4])")


def quarter_number(text: str) -> int:
    """Quarters since year 0 for text such as '2014Q1'. Raises ValueError on any other form."""
    match = _QUARTER.fullmatch(str(text))
    if match is None:
        raise ValueError(f"{text!r} is not a quarter; write it as 2014Q1")
    return int(match[1]) * QUARTERS_A_YEAR + int(match[2]) - 1


def quarter_text(number: int) -> str:
    """Text such as '2014Q1' for quarters since year 0."""
    return f"{number // QUARTERS_A_YEAR}Q{number % QUARTERS_A_YEAR + 1}"


@dataclass
class Calendar:
    """Where the run stands: `quarter` counts from 0 at the first quarter of the run."""

    first: int
    last: int
    quarter: int = 0

    @classmethod
    def of(cls, start: str, end: str) -> Calendar:
        """Calendar of a run from `start` to `end`, both quarters included."""
        return cls(quarter_number(start), quarter_number(end))

    @property
    def n_quarters(self) -> int:
        """Quarters of the run."""
        return self.last - self.first + 1

    @property
    def year(self) -> int:
        """The calendar year."""
        return (self.first + self.quarter) // QUARTERS_A_YEAR

    @property
    def quarter_of_year(self) -> int:
        """0 to 3."""
        return (self.first + self.quarter) % QUARTERS_A_YEAR

    @property
    def is_first_of_year(self) -> bool:
        """Whether it is the first quarter of a year."""
        return self.quarter_of_year == 0

    @property
    def is_last_of_year(self) -> bool:
        """Whether it is the last quarter of a year."""
        return self.quarter_of_year == QUARTERS_A_YEAR - 1

    @property
    def months(self) -> list[tuple[int, int]]:
        """The (year, month) of the three months of this quarter, for programmes that run by month."""
        first = self.quarter_of_year * MONTHS_A_QUARTER + 1
        return [(self.year, first + i) for i in range(MONTHS_A_QUARTER)]

    @property
    def text(self) -> str:
        """The quarter as text, such as 2014Q3."""
        return quarter_text(self.first + self.quarter)

    def index(self, text: str) -> int:
        """Quarters from the first quarter of the run to `text` (negative before it)."""
        return quarter_number(text) - self.first
