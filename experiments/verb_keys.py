"""Reads the keys of a verb that is no study of scenarios: whole numbers in a range, words of a list, a folder."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.fitted import columns_of_terminal, layout
from sim.scenario_values import ScenarioError, nearest, shown


@dataclass(frozen=True)
class Key:
    """One key of a verb.

    Attributes
    ----------
    default : when it is not given; told : unit or meaning, for --help.
    low, high : of a whole number; words : allowed instead of a number; none of both: any text.
    """

    default: Any
    told: str
    low: int | None = None
    high: int | None = None
    words: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """What may stand behind the key, in words."""
        bounds = f"{self.low}..{self.high}" if self.low is not None else ", ".join(self.words)
        return f"{bounds} ({self.told})" if bounds else self.told

    def read(self, name: str, text: str) -> Any:
        """The value of a text. Raises ScenarioError."""
        if self.words and text not in self.words:
            told = f"must be one of {', '.join(self.words)}.{nearest(text, self.words)}"
            raise ScenarioError([f"override: {name} = {shown(text)} {told}"])
        if self.low is None or self.high is None:
            if not text or "\0" in text:
                raise ScenarioError([f"override: {name} = {shown(text)} is empty or no text"])
            return text
        if not re.fullmatch(r"0|[1-9][0-9]*", text) or not self.low <= int(text[:20]) <= self.high:
            bounds = f"{self.low}..{self.high} ({self.told})"
            raise ScenarioError([f"override: {name} = {shown(text)} is out of range {bounds}"])
        return int(text)


def read_keys(given: Sequence[str], known: Mapping[str, Key]) -> dict[str, Any]:
    """Values by key, defaults where nothing is given. Raises ScenarioError, one line per fault."""
    found: dict[str, Any] = {}
    faults: list[str] = []
    for text in given:
        key, equals, value = (part.strip() for part in text.partition("="))
        if not equals:
            faults.append(f"override: {shown(text)} is not of the form KEY=VALUE")
        elif key not in known:
            faults.append(f"override: {shown(text)} sets an unknown key.{nearest(key, list(known))}")
        elif key in found:
            faults.append(f"override: {shown(text)} gives {key} twice")
        else:
            try:
                found[key] = known[key].read(key, value)
            except ScenarioError as refused:
                faults += refused.faults
    if faults:
        raise ScenarioError(faults)
    return {name: key.default for name, key in known.items()} | found


def key_lines(known: Mapping[str, Key], further: Sequence[tuple[str, str, str]] = ()) -> list[str]:
    """For --help, as wide as the terminal: key, what is allowed, default; `further` rows beside the known keys."""
    rows = [(name, key.allowed, "" if key.default is None else str(key.default)) for name, key in known.items()]
    return layout([("key", "allowed", "default"), *rows, *further], columns_of_terminal())
