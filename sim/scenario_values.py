"""How a scenario's texts become numbers: one strict reading for files, the command line and Python.

A number is written in canonical decimal form (50, 0.25, 1e-1): 012, 1_000, 1:30, yes, .nan and .inf are refused
rather than guessed at, because YAML and shells each read them differently.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

CANONICAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
Origin = str | Callable[[tuple[str, ...]], str]
SHOWN = 60  # characters of a wrong value that a message repeats


class ScenarioError(ValueError):
    """A scenario that cannot be run; `faults` holds one line per fault."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def shown(value: object) -> str:
    """A value as a message repeats it: printable, short."""
    text = value if isinstance(value, str) else repr(value)
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return text if len(text) <= SHOWN else text[: SHOWN - 3] + "..."


def number(raw: object) -> float:
    """A finite number. Raises ValueError saying what is wrong with it."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise ValueError("is not a number")
    if isinstance(raw, str):
        if CANONICAL.fullmatch(raw.strip()) is None:
            raise ValueError("is not a number in canonical decimal form (such as 50, 0.25, 1e-1)")
        raw = float(raw)
    try:
        value = float(raw)
    except OverflowError:
        raise ValueError("is not a finite number") from None
    if not math.isfinite(value):
        raise ValueError("is not a finite number")
    return value


def decimal(value: float) -> str:
    """The one text of a number, equal for 0.1 and 1e-1, for 50 and 50.0, for 0 and -0."""
    value = float(value)
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def nearest(key: str, known: Iterable[str]) -> str:
    """' Did you mean ...?' for the nearest known key, or nothing."""
    near = difflib.get_close_matches(key, list(known), n=1, cutoff=0.6)
    return f" Did you mean {near[0]}?" if near else ""


def outside(value: float, low: float, high: float, unit: str) -> str | None:
    """What to say about a value outside low..high, with a likely meaning; None when it lies inside."""
    if low <= value <= high:
        return None
    hint = ""
    if value > high and 1 < value <= 100 and high <= 1 and low <= value / 100 <= high and value == round(value, 3):
        hint = f" Did you mean {decimal(round(value / 100, 6))}?"
    return f"is out of range {decimal(low)}..{decimal(high)} ({unit}).{hint}"


@dataclass
class Faults:
    """Collects the faults of one scenario; `origin` tells file and line, or the override, of a key."""

    origin: Origin
    lines: list[str] = field(default_factory=list)

    def add(self, path: tuple[str, ...], text: str, value: object = None) -> None:
        """One fault at the key `path`; `value` is shown when given."""
        where = self.origin if isinstance(self.origin, str) else self.origin(path)
        key = ".".join(shown(part) for part in path)
        told = f"{key} = {shown(value)}" if value is not None else key
        self.lines.append(f"{where}: {told} {text}" if where else f"{told} {text}")

    def number(self, path: tuple[str, ...], raw: object, low: float, high: float, unit: str) -> float:
        """The number at a key if it is one and lies inside low..high; else the fault is noted and low returned."""
        try:
            value = number(raw)
        except ValueError as wrong:
            self.add(path, f"{wrong}; allowed is {decimal(low)}..{decimal(high)} ({unit})", raw)
            return low
        complaint = outside(value, low, high, unit)
        if complaint:
            self.add(path, complaint, raw)
            return low
        return value

    def unknown(self, path: tuple[str, ...], known: Iterable[str]) -> None:
        """Note a key that does not exist, with the nearest that does."""
        prefix = "".join(f"{part}." for part in path[:-1])
        near = nearest(path[-1], known)
        self.add(path, "is an unknown key." + near.replace("mean ", f"mean {prefix}", 1))
