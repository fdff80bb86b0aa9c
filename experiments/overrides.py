"""Reads what stands behind the verb: KEY=VALUE, checked before Hydra, so that nothing is guessed or dropped."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.draws.variation import DRIVERS, PARAMETERS
from sim.scenario_values import CANONICAL, ScenarioError, nearest, shown

GROUP_KEYS = ("scenario", "population", "machine")
WHOLE_KEYS = {  # key: lowest, highest, default, unit
    "seed": (0, 2**31 - 1, 1, "a whole number; the same for all scenarios"),
    "replicates": (1, 100_000, 32, "runs a scenario"),
    "workers": (1, 1024, None, "processes; all cores when not given"),
    "time_limit": (1, 1_000_000, None, "seconds that one run may take; no limit when not given"),
    "most_runs": (1, 100_000_000, 200_000, "runs of a sweep; more are refused"),
}
WORD_KEYS = {
    "record": ("full", "province", "yearly"),  # what a sweep keeps of a run
    "parameters": PARAMETERS,
    "drivers": DRIVERS,
}
ONLY_SWEEP = ("most_runs", "record")
TEXT_KEYS = ("study", "results")
TREES = ("lever", "mechanism", "driver", "population")
SCENARIO_FIELDS = ("end",)
LONGEST = 4000
_STUDY = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_ENTRY = r"\s*[^{},:\s]+\s*:\s*[^{},:\s]+\s*"
_SCHEDULE = re.compile(rf"\{{\s*\}}|\{{{_ENTRY}(,{_ENTRY})*\}}")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[12][0-9]{3}Q[1-4]")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)


@dataclass(frozen=True)
class Overrides:
    """Checked overrides: `groups` (scenario, population, machine), run settings, and texts for Hydra by key.

    places : keys that a file gives, with file and line; any other was given as an override.
    """

    groups: Mapping[str, str]
    settings: Mapping[str, Any]
    values: Mapping[str, str]
    places: Mapping[str, str] = field(default_factory=dict)

    def for_hydra(self) -> list[str]:
        """The texts that change the scenario's tree, in the given order."""
        return [f"{key}={text}" for key, text in self.values.items()]


def _refuse(text: str, why: str) -> ScenarioError:
    return ScenarioError([f"override: {shown(text)} {why}"])


def read_overrides(given: Sequence[str], known: Sequence[str]) -> Overrides:
    """Checked overrides. `known` are all addresses of the trees. Raises ScenarioError, one line per fault."""
    pairs = _read_pairs(given, known, lambda key, value: [value])
    return _sorted_out({key: values[0] for key, values in pairs.items()})


def read_sweep(given: Sequence[str], known: Sequence[str]) -> tuple[Overrides, dict[str, list[str]]]:
    """Overrides of which keys of the scenario may give several values, and those that do: key to texts.

    Values are separated by commas, as Hydra writes a sweep; a value that stands twice stands once in the grid.
    Raises ScenarioError, one line per fault.
    """
    pairs = _read_pairs(given, known, lambda key, value: values_of(value) if _may_vary(key) else [value])
    swept = {key: list(dict.fromkeys(values)) for key, values in pairs.items() if len(values) > 1}
    return _sorted_out({key: values[0] for key, values in pairs.items() if key not in swept}), swept


def values_of(text: str) -> list[str]:
    """The values of a comma-separated list; commas inside {...} belong to a schedule."""
    return [part.strip() for part in re.split(r",(?![^{]*\})", text)]


def _may_vary(key: str) -> bool:
    return key == "scenario" or key in SCENARIO_FIELDS or key.split(".")[0] in TREES


def _read_pairs(
    given: Sequence[str], known: Sequence[str], split: Callable[[str, str], list[str]]
) -> dict[str, list[str]]:  # fmt: skip
    """Checked keys with their values, each key once."""
    faults: list[str] = []
    pairs: dict[str, list[str]] = {}
    for text in given:
        try:
            key, value = _split(text)
            if key in pairs:
                raise _refuse(text, f"gives {key} twice; the first was {key}={shown(','.join(pairs[key]))}")
            _check_key(text, key, known)
            for one in (values := split(key, value)):
                _check_value(text, key, one)
            pairs[key] = values
        except ScenarioError as refused:
            faults += refused.faults
    if faults:
        raise ScenarioError(faults)
    return pairs


def _sorted_out(pairs: Mapping[str, str]) -> Overrides:
    """Settings of the run, choices of files, and what changes the scenario's tree."""
    settings: dict[str, Any] = {key: whole(key, pairs[key]) for key in WHOLE_KEYS if key in pairs}
    settings |= {key: _text(key, pairs[key]) for key in TEXT_KEYS if key in pairs}
    settings |= {key: _word(key, pairs[key], known) for key, known in WORD_KEYS.items() if key in pairs}
    groups = {key: pairs[key] for key in GROUP_KEYS if key in pairs}
    rest = {key: value for key, value in pairs.items() if key not in settings and key not in groups}
    return Overrides(groups, settings, rest)


def _split(text: str) -> tuple[str, str]:
    """Key and value of KEY=VALUE."""
    if text.startswith(("+", "~")):
        raise _refuse(text, "starts with + or ~; keys are never added or removed, write KEY=VALUE")
    if text.startswith("-"):
        raise _refuse(text, "is an unknown flag; flags such as --debug come before the verb or right after it")
    if "=" not in text:
        raise _refuse(text, "is not of the form KEY=VALUE")
    if len(text) > LONGEST:
        raise _refuse(text, f"is longer than {LONGEST} characters")
    key, _, value = text.partition("=")
    return key.strip(), value.strip()


def _check_key(text: str, key: str, known: Sequence[str]) -> None:
    top = [*GROUP_KEYS, *WHOLE_KEYS, *WORD_KEYS, *TEXT_KEYS, *SCENARIO_FIELDS]
    if key not in top and key not in known:
        raise _refuse(text, f"sets an unknown key.{nearest(key, [*top, *known])}")


def _check_value(text: str, key: str, value: str) -> None:
    """Refuse what Hydra or YAML would read as something else than what stands there."""
    if key in TEXT_KEYS:
        return
    if key in GROUP_KEYS:
        if not re.fullmatch(r"[A-Za-z0-9_]{1,60}", value):
            raise _refuse(text, f"is not a name; see `list` for the {key} options")
        return
    block = value.startswith("{") and value.endswith("}")
    tokens = re.findall(r"[^{},:\s]+", value) if block else [value]
    if block and _SCHEDULE.fullmatch(value) is None:
        raise _refuse(text, "is not in canonical form; write a schedule as {2014:50,2016:80}")
    if not block and "," in value:
        raise _refuse(text, "gives several values; scenario= and keys of a scenario may, in sweep or run -m")
    years = re.findall(r"([^{},:\s]+)\s*:", value) if block else []
    twice = next((year for year in years if years.count(year) > 1), None)
    if twice is not None:
        raise _refuse(text, f"gives {twice} twice; YAML would keep the last one only")
    for token in tokens:
        if CANONICAL.fullmatch(token) is None and _WORD.fullmatch(token) is None:
            allowed = "write numbers as 50, 0.25, 1e-1, words plainly, schedules as {2014:50,2016:80}"
            raise _refuse(text, f"has a value that is not in canonical form; {allowed}")


def whole(key: str, value: str) -> int:
    """A whole-number setting inside its range. Raises ScenarioError."""
    low, high, _, unit = WHOLE_KEYS[key]
    if not re.fullmatch(r"0|[1-9][0-9]*", value) or not low <= int(value[:20]) <= high:
        raise _refuse(f"{key} = {value}", f"is out of range {low}..{high} ({unit})")
    return int(value)


def _word(key: str, value: str, known: Sequence[str]) -> str:
    """One of a few words."""
    if value not in known:
        raise _refuse(f"{key} = {shown(value)}", f"must be one of {', '.join(known)}.{nearest(value, known)}")
    return value


def _text(key: str, value: str) -> str:
    """The study's name or the results folder."""
    if key == "study" and (not _STUDY.fullmatch(value) or _RESERVED.fullmatch(value)):
        raise _refuse(f"study = {value}", "must be 1 to 60 small letters, digits, _ and -, and no reserved name")
    if key == "results" and (not value or "\0" in value):
        raise _refuse(f"results = {value}", "must be a folder")
    return value if key == "study" else str(Path(value).expanduser())
