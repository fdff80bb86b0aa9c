"""Reads studies that were run before, here or by a command, through the store and by their manifest alone."""

from __future__ import annotations

import os
import re
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from experiments.compose import request_of
from experiments.dashboard.engine import FOLDER
from experiments.dashboard.selection import COMPOSING, LEVER, OF_THE_PAGE, composed, study_name
from experiments.index import read_index
from experiments.outcomes import Results
from experiments.pairs import REFERENCE
from experiments.reading import results_of
from experiments.sealed_json import read_sealed
from experiments.store import Store, StoreError
from experiments.study import plan_of, read_manifest
from experiments.words import Pair
from sim.scenario_values import ScenarioError, shown

OWN = re.compile(r"[0-9a-f]{20}")  # a study of the dashboard
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")  # of any study: one folder below the results
MOST_LISTED = 200
MOST_KEPT = 600  # runs in memory, about 0.6 MB each
Stamp = tuple[int, int]  # when a file was written, and its size
Key = tuple[str, int, Stamp]


@dataclass(frozen=True)
class Past:
    """A finished study: where it lies below the results, and what its manifest says.

    scenarios : names to titles, English and Chinese; changes : overrides of levers, parameters and drivers.
    """

    study: str
    is_own: bool
    scenarios: Mapping[str, Pair]
    replicates: int
    seed: int
    scale: int
    changes: tuple[str, ...]


class Reader:
    """Opens studies of one results folder; keeps the last few, as they were when they were read."""

    def __init__(self, results: Path) -> None:
        self.results, self.lock = results, threading.Lock()
        self.held: dict[str, threading.Lock] = {}
        self.kept: OrderedDict[Key, list[Results]] = OrderedDict()
        self.entries: dict[Path, tuple[Stamp, Past | None]] = {}

    def folder(self, study: str) -> Path:
        """The folder of a study; those of the dashboard are known by their form.

        Raises StoreError for what is no name of a study, and for a link, which may lead anywhere.
        """
        folder = (self.results / FOLDER if OWN.fullmatch(study) else self.results) / study
        if PLAIN.fullmatch(study) is None or folder.is_symlink():
            raise StoreError(f"{shown(study)}: is no name of a study")
        return folder

    def open(self, study: str, replicates: int = 0) -> list[Results]:
        """The results of every scenario, of the first so many replicates (0: of all).

        Raises StoreError for a study that is not there or not whole, ScenarioError for one of another catalogue.
        """
        path = self.folder(study) / "manifest.json"
        try:
            told = path.stat()
        except OSError:
            raise StoreError(f"{study}: there is no such study") from None
        key = (study, replicates, _stamp(told))
        with self.lock:
            held = self.held.setdefault(study, threading.Lock())
        with held:  # the same study is read once; who wants another does not wait for it
            found = self._kept(key)
            if found is None:
                found = self._read(study, replicates)
                self._keep(key, found)
            return found

    def _kept(self, key: Key) -> list[Results] | None:
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
            return self.kept.get(key)

    def _keep(self, key: Key, found: list[Results]) -> None:
        with self.lock:
            self.kept[key] = found
            while len(self.kept) > 1 and sum(map(_runs, self.kept.values())) > MOST_KEPT:
                self.kept.popitem(last=False)

    def _read(self, study: str, replicates: int) -> list[Results]:
        folder = self.folder(study)
        with COMPOSING:
            request = request_of([f"study={study}", f"results={folder.parent}"], read_manifest, "")
        if replicates:
            request = replace(request, replicates=min(replicates, request.replicates))
        plan, store = plan_of(request), Store(folder)
        found = results_of(plan, store, read_index(store, verify=False))
        if len(found) < len(request.scenarios):
            raise StoreError(f"{study}: its runs are of another catalogue, config or version")
        return found

    def past(self, is_everything: bool) -> list[Past]:
        """Finished studies, those of commands first by name; with `is_everything` those of the dashboard too."""
        found = [self.look(path.parent.name) for path in sorted(self.results.glob("*/manifest.json"))]
        if is_everything:
            below = sorted(self.results.glob(f"{FOLDER}/*/manifest.json"), key=lambda p: -p.stat().st_mtime)
            found += [self.look(path.parent.name) for path in below[:MOST_LISTED]]
        return [one for one in found if one is not None][:MOST_LISTED]

    def look(self, study: str) -> Past | None:
        """What a study's manifest says; None where there is none, or none that can be opened."""
        with suppress(StoreError):
            return self._past(self.folder(study))
        return None

    def scenarios(self, study: str) -> dict[str, Pair]:
        """Names and titles of a study's scenarios; nothing where it cannot be read."""
        found = self.look(study)
        return {} if found is None else dict(found.scenarios)

    def reference_of(self, study: str) -> str | None:
        """The study of the dashboard that holds the reference of another one; None where it was not run."""
        try:
            told = read_sealed(self.folder(study) / "manifest.json")
            texts = [text for text in map(str, told["overrides"]) if not text.startswith(("scenario=", LEVER))]
            found = study_name(composed([f"scenario={REFERENCE}", *texts]))
        except (OSError, StoreError, ScenarioError, KeyError, TypeError):
            return None
        return found if self.look(found) is not None else None

    def _past(self, folder: Path) -> Past | None:
        """The entry of a study; a manifest that has not changed is not read again."""
        path = folder / "manifest.json"
        try:
            stamp = _stamp(path.stat())
            if self.entries.get(path, (None, None))[0] != stamp:
                self.entries[path] = (stamp, _past_of(folder.name, read_sealed(path)))
            return self.entries[path][1]
        except (OSError, StoreError, ScenarioError, KeyError, TypeError, ValueError, AttributeError):
            return None


def _stamp(told: os.stat_result) -> Stamp:
    return told.st_mtime_ns, told.st_size


def _runs(results: Sequence[Results]) -> int:
    return sum(len(one.replicates) for one in results)


def _past_of(study: str, told: Mapping[str, Any]) -> Past | None:
    """The entry of a manifest; None for a study that `report` could not write again."""
    scenarios, overrides = told.get("scenarios"), told.get("overrides")
    if not isinstance(scenarios, Mapping) or not scenarios or not isinstance(overrides, list):
        return None
    titles = {str(name): (str(one["title_en"]), str(one["title_zh"])) for name, one in scenarios.items()}
    changes = tuple(text for text in map(str, overrides) if text.startswith((*OF_THE_PAGE, "end=")))
    return Past(
        study, OWN.fullmatch(study) is not None, titles, int(told["replicates"]), int(told["seed"]),
        int(told["scale"]), changes,
    )  # fmt: skip
