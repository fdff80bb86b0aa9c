"""Finds the YAML files that a scenario is made of and reads them strictly, before Hydra sees them.

Refused here, with file and line: aliases and tags, keys given twice, numbers that are not in canonical decimal form,
interpolations (`${...}`), keys outside the scenario's own, and defaults that reach anything but levers and population.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import yaml

from sim.scenario import SCENARIO_KEYS
from sim.scenario_values import CANONICAL, ScenarioError, nearest, shown

GROUPS = ("scenario", "lever", "population", "machine", "study")
LARGEST_FILE = 200_000  # bytes
DEEPEST = 8
LONGEST_NUMBER = 100  # characters
HEADER = "# @package _global_"
NUMBER_TAGS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
BOOL_TAG = "tag:yaml.org,2002:bool"
TREE_KEYS = frozenset(SCENARIO_KEYS) - {"name"} | {"defaults"}
BLOCKS = {"lever": 2, "mechanism": 2, "driver": 1, "population": 1}  # and how deep nothing but blocks may stand
NOTHING = ("", "~", "null", "Null", "NULL")
KeyPath = tuple[str, ...]


@dataclass
class Scanned:
    """What a strict reading of one file found: the line of each key, and the texts of the defaults list.

    plain : keys whose value is a list, a number or a word, with their lines. One of an unchanged file is shared.
    """

    path: Path
    text: str
    lines: dict[KeyPath, int] = field(default_factory=dict)
    defaults: list[tuple[int, KeyPath, str]] = field(default_factory=list)
    plain: dict[KeyPath, int] = field(default_factory=dict)


def shipped_folder() -> Path:
    """The configs that came with the program: beside the package in the sources, inside it when installed."""
    here = Path(__file__).resolve().parent
    beside = here.parent / "configs"
    return beside if (beside / "config.yaml").is_file() else here / "configs"


def own_folder() -> Path | None:
    """The caller's own ./configs, if it is another folder than the shipped one."""
    own = Path.cwd() / "configs"
    return own if own.is_dir() and own.resolve() != shipped_folder() else None


def options(group: str) -> dict[str, Path]:
    """The files of a config group by name, shipped ones and the caller's own. Raises ScenarioError on a clash."""
    found: dict[str, Path] = {}
    for folder in (shipped_folder(), own_folder()):
        for path in sorted((folder / group).glob("*.yaml")) if folder else []:
            if path.stem in found:
                raise ScenarioError([f"{display(path)}: {group} {path.stem} exists already; choose another name"])
            found[path.stem] = path
    return found


def option(group: str, name: str) -> Path:
    """The file of one option. Raises ScenarioError naming the nearest."""
    known = options(group)
    if name not in known:
        listed = ", ".join(sorted(known))
        near = nearest(name, known)
        raise ScenarioError([f"override: {group} = {shown(name)} does not exist; there are: {listed}.{near}"])
    return known[name]


def _line(event: yaml.Event) -> int:
    """The line on which an event starts, from 1."""
    return event.start_mark.line + 1 if event.start_mark else 1


def display(path: Path) -> str:
    """A path as messages show it: from the caller's folder if it lies there, else from configs/ on."""
    resolved = path.resolve()
    for base in (Path.cwd().resolve(), shipped_folder().parent):
        if resolved.is_relative_to(base):
            return shown(resolved.relative_to(base).as_posix())
    return shown(resolved.name)


def scan(path: Path, group: str) -> Scanned:
    """Read one file strictly. Raises ScenarioError naming file and line."""
    try:
        told = path.stat()
        if not stat.S_ISREG(told.st_mode):  # a folder, a pipe, a device without end
            raise ScenarioError([f"{display(path)}: is no file"])
        if told.st_size > LARGEST_FILE:
            raise ScenarioError([f"{display(path)}: the file has {told.st_size} bytes, more than {LARGEST_FILE}"])
        text = path.read_bytes().decode("utf-8")
    except OSError as failed:
        raise ScenarioError([f"{display(path)}: cannot be read: {failed.strerror}"]) from None
    except UnicodeDecodeError as wrong:
        raise ScenarioError([f"{display(path)}: the file is not UTF-8 ({wrong.reason})"]) from None
    found = _read(path, text, group)
    if group == "scenario":
        _check_scenario(found)
    return found


@lru_cache(maxsize=256)
def _read(path: Path, text: str, group: str) -> Scanned:
    """Read the text of a file strictly. Raises ScenarioError naming file and line."""
    _check_header(path, text, group)
    found = Scanned(path, text)
    try:
        _Reader(found, text).read()
    except (yaml.YAMLError, RecursionError) as wrong:
        mark = getattr(wrong, "problem_mark", None)
        where = f"{display(path)}:{mark.line + 1}" if mark else display(path)
        problem = getattr(wrong, "problem", None) or "the file cannot be read as YAML"
        raise ScenarioError([f"{where}: {shown(str(problem))}"]) from None
    if group != "scenario":
        found.lines = {(group, *key): line for key, line in found.lines.items()}
    return found


def _check_header(path: Path, text: str, group: str) -> None:
    """A scenario starts with `# @package _global_`; other files have no package line."""
    headers = [(i, line.strip()) for i, line in enumerate(text.splitlines(), 1) if "@package" in line]
    expected = [HEADER] if group == "scenario" else []
    if [line for _, line in headers] != expected:
        line = headers[0][0] if headers else 1
        wanted = f"must start with the one line {HEADER!r}" if expected else "must not have a @package line"
        raise ScenarioError([f"{display(path)}:{line}: a file in {group}/ {wanted}"])


def _check_scenario(found: Scanned) -> None:
    """Top-level keys are a scenario's own; defaults reach levers and population only."""
    where = display(found.path)
    for path, line in found.lines.items():
        if path[0] not in TREE_KEYS:
            near = nearest(path[0], TREE_KEYS)
            raise ScenarioError([f"{where}:{line}: {shown(path[0])} is an unknown key of a scenario.{near}"])
    for path, line in found.plain.items():
        if path[0] in BLOCKS and len(path) <= BLOCKS[path[0]]:
            raise ScenarioError([f"{where}:{line}: {'.'.join(map(shown, path))} must be a block of keys"])
    for line, path, text in found.defaults:
        reached = path[1] if len(path) > 1 else text
        if reached not in ("override /lever", "override /population", "_self_"):
            told = "defaults of a scenario may only say 'override /lever' and 'override /population'"
            raise ScenarioError([f"{where}:{line}: defaults: {shown(reached)} is not allowed; {told}"])
        group = reached.rpartition("/")[2]
        if group in GROUPS and text not in options(group):
            near = nearest(text, options(group))
            raise ScenarioError([f"{where}:{line}: {group} {shown(text)} does not exist.{near}"])


class _Reader:
    """Walks the YAML events of one file; nothing is constructed, so nothing can be run or blown up."""

    def __init__(self, found: Scanned, text: str) -> None:
        self.found = found
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.SafeLoader)
        self.resolve = yaml.SafeLoader("").resolve

    def refuse(self, event: yaml.Event, text: str) -> ScenarioError:
        return ScenarioError([f"{display(self.found.path)}:{_line(event)}: {text}"])

    def read(self) -> None:
        """All documents of the file; there must be one at most, and it must be a block of keys."""
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self.refuse(event, "a second document (---) in one file is not allowed")
            elif isinstance(event, yaml.MappingStartEvent):
                self.mapping(event, ())
            elif isinstance(event, yaml.NodeEvent):
                raise self.refuse(event, "the file must be a block of keys")

    def node(self, event: yaml.Event, path: KeyPath) -> None:
        """One value at the key `path`."""
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self.refuse(event, "anchors and aliases are not allowed")
        if getattr(event, "tag", None) not in (None, "!"):
            raise self.refuse(event, f"the tag {shown(str(getattr(event, 'tag', '')))} is not allowed")
        if len(path) > DEEPEST:
            raise self.refuse(event, f"blocks are nested deeper than {DEEPEST}")
        if not isinstance(event, yaml.MappingStartEvent) and getattr(event, "value", None) not in NOTHING:
            self.found.plain.setdefault(path, _line(event))
        if isinstance(event, yaml.MappingStartEvent):
            self.mapping(event, path)
        elif isinstance(event, yaml.SequenceStartEvent):
            for position, item in enumerate(self.items(yaml.SequenceEndEvent)):
                self.node(item, (*path, str(position)) if path != ("defaults",) else path)
        elif isinstance(event, yaml.ScalarEvent):
            self.scalar(event, path)

    def items(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        for event in self.events:
            if isinstance(event, end):
                return
            yield event

    def mapping(self, start: yaml.Event, path: KeyPath) -> None:
        """Keys and values of one block; a key stands once."""
        seen: set[str] = set()
        for key in self.items(yaml.MappingEndEvent):
            if not isinstance(key, yaml.ScalarEvent) or key.anchor or key.tag:
                raise self.refuse(key, "a key must be a plain word")
            if key.value == "<<":
                raise self.refuse(key, "merging blocks with << is not allowed")
            self.scalar(key, (*path, "(key)"), is_key=True)
            if key.value in seen:
                raise self.refuse(key, f"{'.'.join((*path, shown(key.value)))} is given twice")
            seen.add(key.value)
            here = (*path, key.value)
            self.found.lines.setdefault(here, _line(key))
            value = next(self.events)
            self.node(value, here)

    def scalar(self, event: yaml.ScalarEvent, path: KeyPath, is_key: bool = False) -> None:
        """A text or number; what YAML would turn into another number or a truth value is refused."""
        name, value = ".".join(path), event.value
        if "${" in value:
            raise self.refuse(event, f"{name} = {shown(value)}: ${{...}} is not allowed in a scenario")
        if event.implicit[0]:
            tag = self.resolve(yaml.ScalarNode, value, (True, False))  # type: ignore[no-untyped-call]
            if tag in NUMBER_TAGS and len(value) > LONGEST_NUMBER:
                raise self.refuse(event, f"{name} = {shown(value)} has more than {LONGEST_NUMBER} characters")
            if tag in NUMBER_TAGS and CANONICAL.fullmatch(value) is None:
                kind = "a finite number" if value.lower().lstrip("+-") in (".nan", ".inf") else "in canonical form"
                raise self.refuse(event, f"{name} = {shown(value)} is not {kind}; write numbers as 50, 0.25, 1e-1")
            if tag == BOOL_TAG:
                told = "a key" if is_key else "a number or a word that this key allows"
                raise self.refuse(event, f"{name} = {shown(value)} is read by YAML as true or false, not as {told}")
        if path[:1] == ("defaults",) and not is_key:
            self.found.defaults.append((_line(event), path[:2], value))


def place_of(scanned: Sequence[Scanned], path: KeyPath) -> str:
    """file:line of the nearest key at or above `path`; of two files that have it the first wins."""
    for length in range(len(path), 0, -1):
        for found in scanned:
            line = found.lines.get(path[:length])
            if line is not None:
                return f"{display(found.path)}:{line}"
    return display(scanned[0].path) if scanned else ""
