"""The goals: a line of the table for each, with its bar, the value measured, and whether the bar is met."""

from __future__ import annotations

from dataclasses import dataclass

YES, STRETCH, NO, NOT_JUDGED = "yes", "yes, and the stretch", "**no**", "-"


@dataclass(frozen=True)
class Size:
    """How much is measured; `tiny` only sees that everything works.

    k, end : scale and end of the runs; repeats : of each measurement; sizes : firms, of which the second is held
    against the others; sweep_k, runs, sweeps : scale, runs and repeats of a sweep; replicates : pairs of runs.
    """

    k: int
    end: str
    repeats: int
    yardstick_firms: int
    twin_firms: int
    twin_quarters: int
    sizes: tuple[int, ...]
    agents: int
    sweep_k: int
    runs: int
    sweeps: int
    replicates: int
    cold: bool = True


FULL = Size(1, "2021Q4", 7, 20_000, 20_000, 7, (1_000, 10_000, 100_000, 1_000_000), 20_000, 8, 64, 3, 64)
TINY = Size(40, "2014Q4", 1, 600, 300, 2, (300, 400, 600, 900), 200, 40, 4, 1, 3, cold=False)


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    goal: str
    bar: str
    stretch: str
    measured: str
    met: str


def at_most(goal: str, value: float, text: str, bar: float, stretch: float | None = None, unit: str = "x") -> Row:
    """A goal that is met by a value no larger than the bar."""
    return _judged(goal, text, (bar, stretch, unit), value <= bar, stretch is not None and value <= stretch)


def at_least(goal: str, value: float, text: str, bar: float, stretch: float | None = None, unit: str = "x") -> Row:
    """A goal that is met by a value no smaller than the bar."""
    return _judged(goal, text, (bar, stretch, unit), value >= bar, stretch is not None and value >= stretch)


def for_information(goal: str, text: str) -> Row:
    """Something measured that has no bar."""
    return Row(goal, "-", "-", text, NOT_JUDGED)


def _judged(goal: str, text: str, bars: tuple[float, float | None, str], met: bool, more: bool) -> Row:
    bar, stretch, unit = bars
    further = "-" if stretch is None else f"{stretch:g}{unit}"
    return Row(goal, f"{bar:g}{unit}", further, text, STRETCH if met and more else YES if met else NO)


def table(rows: list[Row]) -> list[str]:
    """The rows as lines of Markdown, and the bars that were missed."""
    missed = [row.goal for row in rows if row.met == NO]
    return [
        "| goal | bar | stretch | measured | met? |", "|---|---|---|---|---|",
        *(f"| {row.goal} | {row.bar} | {row.stretch} | {row.measured} | {row.met} |" for row in rows), "",
        f"Missed: {'; '.join(missed)}." if missed else "Every bar is met.",
    ]  # fmt: skip
