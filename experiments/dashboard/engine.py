"""Carries out what users ask for: a queue, so many jobs at once, the first few replicates first.

A job runs each of its requests into the store results/dashboard/<what it is>, by the same plan and the same work as a
command. So equal requests find each other's runs, and what is there is not run again.
"""

from __future__ import annotations

import hashlib
import sys
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from experiments.compose import Request
from experiments.dashboard.selection import composed, study_name
from experiments.machines import Machine, Settings, execute
from experiments.origin import origin_of, settle_origin
from experiments.plan import MODEL
from experiments.plan_files import write_plan
from experiments.reading import results_of
from experiments.sealed_json import read_sealed, sealed_text
from experiments.store import Store, StoreError, write_file
from experiments.study import manifest_of, plan_of
from experiments.work import Failure
from sim.scenario_values import ScenarioError

FOLDER = "dashboard"
FIRST = 4  # replicates that are shown before the rest is there
KEPT = 400  # jobs that are remembered
WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
MOST_REQUESTS, MOST_REPLICATES = 4, 128
RENEW = ("--new-store",)  # runs of other code are put aside
BROKEN = "store"  # told instead of a message that would name a path
FULL = "full"


@dataclass
class Job:
    """One job: what it asks, how far it is, and which studies hold what came of it.

    ready : replicates of every study that can be shown; faults : lines for the user; runs : done by request.
    """

    number: str
    requests: list[list[str]]
    replicates: int
    state: str = WAITING
    ready: int = 0
    studies: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    runs: list[int] = field(default_factory=list)

    def told(self, before: int) -> dict[str, Any]:
        """What the page may know of it; `before` jobs are waiting before it."""
        known = {key: value for key, value in asdict(self).items() if key not in ("requests", "runs")}
        return known | {"done": sum(self.runs), "total": len(self.requests) * self.replicates, "before": before}


class Engine:
    """Jobs and the workers that carry them out."""

    def __init__(
        self, results: Path, machine: Machine, runs: int, most_waiting: int, function: str = MODEL,
        time_limit: float | None = None,
    ) -> None:  # fmt: skip
        self.folder, self.machine, self.function = results / FOLDER, machine, function
        self.settings = Settings(workers=1, time_limit=time_limit)
        self.most_waiting = most_waiting
        self.jobs: OrderedDict[str, Job] = OrderedDict()
        self.lock = threading.Lock()
        self.held: dict[str, threading.Lock] = {}
        self.threads = ThreadPoolExecutor(runs, thread_name_prefix="job")

    def submit(self, requests: Sequence[Sequence[str]], replicates: int) -> dict[str, Any]:
        """Take a job, or find the same one that is under way; what `state` tells, or {"faults": ["full"]}."""
        asked = [list(map(str, texts)) for texts in requests][:MOST_REQUESTS]
        wanted = max(1, min(int(replicates), MOST_REPLICATES))
        number = hashlib.sha256(repr((asked, wanted)).encode()).hexdigest()[:16]
        with self.lock:
            known = self.jobs.get(number)
            if known is None or known.state in (DONE, FAILED):
                if sum(job.state == WAITING for job in self.jobs.values()) >= self.most_waiting:
                    return {"state": FAILED, "faults": [FULL]}
                self.jobs.pop(number, None)
                self.jobs[number] = job = Job(number, asked, wanted)
                self._forget()
                self.threads.submit(self._carry_out, job)
        return self.state(number)

    def state(self, number: str) -> dict[str, Any]:
        """How far a job is; {"state": "failed"} for one that nobody knows."""
        with self.lock:
            job = self.jobs.get(number)
            if job is None:
                return {"state": FAILED, "faults": [BROKEN]}
            order = [one.number for one in self.jobs.values() if one.state == WAITING]
            return job.told(order.index(number) if number in order else 0)

    def _forget(self) -> None:
        """Let go of old jobs that are through."""
        old = [number for number, job in self.jobs.items() if job.state in (DONE, FAILED)]
        for number in old[: max(len(self.jobs) - KEPT, 0)]:
            del self.jobs[number]

    def _carry_out(self, job: Job) -> None:
        try:
            job.state = RUNNING
            job.runs = [0] * len(job.requests)
            requests = [composed(texts) for texts in job.requests]
            job.studies = [study_name(request) for request in requests]
            for replicates in sorted({min(FIRST, job.replicates), job.replicates}):
                for place, request in enumerate(requests):
                    self._run(job, place, with_replicates(request, replicates))
                job.ready = replicates
            job.state = DONE
        except ScenarioError as refused:
            self._fail(job, list(refused.faults))
        except StoreError as failed:
            self._fail(job, [BROKEN], str(failed))
        except Exception as failed:
            self._fail(job, [BROKEN], f"{type(failed).__name__}: {failed}")

    def _fail(self, job: Job, faults: list[str], log: str = "") -> None:
        """End a job; the user sees `faults`, and whoever runs the server sees `log`."""
        job.faults, job.state = faults, FAILED
        if log:
            print(f"error: dashboard: {log}", file=sys.stderr, flush=True)

    def _run(self, job: Job, place: int, request: Request) -> None:
        """Run what is missing of one request, and leave the manifest by which it is read. Raises StoreError."""
        name = job.studies[place]
        request = replace(request, study=name, results=self.folder)
        store, before = Store(self.folder / name), 0

        def advance(finished: int) -> None:
            nonlocal before
            before += finished
            job.runs[place] = max(job.runs[place], before)

        with self.lock:
            held = self.held.setdefault(name, threading.Lock())
        with held:  # one job at a time in a folder; the store's own lock is for other programs
            if held_replicates(store) >= request.replicates:
                advance(request.replicates)
                return
            store.probe()
            with store.lock():
                plan = plan_of(request, self.function)
                settle_origin(store, origin_of(plan, request.overrides), RENEW)
                store.sweep_temporary()
                write_plan(store, plan)
                report = execute(plan, store, self.settings, advance, own=self.machine)
                _refuse_failed(report.failures)
                results = results_of(plan, store, report.index)
                write_file(store.folder / "manifest.json", sealed_text(manifest_of(request, plan, results, report)))

    def close(self) -> None:
        """Take no more jobs; those that wait are dropped."""
        self.threads.shutdown(wait=False, cancel_futures=True)


def with_replicates(request: Request, replicates: int) -> Request:
    """The same request for another number of replicates, also in its texts."""
    texts = [text for text in request.overrides if not text.startswith("replicates=")]
    return replace(request, replicates=replicates, overrides=(*texts, f"replicates={replicates}"))


def held_replicates(store: Store) -> int:
    """How many replicates a study has that was finished before; zero where nobody can tell."""
    try:
        told: Mapping[str, Any] = read_sealed(store.folder / "manifest.json")
        return int(told["replicates"])
    except (OSError, StoreError, KeyError, TypeError, ValueError):
        return 0


def _refuse_failed(failures: Sequence[Failure]) -> None:
    """Raise ScenarioError for runs that failed: the model says why, in one line each."""
    if failures:
        raise ScenarioError([f"{one.scenario}, replicate {one.replicate}: {one.reason}" for one in failures[:3]])
