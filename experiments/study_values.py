"""Reads single values of a study file: names, titles, words and whole numbers, each fault with file and line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.overrides import WHOLE_KEYS
from experiments.scenario_files import display
from sim.scenario_reading import LONGEST_TEXT
from sim.scenario_values import nearest, shown


class StudyFaults:
    """Collects what is wrong with a study file, with file and line."""

    def __init__(self, path: Path, lines: Mapping[tuple[str, ...], int]) -> None:
        self.path, self.lines, self.told = path, lines, list[str]()

    def add(self, key: Sequence[str], text: str) -> None:
        """Note a fault at a key."""
        line = next((self.lines[tuple(key[:n])] for n in range(len(key), 0, -1) if tuple(key[:n]) in self.lines), 1)
        self.told.append(f"{display(self.path)}:{line}: {'.'.join(map(shown, key))} {text}")


def names(faults: StudyFaults, key: str, raw: object, known: Collection[str]) -> list[str]:
    """A list of known names, each once."""
    if not isinstance(raw, list) or not raw or not all(isinstance(text, str) for text in raw):
        faults.add([key], "must be a list of names")
        return []
    if len(set(raw)) < len(raw):
        faults.add([key], "names one twice")
    for name in raw:
        if name not in known:
            faults.add([key], f"= {shown(name)} does not exist; there are: {', '.join(known)}.{nearest(name, known)}")
    return raw


def title(faults: StudyFaults, key: str, raw: Mapping[str, Any]) -> str:
    """A title, or nothing."""
    found = raw.get(key)
    if found is not None and (not isinstance(found, str) or len(found) > LONGEST_TEXT):
        faults.add([key], f"must be a text of at most {LONGEST_TEXT} characters")
        return ""
    return found or ""


def word(faults: StudyFaults, key: str, raw: object, known: Sequence[str]) -> str:
    """One of a few words."""
    if raw not in known:
        faults.add([key], f"= {shown(raw)} must be one of {', '.join(known)}.{nearest(str(raw), known)}")
    return str(raw)


def setting(faults: StudyFaults, key: str, raw: object) -> int | None:
    """A whole number inside the range of the override of the same name; None when it is not given."""
    low, high, _, unit = WHOLE_KEYS[key]
    return None if raw is None else whole(faults, (key,), raw, (low, high, unit))


def whole(faults: StudyFaults, key: Sequence[str], raw: object, bounds: tuple[int, int, str]) -> int | None:
    """A whole number inside its bounds: lowest, highest, unit."""
    low, high, unit = bounds
    if not isinstance(raw, int) or isinstance(raw, bool) or not low <= raw <= high:
        faults.add(key, f"= {shown(raw)} is out of range {low}..{high} ({unit})")
        return None
    return raw
