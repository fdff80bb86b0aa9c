"""Keeps a study's plan as plain data (plan.json), makes it again from that, and works chunks of it by number.

A plan file holds the texts of the request, never objects: another process composes and checks them anew and must come
to the same plan, else something changed in between and it is refused.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from experiments.index import read_index
from experiments.machines import Settings, local, missing, nothing
from experiments.overrides import WHOLE_KEYS, whole
from experiments.plan import MODEL, Plan
from experiments.sealed_json import is_text, read_sealed, sealed_text
from experiments.store import Store, StoreError, write_file
from experiments.work import Failure
from sim.scenario_values import ScenarioError, shown

FILE = "plan.json"
FAILED = "failed"
ONLY_HOW = ("workers=", "results=", "machine=", "time_limit=")  # they change no run
MOST = max(high for _, high, _, _ in WHOLE_KEYS.values())  # of any number in a plan
OTHER_MODELS = "INNOPOLICY_OTHER_MODELS"  # environment: modules whose functions a plan file may name too
DRAWS = "draws"  # digest of what each replicate takes; not in the plan of a study whose replicates take nothing
NAMES = {"study", "points", "replicates", "seed", "runs", "record", "function", "digest", "texts", "fingerprints"}


def told_command(verb: str, given: Sequence[str]) -> str:
    """The command that was given, without what only says how and where."""
    return " ".join(["innopolicy", verb, *(shlex.quote(text) for text in given if not text.startswith(ONLY_HOW))])


def write_plan(store: Store, plan: Plan) -> Path:
    """Note what the store is to hold."""
    path = store.folder / FILE
    texts = dict(plan.texts)
    texts["arguments"] = [text for text in texts.get("arguments", ()) if not text.startswith(ONLY_HOW)]
    told = {"study": plan.study, "points": len(plan.points), "replicates": plan.replicates, "seed": plan.seed,
            "runs": len(plan), "record": plan.record, "function": plan.function, "digest": plan.digest(),
            "texts": texts, "fingerprints": [point.fingerprint for point in plan.points]}  # fmt: skip
    if not plan.variation.is_central:
        told[DRAWS] = [plan.draw_id(replicate) for replicate in range(plan.replicates)]
    text = sealed_text(told)
    if not is_text(path, text):
        write_file(path, text)
    return path


def read_plan_file(path: Path) -> Mapping[str, Any]:
    """What a plan file says. Raises StoreError when it is not there, damaged, or not one."""
    found = dict(read_sealed(path))
    if set(found) - {DRAWS} != NAMES:
        raise StoreError(f"{path}: is no plan: its keys are not those of one")
    return _typed(path, found)


def _typed(path: Path, told: dict[str, Any]) -> dict[str, Any]:
    """What a plan file says, if it is of the types that `write_plan` gives it. Raises StoreError."""
    texts, prints = told["texts"], told["fingerprints"]
    is_right = (
        all(isinstance(told[key], str) for key in ("study", "record", "function", "digest"))
        and all(type(told[key]) is int and 0 <= told[key] <= MOST for key in ("points", "replicates", "seed", "runs"))
        and isinstance(texts, dict) and isinstance(texts.get("verb"), str)
        and _are_texts(texts.get("arguments")) and _are_texts(prints) and len(prints) == told["points"]
        and told["runs"] == told["points"] * told["replicates"] <= MOST
        and (DRAWS not in told or (_are_texts(told[DRAWS]) and len(told[DRAWS]) == told["replicates"]))
    )  # fmt: skip
    if not is_right:
        raise StoreError(f"{path}: is no plan: its values are not of the kinds that a plan has")
    return told


def _are_texts(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(text, str) for text in found)


def plan_from(path: Path) -> Plan:
    """The plan of a file, made anew. Raises StoreError when it comes out different: code or configs changed."""
    told = read_plan_file(path)
    texts, function = told["texts"], told["function"]
    if function != MODEL and function.partition(":")[0] not in os.environ.get(OTHER_MODELS, "").split(","):
        raise StoreError(f"{path}: names {shown(function)} as the model; a plan file may only name {MODEL}")
    plan = _again(texts["verb"], texts["arguments"], function)
    if plan.digest() != told["digest"]:
        raise StoreError(f"{path}: code, catalogue or configs changed since this plan was made; run the study again")
    return plan


def _again(verb: str, arguments: list[str], function: str) -> Plan:
    """The plan of a command line."""
    if verb == "sweep":
        from experiments.sweep import sweep_of

        return sweep_of(arguments, function).plan
    from experiments.study import plan_of

    if verb == "validate":
        from experiments.judgement.worlds import plan_again

        return plan_again(arguments, function)
    if verb == "sensitivity":
        from experiments.sensitivity.screens import plan_of as plan_of_screen
        from experiments.sensitivity.screens import screen_of

        return plan_of_screen(screen_of(arguments), function)[0]
    if verb in ("optimise", "discover"):
        from experiments.optimisation.mixes import plan_again as plan_of_mixes

        return plan_of_mixes(verb, arguments, function)
    if verb == "ask":
        from experiments.questions.verb import plan_again as plan_of_question

        return plan_of_question(arguments, function)
    if verb == "effects":
        from experiments.effects import effects_request

        return plan_of(effects_request(arguments), function, verb)
    if verb == "attribute":
        from experiments.attribution.command import plan_again as attribution_again

        return attribution_again(arguments, function)
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


def _chunks(given: Mapping[str, str]) -> set[int]:
    """The numbers of the chunks that are given, or that stand in a line of a list. Raises ScenarioError."""
    try:
        text = given["chunks"] if "chunks" in given else _line(Path(given["list"]), given["element"])
        if re.fullmatch(r"[0-9]{1,9}(,[0-9]{1,9})*", text) is None:
            raise ValueError(f"{shown(text)} are no numbers such as 3,7")
        return {int(number) for number in text.split(",")}
    except (OSError, ValueError, IndexError) as wrong:
        raise ScenarioError([f"override: the chunks cannot be read: {shown(str(wrong))}"]) from None


def _line(path: Path, number: str) -> str:
    """A line of a list, counted from 0."""
    if re.fullmatch(r"[0-9]{1,9}", number) is None:
        raise ValueError(f"element = {shown(number)} is no whole number")
    return path.read_text(encoding="utf-8").splitlines()[int(number)]


def work(arguments: Sequence[str]) -> int:
    """Work chunks of a plan file here: `work plan=FILE chunks=3,7`, or `work plan=FILE list=FILE element=5`.

    What a task of a cluster calls; a list has the chunks of an element in a line. workers= and time_limit= as for run.
    1 when a run failed.
    """
    given = dict(text.partition("=")[::2] for text in arguments)
    how = {key: whole(key, given.pop(key)) for key in ("workers", "time_limit") if key in given}
    if set(given) not in ({"plan", "chunks"}, {"plan", "list", "element"}):
        raise ScenarioError(["override: work takes plan=FILE and chunks=3,7, or list=FILE and element=NUMBER"])
    settings = Settings(workers=how.get("workers", 1), time_limit=how.get("time_limit"))
    chunks, path = _chunks(given), Path(given["plan"])
    failures = work_chunks(plan_from(path), Store(path.parent), chunks, settings)
    for failure in failures:
        print(f"error: {failure.scenario}, replicate {failure.replicate}: {failure.reason}", file=sys.stderr)
    return 1 if failures else 0
