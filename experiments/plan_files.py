"""Keeps a study's plan as plain data (plan.json), makes it again from that, and works chunks of it by number.

A plan file holds the texts of the request, never objects: another process composes and checks them anew and must come
to the same plan, else something changed in between and it is refused.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from experiments.index import read_index
from experiments.machines import Settings, local, missing, nothing
from experiments.plan import Plan
from experiments.sealed_json import is_text, read_sealed, sealed_text
from experiments.store import Store, StoreError, write_file
from experiments.work import Failure
from sim.scenario_values import ScenarioError, shown

FILE = "plan.json"
FAILED = "failed"
ONLY_HOW = ("workers=", "results=", "machine=", "time_limit=")  # they change no run
NAMES = {"study", "points", "replicates", "seed", "runs", "record", "function", "digest", "texts", "fingerprints"}


def write_plan(store: Store, plan: Plan) -> Path:
    """Note what the store is to hold."""
    path = store.folder / FILE
    texts = dict(plan.texts)
    texts["arguments"] = [text for text in texts.get("arguments", ()) if not text.startswith(ONLY_HOW)]
    told = {"study": plan.study, "points": len(plan.points), "replicates": plan.replicates, "seed": plan.seed,
            "runs": len(plan), "record": plan.record, "function": plan.function, "digest": plan.digest(),
            "texts": texts, "fingerprints": [point.fingerprint for point in plan.points]}  # fmt: skip
    text = sealed_text(told)
    if not is_text(path, text):
        write_file(path, text)
    return path


def read_plan_file(path: Path) -> Mapping[str, Any]:
    """What a plan file says. Raises StoreError when it is not there, damaged, or not one."""
    found = read_sealed(path)
    if set(found) != NAMES:
        raise StoreError(f"{path}: is no plan: its keys are not those of one")
    return found


def plan_from(path: Path) -> Plan:
    """The plan of a file, made anew. Raises StoreError when it comes out different: code or configs changed."""
    told = read_plan_file(path)
    texts = told["texts"]
    plan = _again(str(texts.get("verb")), [str(text) for text in texts.get("arguments", [])], str(told["function"]))
    if plan.digest() != told["digest"]:
        raise StoreError(f"{path}: code, catalogue or configs changed since this plan was made; run the study again")
    return plan


def _again(verb: str, arguments: list[str], function: str) -> Plan:
    """The plan of a command line."""
    if verb == "sweep":
        from experiments.sweep import sweep_of

        return sweep_of(arguments, function).plan
    from experiments.study import plan_of

    if verb == "effects":
        from experiments.effects import effects_request

        return plan_of(effects_request(arguments), function, verb)
    from experiments.__main__ import MAIN_SCENARIOS, MAIN_STUDY
    from experiments.compose import compose_request

    main = (MAIN_SCENARIOS, MAIN_STUDY) if verb == "main" else ()
    return plan_of(compose_request(arguments, *main), function, verb)


def work_chunks(plan: Plan, store: Store, chunks: set[int], settings: Settings) -> list[Failure]:
    """Work those runs of some chunks that the store does not hold; why others failed is left in failed/.

    So a task that is started twice does nothing twice, and a run that kills its process takes no other with it.
    """
    tasks = [task for task in missing(plan, read_index(store, verify=False)) if task.chunk.number in chunks]
    failures = local.carry_out(plan, tasks, store, settings, lambda _: None, nothing) if tasks else []
    ids = {(plan.points[run.point].name, run.replicate): plan.run_id(run) for run in plan.runs()} if failures else {}
    for failure in failures:
        path = store.folder / FAILED / f"{ids[failure.scenario, failure.replicate]}.json"
        write_file(path, sealed_text(asdict(failure)))
    return failures


def work(arguments: Sequence[str]) -> int:
    """Work chunks of a plan file here: `work plan=FILE chunks=3,7`, or `work plan=FILE list=FILE element=5`.

    What a task of a cluster calls; a list has the chunks of an element in a line. workers= and time_limit= as for run.
    1 when a run failed.
    """
    given = dict(text.partition("=")[::2] for text in arguments)
    workers, limit = given.pop("workers", "1"), given.pop("time_limit", "")
    if set(given) not in ({"plan", "chunks"}, {"plan", "list", "element"}):
        raise ScenarioError(["override: work takes plan=FILE and chunks=3,7, or list=FILE and element=NUMBER"])
    try:
        line = given.get("chunks") or Path(given["list"]).read_text().splitlines()[int(given["element"])]
        chunks = {int(number) for number in line.split(",")}
        settings = Settings(workers=int(workers), time_limit=float(limit) if limit else None)
    except (OSError, ValueError, IndexError) as wrong:
        raise ScenarioError([f"override: the chunks cannot be read: {shown(str(wrong))}"]) from None
    path = Path(given["plan"])
    failures = work_chunks(plan_from(path), Store(path.parent), chunks, settings)
    for failure in failures:
        print(f"error: {failure.scenario}, replicate {failure.replicate}: {failure.reason}", file=sys.stderr)
    return 1 if failures else 0
