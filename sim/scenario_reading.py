"""Reads the parts of a scenario against the catalogue: doses, phases, mechanism and driver overrides.

Every range, unit and allowed word comes from a catalogue row; nothing is bounded here by hand.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.catalogue.loader import Catalogue
from sim.core.calendar import QUARTERS_A_YEAR, quarter_number, quarter_text
from sim.scenario_values import Faults, nearest, shown

FIRST_QUARTER = "2011Q1"
LAST_QUARTER = "2030Q4"
AS_CATALOGUE = "catalogue"
MAGNITUDE = 100.0  # a driver this many times outside its observed band is a unit mistake
LONGEST_TEXT = 1000
LARGEST_K = 1000
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_YEAR = re.compile(r"[12][0-9]{3}")
Schedule = tuple[tuple[int, "float | str"], ...]  # (quarter number, value from then on), ascending
Dose = float | str | Schedule
Path = tuple[str, ...]


@dataclass(frozen=True)
class LeverSetting:
    """One lever in one phase: its doses and the first and last quarter (quarter numbers) in which it is in force."""

    first: int
    last: int
    doses: Mapping[str, Dose]

    def in_force(self, quarter: int) -> bool:
        """Whether a quarter lies inside its start and end."""
        return self.first <= quarter <= self.last

    @cached_property
    def changing(self) -> tuple[str, ...]:
        """Doses that are no plain number: what they are depends on the quarter."""
        return tuple(name for name, value in self.doses.items() if isinstance(value, tuple | str))

    @property
    def breaks(self) -> set[int]:
        """Quarter numbers from which it, or an entry of one of its schedules, holds, or it does no more."""
        schedules = (value for value in self.doses.values() if isinstance(value, tuple))
        return {self.first, self.last + 1, *(start for schedule in schedules for start, _ in schedule)}

    def at(self, dose: str, quarter: int, neutral: float) -> float | str:
        """The number or word of a dose in a quarter; neutral before a schedule's first entry."""
        value = self.doses[dose]
        if not isinstance(value, tuple):
            return value
        in_force = [entry for start, entry in value if start <= quarter]
        return in_force[-1] if in_force else neutral


@dataclass(frozen=True)
class Phase:
    """From quarter number `first` on these levers are in force (until the next phase)."""

    first: int
    lever: Mapping[str, LeverSetting]

    @property
    def breaks(self) -> set[int]:
        """Quarter numbers from which it holds, and the breaks of all its levers."""
        return {self.first}.union(*(setting.breaks for setting in self.lever.values()))


def mapping(faults: Faults, path: Path, raw: object) -> Mapping[Any, Any]:
    """A mapping, or an empty one with the fault noted. None (an empty YAML block) is an empty mapping."""
    if raw is None:
        return {}
    if not isinstance(raw, Mapping):
        faults.add(path, "must be a block of keys", raw)
        return {}
    return raw


def read_quarter(faults: Faults, path: Path, raw: object, default: int) -> int:
    """A quarter number from text such as 2014Q1 (None: the default), inside the years the model can run."""
    if raw is None:
        return default
    try:
        found = quarter_number(str(raw)) if isinstance(raw, str) else None
    except ValueError:
        found = None
    if found is None or not quarter_number(FIRST_QUARTER) <= found <= quarter_number(LAST_QUARTER):
        faults.add(path, f"is not a quarter in {FIRST_QUARTER}..{LAST_QUARTER}; write it as 2014Q1", raw)
        return default
    return found


def read_start(faults: Faults, raw: object) -> int:
    """The first quarter of the run, which can only be 2011Q1."""
    first = quarter_number(FIRST_QUARTER)
    if raw is not None and raw != FIRST_QUARTER:
        faults.add(
            ("start",),
            f"cannot be run: the starting state is built for the end of 2010, so allowed is {FIRST_QUARTER} only",
            raw,
        )
    return first


def read_end(faults: Faults, raw: object, start: int, default: str) -> int:
    """The last quarter of the run, not before its first."""
    last = quarter_number(default)
    if isinstance(raw, str):
        try:
            if quarter_number(raw) < start:
                faults.add(("end",), f"is before the start {quarter_text(start)}", raw)
                return last
        except ValueError:
            pass  # read_quarter says what is wrong with the text
    return read_quarter(faults, ("end",), raw, last)


def read_name(faults: Faults, raw: object) -> str:
    """The scenario's name: it becomes part of file contents and tables, so it is a plain word."""
    if not isinstance(raw, str) or not _NAME.fullmatch(raw):
        faults.add(("name",), "must be 1 to 60 small letters, digits and _, starting with a letter", raw)
        return "unnamed"
    return raw


def read_text(faults: Faults, key: str, raw: Mapping[str, Any]) -> str:
    """A title; the name stands in where none is given."""
    found = raw.get(key)
    if found is None:
        return str(raw.get("name", ""))
    if not isinstance(found, str) or len(found) > LONGEST_TEXT:
        faults.add((key,), f"must be a text of at most {LONGEST_TEXT} characters", found)
        return ""
    return found


def read_sentences(faults: Faults, key: str, raw: Mapping[str, Any]) -> tuple[str, ...]:
    """A list of sentences that the report shows."""
    found = raw.get(key)
    if found is None:
        return ()
    if isinstance(found, str) or not all(isinstance(s, str) and len(s) <= LONGEST_TEXT for s in found):
        faults.add((key,), f"must be a list of texts of at most {LONGEST_TEXT} characters", found)
        return ()
    return tuple(found)


def read_dose(faults: Faults, cat: Catalogue, path: Path, raw: object) -> Dose:
    """One dose (`path` is lever, name of lever, name of dose): a number, an allowed word, or a schedule by year."""
    row = cat.doses[".".join(path[1:3])]
    if isinstance(raw, Mapping):
        return _read_schedule(faults, cat, path, raw)
    if isinstance(raw, str) and raw in row.words:
        return raw
    if isinstance(raw, str) and raw[:1].isalpha():
        words = ", ".join(row.words) or "none"
        bounds = f"{row.low:g}..{row.high:g} ({row.unit})"
        hint = nearest(raw, row.words)
        faults.add(path, f"is neither a number in {bounds} nor an allowed word ({words}).{hint}", raw)
        return row.neutral
    return faults.number(path, raw, row.low, row.high, row.unit)


def _read_schedule(faults: Faults, cat: Catalogue, path: Path, raw: Mapping[Any, Any]) -> Dose:
    """A dose by year or quarter: {2014: 50, 2016: 80}; a value holds until the next entry."""
    entries: list[tuple[int, float | str]] = []
    if not raw:
        faults.add(path, "is an empty schedule; give {year: number} or a number")
    for key, value in raw.items():
        text = str(key)
        when = read_quarter(faults, (*path, text), f"{text}Q1" if _YEAR.fullmatch(text) else text, -1)
        if isinstance(value, Mapping):
            faults.add((*path, text), "must be a number, not a block")
            continue
        point = read_dose(faults, cat, (*path, text), value)
        assert not isinstance(point, tuple)
        entries.append((when, point))
    order = [when for when, _ in entries]
    if any(later <= earlier for earlier, later in itertools.pairwise(order)) and -1 not in order:
        faults.add(path, "has its years out of order or twice: " + ", ".join(shown(str(k)) for k in raw))
    return tuple(entries)


def read_levers(faults: Faults, cat: Catalogue, raw: object, first: int, last: int) -> dict[str, LeverSetting]:
    """All levers of the catalogue with every dose set; what `raw` leaves out is neutral.

    `first` and `last` are the quarter numbers a lever has when it gives no start or end of its own.
    """
    given = mapping(faults, ("lever",), raw)
    for name in given:
        if name not in cat.levers:
            faults.unknown(("lever", str(name)), cat.levers)
    return {name: _read_lever(faults, cat, name, given.get(name), first, last) for name in cat.levers}


def _read_lever(faults: Faults, cat: Catalogue, lever: str, raw: object, first: int, last: int) -> LeverSetting:
    """One lever's doses, start and end."""
    path = ("lever", lever)
    block = mapping(faults, path, raw)
    rows = {row.dose: row for row in cat.doses.values() if row.lever == lever}
    for key in block:
        if key not in rows and key not in ("start", "end"):
            faults.unknown((*path, str(key)), [*rows, "start", "end"])
    start = read_quarter(faults, (*path, "start"), block.get("start"), first)
    end = read_quarter(faults, (*path, "end"), block.get("end"), last)
    if end < start and block.get("end") is not None:
        faults.add((*path, "end"), f"is before the lever's start {quarter_text(start)}", block.get("end"))
    doses = {
        name: read_dose(faults, cat, (*path, name), block[name]) if block.get(name) is not None else row.neutral
        for name, row in sorted(rows.items())
    }
    return LeverSetting(start, end, doses)


def read_mechanism(faults: Faults, cat: Catalogue, raw: object) -> dict[str, float]:
    """Overrides of catalogue parameters by address; values equal to the catalogue's are left out."""
    found: dict[str, float] = {}
    modules = {address.split(".")[0] for address in cat.parameters}
    for module, block in mapping(faults, ("mechanism",), raw).items():
        if module not in modules:
            faults.unknown(("mechanism", str(module)), modules)
            continue
        for name, value in mapping(faults, ("mechanism", module), block).items():
            path = ("mechanism", str(module), str(name))
            row = cat.parameters.get(f"{module}.{name}")
            if row is None:
                faults.unknown(path, [a.split(".", 1)[1] for a in cat.parameters if a.startswith(f"{module}.")])
                continue
            set_to = faults.number(path, value, row.low, row.high, row.unit)
            if set_to != row.value:
                found[row.address] = set_to
    return found


def read_scale(faults: Faults, raw: object) -> int:
    """The scale factor: one simulated agent stands for k."""
    block = mapping(faults, ("population",), raw)
    for key in block:
        if key != "k":
            faults.unknown(("population", str(key)), ["k"])
    path = ("population", "k")
    k = faults.number(path, block.get("k", 1), 1, LARGEST_K, "real agents for one simulated agent, a whole number")
    if k != int(k):
        faults.add(path, f"must be a whole number in 1..{LARGEST_K}", block.get("k"))
    return int(k)


def read_driver(faults: Faults, cat: Catalogue, raw: object) -> dict[str, dict[int, float]]:
    """Series that a scenario replaces, year by year; the word `catalogue` leaves a series as it is."""
    found: dict[str, dict[int, float]] = {}
    for name, value in mapping(faults, ("driver",), raw).items():
        path = ("driver", str(name))
        if name not in cat.observed:
            faults.unknown(path, cat.observed)
        elif isinstance(value, Mapping):
            found[name] = _read_years(faults, cat, path, value)
        elif value is not None and value != AS_CATALOGUE:
            faults.add(path, f"must be {AS_CATALOGUE} or a block {{year: number}}", value)
    return found


def _read_years(faults: Faults, cat: Catalogue, path: Path, raw: Mapping[Any, Any]) -> dict[int, float]:
    """Values by year: consecutive, ascending, and within a factor of 100 of what was observed."""
    rows = cat.series_rows(path[1])
    known = [abs(row.value) for row in rows]
    low = 0.0 if min(row.value for row in rows) >= 0 else -MAGNITUDE * max(known)
    low = max(low, min(known) / MAGNITUDE) if low >= 0 else low
    first, last = (quarter_number(text) // QUARTERS_A_YEAR for text in (FIRST_QUARTER, LAST_QUARTER))
    found: list[tuple[int, float]] = []
    for key, value in raw.items():
        where = (*path, str(key))
        if not _YEAR.fullmatch(str(key)) or not first - 1 <= int(key) <= last:
            faults.add(where, f"is not a year in {first - 1}..{last}")
            continue
        found.append((int(key), faults.number(where, value, low, MAGNITUDE * max(known), rows[0].unit)))
    years = [year for year, _ in found]
    if not years or years != list(range(years[0], years[0] + len(years))):
        faults.add(path, "must give consecutive years, each once; given: " + ", ".join(map(str, years)))
    return dict(found)
