"""Reads one block of a question file key by key: what is missing, of the wrong kind or unknown is told with line."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from experiments.outcomes import categories
from experiments.questions.question import Outcome, Sweep
from experiments.study_files import overrides_block, text_of
from experiments.study_values import StudyFaults
from experiments.tables import BOOK_COLUMNS
from experiments.titles.parameters import in_part
from experiments.words import DIMENSIONS, Pair
from sim.catalogue.loader import catalogue
from sim.scenario_reading import LONGEST_TEXT
from sim.scenario_values import ScenarioError, nearest, shown

FIRST_YEAR, LAST_YEAR = 2011, 2030
SAID = ("difference", "percent", "level")
SUM = "sum"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MOST_ROWS = 12
BOOKS = "books"


class Block:
    """A block of keys at a path of the file. Keys that nobody took are unknown: `close` tells them."""

    def __init__(self, faults: StudyFaults, path: Sequence[str], raw: object) -> None:
        self.faults, self.path = faults, tuple(path)
        self.taken: list[str] = []
        if not isinstance(raw, Mapping):
            self.faults.add(self.path or ("question",), "must be a block of keys")
        self.raw: Mapping[Any, Any] = raw if isinstance(raw, Mapping) else {}

    def fault(self, key: str, text: str) -> None:
        """Note a fault at a key of this block."""
        self.faults.add((*self.path, key), text)

    def take(self, key: str, is_needed: bool = True) -> Any:
        """The raw value of a key; None where it is not given, which is a fault where it is needed."""
        self.taken.append(key)
        if is_needed and self.raw.get(key) is None:
            self.fault(key, "must be given")
        return self.raw.get(key)

    def close(self) -> None:
        """Tell every key that was not taken."""
        for key in self.raw:
            if key not in self.taken:
                self.fault(str(key), f"is an unknown key here.{nearest(str(key), self.taken)}")

    def text(self, key: str, is_chinese: bool) -> str:
        """A text of the one language or the other."""
        found = self.take(key)
        if found is None:
            return ""
        if not isinstance(found, str) or not found.strip() or len(found) > LONGEST_TEXT:
            self.fault(key, f"must be a text of at most {LONGEST_TEXT} characters")
            return ""
        if bool(CHINESE.search(found)) != is_chinese:
            self.fault(key, "must be Chinese" if is_chinese else "must be English")
        return found.strip()

    def pair(self, stem: str = "") -> Pair:
        """The texts of `<stem>_en` and `<stem>_zh`, or of `en` and `zh`."""
        mark = f"{stem}_" if stem else ""
        return self.text(f"{mark}en", False), self.text(f"{mark}zh", True)

    def word(self, key: str, known: Collection[str], default: str | None = None) -> str:
        """One of a few words."""
        found = self.take(key, default is None)
        if found is None:
            return default or ""
        if found not in known:
            listed = ", ".join(known) if len(known) <= MOST_ROWS else "those of `list`"
            self.fault(key, f"= {shown(found)} must be one of {listed}.{nearest(str(found), known)}")
            return default or ""
        return str(found)

    def words(self, key: str, known: Collection[str], default: Sequence[str] | None = None) -> tuple[str, ...]:
        """A list of known words, each once."""
        found = self.take(key, default is None)
        if found is None:
            return tuple(default or ())
        if not isinstance(found, list) or not found or not all(isinstance(one, str) for one in found):
            self.fault(key, "must be a list of names")
            return ()
        for one in found:
            if one not in known:
                self.fault(key, f"= {shown(one)} does not exist.{nearest(one, known)}")
            elif found.count(one) > 1:
                self.fault(key, f"names {shown(one)} twice")
        return tuple(one for one in found if one in known)

    def number(self, key: str, low: float, high: float, default: float | None = None) -> float:
        """A number in a range."""
        found = self.take(key, default is None)
        if found is None:
            return low if default is None else default
        if isinstance(found, bool) or not isinstance(found, int | float) or not low <= found <= high:
            self.fault(key, f"= {shown(found)} is out of range {low:g}..{high:g}")
            return low
        return float(found)

    def year(self, key: str, default: int | None = None) -> int:
        """A year that the model can run."""
        return int(self.number(key, FIRST_YEAR, LAST_YEAR, default))

    def blocks(self, key: str, is_needed: bool = False) -> list[Block]:
        """A list of blocks."""
        found = self.take(key, is_needed)
        if found is None:
            return []
        if not isinstance(found, list) or not found:
            self.fault(key, "must be a list of blocks")
            return []
        return [Block(self.faults, (*self.path, key, str(i)), one) for i, one in enumerate(found)]

    def targets(self, key: str) -> tuple[str, ...]:
        """A list of targets that the model simulates and that have a number."""
        known = catalogue().targets
        found = self.words(key, known)
        for name in found:
            row = known[name]
            is_testable = row.target is not None or row.basis.startswith("national:")
            if row.status != "simulated" or not is_testable or row.target_year is None or not row.direction:
                self.fault(key, f"= {shown(name)} cannot be tested: it is {row.status.replace('_', ' ')} or no number")
        return found

    def overrides(self, key: str) -> dict[str, str]:
        """Overrides as a study has them: addresses, canonical numbers, schedules."""
        return overrides_block(self.faults, (*self.path, key), self.take(key, False))

    def outcome(self) -> Outcome:
        """This block as an outcome: of, group, year, say."""
        of, group = str(self.take("of") or ""), self.take("group", False) or ""
        raw = self.take("year")
        year = None if raw == SUM else self.year("year") if raw is not None else None
        found = Outcome(of, str(group), year, self.word("say", SAID, ""))
        self.close()
        wrong = fault_of(found)
        if wrong:
            self.fault("group" if "group" in wrong else "of", wrong)
        return found

    def outcomes(self, key: str, is_needed: bool = False) -> tuple[Outcome, ...]:
        """A list of outcomes, each once."""
        found = [one.outcome() for one in self.blocks(key, is_needed)]
        for one in found:
            if [(o.of, o.group, o.year) for o in found].count((one.of, one.group, one.year)) > 1:
                self.fault(key, f"has {shown(one.of)} twice")
                break
        return tuple(found)


def sweep_of(block: Block, key: str) -> Sweep:
    """Lists of values by key, as long as each other; the first key is the axis and rises."""
    raw = block.take(key)
    if not isinstance(raw, Mapping) or not raw or not all(isinstance(v, list) for v in raw.values()):
        block.fault(key, "must be a block of lists of values")
        return Sweep({}, (), ("", ""), "")
    lengths = {len(values) for values in raw.values()}
    if len(lengths) != 1 or not 2 <= min(lengths) <= MOST_ROWS:
        block.fault(key, f"must have lists of one length, 2 to {MOST_ROWS} values")
    texts = {str(name): tuple(_texts(block, (*block.path, key, str(name)), v)) for name, v in raw.items()}
    first = next(iter(raw.values()))
    if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in first) or sorted(set(first)) != first:
        block.fault(key, "must begin with a key whose values are numbers that rise: it is the axis")
        first = []
    name = next(iter(texts))
    title, unit = axis_of(name)
    if "axis_en" in block.raw:
        title = block.pair("axis")
    return Sweep(texts, tuple(map(float, first)), title, unit)


def _texts(block: Block, where: Sequence[str], values: Sequence[object]) -> list[str]:
    found = []
    for value in values:
        try:
            found.append(text_of(value))
        except ValueError as wrong:
            block.faults.add(where, str(wrong))
            continue
        overrides_block(block.faults, where[:-1], {where[-1]: value})
    return found


def axis_of(key: str) -> tuple[Pair, str]:
    """Title and unit of a dose or parameter by its key; the key itself where the catalogue has none."""
    cat, address = catalogue(), key.partition(".")[2]
    if key.startswith("lever.") and address in cat.doses:
        dose = cat.doses[address]
        lever = cat.levers[dose.lever]
        return (f"{lever.title_en}: {dose.title_en.lower()}", f"{lever.title_zh}：{dose.title_zh}"), dose.unit
    if key.startswith("mechanism.") and address in cat.parameters:
        return in_part(address), cat.parameters[address].unit
    return (key, key), ""


def fault_of(outcome: Outcome) -> str:
    """What is wrong with the name or the group of an outcome; nothing when it is right."""
    cat = catalogue()
    if outcome.of.startswith(f"{BOOKS}."):
        _, _, rest = outcome.of.partition(".")
        lever, _, column = rest.partition(".")
        known = set(cat.levers)
        if lever not in known or column not in BOOK_COLUMNS:
            return f"= {shown(outcome.of)} must be books.LEVER.COLUMN, columns: {', '.join(BOOK_COLUMNS)}"
        return "has a group, which books do not" if outcome.group else ""
    if outcome.of not in cat.indicators:
        return f"= {shown(outcome.of)} is no indicator.{nearest(outcome.of, cat.indicators)}"
    dimension, _, label = outcome.group.partition("=")
    if outcome.group and (dimension not in DIMENSIONS or label not in categories(dimension)):
        return f"group = {shown(outcome.group)} must be one of city=, sector=, size=, ownership= with a name of it"
    if outcome.group and dimension not in cat.indicators[outcome.of].by:
        return f"group = {shown(outcome.group)}: {outcome.of} is not measured by {dimension}"
    return ""


def refuse(faults: StudyFaults) -> None:
    """Raise ScenarioError with all that was told, if anything was."""
    if faults.told:
        raise ScenarioError(faults.told)
