"""The plan of a study: its points, its runs by content, and the fixed chunks in which they are worked and sealed.

A point is one checked scenario, a run is a point, the seed and a replicate, and a chunk is a batch of runs that is
worked at once and sealed as one shard. Chunks follow from the plan alone, never from the machine, the number of
workers or what was done before: so a study that was killed and gone on with leaves the same files as one that was not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from experiments.draws.variation import AS_IT_STANDS, Variation
from sim.core.calendar import quarter_number
from sim.scenario import Scenario

MODEL = "sim.model:run"
RECORDS = ("full", "province", "yearly")  # by quarter and group with books; by quarter and year; by year
ACCOUNTS = "accounts"  # by year with what was paid: for verbs that compare outcomes and public cost of many points
FIRST_BLOCK = 8  # replicates; every further block is as long as all before it together
CHUNKS_A_BLOCK = 64  # as many at least, where there are enough runs, so that many cores find work
FEWEST, MOST = 4, 1000  # runs a chunk
LONGEST_CHUNK = 20.0  # seconds of work that a crash may cost, on a usual core
# what a quarter takes on a usual core, seconds: for every population, and for the whole province at k = 1
QUARTER, QUARTER_OF_PROVINCE = 0.002, 0.006


class Run(NamedTuple):
    """One run of a plan: the position of its point, and its replicate."""

    point: int
    replicate: int


@dataclass(frozen=True)
class Point:
    """One checked scenario of a study; `values` are the swept keys with their canonical texts (none: as it stands)."""

    name: str
    scenario: Scenario
    base: str
    values: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def fingerprint(self) -> str:
        """What decides the numbers of its runs, in 64 hex digits."""
        return self.scenario.fingerprint()


@dataclass(frozen=True)
class Chunk:
    """Runs that are worked and sealed together; `number` counts the chunks of a plan."""

    number: int
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Plan:
    """A whole study, checked and counted.

    Attributes
    ----------
    points : no two with the same fingerprint, no two with the same name.
    record : what is kept of a run, one of RECORDS or ACCOUNTS.
    function : the model as module:name; it takes (scenario, seed, replicate).
    texts : plain data from which another process makes the same plan.
    variation : by what replicates differ beside chance, the same for all points.
    """

    study: str
    points: tuple[Point, ...]
    seed: int
    replicates: int
    record: str = "full"
    function: str = MODEL
    texts: Mapping[str, Any] = field(default_factory=dict)
    variation: Variation = AS_IT_STANDS

    def __len__(self) -> int:
        return len(self.points) * self.replicates

    def run_id(self, run: Run) -> str:
        """The name of one run: what decides its numbers, its seed and its replicate, and nothing else."""
        return run_id(self.points[run.point].fingerprint, self.seed, run.replicate, self.draw_id(run.replicate))

    def draw_id(self, replicate: int) -> str:
        """Digest of the parameters and drivers that a replicate takes; nothing where it takes none."""
        return self.variation.draw_id(replicate, self.seed)

    def scenario_of(self, run: Run) -> Scenario:
        """The scenario of a run: its point's, with the replicate's parameters and drivers where they are drawn."""
        return self.variation.of(self.points[run.point].scenario, run.replicate, self.seed)

    def runs(self) -> Iterator[Run]:
        """All runs in the order of the chunks."""
        for chunk in self.chunks():
            yield from chunk.runs

    def chunks(self) -> list[Chunk]:
        """The chunks: blocks of replicates that double, in each the points in order, cut into equal batches."""
        return self._chunks

    @cached_property
    def _chunks(self) -> list[Chunk]:
        found: list[Chunk] = []
        for first, last in blocks(self.replicates):
            runs = [Run(p, r) for p in range(len(self.points)) for r in range(first, min(last, self.replicates))]
            size = runs_a_chunk(len(self.points) * (last - first), max(map(seconds_a_run, self._scenarios)))
            found += [
                Chunk(len(found) + i, tuple(runs[start : start + size]))
                for i, start in enumerate(range(0, len(runs), size))
            ]
        return found

    def digest(self) -> str:
        """Identity of the plan: its runs in their order and what is kept of them."""
        parts = [self.record, self.function, str(self.seed), str(self.replicates)]
        parts += [f"{point.name}={point.fingerprint}" for point in self.points]
        parts += [] if self.variation.is_central else [self.variation.digest(self.seed)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @property
    def _scenarios(self) -> tuple[Scenario, ...]:
        return tuple(point.scenario for point in self.points)


def run_id(fingerprint: str, seed: int, replicate: int, draw_id: str = "") -> str:
    """64 hex digits for a scenario's fingerprint, a seed, a replicate and what is drawn with it, if anything is."""
    drawn = f"/{draw_id}" if draw_id else ""
    return hashlib.sha256(f"{fingerprint}/{seed}/{replicate}{drawn}".encode()).hexdigest()


def blocks(replicates: int) -> list[tuple[int, int]]:
    """First and last + 1 replicate of the blocks that hold so many: 0-8, 8-16, 16-32, 32-64 ...

    Borders do not depend on the number asked for, so that more replicates leave the earlier chunks as they are.
    """
    found, first, last = [], 0, FIRST_BLOCK
    while first < replicates:
        found.append((first, last))
        first, last = last, 2 * last
    return found


def seconds_a_run(scenario: Scenario) -> float:
    """What a run takes on a usual core, seconds: a rough figure for cutting chunks and for estimates."""
    quarters = quarter_number(scenario.end) - quarter_number(scenario.start) + 1
    return quarters * (QUARTER + QUARTER_OF_PROVINCE / scenario.scale)


def runs_a_chunk(runs_of_block: int, seconds: float) -> int:
    """A power of two: enough chunks for many cores, none longer than LONGEST_CHUNK, 4 to 1000 runs each."""
    most = min(max(LONGEST_CHUNK / seconds, FEWEST), MOST)
    wanted = min(max(runs_of_block // CHUNKS_A_BLOCK, FEWEST), most)
    return int(2 ** int(wanted).bit_length() // 2)


def without_duplicates(points: Sequence[Point]) -> tuple[tuple[Point, ...], list[str]]:
    """The points with each fingerprint once, the first of its kind; and the names of those left out."""
    seen: dict[str, Point] = {}
    left_out = []
    for point in points:
        if point.fingerprint in seen:
            left_out.append(point.name)
        else:
            seen[point.fingerprint] = point
    return tuple(seen.values()), left_out


def named(base: str, scenario: Scenario, values: Mapping[str, str]) -> Point:
    """A point of a sweep: its name is the scenario file's and the first digits of its fingerprint."""
    fingerprint = scenario.fingerprint()
    point = Point(
        f"{base}~{fingerprint[:10]}", replace(scenario, name=f"{base}~{fingerprint[:10]}"), base, dict(values)
    )
    point.__dict__["fingerprint"] = fingerprint  # names are no part of it: worked out once for thousands of points
    return point
