"""Reads a study: which scenarios, changed in which keys, how often, and what is kept of the runs.

A study is a YAML file in configs/study/ (the shipped ones or the caller's own), read as strictly as a scenario, or what
stands behind `sweep` on the command line. Keys of a file: scenarios, overrides (key: value, for all), variants (name:
overrides, tried beside each other, such as paths of drivers), design, replicates, seed, record, parameters and drivers
(as for run), and texts.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from experiments.compose import addresses
from experiments.designs import KINDS, Design, Range
from experiments.draws.variation import CENTRAL, DRIVERS, PARAMETERS
from experiments.overrides import WHOLE_KEYS, read_overrides
from experiments.plan import RECORDS
from experiments.scenario_files import display, option, options, scan
from experiments.study_values import StudyFaults, names, setting, title, whole, word
from sim.scenario_values import CANONICAL, ScenarioError, nearest, shown

TOP = ("title_en", "title_zh", "scenarios", "overrides", "variants", "design", "replicates", "seed", "record",
       "parameters", "drivers")  # fmt: skip
DESIGN_KEYS = ("kind", "keys", "size", "seed", "file")
DRAWN = ("latin_hypercube", "sobol")
LARGEST_DESIGN = 1_000_000
LARGEST_LIST = 50_000_000  # bytes


@dataclass(frozen=True)
class Study:
    """What is tried with what, before any scenario is composed.

    Attributes
    ----------
    scenarios : names of scenario files; overrides : texts for all points, by key.
    variants : name to further overrides; each scenario and row is tried with each (one without a name: as it stands).
    places : where in the study's file a key stands, as path of keys to file and line.
    """

    name: str
    scenarios: tuple[str, ...]
    overrides: Mapping[str, str] = field(default_factory=dict)
    variants: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: {"": {}})
    design: Design | None = None
    replicates: int | None = None
    seed: int | None = None
    record: str = "yearly"
    parameters: str | None = None
    drivers: str | None = None
    title_en: str = ""
    title_zh: str = ""
    places: Mapping[tuple[str, ...], str] = field(default_factory=dict)

    def places_of(self, variant: str, given: Collection[str]) -> dict[str, str]:
        """File and line of each key that the file gives to the points of a variant and that `given` does not."""
        above = {path[-1]: place for path, place in self.places.items() if path[0] == "overrides"}
        over = [path for path in self.places if path[:-1] in (("variants", variant), ("design", "keys"))]
        found = {key: place for key, place in above.items() if key not in given}
        return found | {path[-1]: self.places[path] for path in over} | dict.fromkeys(self._listed_keys(), self._list())

    def _listed_keys(self) -> Collection[str]:
        return self.design.listed[0] if self.design and self.design.listed else ()

    def _list(self) -> str:
        """The place of a list of points: that of the design's file."""
        return self.places.get(("design", "file"), "")

    def count(self) -> int:
        """Points before duplicates are left out: known without making any."""
        rows = import_module(f"experiments.designs.{self.design.kind}").count(self.design) if self.design else 1
        return len(self.scenarios) * len(self.variants) * int(rows)

    def rows(self) -> list[dict[str, str]]:
        """The rows of the design; one empty row without a design."""
        return import_module(f"experiments.designs.{self.design.kind}").rows(self.design) if self.design else [{}]


def read_study(name: str) -> Study:
    """The study of a file in configs/study/. Raises ScenarioError, one line per fault."""
    path = option("study", name)
    lines = scan(path, "study").lines
    raw = yaml.safe_load(path.read_text(encoding="utf-8")) or {}  # plain data: scan refused tags, aliases and bombs
    faults = StudyFaults(path, {key[1:]: line for key, line in lines.items()})
    if not raw:
        raise ScenarioError([f"{display(path)}:1: the file is empty; a study has keys such as {', '.join(TOP[2:6])}"])
    for key in raw:
        if key not in TOP:
            faults.add([str(key)], f"is an unknown key of a study.{nearest(str(key), TOP)}")
    study = Study(
        name=name,
        scenarios=tuple(names(faults, "scenarios", raw.get("scenarios", ["history"]), options("scenario"))),
        overrides=overrides_block(faults, ("overrides",), raw.get("overrides")),
        variants=_variants(faults, raw.get("variants")),
        design=_design(faults, path, raw.get("design")),
        replicates=setting(faults, "replicates", raw.get("replicates")),
        seed=setting(faults, "seed", raw.get("seed")),
        record=word(faults, "record", raw.get("record", "yearly"), RECORDS),
        parameters=word(faults, "parameters", raw.get("parameters", CENTRAL), PARAMETERS),
        drivers=word(faults, "drivers", raw.get("drivers", CENTRAL), DRIVERS),
        title_en=title(faults, "title_en", raw) or name,
        title_zh=title(faults, "title_zh", raw) or name,
        places={key: f"{display(path)}:{line}" for key, line in faults.lines.items()},
    )
    if faults.told:
        raise ScenarioError(faults.told)
    return study


def text_of(value: object) -> str:
    """A value of a YAML file as an override writes it. Raises ValueError for what no override could say."""
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{key}:{text_of(one)}" for key, one in value.items()) + "}"
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("is neither a number nor a word nor a schedule")
    return str(value)


def overrides_block(faults: StudyFaults, key: Sequence[str], raw: object) -> dict[str, str]:
    """Keys and texts, checked as those of the command line are."""
    if raw is None:
        return {}
    if not isinstance(raw, Mapping):
        faults.add(key, "must be a block of keys and values")
        return {}
    found: dict[str, str] = {}
    for name, value in raw.items():
        try:
            text = text_of(value)
            read = read_overrides([f"{name}={text}"], addresses())
            if read.settings or "scenario" in read.groups or "machine" in read.groups:
                raise ScenarioError([f"override: {name} is no key of a scenario"])
            found[str(name)] = text
        except ScenarioError as refused:
            faults.add([*key, str(name)], refused.faults[0].removeprefix("override: "))
        except ValueError as wrong:
            faults.add([*key, str(name)], str(wrong))
    return found


def _variants(faults: StudyFaults, raw: object) -> dict[str, dict[str, str]]:
    """Named blocks of overrides; none is one block without a name."""
    if raw is None:
        return {"": {}}
    if not isinstance(raw, Mapping) or not raw:
        faults.add(["variants"], "must be a block of named blocks")
        return {"": {}}
    for name in raw:
        if re.fullmatch(r"[A-Za-z0-9_-]{1,60}", str(name)) is None:  # it stands in tables
            faults.add(["variants", str(name)], "must be 1 to 60 letters, digits, _ and -")
    return {str(name): overrides_block(faults, ("variants", str(name)), block) for name, block in raw.items()}


def _design(faults: StudyFaults, path: Path, raw: object) -> Design | None:
    """The design of a study file."""
    if raw is None:
        return None
    if not isinstance(raw, Mapping):
        faults.add(["design"], "must be a block")
        return None
    for key in raw:
        if key not in DESIGN_KEYS:
            faults.add(["design", str(key)], f"is an unknown key of a design.{nearest(str(key), DESIGN_KEYS)}")
    kind = raw.get("kind")
    if kind not in KINDS:
        faults.add(["design", "kind"], f"= {shown(kind)} must be one of {', '.join(KINDS)}.{nearest(str(kind), KINDS)}")
        return None
    if kind == "listed":
        return Design(kind, listed=_listed(faults, path, raw.get("file")))
    if kind not in DRAWN:
        return Design(kind, _design_keys(faults, raw.get("keys"), drawn=False))
    size = whole(faults, ("design", "size"), raw.get("size"), (1, LARGEST_DESIGN, "points, a whole number")) or 1
    if kind == "sobol" and size & (size - 1):
        faults.add(["design", "size"], f"= {size} must be a power of two, such as {2 ** (size.bit_length() - 1)}")
    seed = whole(faults, ("design", "seed"), raw.get("seed", 1), (*WHOLE_KEYS["seed"][:2], "a whole number")) or 0
    return Design(kind, _design_keys(faults, raw.get("keys"), drawn=True), size, seed)


def _design_keys(faults: StudyFaults, raw: object, drawn: bool) -> dict[str, Any]:
    """Key to its values, or to its range for a drawn design."""
    if not isinstance(raw, Mapping) or not raw:
        faults.add(["design", "keys"], "must be a block with at least one key")
        return {}
    found: dict[str, Any] = {}
    for key, values in raw.items():
        where = ["design", "keys", str(key)]
        if drawn:
            span = _range(faults, where, values)
            ends = [str(span.low), str(span.high)] if span else []
            found[str(key)] = span
        else:
            if not isinstance(values, list) or not values:
                faults.add(where, "must be a list of values")
                continue
            ends = [_text(faults, where, value) for value in values]
            found[str(key)] = list(dict.fromkeys(ends))
        for text in ends:
            overrides_block(faults, ("design", "keys"), {key: text})
    return found


def _text(faults: StudyFaults, where: Sequence[str], value: object) -> str:
    try:
        return text_of(value)
    except ValueError as wrong:
        faults.add(where, str(wrong))
        return "0"


def _range(faults: StudyFaults, where: Sequence[str], raw: object) -> Range | None:
    """low and high, and how values are spread between them."""
    block = raw if isinstance(raw, Mapping) else {}
    spread = block.get("spread", "even")
    ends = [block.get(name) for name in ("low", "high")]
    low, high = (float(v) if isinstance(v, int | float) and not isinstance(v, bool) else float("nan") for v in ends)
    if not low < high or set(block) - {"low", "high", "spread"} or spread not in ("even", "log"):
        faults.add(where, "must be {low: number, high: larger number}, with spread: log or even where wanted")
        return None
    if spread == "log" and low <= 0:
        faults.add(where, "has a lowest value of 0 or less, which has no logarithm")
        return None
    return Range(low, high, spread == "log")


def _listed(faults: StudyFaults, path: Path, raw: object) -> list[dict[str, str]]:
    """The rows of the CSV file that lies beside the study."""
    name = str(raw or "")
    file = path.parent / name
    if not name.endswith(".csv") or "/" in name or "\\" in name or file.is_symlink() or not file.is_file():
        faults.add(["design", "file"], f"= {shown(name)} must be the name of a CSV file beside the study")
        return []
    if file.stat().st_size > LARGEST_LIST:
        faults.add(["design", "file"], f"= {shown(name)} is larger than {LARGEST_LIST // 1_000_000} MB")
        return []
    return read_list(faults, file)


def read_list(faults: StudyFaults, file: Path) -> list[dict[str, str]]:
    """Rows of a CSV list of points; the header names keys, each once."""
    try:
        lines = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error) as wrong:
        faults.add(["design", "file"], f"= {shown(file.name)} cannot be read as CSV: {shown(str(wrong))}")
        return []
    header, rows = (lines[0], lines[1:]) if lines else ([], [])
    for key in header:
        if (key not in addresses() and key != "end") or header.count(key) > 1:
            faults.add(["design", "file"], f"= {shown(file.name)}:1: {shown(key)} is no key or stands twice")
    for number, row in enumerate(rows, 2):
        if len(row) != len(header):
            faults.add(
                ["design", "file"], f"= {shown(file.name)}:{number}: has {len(row)} cells, expected {len(header)}"
            )
        elif any(text and CANONICAL.fullmatch(text) is None and not text[0].isalpha() for text in row):
            faults.add(["design", "file"], f"= {shown(file.name)}:{number}: has a value that is not in canonical form")
    if not header or not rows:
        faults.add(["design", "file"], f"= {shown(file.name)} holds no point: a line of keys, then a line a point")
    return [dict(zip(header, row, strict=True)) for row in rows if len(row) == len(header)]
