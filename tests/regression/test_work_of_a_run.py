"""How much Python one small run takes, without a clock: function calls, kernel calls and lines by step of the quarter.

A run with one agent for 40 is all overhead: what it calls is what every run pays besides its rows. Times differ from
machine to machine, so slow decay (a look-up in a loop, a kernel called for each sector) is not seen in them; counts are
the same everywhere. No step may call more than is on record, and who needs less puts the better figure on record:

    python -m tests.regression.test_work_of_a_run

in the project's folder, in the commit that changes it, with a line why when it grows. What numpy does is not counted.
Lines differ between versions of Python, so they are only compared with the version that they were recorded with.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

import sim.model
from sim.core import quotas
from sim.core.kernels import NOJIT
from sim.model import InnovationModel
from tests.behaviour.runs import PROJECT, after_step, scenario

FROZEN = PROJECT / "results" / "frozen" / "work_of_a_run.json"
RUNS = {
    "history": ("history", "population.k=40", "end=2015Q4"),
    "all_plans": ("all_plans", "population.k=40", "end=2019Q4"),
}
KINDS = ("calls", "kernels", "lines")
SIM = str(Path(sim.__file__).parent)
PYTHON = "{}.{}".format(*sys.version_info)
MORE_LINES = 1.02  # a few lines more are no decay
BETTER = 0.95  # below this part of what is on record, the record is too lax to notice anything
COMPREHENSIONS = ("<listcomp>", "<dictcomp>", "<setcomp>")  # no calls any more from Python 3.12 on
pytestmark = pytest.mark.skipif(NOJIT, reason="kernels are ordinary functions then")


@dataclass
class Work:
    """What was counted so far, by kind and step; `step` is the one that is being carried out."""

    step: str = "build"
    calls: Counter[str] = field(default_factory=Counter)
    kernels: Counter[str] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)
    known: dict[CodeType, bool] = field(default_factory=dict)

    def enter(self, frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        """Trace function: a call into sim/ counts, and so do its lines."""
        code = frame.f_code
        if not self.known.setdefault(code, code.co_filename.startswith(SIM)):
            return None
        self.calls[self.step] += code.co_name not in COMPREHENSIONS
        return self.inside

    def inside(self, frame: FrameType, event: str, _: Any) -> Callable[..., Any]:
        """Trace function of a frame in sim/."""
        self.lines[self.step] += event == "line"
        return self.inside

    def named(self, step: str, run: Callable[..., Any]) -> Callable[..., Any]:
        """`run`, which counts for a step."""

        def counted(*arguments: Any) -> Any:
            before, self.step = self.step, step
            try:
                return run(*arguments)
            finally:
                self.step = before

        return counted

    def kernel(self, compiled: Callable[..., Any]) -> Callable[..., Any]:
        """A kernel whose calls from Python count."""

        def counted(*arguments: Any) -> Any:
            self.kernels[self.step] += 1
            return compiled(*arguments)

        return counted


@contextmanager
def observed(work: Work) -> Iterator[None]:
    """While it is open, steps and kernels of new models count."""
    from numba.core.dispatcher import Dispatcher

    schedule = sim.model.SCHEDULE
    modules = [module for name, module in sys.modules.items() if name.split(".")[0] == "sim"]
    kernels = [(m, name, found) for m in modules for name, found in vars(m).items() if isinstance(found, Dispatcher)]
    tracing = sys.gettrace()
    try:
        sim.model.SCHEDULE = tuple(replace(step, run=work.named(step.name, step.run)) for step in schedule)
        for module, name, found in kernels:
            setattr(module, name, work.kernel(found))
        sys.settrace(work.enter)
        yield
    finally:
        sys.settrace(tracing)
        sim.model.SCHEDULE = schedule
        for module, name, found in kernels:
            setattr(module, name, found)


def counted(run: str) -> dict[str, dict[str, int]]:
    """Kind -> step -> number over building a model and running it; what is kept from run to run is there already."""
    tried = scenario(*RUNS[run])
    InnovationModel(tried).run()
    work = Work()
    with observed(work):
        model = InnovationModel(tried)
        work.step = "levers and loop"
        model.record.take = work.named("measure", model.record.take)  # type: ignore[method-assign]
        model.run()
    return {kind: dict(sorted(getattr(work, kind).items())) for kind in KINDS}


def too_much(before: dict[str, dict[str, int]], now: dict[str, dict[str, int]], same_python: bool) -> list[str]:
    """A line for each step that calls more than on record, and one if the run has far more lines."""
    found = [
        f"{kind} of {step}: {before[kind].get(step, 0)} on record, now {n}"
        for kind in ("calls", "kernels")
        for step, n in now[kind].items()
        if n > before[kind].get(step, 0)
    ]
    was, lines = (sum(counts["lines"].values()) for counts in (before, now))
    if same_python and lines > was * MORE_LINES:
        growth = {step: n - before["lines"].get(step, 0) for step, n in now["lines"].items()}
        found.append(f"lines: {was} on record, now {lines}, most of them in {max(growth, key=growth.__getitem__)}")
    return found


def on_record() -> dict[str, Any]:
    """The record; empty before the first."""
    return json.loads(FROZEN.read_text(encoding="utf-8")) if FROZEN.exists() else {"python": "", "runs": {}}


def record() -> None:
    """Write the counts anew and print how the sums changed."""
    before, now = on_record()["runs"], {run: counted(run) for run in RUNS}
    for run, kinds in now.items():
        for kind, counts in kinds.items():
            print(run, kind, sum(before.get(run, {}).get(kind, {}).values()), sum(counts.values()))
    content = {"python": PYTHON, "settings": RUNS, "runs": now}
    FROZEN.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")


@cache
def unbroken(run: str) -> dict[str, dict[str, int]]:
    """The counts of a run of the model as it is, for several tests."""
    return counted(run)


@pytest.mark.parametrize("run", RUNS)
def test_no_step_calls_more_than_is_on_record(run):
    held = on_record()
    now = unbroken(run)
    found = too_much(held["runs"][run], now, held["python"] == PYTHON)
    assert not found, "\n".join([f"{run} does more than is on record; see this file's first lines:", *found])
    for kind in ("calls", "kernels"):
        was, total = (sum(counts[kind].values()) for counts in (held["runs"][run], now))
        assert total >= was * BETTER, f"{run}: {kind} fell from {was} to {total}: put it on record (first lines above)"


def test_counts_do_not_change_from_run_to_run():
    assert counted("history") == unbroken("history")


LOOK_UP = """
def look_up(world):
    for row in catalogue().programmes:
        if row.kind == "pilot_base":
            catalogue().parameter("population.free_slots")
"""


@pytest.mark.parametrize(
    ("kind", "text"),
    [("calls", LOOK_UP), ("kernels", "def look_up(world):\n    quotas.fit_into(costs, 3)\n"),
     ("lines", "def look_up(world):\n    for _ in range(1000):\n        pass\n")],
)  # fmt: skip
def test_broken_step_that_works_for_nothing_is_found(kind, text, monkeypatch):
    """Vacuity guard: a look-up, a kernel or a loop more in one step of each quarter, as if it stood in sim/."""
    place: dict[str, Any] = {"catalogue": sim.model.catalogue, "quotas": quotas, "costs": quotas.np.ones(2, "i8")}
    exec(compile(text, str(Path(SIM) / "mechanisms" / "follow_revenue.py"), "exec"), place)  # noqa: S102
    before = unbroken("history")
    after_step(monkeypatch, "follow_revenue", place["look_up"])
    found = too_much(before, counted("history"), same_python=True)
    assert any(line.startswith(kind) and "follow_revenue" in line for line in found), found


if __name__ == "__main__":
    record()
